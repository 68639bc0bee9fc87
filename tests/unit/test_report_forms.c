/*
 * tests/unit/test_report_forms.c - Markdown, JSON Lines, Prometheus and JUnit: goldens, and rules that hold for any text
 *
 * The rules run over every report in tests/data/reports, and over one of them with all its texts replaced by each of a
 * list of texts that want to be markup. Goldens are written anew with REPORT_GOLDENS=write.
 */
#include <math.h>

#include "base/text.h"
#include "reports/report.h"
#include "reports/tree.h"
#include "tests/unit/row.h"

enum { MAX_FILE = 4 * 1024 * 1024 };

static const char *const reports[] = {"bare", "check", "deferred", "healthy", "hostile", "isolated", "long-names",
	"many", "no-ptr", "odd", "ptr", "rules", "rules-gmail", "rules-other", "unreachable"};

static const char *const nasty[] = {
	"`code` ``` ~~~ | bar || `",
	"```\n# out\n<script>alert(1)</script>\n``````\n@all\n```text",
	"@everyone see #123, !45, GH-12, a/b#1 and 0123456789abcdef or deadbeef",
	"[x](javascript:alert(1)) ![i](http://e.example/i.png) <img src=x> <!-- no -->",
	"http://evil.example www.evil.example you@evil.example, ftp://x",
	"\"} 1\nmailprobe_verdict 0\n# TYPE mailprobe_verdict counter\n",
	"ends in a backslash\\",
	"\\\"b\\\\ \\n",
	"]]></failure><testcase/>&amp;&#0; <![CDATA[ ' \"",
	"\x01\x1b[31m\x7f \xef\xbf\xbe \xef\xbf\xbf \xe2\x80\xae \xe2\x80\xa8 \xc2\x85 \xf0\x9f\x93\xa7",
	"/close\n/assign @me\n*bold* _it_ ~~s~~ ==",
	"- item\n1. one\n2) two\n> quote\n===\n---\n+ x\n# h\n| a | b |\n| --- | --- |",
	"    indented\n\ttab\r\nreturn",
	"",
	"$(id) $x^2$ {code} [~admin] %1 ~bug &1 :tada: *[x]: y",
	"1",
	"2026. was it",
	" ` ",
};

static const char *data_path(struct mp_arena *a, const char *name, const char *ending)
{
	const char *srcdir = getenv("srcdir");

	return mp_printf(a, "%s/tests/data/reports/%s%s", srcdir ? srcdir : ".", name, ending);
}

static struct mp_buf read_file(const char *path)
{
	struct mp_buf b = MP_BUF(MAX_FILE);
	FILE *f = fopen(path, "rb");
	char part[4096];
	size_t n;

	if (!f)
		fail_msg("%s cannot be read", path);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		mp_buf_add(&b, part, n);
	assert_false(ferror(f) || b.full);
	fclose(f);
	return b;
}

static json_t *read_report(const char *name)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = read_file(data_path(a, name, ".json"));
	struct mp_err err = {.msg = ""};
	json_t *j = mp_json_parse(mp_buf_str(&b), &err);

	if (!j)
		fail_msg("%s.json: %s", name, err.msg);
	mp_buf_release(&b);
	mp_arena_free(a);
	return j;
}

static struct mp_buf render(const struct rep_format *form, const json_t *report, bool single)
{
	struct mp_buf b = MP_BUF(MAX_FILE);
	struct mp_err err = {.msg = ""};

	if (form->write(report, &(struct rep_style){.single = single}, &b, &err) != MP_OK)
		fail_msg("%s: %s", form->name, err.msg);
	return b;
}

/* Every text of the tree but the terms that forms look at. */
static void replace(json_t *j, const char *text)
{
	static const char *const terms[] = {
		"status", "outcome", "from", "certainty", "stage", "basis", "check", "not_after", "started"};
	const char *key;
	json_t *v;
	size_t i;

	json_array_foreach(j, i, v)
	{
		if (json_is_string(v))
			json_string_set(v, text);
		replace(v, text);
	}
	json_object_foreach(j, key, v)
	{
		bool term = false;

		for (size_t k = 0; k < ARRAY_LEN(terms); k++)
			term = term || strcmp(key, terms[k]) == 0;
		if (json_is_string(v) && !term)
			json_string_set(v, text);
		replace(v, text);
	}
}

/* `rule` for what `form` makes of every report. */
static void for_all(
	const struct rep_format *form, void (*rule)(const char *label, struct mp_str got, const json_t *report))
{
	for (size_t i = 0; i < ARRAY_LEN(reports) + ARRAY_LEN(nasty); i++) {
		bool made = i >= ARRAY_LEN(reports);
		const char *label = made ? nasty[i - ARRAY_LEN(reports)] : reports[i];
		json_t *j = read_report(made ? "no-ptr" : reports[i]);
		struct mp_buf b;

		if (made)
			replace(j, label);
		b = render(form, j, false);
		if (!mp_utf8_valid(mp_buf_str(&b)))
			fail_msg("row '%s': not UTF-8", label);
		rule(label, mp_buf_str(&b), j);
		mp_buf_release(&b);
		json_decref(j);
	}
}

/* ---- goldens */

static void goldens(void **state)
{
	static const struct {
		const char *report;
		const struct rep_format *form;
		bool single;
	} rows[] = {
		{"no-ptr", &rep_markdown, false},
		{"many", &rep_markdown, false},
		{"hostile", &rep_markdown, false},
		{"check", &rep_markdown, true},
		{"rules", &rep_markdown, true},
		{"bare", &rep_markdown, false},
		{"no-ptr", &rep_prometheus, false},
		{"check", &rep_prometheus, true},
		{"bare", &rep_prometheus, false},
		{"no-ptr", &rep_junit, false},
		{"unreachable", &rep_junit, false},
	};
	const char *mode = getenv("REPORT_GOLDENS");
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *j = read_report(rows[i].report);
		struct mp_buf got = render(rows[i].form, j, rows[i].single), want;
		const char *path = data_path(a, rows[i].report, rows[i].form->suffixes[0]);
		size_t at = 0;

		if (mode && strcmp(mode, "write") == 0) {
			FILE *f = fopen(path, "wb");

			assert_non_null(f);
			assert_int_equal(fwrite(got.p, 1, got.n, f), got.n);
			assert_int_equal(fclose(f), 0);
		}
		want = read_file(path);
		while (at < got.n && at < want.n && got.p[at] == want.p[at])
			at++;
		if (at < got.n || at < want.n)
			fail_msg("row '%s': byte %zu differs: got \"%.60s\", want \"%.60s\"", path, at,
				mp_buf_cstr(&got) + at, mp_buf_cstr(&want) + at);
		mp_buf_release(&want);
		mp_buf_release(&got);
		json_decref(j);
	}
	mp_arena_free(a);
}

/* ---- JSON Lines */

static void one_line(const char *label, struct mp_str got, const json_t *report)
{
	struct mp_err err = {.msg = ""};
	json_t *again = mp_json_parse(got, &err);

	if (!again || !json_equal(again, report))
		fail_msg("row '%s': another tree: %s", label, err.msg);
	row_int(label, (const char *)memchr(got.p, '\n', got.n) - got.p, (long long)got.n - 1);
	json_decref(again);
}

static void jsonl(void **state)
{
	(void)state;
	for_all(&rep_jsonl, one_line);
}

/* ---- Markdown */

static size_t ticks(struct mp_str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '`')
		n++;
	return n;
}

/* What stands outside code spans, each of which leaves a '0'. Spans open and end on the line. */
static void outside(const char *label, struct mp_str line, struct mp_buf *out)
{
	bool code = false;

	mp_buf_reset(out);
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '`') {
			if (i + 1 < line.n && line.p[i + 1] == '`')
				fail_msg("row '%s': two backticks: %.*s", label, (int)line.n, line.p);
			code = !code;
			if (!code)
				mp_buf_addc(out, '0');
		} else if (!code) {
			mp_buf_addc(out, line.p[i]);
		} else if (line.p[i] == '|') {
			fail_msg("row '%s': a bar in a span: %.*s", label, (int)line.n, line.p);
		}
	}
	if (code)
		fail_msg("row '%s': a span does not end: %.*s", label, (int)line.n, line.p);
}

static void prose_is_prose(const char *label, const char *text)
{
	static const char *const never[] = {"://", "www.", "GH-", "deadbeef", "0123456"};
	const char *p = text;
	size_t bars = 0;

	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (strstr(text, never[i]))
			fail_msg("row '%s': '%s' outside a span: %s", label, never[i], text);
	for (size_t i = 0; text[i]; i++)
		bars += text[i] == '|';
	/* The tables of targets, servers and checks, and that of the providers. */
	if (bars && (*text != '|' || bars < 3 || bars > 10))
		fail_msg("row '%s': %zu bars: %s", label, bars, text);
	if (strncmp(p, "## mailprobe: ", 14) == 0 || strncmp(p, "### ", 4) == 0)
		p += 4;
	if (strncmp(p, "- ", 2) == 0)
		p += 2;
	if (strpbrk(p, "<>[]@\\_&~$#{}^%=+!/"))
		fail_msg("row '%s': '%c' outside a span: %s", label, *strpbrk(p, "<>[]@\\_&~$#{}^%=+!/"), text);
	for (; (p = strchr(p, '*')); p += 2)
		if (p[1] != '*' || p[2] == '*')
			fail_msg("row '%s': a star outside a span: %s", label, text);
}

static void no_markup(const char *label, struct mp_str got, const json_t *report)
{
	struct mp_str rest = got, line;
	struct mp_buf text = MP_BUF(MAX_FILE);
	size_t fence = 0;

	(void)report;
	while (mp_str_split(&rest, '\n', &line)) {
		size_t n = ticks(line);

		for (size_t i = 0; i < line.n; i++)
			if (((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7f)
				fail_msg("row '%s': a control character: %.*s", label, (int)line.n, line.p);
		if (fence) {
			if (n >= fence) {
				row_int(label, (long long)line.n, (long long)fence);
				fence = 0;
			}
			continue;
		}
		if (n >= 3) {
			fence = n;
			row_view(label, mp_strn(line.p + n, line.n - n), "text");
			continue;
		}
		outside(label, line, &text);
		prose_is_prose(label, mp_buf_cstr(&text));
	}
	if (fence)
		fail_msg("row '%s': a fence does not end", label);
	mp_buf_release(&text);
}

static void markdown(void **state)
{
	(void)state;
	for_all(&rep_markdown, no_markup);
}

/* Words of a summary, as they are shown. */
static void words(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"It's a well-known fault (see below).", "It's a well-known fault (see below)."},
		{"mx1.example.net said: \"no\".", "`mx1.example.net` said: \"no\"."},
		{"10 hosts, 20 names", "`10` hosts, 20 names"},
		{"1. first", "`1`. first"},
		{"wait, @root, for #12!", "wait, `@root`, for `#12!`"},
		{"a | b", "a `\\x7c` b"},
		{"a `b` c", "a `\\x60b\\x60` c"},
		{"fixed in 0abcdef1", "fixed in `0abcdef1`"},
		{"dead beef deadbeef", "dead beef `deadbeef`"},
		{"UTF-8 caf\xc3\xa9", "`UTF-8` caf\xc3\xa9"},
		{"a\tb\n\nc", "a b\n\nc"},
		{"... - \"", "`...` `-` `\"`"},
		{"(http://x.example/)", "(`http://x.example/`)"},
		{"\x1b[31m", "`\\x1b[31m`"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *j = json_object(), *v = json_object();
		struct mp_buf b;
		const char *from, *to;
		struct mp_arena *a = mp_arena_new();

		mp_jset(v, "summary", json_string(rows[i].text));
		mp_jset(j, "verdict", v);
		b = render(&rep_markdown, j, false);
		from = strstr(mp_buf_cstr(&b), "\n\n");
		to = strstr(mp_buf_cstr(&b), "\n\n- By: ");
		assert_true(from && to && from + 2 <= to);
		row_str(rows[i].text, mp_dupn(a, from + 2, (size_t)(to - from) - 2), rows[i].want);
		mp_arena_free(a);
		mp_buf_release(&b);
		json_decref(j);
	}
}

/* ---- Prometheus */

static bool name_char(char c, bool first)
{
	return mp_isalpha(c) || c == '_' || (!first && mp_isdigit(c));
}

static const char *skip_name(const char *p)
{
	const char *from = p;

	while (name_char(*p, p == from))
		p++;
	return p > from ? p : NULL;
}

/* Behind `{name="value",...}`, or NULL where it is none. */
static const char *skip_labels(const char *p)
{
	do {
		p = skip_name(p + 1);
		if (!p || p[0] != '=' || p[1] != '"')
			return NULL;
		for (p += 2; *p != '"'; p++) {
			if (!*p || (*p == '\\' && !strchr("\\\"n", *++p)))
				return NULL;
			if (!*p)
				return NULL;
		}
		p++;
	} while (*p == ',');
	return *p == '}' ? p + 1 : NULL;
}

static void exposition(const char *label, struct mp_str got, const json_t *report)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_str rest = got, part;
	json_t *seen = json_object();
	const char *family = "";
	size_t verdicts = 0;

	(void)report;
	if (!got.n || got.p[got.n - 1] != '\n')
		fail_msg("row '%s': the last line does not end", label);
	while (mp_str_split(&rest, '\n', &part)) {
		const char *line = mp_dupstr(a, part), *end, *space;
		char *number_end = NULL;

		if (!rest.p && !*line)
			break;
		if (!*line)
			continue;
		if (strncmp(line, "# HELP ", 7) == 0 || strncmp(line, "# TYPE ", 7) == 0) {
			end = skip_name(line + 7);
			if (!end || *end != ' ' || !end[1])
				fail_msg("row '%s': %s", label, line);
			if (line[2] == 'H')
				family = mp_dupn(a, line + 7, (size_t)(end - line) - 7);
			else
				row_str(label, line + 7, mp_printf(a, "%s gauge", family));
			/* each once */
			row_int(line, json_object_get(seen, line) == NULL, 1);
			json_object_set_new(seen, mp_dupn(a, line, (size_t)(end - line)), json_true());
			continue;
		}
		end = skip_name(line);
		if (!end)
			fail_msg("row '%s': no name: %s", label, line);
		row_str(label, mp_dupn(a, line, (size_t)(end - line)), family);
		if (*end == '{')
			end = skip_labels(end);
		if (!end || *end != ' ')
			fail_msg("row '%s': labels: %s", label, line);
		space = end;
		if (!isfinite(strtod(space + 1, &number_end)) || number_end == space + 1 || *number_end)
			fail_msg("row '%s': no number: %s", label, line);
		end = mp_dupn(a, line, (size_t)(space - line));
		if (json_object_get(seen, end))
			fail_msg("row '%s': twice: %s", label, end);
		json_object_set_new(seen, end, json_true());
		verdicts += strcmp(end, "mailprobe_verdict") == 0;
	}
	row_int(label, (long long)verdicts, 1);
	json_decref(seen);
	mp_arena_free(a);
}

static void prometheus(void **state)
{
	(void)state;
	for_all(&rep_prometheus, exposition);
}

/* The verdict's number is the exit status. */
static void verdict_numbers(void **state)
{
	static const struct {
		const char *status, *check;
		const char *want;
	} rows[] = {
		{"deliverable", NULL, "\nmailprobe_verdict 0\n"},
		{"at-risk", NULL, "\nmailprobe_verdict 1\n"},
		{"blocked", NULL, "\nmailprobe_verdict 2\n"},
		{"unknown", NULL, "\nmailprobe_verdict 3\n"},
		{"splendid", NULL, "\nmailprobe_verdict 3\n"},
		{"at-risk", "fail", "\nmailprobe_verdict 2\n"},
		{"at-risk", "warn", "\nmailprobe_verdict 1\n"},
		{"deliverable", "pass", "\nmailprobe_verdict 0\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *j = json_object(), *v = json_object(), *checks = json_array(), *c = json_object();
		struct mp_buf b;

		mp_jset_str(v, "status", rows[i].status);
		mp_jset(j, "verdict", v);
		mp_jset_str(c, "status", rows[i].check);
		mp_jpush(checks, c);
		mp_jset(j, "checks", checks);
		b = render(&rep_prometheus, j, rows[i].check != NULL);
		if (!strstr(mp_buf_cstr(&b), rows[i].want))
			fail_msg("row '%s, %s': want %s", rows[i].status, rows[i].check ? rows[i].check : "-",
				rows[i].want);
		mp_buf_release(&b);
		json_decref(j);
	}
}

/* Every metric that the dashboard asks for is one that is written. */
static void asks_for_metrics(json_t *j, const char *metrics, size_t *n)
{
	const char *key, *expr = mp_jget_str(j, "expr", NULL);
	json_t *v;
	size_t i;

	for (const char *p = expr; p && (p = strstr(p, "mailprobe_")); (*n)++) {
		struct mp_arena *a = mp_arena_new();
		const char *end = skip_name(p);

		if (!strstr(metrics, mp_printf(a, "# TYPE %.*s gauge\n", (int)(end - p), p)))
			fail_msg("row '%s': no such metric", expr);
		mp_arena_free(a);
		p = end;
	}
	json_array_foreach(j, i, v)
	{
		asks_for_metrics(v, metrics, n);
	}
	json_object_foreach(j, key, v)
	{
		asks_for_metrics(v, metrics, n);
	}
}

static void dashboard(void **state)
{
	const char *srcdir = getenv("srcdir");
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = read_file(mp_printf(a, "%s/docs/grafana-dashboard.json", srcdir ? srcdir : "."));
	struct mp_err err = {.msg = ""};
	json_t *j = mp_json_parse(mp_buf_str(&b), &err), *report = read_report("no-ptr");
	struct mp_buf metrics = render(&rep_prometheus, report, false);
	size_t n = 0;

	(void)state;
	if (!j)
		fail_msg("grafana-dashboard.json: %s", err.msg);
	asks_for_metrics(j, mp_buf_cstr(&metrics), &n);
	assert_true(n >= 8);
	mp_buf_release(&metrics);
	mp_buf_release(&b);
	json_decref(report);
	json_decref(j);
	mp_arena_free(a);
}

/* ---- JUnit: the part of XML 1.0 that a reader without a DTD must find */

struct xml {
	const char *label, *p, *end;
	const char *open[8];
	size_t depth, cases, failures, errors, skipped; /* counted */
	long long said[4];                              /* by <testsuites>; what is skipped by each <testsuite> */
	struct mp_arena *a;
};

static void xml_fail(const struct xml *x, const char *why)
{
	fail_msg("row '%s': %s at \"%.60s\"", x->label, why, x->p);
}

/* One character of text or of an attribute. */
static void xml_char(struct xml *x)
{
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#9;", "&#10;"};
	size_t len = mp_utf8_len(x->p, (size_t)(x->end - x->p));
	uint32_t code;

	if (*x->p == '&') {
		for (size_t i = 0; i < ARRAY_LEN(entities); i++)
			if (strncmp(x->p, entities[i], strlen(entities[i])) == 0) {
				x->p += strlen(entities[i]);
				return;
			}
		xml_fail(x, "an entity");
	}
	if (!len || *x->p == '<' || *x->p == '>')
		xml_fail(x, "a character");
	code = mp_utf8_code(x->p, len);
	if ((code < 0x20 && code != '\n') || code == 0xfffe || code == 0xffff)
		xml_fail(x, "a character that XML cannot hold");
	x->p += len;
}

static const char *xml_name(struct xml *x)
{
	const char *from = x->p;

	while (mp_islower(*x->p) || *x->p == '-')
		x->p++;
	if (x->p == from)
		xml_fail(x, "no name");
	return mp_dupn(x->a, from, (size_t)(x->p - from));
}

static void xml_attributes(struct xml *x)
{
	static const char *const counts[] = {"tests", "failures", "errors", "skipped"};
	const char *seen = " ";

	while (*x->p == ' ') {
		const char *name, *value;

		x->p++;
		name = xml_name(x);
		if (strstr(seen, mp_printf(x->a, " %s ", name)))
			xml_fail(x, "an attribute twice");
		seen = mp_printf(x->a, "%s%s ", seen, name);
		if (x->p[0] != '=' || x->p[1] != '"')
			xml_fail(x, "no value");
		value = x->p += 2;
		while (*x->p != '"') {
			if (*x->p == '\n')
				xml_fail(x, "a line end in an attribute");
			xml_char(x);
		}
		x->p++;
		for (size_t i = 0; i < ARRAY_LEN(counts); i++)
			if (strcmp(name, counts[i]) == 0 && x->depth == (i == 3 ? 2 : 1))
				x->said[i] += strtoll(value, NULL, 10);
	}
}

static void well_formed(const char *label, struct mp_str got, const json_t *report)
{
	static const char first[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ";
	struct xml x = {.label = label, .p = got.p, .end = got.p + got.n, .a = mp_arena_new(), .said = {0}};
	size_t suites = 0;

	if (strncmp(x.p, first, strlen(first)) != 0)
		xml_fail(&x, "another beginning");
	x.p += strlen(first) - strlen("<testsuites ");
	while (x.p < x.end) {
		const char *name;

		if (*x.p != '<') {
			if (!x.depth && *x.p != '\n')
				xml_fail(&x, "text outside");
			xml_char(&x);
			continue;
		}
		if (x.p[1] == '/') {
			x.p += 2;
			name = xml_name(&x);
			if (!x.depth || strcmp(name, x.open[--x.depth]) != 0 || *x.p != '>')
				xml_fail(&x, "another end");
			x.p++;
			continue;
		}
		x.p++;
		name = xml_name(&x);
		assert_true(x.depth < ARRAY_LEN(x.open));
		x.open[x.depth++] = name;
		xml_attributes(&x);
		if (*x.p++ != '>')
			xml_fail(&x, "no end of a tag");
		suites += strcmp(name, "testsuite") == 0;
		x.cases += strcmp(name, "testcase") == 0;
		x.failures += strcmp(name, "failure") == 0;
		x.errors += strcmp(name, "error") == 0;
		x.skipped += strcmp(name, "skipped") == 0;
	}
	row_int(label, (long long)x.depth, 0);
	row_int(label, (long long)suites, (long long)rep_len(report, "targets") + 1);
	row_int(label, x.said[0], (long long)x.cases);
	row_int(label, x.said[1], (long long)x.failures);
	row_int(label, x.said[2], (long long)x.errors);
	row_int(label, x.said[3], (long long)x.skipped);
	mp_arena_free(x.a);
}

static void junit(void **state)
{
	(void)state;
	for_all(&rep_junit, well_formed);
}

/* ---- all of them */

static void too_small(void **state)
{
	const struct rep_format *const forms[] = {&rep_markdown, &rep_jsonl, &rep_prometheus, &rep_junit};
	json_t *j = read_report("no-ptr");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct mp_buf b = MP_BUF(1000);
		struct mp_err err = {.msg = ""};

		row_int(forms[i]->name, forms[i]->write(j, &(struct rep_style){0}, &b, &err), MP_ELIMIT);
		row_str(forms[i]->name, err.msg, "the report is larger than 1000 bytes");
		mp_buf_release(&b);
	}
	json_decref(j);
}

/* Lists of which the same is said share a row of the table; one that says something else has its own. */
static void lists(void **state)
{
	static const char want[] = "| pass | `dnsbl.ip` | `a.x`, `c.x` | Not on A, C. |\n"
				   "| error | `dnsbl.ip` | `b.x` | On B? Unknown. |\n\n";
	json_t *report = json_pack(
		"{s:[{s:s,s:s,s:s,s:s,s:{s:s}},{s:s,s:s,s:s,s:s,s:{s:s}},{s:s,s:s,s:s,s:s,s:{s:s}}]}", "checks", "id",
		"dnsbl.ip", "subject", "a.x", "status", "pass", "summary", "Not on A.", "values", "list", "A", "id",
		"dnsbl.ip", "subject", "b.x", "status", "error", "summary", "On B? Unknown.", "values", "list", "B",
		"id", "dnsbl.ip", "subject", "c.x", "status", "pass", "summary", "Not on C.", "values", "list", "C");
	struct mp_buf b;

	(void)state;
	assert_non_null(report);
	b = render(&rep_markdown, report, true);
	if (!strstr(mp_buf_cstr(&b), want))
		fail_msg("got \"%s\", want \"%s\"", mp_buf_cstr(&b), want);
	mp_buf_release(&b);
	json_decref(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(jsonl),
		cmocka_unit_test(markdown),
		cmocka_unit_test(words),
		cmocka_unit_test(lists),
		cmocka_unit_test(prometheus),
		cmocka_unit_test(verdict_numbers),
		cmocka_unit_test(dashboard),
		cmocka_unit_test(junit),
		cmocka_unit_test(too_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
