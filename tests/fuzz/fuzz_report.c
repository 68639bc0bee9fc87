/* tests/fuzz/fuzz_report.c - any tree as a report: every form ends, and no text gets out of its place */
#include "base/text.h"
#include "reports/diff.h"
#include "reports/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_line(struct mp_str line, unsigned width)
{
	must(mp_text_width(line) <= width && mp_utf8_valid(line));
	must(!line.n || line.p[line.n - 1] != ' ');
	for (size_t i = 0; i < line.n; i++)
		must((unsigned char)line.p[i] >= 0x20 && line.p[i] != 0x7f);
}

/* The page: the report within is the report, and nothing of the input is markup. */
static void check_page(const json_t *report)
{
	struct mp_buf b = MP_BUF(64 * 1024 * 1024);
	struct mp_err err;
	struct mp_str text;
	json_t *again;

	must(rep_html.write(report, &(struct rep_style){0}, &b, &err) == MP_OK);
	must(mp_utf8_valid(mp_buf_str(&b)) && rep_html_is(mp_buf_str(&b)));
	must(rep_html_data(mp_buf_str(&b), &text, &err) == MP_OK);
	must(!memchr(text.p, '<', text.n));
	again = mp_json_parse(text, &err);
	must(again && json_equal(report, again));
	json_decref(again);
	mp_buf_release(&b);
}

/* Nothing changed from a report to itself; what changed from nothing can be told. */
static void check_diff(const json_t *report)
{
	struct mp_buf b = MP_BUF(64 * 1024 * 1024);
	struct mp_err err;
	json_t *none = json_object(), *same = rep_diff(report, report), *all = rep_diff(none, report);

	must(json_array_size(mp_jget_array(same, "changes")) == 0);
	must(rep_diff_text(all, &(struct rep_style){.unicode = true}, &b, &err) == MP_OK);
	must(mp_utf8_valid(mp_buf_str(&b)));
	json_decref(none);
	json_decref(same);
	json_decref(all);
	mp_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rep_style styles[] = {
		{0},
		{.width = 40, .unicode = true, .verbose = true},
		{.width = 100, .color = true, .single = true},
		{.quiet = true},
	};
	struct mp_err err;
	struct mp_str within;
	json_t *report = mp_json_parse(mp_strn((const char *)data, size), &err);

	for (size_t i = 0; report && i < ARRAY_LEN(styles); i++) {
		struct mp_buf b = MP_BUF(16 * 1024 * 1024);
		struct mp_str rest, line;

		must(rep_text.write(report, &styles[i], &b, &err) == MP_OK);
		must(b.n > 0 && b.p[b.n - 1] == '\n');
		rest = mp_buf_str(&b);
		while (!styles[i].color && !styles[i].quiet && mp_str_split(&rest, '\n', &line))
			check_line(line, styles[i].width ? styles[i].width : REP_WIDTH);
		mp_buf_release(&b);
	}
	if (rep_html_is(mp_strn((const char *)data, size)))
		rep_html_data(mp_strn((const char *)data, size), &within, &err);
	if (report) {
		struct mp_buf b = MP_BUF(16 * 1024 * 1024);

		must(rep_json.write(report, &styles[0], &b, &err) == MP_OK);
		mp_buf_release(&b);
		check_page(report);
	}
	if (report)
		check_diff(report);
	for (size_t i = 0; report && rep_formats[i]; i++) {
		struct mp_buf b = MP_BUF(64 * 1024 * 1024);

		must(rep_formats[i]->write(report, &styles[0], &b, &err) == MP_OK);
		must(b.n > 0 && b.p[b.n - 1] == '\n' && mp_utf8_valid(mp_buf_str(&b)));
		mp_buf_release(&b);
	}
	json_decref(report);
	return 0;
}
