/* reports/html_data.c - the report's JSON within the page, and back: see reports/report.h */
#include "reports/html.h"

static const char block_start[] = "<script type=\"application/json\" id=\"mailprobe-report\">";
static const char block_end[] = "</script>";

/* Only strings hold these characters, and there each may be an escape: so nothing in the block ends it. */
static const char *json_escape(const char *p, size_t left, size_t *n)
{
	*n = 1;
	switch (*p) {
	case '<':
		return "\\u003c";
	case '>':
		return "\\u003e";
	case '&':
		return "\\u0026";
	default:
		break;
	}
	/* Line separators, which end a line in scripts of old. */
	if (left >= 3 && (memcmp(p, "\xe2\x80\xa8", 3) == 0 || memcmp(p, "\xe2\x80\xa9", 3) == 0)) {
		*n = 3;
		return p[2] == '\xa8' ? "\\u2028" : "\\u2029";
	}
	return NULL;
}

void rep_html_embed(struct rep_html *h)
{
	struct mp_buf json = MP_BUF(h->out->max);
	size_t from = 0, n;

	mp_json_write(h->report, 0, &json);
	mp_buf_adds(h->out, block_start);
	for (size_t i = 0; i < json.n; i += n) {
		const char *escape = json_escape(json.p + i, json.n - i, &n);

		if (!escape)
			continue;
		mp_buf_add(h->out, json.p + from, i - from);
		mp_buf_adds(h->out, escape);
		from = i + n;
	}
	if (json.n)
		mp_buf_add(h->out, json.p + from, json.n - from);
	mp_buf_adds(h->out, block_end);
	mp_buf_addc(h->out, '\n');
	h->out->full = h->out->full || json.full;
	mp_buf_release(&json);
}

/* Where `what` begins in `s`, or -1. */
static ssize_t find(struct mp_str s, const char *what)
{
	const char *at = s.n ? memmem(s.p, s.n, what, strlen(what)) : NULL;

	return at ? at - s.p : -1;
}

bool rep_html_is(struct mp_str file)
{
	/* Editors and mail programs like to put a byte order mark or an empty line before all. */
	if (file.n >= 3 && memcmp(file.p, "\xef\xbb\xbf", 3) == 0)
		file = mp_strn(file.p + 3, file.n - 3);
	while (file.n && strchr(" \t\r\n", file.p[0]) && file.p[0])
		file = mp_strn(file.p + 1, file.n - 1);
	return file.n && file.p[0] == '<';
}

int rep_html_data(struct mp_str file, struct mp_str *json, struct mp_err *err)
{
	ssize_t start = find(file, block_start), end;
	struct mp_str rest;

	if (start < 0)
		return mp_fail(err, MP_EPARSE, "a page without a report of mailprobe in it");
	rest = mp_strn(file.p + start + sizeof(block_start) - 1, file.n - (size_t)start - (sizeof(block_start) - 1));
	end = find(rest, block_end);
	if (end < 0)
		return mp_fail(err, MP_EPARSE, "the page ends within its report: it was cut off");
	if (find(mp_strn(rest.p + end, rest.n - (size_t)end), block_start) >= 0)
		return mp_fail(err, MP_EPARSE, "a page with more than one report in it");
	*json = mp_strn(rest.p, (size_t)end);
	return MP_OK;
}
