/*
 * tests/unit/test_report_text.c - the text form: goldens for the eye, rules for every report
 *
 * Goldens stand in tests/data/reports. After a wanted change of the form, run this program with REPORT_GOLDENS=write,
 * and read the difference before it is kept.
 */
#include "base/json.h"
#include "base/text.h"
#include "reports/report.h"
#include "reports/tree.h"
#include "tests/unit/row.h"

enum { MAX_FILE = 1024 * 1024 };

static const char *const reports[] = {"bare", "check", "deferred", "healthy", "hostile", "isolated", "long-names",
	"many", "no-ptr", "odd", "ptr", "rules", "rules-gmail", "rules-other", "unreachable"};

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

static struct mp_buf render(const json_t *report, const struct rep_style *style)
{
	struct mp_buf b = MP_BUF(MAX_FILE);
	struct mp_err err = {.msg = ""};

	if (rep_text.write(report, style, &b, &err) != MP_OK)
		fail_msg("%s", err.msg);
	return b;
}

/* ---- goldens */

static void write_golden(const char *path, const struct mp_buf *b)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(b->p, 1, b->n, f), b->n);
	assert_int_equal(fclose(f), 0);
}

static void compare(const char *label, const struct mp_buf *got, const struct mp_buf *want)
{
	size_t i = 0, line = 1;

	while (i < got->n && i < want->n && got->p[i] == want->p[i])
		line += got->p[i++] == '\n';
	if (i < got->n || i < want->n)
		fail_msg("row '%s': line %zu differs: got \"%.60s\", want \"%.60s\"", label, line, mp_buf_cstr(got) + i,
			mp_buf_cstr(want) + i);
}

static void goldens(void **state)
{
	static const struct {
		const char *report, *golden;
		struct rep_style style;
	} rows[] = {
		{"healthy", "healthy", {0}},
		{"healthy", "healthy-verbose", {.verbose = true}},
		{"no-ptr", "no-ptr", {0}},
		{"no-ptr", "no-ptr-narrow", {.width = 40}},
		{"no-ptr", "no-ptr-wide", {.width = 160, .color = true, .unicode = true}},
		{"no-ptr", "no-ptr-quiet", {.quiet = true}},
		{"deferred", "deferred", {0}},
		{"unreachable", "unreachable", {0}},
		{"isolated", "isolated", {0}},
		{"many", "many", {0}},
		{"check", "check", {.single = true}},
		{"check", "check-quiet", {.single = true, .quiet = true}},
		{"check", "check-verbose", {.single = true, .verbose = true}},
		{"ptr", "ptr", {.single = true}},
		{"rules", "rules", {.single = true}},
		{"rules", "rules-narrow", {.single = true, .width = 40}},
		{"rules-gmail", "rules-gmail", {0}},
		{"rules-other", "rules-other", {0}},
		{"hostile", "hostile", {0}},
		{"hostile", "hostile-wide", {.width = 100, .unicode = true, .color = true, .verbose = true}},
		{"long-names", "long-names", {0}},
		{"odd", "odd", {0}},
		{"bare", "bare", {0}},
	};
	const char *mode = getenv("REPORT_GOLDENS");
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *report = read_report(rows[i].report);
		struct mp_buf got = render(report, &rows[i].style), want = MP_BUF(0);
		const char *path = data_path(a, rows[i].golden, ".txt");

		if (mode && strcmp(mode, "write") == 0)
			write_golden(path, &got);
		want = read_file(path);
		compare(rows[i].golden, &got, &want);
		mp_buf_release(&want);
		mp_buf_release(&got);
		json_decref(report);
	}
	mp_arena_free(a);
}

/* ---- rules for every report in every style */

/* Without the escapes that colour it; those must be of the few that the form uses. */
static struct mp_buf stripped(const char *label, const struct mp_buf *b)
{
	static const char *const known[] = {
		"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[35m"};
	struct mp_buf out = MP_BUF(MAX_FILE);

	for (size_t i = 0; i < b->n;) {
		size_t k = 0;

		if (b->p[i] != '\x1b') {
			mp_buf_addc(&out, b->p[i++]);
			continue;
		}
		while (k < ARRAY_LEN(known) && strncmp(b->p + i, known[k], strlen(known[k])) != 0)
			k++;
		if (k == ARRAY_LEN(known))
			fail_msg("row '%s': a foreign escape at byte %zu", label, i);
		i += strlen(known[k]);
	}
	return out;
}

static void check_line(const char *label, struct mp_str line, unsigned width, bool unicode)
{
	if (mp_text_width(line) > width)
		fail_msg("row '%s': %zu columns of %u: \"%.*s\"", label, mp_text_width(line), width, (int)line.n,
			line.p);
	if (line.n && line.p[line.n - 1] == ' ')
		fail_msg("row '%s': blanks at the end of \"%.*s\"", label, (int)line.n, line.p);
	if (!mp_utf8_valid(line))
		fail_msg("row '%s': broken UTF-8 in \"%.*s\"", label, (int)line.n, line.p);
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if (c < 0x20 || c == 0x7f || (c >= 0x80 && !unicode))
			fail_msg("row '%s': byte 0x%02x in \"%.*s\"", label, c, (int)line.n, line.p);
	}
}

static void check_page(const char *name, const json_t *report, struct rep_style style, unsigned width)
{
	char label[80];
	struct mp_buf got = render(report, &style), plain, text;
	struct mp_str rest, line;

	snprintf(label, sizeof(label), "%s, width %u%s%s%s", name, style.width, style.unicode ? ", unicode" : "",
		style.color ? ", color" : "", style.verbose ? ", verbose" : "");
	text = stripped(label, &got);
	rest = mp_buf_str(&text);
	while (mp_str_split(&rest, '\n', &line))
		check_line(label, line, width, style.unicode);
	assert_true(text.n > 0 && text.p[text.n - 1] == '\n');
	/* Colour adds escapes and nothing else. */
	style.color = false;
	plain = render(report, &style);
	compare(label, &text, &plain);
	mp_buf_release(&plain);
	mp_buf_release(&text);
	mp_buf_release(&got);
}

static void every_page_fits(void **state)
{
	static const struct {
		unsigned given, width;
	} widths[] = {{0, 80}, {1, 40}, {40, 40}, {53, 53}, {69, 69}, {80, 80}, {100, 100}, {300, 100}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		json_t *report = read_report(reports[i]);

		for (size_t k = 0; k < ARRAY_LEN(widths) * 8; k++)
			check_page(reports[i], report,
				(struct rep_style){
					.width = widths[k / 8].given,
					.color = k & 1,
					.unicode = k & 2,
					.verbose = k & 4,
				},
				widths[k / 8].width);
		json_decref(report);
	}
}

/* What stands on the page, in this order; NULL-ended. */
static void in_order(void **state)
{
	static const struct {
		const char *report, *parts[12];
	} rows[] = {
		{"no-ptr", {"mailprobe 0.1.0", "\nBLOCKED  ", "\nWHY\n", "Confirmed:", "| 550 5.7.1", "FAIL ptr.exists",
				   "\nWHAT TO DO\n", "Subject: PTR", "\nSESSIONS\n", "\nCHECKS ",
				   "Run 8c1f0a2b3c4d5e6f."}},
		{"healthy", {"\nDELIVERABLE  ", "\nSESSIONS\n", "accepted at RCPT TO", "\nCHECKS ", "Judged by"}},
		{"unreachable", {"ended early", "\nUNKNOWN  ", "\nWHY\n", "Outgoing port 25", "\nWHAT TO DO\n",
					"! 30.000 -- no answer", "Could not be determined: smtp.session",
					"Not tested: smtp.starttls"}},
		{"many", {"\n  BLOCKED      gmail-mx ", "\n  AT RISK      you@example.org ", "\nWHY\n",
				 "\n  -  mx:mx.example.edu:2525", "For 1:", "For 2:", "Text to send, for 1",
				 "\nSESSIONS\n", "No session was held."}},
		{"isolated",
			{"Isolated:", "(sessions 1, 3", "vary:null-sender):", "(session 2 vary:ehlo)", "\nSESSIONS\n"}},
		{"check", {"\nWARN  ", "\nWHY\n", "\nWHAT TO DO\n", "\nCHECKS ", "no receiver was asked"}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *report = read_report(rows[i].report);
		struct mp_buf got = render(report, &(struct rep_style){0});
		const char *at = mp_buf_cstr(&got);

		for (size_t k = 0; rows[i].parts[k]; k++) {
			const char *found = strstr(at, rows[i].parts[k]);

			if (!found)
				fail_msg("row '%s': no \"%s\" where it should stand", rows[i].report, rows[i].parts[k]);
			else
				at = found + strlen(rows[i].parts[k]);
		}
		mp_buf_release(&got);
		json_decref(report);
	}
}

static size_t count(const struct mp_buf *b, const char *what)
{
	size_t n = 0;

	for (const char *p = mp_buf_cstr(b); (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

static void said_once(void **state)
{
	json_t *report = read_report("no-ptr"), *f;
	struct mp_buf got;

	(void)state;
	/* A second finding with the same request and the same steps. */
	f = json_deep_copy(json_array_get(mp_jget_array(report, "findings"), 0));
	mp_jset_str(f, "id", "ptr-missing:again");
	json_array_insert_new(mp_jget_array(report, "findings"), 1, f);
	got = render(report, &(struct rep_style){0});
	assert_int_equal(count(&got, "Subject: PTR record"), 1);
	assert_int_equal(count(&got, "Nothing else is needed"), 1);
	assert_int_equal(count(&got, "For 1, 2:"), 1);
	assert_int_equal(count(&got, "Text to send, for 1, 2 (--request ptr"), 1);
	mp_buf_release(&got);
	json_decref(report);
}

static void pasted_texts(void **state)
{
	static const struct {
		const char *label, *request, *want;
	} rows[] = {
		{"lines that fit stay", "Hello,\nplease.\n\nBye", "    Hello,\n    please.\n\n    Bye\n"},
		{"prose that does not fit is filled anew",
			"A line of some seventy-eight columns that is too long by a word or two for me.\nAnd more.\n\nBye",
			"    A line of some seventy-eight columns that is too long by a word or two for\n"
			"    me. And more.\n\n    Bye\n"},
		{"tables are not",
			"To be set:\n  name   2.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\n  value  x",
			"    To be set:\n"
			"      name\n"
			"      2.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\n"
			"      value  x\n"},
		{"lines of nothing", "\n\nHello\n\n\n\nBye\n\n", "\n\n    Hello\n\n\n\n    Bye\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *report = json_pack("{s:[{s:s}]}", "findings", "request", rows[i].request);
		struct mp_buf got = render(report, &(struct rep_style){0});
		const char *at = strstr(mp_buf_cstr(&got), "Text to send:\n\n");

		assert_non_null(at);
		if (strncmp(at + 15, rows[i].want, strlen(rows[i].want)) != 0)
			fail_msg("row '%s': got \"%.300s\", want \"%s\"", rows[i].label, at + 15, rows[i].want);
		mp_buf_release(&got);
		json_decref(report);
	}
}

static size_t ptr_check(const json_t *report)
{
	size_t i = 0;

	while (strcmp(mp_jget_str(json_array_get(mp_jget_array(report, "checks"), i), "id", ""), "ptr.exists") != 0)
		i++;
	return i;
}

/* The reply that decided is quoted once: by the explanation, or below it. */
static void quoted_once(void **state)
{
	json_t *report = read_report("no-ptr"), *f = json_array_get(mp_jget_array(report, "findings"), 0);
	struct mp_buf got = render(report, &(struct rep_style){0});

	(void)state;
	assert_int_equal(count(&got, "     | 550 5.7.1 Client host rejected"), 1);
	mp_buf_release(&got);
	mp_jset_str(f, "explanation",
		"mx1.example.net said \"550 5.7.1 Client host rejected: cannot find your reverse "
		"hostname, [203.0.113.12]\".");
	got = render(report, &(struct rep_style){0});
	assert_int_equal(count(&got, "     | 550 5.7.1 Client host rejected"), 0);
	assert_int_equal(count(&got, "rejected at RCPT TO (session 1)\n"), 1);
	mp_buf_release(&got);
	/* So is what a check saw. */
	mp_jset_str(f, "explanation", "Known of it: 12.113.0.203.in-addr.arpa does not exist.");
	mp_jset_str(json_array_get(mp_jget_array(report, "checks"), ptr_check(report)), "detail",
		"12.113.0.203.in-addr.arpa does not exist.");
	got = render(report, &(struct rep_style){0});
	assert_int_equal(count(&got, "12.113.0.203.in-addr.arpa does not exist."), 1);
	mp_buf_release(&got);
	json_decref(report);
}

/* One dialogue a target, of the session that decided, or was tried last; the others end in a line. --verbose has all. */
static void one_dialogue(void **state)
{
	static const struct {
		const char *label;
		int decided_by; /* -1: none */
		size_t sessions;
		bool verbose;
		const char *shown, *note;
	} rows[] = {
		{"the only one", 0, 1, false, "0", NULL},
		{"the first decides", 0, 3, false, "0", "The dialogues of 2 other sessions are not shown: --verbose"},
		{"one in the middle", 1, 3, false, "1", "The dialogues of 2 other sessions are not shown: --verbose"},
		{"none decides", -1, 2, false, "1", "The dialogue of the other session is not shown: --verbose"},
		{"all of them", 1, 3, true, "012", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *sessions = json_array(), *report;
		struct mp_buf got;
		char line[64];

		for (size_t k = 0; k < rows[i].sessions; k++) {
			snprintf(line, sizeof(line), "220 dialogue %zu", k);
			mp_jpush(sessions, json_pack("{s:s,s:s,s:s,s:s,s:{s:i,s:[s]},s:[{s:f,s:s,s:s}]}", "mx",
						   "mx.example", "address", "192.0.2.1", "outcome", "deferred", "stage",
						   "rcpt-to", "reply", "code", 450, "lines", "450 later", "transcript",
						   "t_ms", 1.0, "from", "server", "line", line));
		}
		report = json_pack("{s:[{s:s,s:i,s:o}]}", "targets", "target", "t", "decided_by", rows[i].decided_by,
			"sessions", sessions);
		got = render(report, &(struct rep_style){.verbose = rows[i].verbose});
		for (size_t k = 0; k < rows[i].sessions; k++) {
			snprintf(line, sizeof(line), "<- 220 dialogue %zu", k);
			row_int(rows[i].label, (long long)count(&got, line),
				strchr(rows[i].shown, (int)('0' + k)) != NULL);
			snprintf(line, sizeof(line), "  %zu. mx.example [192.0.2.1]\n", k + 1);
			row_int(rows[i].label, (long long)count(&got, line), 1);
		}
		row_int(rows[i].label, (long long)count(&got, "deferred at RCPT TO: 450 later\n"),
			(long long)(rows[i].sessions - strlen(rows[i].shown)));
		row_int(rows[i].label, (long long)count(&got, "not shown: --verbose"), rows[i].note != NULL);
		row_int(rows[i].label, rows[i].note && !count(&got, rows[i].note), 0);
		mp_buf_release(&got);
		json_decref(report);
	}
}

/* Checks of one server stand together, whatever their order in the report. */
static void by_server(void **state)
{
	static const char want[] = "  a\n"
				   "  pass   smtp.session     one\n"
				   "  warn   smtp.starttls    two\n"
				   "  skip   tls.version, tls.certificate: none\n"
				   "  b\n"
				   "  FAIL   smtp.session     three\n"
				   "  pass   tls.version      four\n"
				   "\n"
				   "  pass   mx.target        c: five\n";
	json_t *report = json_pack("{s:[{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s},"
				   "{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s}]}",
		"checks", "id", "smtp.session", "subject", "a", "status", "pass", "summary", "one", "id",
		"smtp.session", "subject", "b", "status", "fail", "summary", "three", "id", "smtp.starttls", "subject",
		"a", "status", "warn", "summary", "two", "id", "mx.target", "subject", "c", "status", "pass", "summary",
		"five", "id", "tls.version", "subject", "a", "status", "skip", "summary", "none", "id", "tls.version",
		"subject", "b", "status", "pass", "summary", "four", "id", "tls.certificate", "subject", "a", "status",
		"skip", "summary", "none");
	struct mp_buf got = render(report, &(struct rep_style){0});
	const char *at = strstr(mp_buf_cstr(&got), "\n\n  a\n");

	(void)state;
	assert_non_null(report);
	if (!at || strncmp(at + 2, want, strlen(want)) != 0)
		fail_msg("got \"%s\", want \"%s\"", mp_buf_cstr(&got), want);
	mp_buf_release(&got);
	json_decref(report);
}

/* Checks of which nothing came, for one reason, share a row; --verbose has them all. */
static void in_common(void **state)
{
	static const char *const rows[][2] = {{"ptr.exists", "d"}, {"ptr.single", "d"}, {"ptr.fcrdns", "e"}};
	json_t *report = json_object(), *checks = json_array();
	struct mp_buf got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		mp_jpush(checks, json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", rows[i][0], "subject", "192.0.2.1", "status",
					 "error", "summary", "No answer.", "detail", rows[i][1]));
	mp_jset(report, "checks", checks);
	got = render(report, &(struct rep_style){0});
	assert_int_equal(count(&got, "  192.0.2.1\n"
				     "  error  ptr.exists, ptr.single: No answer.\n"
				     "         d\n"
				     "  error  ptr.fcrdns  No answer.\n"
				     "                     e\n"),
		1);
	mp_buf_release(&got);
	got = render(report, &(struct rep_style){.verbose = true});
	assert_int_equal(count(&got, "  error  ptr.single  No answer.\n"), 1);
	mp_buf_release(&got);
	json_decref(report);
}

/* Lists of which the same could not be found out share a row; what is known of one alone is said behind it. */
static void lists_in_common(void **state)
{
	static const char *const rows[][4] = {{"a.x", "A", "Is it on A? Unknown.", "d"},
		{"b.x", "B", "Is it on B? Unknown.", NULL}, {"c.x", "C", "Is it on C? Refused.", NULL},
		{"d.x", "D", "Is it on D? Unknown.", "e"}};
	json_t *report = json_object(), *checks = json_array();
	struct mp_buf got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		mp_jpush(checks, json_pack("{s:s,s:s,s:s,s:s,s:s?,s:s,s:{s:s}}", "id", "dnsbl.ip", "subject",
					 rows[i][0], "status", "error", "summary", rows[i][2], "detail", rows[i][3],
					 "fix", "f", "values", "list", rows[i][1]));
	mp_jset(report, "checks", checks);
	got = render(report, &(struct rep_style){0});
	assert_int_equal(count(&got, "  error  dnsbl.ip: Is it on A, B, D? Unknown.\n"
				     "         d\n"
				     "         e\n"
				     "         Fix: f\n"),
		1);
	assert_int_equal(count(&got, "  error  dnsbl.ip  c.x: Is it on C? Refused.\n"), 1);
	mp_buf_release(&got);
	got = render(report, &(struct rep_style){.verbose = true});
	assert_int_equal(count(&got, "  error  dnsbl.ip  b.x: Is it on B? Unknown.\n"), 1);
	mp_buf_release(&got);
	json_decref(report);
}

/* A server given by its address has no name that its certificate could cover: for a person that is no fault. */
static void name_not_compared(void **state)
{
	static const char words[] = "chain verified, name not compared"; /* the page may break the line behind it */
	static const struct {
		const char *label, *mx, *verified, *chain_error, *name_error, *from;
		size_t told; /* how often, with the dialogue's line */
	} rows[] = {
		{"by its address", "192.0.2.1", "none", NULL, "X", "tls", 2},
		{"an IPv6 address", "2001:db8::1", "none", NULL, "X", "tls", 2},
		{"what the server says stays", "192.0.2.1", "none", NULL, "X", "server", 1},
		{"by name", "mx.example", "none", NULL, "X", "tls", 0},
		{"the chain is at fault too", "192.0.2.1", "none", "C", "X", "tls", 0},
		{"the chain alone is", "192.0.2.1", "none", "C", NULL, "tls", 0},
		{"it covers the address", "192.0.2.1", "pkix", NULL, NULL, "tls", 0},
		{"by DANE", "192.0.2.1", "dane", NULL, "X", "tls", 0},
	};
	static const struct rep_format *const forms[] = {&rep_text, &rep_markdown};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows) * ARRAY_LEN(forms); i++) {
		size_t r = i / ARRAY_LEN(forms);
		json_t *report = json_pack("{s:[{s:s,s:[{s:s,s:s,s:s,s:{s:s,s:s,s:s?,s:s?},s:[{s:f,s:s,s:s}]}]}]}",
			"targets", "target", "t", "sessions", "mx", rows[r].mx, "address", "192.0.2.1", "outcome",
			"accepted", "tls", "version", "TLSv1.3", "verified", rows[r].verified, "chain_error",
			rows[r].chain_error, "name_error", rows[r].name_error, "transcript", "t_ms", 1.0, "from",
			rows[r].from, "line", "TLSv1.3, not verified: X");
		struct mp_buf got = MP_BUF(SIZE_MAX / 4);
		struct mp_err err = {.msg = ""};

		assert_int_equal(
			forms[i % ARRAY_LEN(forms)]->write(report, &(struct rep_style){.width = 500}, &got, &err),
			MP_OK);
		row_int(rows[r].label, (long long)count(&got, words), (long long)rows[r].told);
		row_int(rows[r].label, (long long)count(&got, "not verified: X"), rows[r].told < 2);
		mp_buf_release(&got);
		json_decref(report);
	}
}

/* A server that was given stands behind whom the mail was for; no MX was looked up. */
static void server_given(void **state)
{
	json_t *report = json_pack("{s:[{s:s,s:s,s:s,s:s,s:[{s:s,s:i}],s:[{s:s}]}]}", "targets", "target",
		"mx:192.0.2.1", "domain", "192.0.2.1", "rcpt", "you@example.net", "mx_kind", "given", "mx", "host",
		"192.0.2.1", "preference", 0, "sessions", "outcome", "accepted");
	struct mp_buf got = render(report, &(struct rep_style){0});

	(void)state;
	assert_int_equal(count(&got, "to    you@example.net via 192.0.2.1\n"), 1);
	assert_int_equal(count(&got, "MX 0"), 0);
	mp_buf_release(&got);
	json_object_set_new(json_array_get(mp_jget_array(report, "targets"), 0), "mx_kind", json_string("mx"));
	got = render(report, &(struct rep_style){0});
	assert_int_equal(count(&got, "to    mx:192.0.2.1\n"), 1);
	assert_int_equal(count(&got, "MX 0 192.0.2.1"), 1);
	mp_buf_release(&got);
	json_decref(report);
}

static void verdict_of_checks_alone(void **state)
{
	static const struct {
		const char *label, *verdict, *check, *want;
	} rows[] = {
		{"all well", "deliverable", "pass", "PASS: s\n"},
		{"a fault of the checks decides", "at-risk", "fail", "FAIL: s\n"},
		{"a warning", "at-risk", "warn", "WARN: s\n"},
		{"a warning where nothing was found", "deliverable", "warn", "WARN: s\n"},
		{"not determined", "unknown", "error", "UNKNOWN: s\n"},
		{"no verdict", NULL, "pass", "UNKNOWN: s\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *report = json_pack("{s:{s:s?,s:s},s:[{s:s}]}", "verdict", "status", rows[i].verdict, "summary",
			"s", "checks", "status", rows[i].check);
		struct mp_buf got = render(report, &(struct rep_style){.quiet = true});

		row_str(rows[i].label, mp_buf_cstr(&got), rows[i].want);
		mp_buf_release(&got);
		json_decref(report);
	}
}

/* ---- any member may be missing, or be something else */

struct damage {
	const json_t *report;
	size_t done;
};

static void render_damaged(struct damage *d)
{
	struct mp_buf got = render(d->report, &(struct rep_style){.verbose = d->done % 2, .color = d->done % 3 == 0});

	assert_true(got.n > 0);
	mp_buf_release(&got);
	d->done++;
}

static void damage(struct damage *d, json_t *at)
{
	json_t *const other[] = {json_null(), json_string("x"), json_integer(INT64_MAX), json_array(), json_object(),
		json_true(), json_real(-1e300)};
	const char *key;
	json_t *v;
	size_t i;
	void *next;

	/* Long lists are all alike: their first elements will do. */
	json_array_foreach(at, i, v)
	{
		if (i == 3)
			break;
		for (size_t k = 0; k < ARRAY_LEN(other); k++) {
			json_incref(v);
			json_array_set(at, i, other[k]);
			render_damaged(d);
			json_array_set_new(at, i, v);
		}
		damage(d, v);
	}
	json_object_foreach_safe(at, next, key, v)
	{
		for (size_t k = 0; k < ARRAY_LEN(other); k++) {
			json_incref(v);
			json_object_set(at, key, other[k]);
			render_damaged(d);
			json_object_set_new(at, key, v);
		}
		damage(d, v);
	}
	for (size_t k = 0; k < ARRAY_LEN(other); k++)
		json_decref(other[k]);
}

static void any_tree_will_do(void **state)
{
	static const char *const names[] = {"no-ptr", "unreachable", "ptr"};
	json_t *const no_report[] = {json_null(), json_string("x"), json_array(), json_integer(3)};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_t *report = read_report(names[i]), *same = json_deep_copy(report);
		struct damage d = {report, 0};

		damage(&d, report);
		assert_true(d.done > 300);
		assert_true(json_equal(report, same));
		json_decref(same);
		json_decref(report);
	}
	for (size_t i = 0; i < ARRAY_LEN(no_report); i++) {
		struct damage d = {no_report[i], 0};

		render_damaged(&d);
		json_decref(no_report[i]);
	}
}

static void too_small_a_buffer(void **state)
{
	json_t *report = read_report("no-ptr");

	(void)state;
	for (size_t max = 0; max < 4000; max += 97) {
		struct mp_buf b = MP_BUF(max);
		struct mp_err err = {.msg = ""};

		assert_int_equal(rep_text.write(report, &(struct rep_style){.verbose = true}, &b, &err), MP_ELIMIT);
		assert_non_null(strstr(err.msg, "larger than"));
		mp_buf_release(&b);
	}
	json_decref(report);
}

/* How sure a finding is, in words that fit what it rests on. */
static void certainty(void **state)
{
	static const struct {
		const char *status, *certainty, *cause, *check;
		bool single;
		const char *want; /* how it begins; NULL: nothing is said */
	} rows[] = {
		{"fail", "confirmed", "ptr-missing", "ptr.exists", false, "Confirmed: the receiver said so"},
		{"fail", "latent", "ptr-missing", "ptr.exists", false, "By the check alone: no receiver rejected"},
		{"fail", "latent", "ptr-missing", "ptr.exists", true, "By the check alone: no receiver was asked"},
		{"fail", "latent", "egress-blocked", "egress.port25", false, "The check shows it; no receiver came"},
		{"fail", "latent", "content-spam", "message.placement", false, "Seen in the mailbox itself."},
		{"warn", "latent", "content-spam", "content.spamd", false,
			"By a filter of your own alone: no receiver rejected"},
		{"info", "latent", "ptr-missing", "ptr.exists", false, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *f = json_pack("{s:s,s:s,s:s,s:[{s:s}]}", "status", rows[i].status, "certainty",
			rows[i].certainty, "cause", rows[i].cause, "because", "check", rows[i].check);
		const char *got = rep_certainty_words(f, rows[i].single);

		if (!got != !rows[i].want || (got && strncmp(got, rows[i].want, strlen(rows[i].want)) != 0))
			fail_msg("row %zu: got \"%s\"", i, got ? got : "nothing");
		json_decref(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(every_page_fits),
		cmocka_unit_test(in_order),
		cmocka_unit_test(said_once),
		cmocka_unit_test(pasted_texts),
		cmocka_unit_test(quoted_once),
		cmocka_unit_test(one_dialogue),
		cmocka_unit_test(by_server),
		cmocka_unit_test(in_common),
		cmocka_unit_test(lists_in_common),
		cmocka_unit_test(name_not_compared),
		cmocka_unit_test(server_given),
		cmocka_unit_test(verdict_of_checks_alone),
		cmocka_unit_test(any_tree_will_do),
		cmocka_unit_test(too_small_a_buffer),
		cmocka_unit_test(certainty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
