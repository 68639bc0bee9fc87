/* tests/unit/test_report_html.c - the page: sound markup, no text that gets out of its place, the report within */
#include <openssl/evp.h>

#include "base/json.h"
#include "base/text.h"
#include "reports/html.h"
#include "tests/unit/row.h"

enum { MAX_FILE = 4 * 1024 * 1024, MAX_DEPTH = 64 };

static const char *const reports[] = {"bare", "check", "deferred", "healthy", "hostile", "isolated", "long-names",
	"many", "no-ptr", "odd", "ptr", "rules", "rules-gmail", "rules-other", "unreachable"};

static json_t *read_report(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char path[512];
	json_error_t why;
	json_t *j;

	snprintf(path, sizeof(path), "%s/tests/data/reports/%s.json", srcdir ? srcdir : ".", name);
	j = json_load_file(path, 0, &why);
	if (!j)
		fail_msg("%s: %s", path, why.text);
	return j;
}

static struct mp_buf render(const json_t *report)
{
	struct mp_buf b = MP_BUF(MAX_FILE);
	struct mp_err err = {.msg = ""};

	if (rep_html.write(report, &(struct rep_style){0}, &b, &err) != MP_OK)
		fail_msg("%s", err.msg);
	return b;
}

/* ---- markup: a strict reader of what the form may write, stricter than any browser */

struct reader {
	const char *label, *p;
	const char *open[MAX_DEPTH]; /* names of elements that wait for their end, in the text itself */
	size_t lens[MAX_DEPTH], depth;
	size_t elements;
};

static void bad(const struct reader *r, const char *why)
{
	fail_msg("row '%s': %s at \"%.80s\"", r->label, why, r->p);
}

static bool name_is(const char *p, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(p, name, n) == 0;
}

static bool one_of(const char *p, size_t n, const char *const *names)
{
	for (; *names; names++)
		if (name_is(p, n, *names))
			return true;
	return false;
}

static size_t name_len(const char *p)
{
	size_t n = 0;

	while (mp_isalpha(p[n]) || mp_isdigit(p[n]) || p[n] == '-')
		n++;
	return n;
}

/* One attribute: a known name, a value in double quotes, no reference but ours, a link only within the page. */
static void read_attribute(struct reader *r)
{
	static const char *const known[] = {"lang", "charset", "http-equiv", "content", "name", "class", "href", "id",
		"viewBox", "width", "height", "aria-hidden", "aria-labelledby", "d", "x", "y", "preserveAspectRatio",
		"open", "tabindex", "type", "scope", "role", "aria-label", NULL};
	size_t n = name_len(++r->p);
	const char *name = r->p, *end = NULL;

	if (!one_of(name, n, known))
		bad(r, "an attribute that the form does not write");
	r->p += n;
	if (*r->p != '=') {
		if (!name_is(name, n, "open"))
			bad(r, "an attribute without a value");
		return;
	}
	if (r->p[1] != '"' || !(end = strchr(r->p + 2, '"')))
		bad(r, "a value without quotes");
	if (name_is(name, n, "href") && r->p[2] != '#')
		bad(r, "a link out of the page");
	for (r->p += 2; r->p < end; r->p++)
		if (*r->p == '<' || *r->p == '>' || (unsigned char)*r->p < 0x20)
			bad(r, "markup in a value");
	r->p = end + 1;
}

static void read_tag(struct reader *r)
{
	static const char *const known[] = {"html", "head", "meta", "title", "style", "body", "a", "header", "main",
		"footer", "section", "article", "p", "h1", "h2", "h3", "h4", "dl", "dt", "dd", "div", "small", "span",
		"strong", "ul", "ol", "li", "svg", "path", "rect", "code", "pre", "figure", "figcaption", "details",
		"summary", "script", "wbr", "table", "thead", "tbody", "tr", "th", "td", NULL};
	static const char *const empty[] = {"meta", "path", "rect", "wbr", NULL};
	bool end = r->p[1] == '/';
	const char *name = r->p + (end ? 2 : 1), *close;
	size_t n = name_len(name);

	if (!one_of(name, n, known))
		bad(r, "an element that the form does not write");
	r->elements += !name_is(name, n, "wbr"); /* as many as there are dots */
	if (end) {
		if (!r->depth || r->lens[r->depth - 1] != n || memcmp(r->open[r->depth - 1], name, n) != 0 ||
			name[n] != '>')
			bad(r, "an end without its beginning");
		r->depth--;
		r->p = name + n + 1;
		return;
	}
	r->p = name + n;
	while (*r->p == ' ')
		read_attribute(r);
	if (*r->p == '/')
		r->p++;
	if (*r->p++ != '>')
		bad(r, "no end of a tag");
	if (one_of(name, n, empty))
		return;
	if (r->depth == MAX_DEPTH)
		bad(r, "too deep");
	r->open[r->depth] = name;
	r->lens[r->depth++] = n;
	/* Up to its own end, whatever stands there, as a browser has it. */
	if (name_is(name, n, "style") || name_is(name, n, "script")) {
		close = strstr(r->p, name_is(name, n, "style") ? "</style" : "</script");
		if (!close)
			bad(r, "no end");
		for (; r->p < close; r->p++)
			if (*r->p == '<')
				bad(r, "a tag within text that has none");
	}
}

static void read_text(struct reader *r)
{
	static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#96;"};
	size_t i = 0;

	if (*r->p == '&') {
		while (i < ARRAY_LEN(references) && strncmp(r->p, references[i], strlen(references[i])) != 0)
			i++;
		if (i == ARRAY_LEN(references))
			bad(r, "a bare &");
	} else if (strchr(">\"'`", *r->p)) {
		bad(r, "a character that is not escaped");
	} else if ((unsigned char)*r->p < 0x20 && *r->p != '\n' && *r->p != '\t') {
		bad(r, "a control character");
	}
	r->p++;
}

/* The number of elements. */
static size_t check_markup(const char *label, const struct mp_buf *page)
{
	static const char doctype[] = "<!DOCTYPE html>\n";
	struct reader r = {.label = label, .p = mp_buf_cstr(page)};

	assert_int_equal(strlen(r.p), page->n);
	assert_true(mp_utf8_valid(mp_buf_str(page)));
	if (strncmp(r.p, doctype, strlen(doctype)) != 0)
		bad(&r, "no document type");
	r.p += strlen(doctype);
	while (*r.p) {
		if (*r.p == '<')
			read_tag(&r);
		else
			read_text(&r);
	}
	if (r.depth)
		bad(&r, "elements without an end");
	return r.elements;
}

static void sound_pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		json_t *report = read_report(reports[i]);
		struct mp_buf page = render(report);

		check_markup(reports[i], &page);
		mp_buf_release(&page);
		json_decref(report);
	}
}

/* ---- every string as an attack */

static const char *const attacks[] = {"</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
	"' onmouseover='alert(1)", "javascript:alert(1)", "</style><style>*{display:none}", "<!--", "]]>", "&lt;b&gt;",
	"`${alert(1)}`", "</title><svg/onload=alert(1)>", "%s%n%s", "\x1b[31m\xe2\x80\xae\xe2\x80\xa8",
	"</script <script type=\"application/json\" id=\"mailprobe-report\">{}</script>",
	"<script type=\"application/json\" id=\"mailprobe-report\">"};

/* Terms that steer the form keep their meaning in every other round, so that each part is drawn. */
static bool steers(const char *key)
{
	static const char *const keys[] = {
		"status", "outcome", "stage", "from", "check", "id", "ip", "subject", "source"};

	for (size_t i = 0; key && i < ARRAY_LEN(keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static size_t attack(json_t *at, const char *text, bool all)
{
	const char *key;
	size_t i, n = 0;
	json_t *v;

	json_array_foreach(at, i, v)
	{
		n += attack(v, text, all);
		if (json_is_string(v) && ++n)
			json_string_set_nocheck(v, text);
	}
	json_object_foreach(at, key, v)
	{
		n += attack(v, text, all);
		if (json_is_string(v) && (all || !steers(key)) && ++n)
			json_string_set_nocheck(v, text);
	}
	return n;
}

static json_t *data_of(const char *label, const struct mp_buf *page)
{
	struct mp_err err = {.msg = ""};
	struct mp_str text;
	json_t *j = NULL;

	assert_true(rep_html_is(mp_buf_str(page)));
	if (rep_html_data(mp_buf_str(page), &text, &err) != MP_OK || !(j = mp_json_parse(text, &err)))
		fail_msg("row '%s': %s", label, err.msg);
	return j;
}

static void nothing_gets_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		for (size_t k = 0; k < ARRAY_LEN(attacks) * 2; k++) {
			json_t *report = read_report(reports[i]), *again;
			size_t changed = attack(report, attacks[k / 2], k % 2);
			/* As many elements as with harmless text in the same places. */
			json_t *harmless = json_deep_copy(report);
			struct mp_buf page = render(report), calm;

			attack(harmless, "xxxx", k % 2);
			calm = render(harmless);
			row_int(reports[i], (long long)check_markup(reports[i], &page),
				(long long)check_markup(reports[i], &calm));
			again = data_of(reports[i], &page);
			row_bool(reports[i], json_equal(report, again), true);
			if (strcmp(reports[i], "no-ptr") == 0)
				assert_true(changed > 100);
			json_decref(again);
			json_decref(harmless);
			json_decref(report);
			mp_buf_release(&calm);
			mp_buf_release(&page);
		}
	}
}

/* Names of members are shown as well: values of a check, times of a session. */
static void names_of_members(void **state)
{
	json_t *report = read_report("no-ptr"), *again;
	struct mp_buf page;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
		mp_jset_str(mp_jget(json_array_get(mp_jget_array(report, "checks"), 0), "values"), attacks[i], "x");
		mp_jset_int(mp_jget(json_array_get(mp_jget_array(json_array_get(mp_jget_array(report, "targets"), 0),
							   "sessions"),
					    0),
				    "timings_ms"),
			attacks[i], 1);
	}
	page = render(report);
	check_markup("names", &page);
	again = data_of("names", &page);
	assert_true(json_equal(report, again));
	json_decref(again);
	json_decref(report);
	mp_buf_release(&page);
}

/* ---- any tree */

static size_t damage(json_t *report, json_t *at)
{
	json_t *const other[] = {json_null(), json_string("x"), json_integer(INT64_MAX), json_array(), json_object(),
		json_true(), json_real(-1e300)};
	size_t i, done = 0;
	const char *key;
	json_t *v;
	void *next;

	/* Long lists are all alike: their first elements will do. */
	json_array_foreach(at, i, v)
	{
		if (i == 2)
			break;
		done += damage(report, v);
	}
	json_object_foreach_safe(at, next, key, v)
	{
		for (size_t k = 0; k < ARRAY_LEN(other); k++) {
			struct mp_buf page;

			json_incref(v);
			json_object_set(at, key, other[k]);
			page = render(report);
			check_markup(key, &page);
			mp_buf_release(&page);
			json_object_set_new(at, key, v);
			done++;
		}
		done += damage(report, v);
	}
	for (size_t k = 0; k < ARRAY_LEN(other); k++)
		json_decref(other[k]);
	return done;
}

static void any_tree_will_do(void **state)
{
	static const char *const names[] = {"no-ptr", "ptr"};
	json_t *const no_report[] = {json_null(), json_string("x"), json_array(), json_integer(3)};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_t *report = read_report(names[i]), *same = json_deep_copy(report);

		assert_true(damage(report, report) > 100);
		assert_true(json_equal(report, same));
		json_decref(same);
		json_decref(report);
	}
	for (size_t i = 0; i < ARRAY_LEN(no_report); i++) {
		struct mp_buf page = render(no_report[i]);

		check_markup("no report", &page);
		mp_buf_release(&page);
		json_decref(no_report[i]);
	}
}

static void too_small_a_buffer(void **state)
{
	json_t *report = read_report("no-ptr");

	(void)state;
	for (size_t max = 0; max < 30000; max += 977) {
		struct mp_buf b = MP_BUF(max);
		struct mp_err err = {.msg = ""};

		assert_int_equal(rep_html.write(report, &(struct rep_style){0}, &b, &err), MP_ELIMIT);
		assert_non_null(strstr(err.msg, "larger than"));
		mp_buf_release(&b);
	}
	json_decref(report);
}

/* ---- what the page says of itself */

static void policy_names_the_style(void **state)
{
	unsigned char digest[EVP_MAX_MD_SIZE], want[64];
	json_t *report = read_report("healthy");
	struct mp_buf page = render(report);
	const char *style, *end, *policy;
	char expect[160];

	(void)state;
	/* Over what a browser hashes: all between the tags. */
	style = strstr(mp_buf_cstr(&page), "<style>");
	assert_non_null(style);
	style += strlen("<style>");
	end = strstr(style, "</style>");
	assert_non_null(end);
	assert_int_equal(EVP_Digest(style, (size_t)(end - style), digest, NULL, EVP_sha256(), NULL), 1);
	EVP_EncodeBlock(want, digest, 32);
	row_str("rep_html_style_hash", rep_html_style_hash, (const char *)want);
	snprintf(expect, sizeof(expect),
		"content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">", want);
	policy = strstr(mp_buf_cstr(&page), "http-equiv=\"Content-Security-Policy\"");
	assert_non_null(policy);
	assert_true(policy < style);
	assert_non_null(strstr(policy, expect));
	/* Nothing is fetched by the style either. */
	assert_null(strstr(rep_html_style, "url("));
	assert_null(strstr(rep_html_style, "@import"));
	mp_buf_release(&page);
	json_decref(report);
}

static void tells_what_counts(void **state)
{
	static const char *const wanted[] = {">Blocked</p>",
		"<h1 id=\"verdict\">example.net refuses mail from 203.0.113.12 because the address has no PTR record.</h1>",
		"First thing to do", "<ol class=\"path\">",
		/* the drawing: what agrees, and what does not */
		"<li class=\"good\"><span class=\"link good\"></span>",
		"<li class=\"bad\"><span class=\"link bad\"></span>",
		"<li class=\"good\"><span class=\"link none\"></span>",
		"PTR record<span class=\"hidden\"> (does not hold)</span></p><p class=\"value\">none</p>",
		"EHLO name<span class=\"hidden\"> (holds)</span></p><p class=\"value\">mail.<wbr>example.<wbr>com</p>",
		"MX host<span class=\"hidden\"> (holds)</span></p><p class=\"value\">mx1.<wbr>example.<wbr>net</p>",
		"TLS<span class=\"hidden\"> (holds)</span></p><p class=\"value\">TLSv1.<wbr>3</p>",
		"Answer<span class=\"hidden\"> (does not hold)</span></p><p class=\"value\">rejected at RCPT TO</p>",
		/* the text to paste, as it is */
		"<pre tabindex=\"0\">Subject: PTR record for 203.0.113.12\n\nHello,\n\nplease set",
		"    203.0.113.12  -&gt;  mail.example.com\n", "<li class=\"server decided bad\">",
		"<span class=\"rt\">+11.9</span>", "12.113.0.203.in-addr.arpa does not exist (NXDOMAIN)",
		"id=\"session-1\"", "href=\"#session-1\"",
		"<strong>Then test again</strong>: <code>mailprobe --to you@example.net &#39;--from=&lt;&gt;&#39;</code>. Providers set a PTR"};
	json_t *report = read_report("no-ptr");
	struct mp_buf page = render(report);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		row_bool(wanted[i], strstr(mp_buf_cstr(&page), wanted[i]) != NULL, true);
	assert_null(strstr(mp_buf_cstr(&page), "style=\""));
	mp_buf_release(&page);
	json_decref(report);
}

/* A certificate that verifies, but is not the one that a TLSA record names, is not called verified in the drawing. */
static void verified_is_not_all(void **state)
{
	static const char words[] = "<p class=\"more\">certificate verified</p>";
	json_t *report = read_report("no-ptr");
	const json_t *target = json_array_get(mp_jget_array(report, "targets"), 0);
	const json_t *s = json_array_get(mp_jget_array(target, "sessions"), 0);
	char subject[200];
	struct mp_buf page = render(report);

	(void)state;
	assert_non_null(strstr(mp_buf_cstr(&page), words));
	mp_buf_release(&page);
	snprintf(subject, sizeof(subject), "%s [%s]:%d", mp_jget_str(s, "mx", ""), mp_jget_str(s, "address", ""),
		(int)mp_jget_int(s, "port", 25));
	json_array_append_new(json_object_get(report, "checks"),
		json_pack("{s:s,s:s,s:s,s:s}", "id", "tls.dane", "subject", subject, "status", "fail", "summary",
			"The certificate fits no TLSA record."));
	page = render(report);
	assert_non_null(strstr(mp_buf_cstr(&page), "TLS<span class=\"hidden\"> (does not hold)</span>"));
	assert_null(strstr(mp_buf_cstr(&page), words));
	mp_buf_release(&page);
	json_decref(report);
}

#define UNNAMED "chain verified, name not compared (the server was given by its address)"

/* What the page's head and its drawing say of reports that differ in a member or two. */
static void facts_and_boxes(void **state)
{
	static const struct {
		const char *label, *changes, *wanted[3], *unwanted;
	} rows[] = {
		{"sender and From: agree", "{\"sender\": {\"mail_from\": \"a@x.org\", \"header_from\": \"a@x.org\"}}",
			{"<dt>From</dt><dd>a@<wbr>x.<wbr>org <small>envelope and From: header"}, "Envelope sender"},
		{"they differ", "{\"sender\": {\"mail_from\": \"a@x.org\", \"header_from\": \"b@y.org\"}}",
			{"<dt>Envelope sender</dt><dd>a@<wbr>x.<wbr>org", "<dt>From: header</dt><dd>b@<wbr>y.<wbr>org"},
			NULL},
		{"the name was given", "{\"sender\": {\"ehlo\": \"m\", \"ehlo_origin\": \"--ehlo\"}}",
			{"given with --ehlo, not read from the mail server"}, NULL},
		{"the name was read",
			"{\"sender\": {\"ehlo\": \"m\", \"ehlo_origin\": \"Postfix (main.cf)\", \"mta\": {\"name\": \"Postfix\"}}}",
			{"read from Postfix (main.cf)"}, NULL},
		{"a server by its address",
			"{\"targets\": [{\"target\": \"mx:192.0.2.1\", \"rcpt\": \"a@x.org\", \"mx_kind\": \"given\", "
			"\"mx\": [{\"host\": \"192.0.2.1\", \"preference\": 0}]}]}",
			{"<dt>To</dt><dd>a@<wbr>x.<wbr>org via <span class=\"ip\">192.0.2.1</span>",
				"1 receiver was tested; others"},
			"MX, with preference"},
		{"several receivers", "{\"targets\": [{\"target\": \"a\"}, {\"target\": \"b\"}]}",
			{"2 receivers were tested"}, NULL},
		{"judged again", "{\"run\": {\"replayed\": \"2026-11-28T09:00:00Z\"}}",
			{"<p>Judged again from the saved evidence on 2026-11-28 09:00:00 UTC"}, "<dt>Replay"},
		{"refused in the greeting",
			"{\"verdict\": {\"status\": \"blocked\", \"basis\": \"rcpt\"}, \"targets\": [{\"sessions\": [{"
			"\"stage\": \"banner\", \"outcome\": \"rejected\", \"ehlo\": \"m\"}]}]}",
			{">no EHLO was sent<", ">the session ended before TLS<", "which ended at the banner"},
			"STARTTLS was not offered"},
		{"a PTR name that leads nowhere",
			"{\"checks\": [{\"id\": \"ptr.fcrdns\", \"status\": \"fail\", \"values\": {\"names\": [\"gone\"], "
			"\"addresses\": []}}, {\"id\": \"ehlo.resolves\", \"status\": \"pass\", \"values\": {\"addresses\": "
			"[\"192.0.2.7\"]}}]}",
			{"A / AAAA record<span class=\"hidden\"> (does not hold)</span></p><p class=\"value\">none</p>",
				"<p class=\"more\">of gone</p>"},
			"class=\"ip\">192.0.2.7<"},
		{"an EHLO name that leads nowhere",
			"{\"checks\": [{\"id\": \"ptr.fcrdns\", \"status\": \"pass\", \"values\": {\"names\": [\"n\"], "
			"\"addresses\": [\"192.0.2.7\"]}}, {\"id\": \"ehlo.resolves\", \"subject\": \"mial\", \"status\": "
			"\"fail\", \"values\": {\"addresses\": []}}]}",
			{"EHLO name<span class=\"hidden\"> (does not hold)", "<p class=\"more\">of mial</p>"},
			"class=\"ip\">192.0.2.7<"},
		{"a PTR name that leads nowhere is the fault, not the right EHLO name beside it",
			"{\"checks\": [{\"id\": \"ehlo.syntax\", \"status\": \"pass\"}, {\"id\": \"ehlo.matches_source\", "
			"\"status\": \"pass\"}, {\"id\": \"ptr.exists\", \"status\": \"pass\", \"values\": {\"names\": "
			"[\"gone\"]}}, {\"id\": \"ptr.fcrdns\", \"status\": \"fail\", \"values\": {\"names\": [\"gone\"], "
			"\"addresses\": []}}, {\"id\": \"ptr.matches_ehlo\", \"status\": \"warn\"}], \"findings\": "
			"[{\"status\": \"fail\", \"because\": [{\"check\": \"ptr.matches_ehlo\"}]}]}",
			{"PTR record<span class=\"hidden\"> (does not hold)</span></p><p class=\"value\">gone</p><p "
			 "class=\"more\">leads to nothing</p>",
				"<li class=\"good\"><span class=\"link bad\">",
				"EHLO name<span class=\"hidden\"> (holds)"},
			NULL},
		{"a PTR name that leads to another host",
			"{\"checks\": [{\"id\": \"ptr.exists\", \"status\": \"pass\"}, {\"id\": \"ptr.fcrdns\", "
			"\"status\": \"fail\", \"values\": {\"names\": [\"gone\"], \"addresses\": [\"192.0.2.7\"]}}]}",
			{"PTR record<span class=\"hidden\"> (does not hold)",
				"<li class=\"bad\"><span class=\"link good\">",
				"<p class=\"more\">leads to <span class=\"ip\">192.0.2.7</span></p>"},
			"leads to nothing"},
		{"a PTR name whose address is not known",
			"{\"checks\": [{\"id\": \"ptr.exists\", \"status\": \"pass\"}, {\"id\": \"ptr.fcrdns\", "
			"\"status\": \"error\"}]}",
			{"PTR record<span class=\"hidden\"> (holds)",
				"A / AAAA record<span class=\"hidden\"> (not known)"},
			"leads to nothing"},
		{"an EHLO name that leads to another host, beside a PTR name at fault",
			"{\"checks\": [{\"id\": \"ehlo.matches_source\", \"status\": \"warn\"}, {\"id\": "
			"\"ptr.generic\", \"status\": \"fail\"}, {\"id\": \"ptr.matches_ehlo\", \"status\": \"warn\"}]}",
			{"EHLO name<span class=\"hidden\"> (with a warning)"}, NULL},
		{"from an EHLO name that is none no line leads on",
			"{\"checks\": [{\"id\": \"ehlo.syntax\", \"status\": \"fail\"}, {\"id\": \"ptr.fcrdns\", "
			"\"status\": \"pass\", \"values\": {\"names\": [\"n\"], \"addresses\": [\"192.0.2.7\"]}}]}",
			{"<li class=\"good\"><span class=\"link bad\">",
				"class=\"ip\">192.0.2.7</span></p><p class=\"more\">of n</p><p class=\"means\">the address that "
				"the PTR name leads back to</p>"},
			"these names lead back"},
		{"from one that leads to the address it does",
			"{\"checks\": [{\"id\": \"ehlo.matches_source\", \"status\": \"pass\"}, {\"id\": "
			"\"ptr.matches_ehlo\", \"status\": \"fail\"}, {\"id\": \"ptr.fcrdns\", \"status\": \"pass\", "
			"\"values\": {\"names\": [\"n\"], \"addresses\": [\"192.0.2.7\"]}}]}",
			{"EHLO name<span class=\"hidden\"> (does not hold)",
				"the address that these names lead back to"},
			"<li class=\"good\"><span class=\"link bad\">"},
		{"lists that say the same",
			"{\"checks\": [{\"id\": \"dnsbl.ip\", \"status\": \"error\", \"subject\": \"a.x\", \"summary\": "
			"\"Is it on A? Unknown.\", \"values\": {\"list\": \"A\"}}, {\"id\": \"dnsbl.ip\", \"status\": "
			"\"error\", \"subject\": \"b.x\", \"summary\": \"Is it on B? Unknown.\", \"values\": {\"list\": "
			"\"B\"}}]}",
			{"2 not known</span><span class=\"what\">Is it on A, B? Unknown.</span>", "Checked: a.x, b.x"},
			"Is it on B?"},
		{"lists that say different things",
			"{\"checks\": [{\"id\": \"dnsbl.ip\", \"status\": \"error\", \"summary\": \"Is it on A? Unknown.\", "
			"\"values\": {\"list\": \"A\"}}, {\"id\": \"dnsbl.ip\", \"status\": \"error\", \"summary\": "
			"\"Is it on B? Refused.\", \"values\": {\"list\": \"B\"}}]}",
			{">Is it on A? Unknown.<", ">Is it on B? Refused.<"}, NULL},
		{"lists that it is on stand one by one",
			"{\"checks\": [{\"id\": \"dnsbl.ip\", \"status\": \"fail\", \"summary\": \"It is on A.\", "
			"\"values\": {\"list\": \"A\"}}, {\"id\": \"dnsbl.ip\", \"status\": \"fail\", \"summary\": "
			"\"It is on B.\", \"values\": {\"list\": \"B\"}}]}",
			{">It is on A.<", ">It is on B.<"}, "2 fail</span><span class=\"what"},
		{"skipped for one reason",
			"{\"checks\": [{\"id\": \"ptr.a\", \"status\": \"skip\", \"summary\": \"No PTR.\"}, {\"id\": "
			"\"ptr.b\", \"status\": \"skip\", \"summary\": \"No PTR.\"}]}",
			{"2 skipped</span><span class=\"what\">No PTR.</span><code class=\"id\">ptr.a, ptr.b</code>",
				"<p class=\"hint paper\">Not printed: 2 skipped checks"},
			NULL},
		{"values in words",
			"{\"checks\": [{\"id\": \"ptr.a\", \"status\": \"warn\", \"summary\": \"s\", \"values\": {\"void\": [], "
			"\"path\": null, \"own_zone\": true, \"differs\": false, \"names\": [\"m\", \"n\"], \"sub\": {\"p\": "
			"\"none\", \"q\": [1]}}}]}",
			{"<dt>own zone</dt><dd>yes</dd>", "<dt>names</dt><dd>m, n</dd>",
				"<dt>sub</dt><dd>p none, q 1</dd>"},
			"<dt>void"},
		{"a check that a finding tells is closed, and says where",
			"{\"findings\": [{\"title\": \"t\", \"status\": \"fail\", \"because\": [{\"check\": \"ptr.a\", "
			"\"subject\": \"x\"}]}], \"checks\": [{\"id\": \"ptr.a\", \"status\": \"fail\", \"subject\": \"x\", "
			"\"summary\": \"s\"}]}",
			{"<details class=\"check bad\"><summary>", "(<a href=\"#finding-1\">finding 1</a>)"},
			" open><summary><span"},
		{"evidence that is the title",
			"{\"checks\": [{\"id\": \"ptr.a\", \"status\": \"fail\", \"subject\": \"192.0.2.1\", \"summary\": \"No PTR.\"}], "
			"\"findings\": [{\"status\": \"fail\", \"title\": \"No PTR.\", \"because\": [{\"check\": \"ptr.a\", "
			"\"subject\": \"192.0.2.1\"}]}]}",
			{"<div><p>192.0.2.1 <code class=\"id\">ptr.a</code></p>"}, "<div><p>No PTR."},
		{"a warning that a fault rests on",
			"{\"checks\": [{\"id\": \"ptr.matches_ehlo\", \"status\": \"warn\", \"subject\": \"192.0.2.1\"}], "
			"\"findings\": [{\"status\": \"fail\", \"because\": [{\"check\": \"ptr.matches_ehlo\", \"subject\": "
			"\"192.0.2.1\"}]}]}",
			{"EHLO name<span class=\"hidden\"> (does not hold)"}, NULL},
		{"a warning that a warning rests on",
			"{\"checks\": [{\"id\": \"ptr.matches_ehlo\", \"status\": \"warn\", \"subject\": \"192.0.2.1\"}], "
			"\"findings\": [{\"status\": \"warn\", \"because\": [{\"check\": \"ptr.matches_ehlo\", \"subject\": "
			"\"192.0.2.1\"}]}]}",
			{"EHLO name<span class=\"hidden\"> (with a warning)"}, NULL},
		{"a local address",
			"{\"sender\": {\"sources\": [{\"address\": \"10.0.0.10\", \"seen_as\": \"192.0.2.1\"}]}}",
			{"<span class=\"ip\">192.0.2.1</span> (local: <span class=\"ip\">10.0.0.10</span>)"}, NULL},
		{"a cause that no box shows",
			"{\"checks\": [], \"findings\": [{\"title\": \"On a list.\", \"status\": \"fail\", \"because\": [{\"target\": "
			"0, \"session\": 0}]}]}",
			{"<strong>Cause:</strong> On a list.</span>"}, NULL},
		{"a cause that a box shows",
			"{\"checks\": [{\"id\": \"ptr.exists\", \"status\": \"fail\", \"summary\": \"No PTR.\"}], "
			"\"findings\": [{\"title\": \"No PTR at all.\", \"status\": \"fail\", \"because\": [{\"target\": 0, "
			"\"session\": 0}]}]}",
			{"<strong>PTR record:</strong> No PTR."}, "<strong>Cause:"},
		{"how to test again",
			"{\"verdict\": {\"status\": \"blocked\", \"summary\": \"No.\", \"again\": {\"command\": null, \"after\": "
			"\"Later.\"}}}",
			{"<strong>Then test again</strong> with the same command. Later.</p>"}, NULL},
		{"with something else",
			"{\"verdict\": {\"status\": \"blocked\", \"summary\": \"No.\", \"again\": {\"command\": null, \"with\": "
			"\"another name (--ehlo)\", \"after\": null}}}",
			{"<strong>Then test again</strong> with another name (--ehlo). </p>"}, "the same command"},
		{"no name to compare",
			"{\"targets\": [{\"sessions\": [{\"mx\": \"192.0.2.1\", \"address\": \"192.0.2.1\", \"port\": 25, "
			"\"stage\": \"rcpt-to\", \"tls\": {\"version\": \"TLSv1.3\", \"verified\": \"none\", "
			"\"name_error\": \"x\"}}]}]}",
			{"<p class=\"more\">no name to compare</p>"}, "not verified"},
		{"a certificate whose name is not compared",
			"{\"targets\": [{\"sessions\": [{\"mx\": \"192.0.2.1\", \"address\": \"192.0.2.1\", \"tls\": "
			"{\"version\": \"TLSv1.3\", \"verified\": \"none\", \"name_error\": \"it does not cover it\"}, "
			"\"transcript\": [{\"t_ms\": 1, \"from\": \"tls\", \"line\": \"TLSv1.3 X, not verified: it does "
			"not cover it\"}]}]}]}",
			{"<code>TLSv1.3 X, " UNNAMED "</code>", "<dd>TLSv1.3, certificate: " UNNAMED "</dd>"},
			"not verified"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *report = read_report("no-ptr"), *changes = json_loads(rows[i].changes, 0, NULL);
		struct mp_buf page;
		char *body;

		assert_non_null(changes);
		json_object_update(report, changes);
		page = render(report);
		check_markup(rows[i].label, &page);
		body = strstr(page.p, "<body>");
		*strstr(body, "<script") = '\0'; /* the report's own words are there in any case */
		for (size_t k = 0; k < ARRAY_LEN(rows[i].wanted) && rows[i].wanted[k]; k++)
			row_bool(rows[i].wanted[k], strstr(body, rows[i].wanted[k]) != NULL, true);
		row_bool(rows[i].label, rows[i].unwanted && strstr(body, rows[i].unwanted), false);
		mp_buf_release(&page);
		json_decref(changes);
		json_decref(report);
	}
}

/* No receiver was asked: what the checks come to, and how it is said to have been found out. */
static void checks_alone(void **state)
{
	static const struct {
		const char *label, *command, *verdict, *check, *word, *basis;
	} rows[] = {
		{"all well", "check", "deliverable", "pass", ">Pass</p>", "Judged by this host and the DNS alone"},
		{"a fault", "check", "at-risk", "fail", ">Fail</p>", "no receiver was spoken to"},
		{"a warning", "check", "at-risk", "warn", ">Warning</p>", "no receiver was asked"},
		{"not everything could be determined", "check", "unknown", "pass", ">Unknown</p>", "does not suffice"},
		{"a message", "message", "deliverable", "pass", ">Pass</p>", "Is this message what it says it is?"},
		{"a message, and by what", "message", "at-risk", "warn", ">Warning</p>", "Judged by the message"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *report = json_pack("{s:{s:s,s:[s,s,s]},s:{s:s,s:s},s:[{s:s,s:s}]}", "run", "command",
			rows[i].command, "argv", "/bin/mailprobe", rows[i].command, "a b", "verdict", "status",
			rows[i].verdict, "summary", "s", "checks", "id", "message.dkim", "status", rows[i].check);
		struct mp_buf page = render(report);

		row_bool(rows[i].label, strstr(mp_buf_cstr(&page), rows[i].word) != NULL, true);
		row_bool(rows[i].label, strstr(mp_buf_cstr(&page), rows[i].basis) != NULL, true);
		row_bool(rows[i].label, strstr(mp_buf_cstr(&page), "<h3>The message</h3>") != NULL, true);
		row_bool(rows[i].label, strstr(mp_buf_cstr(&page), "</dt><dd>/bin/mailprobe") != NULL, false);
		mp_buf_release(&page);
		json_decref(report);
	}
}

/* A drawing for each server from each source: of several sessions with one the last, of experiments none. */
static void ways_drawn(void **state)
{
	static const struct {
		const char *label;
		struct {
			const char *mx, *source, *purpose;
		} sessions[5];
		size_t sources, drawings;
		const char *title; /* of one of them */
	} rows[] = {
		{"one server", {{"mx1", "192.0.2.1", "baseline"}}, 1, 1, "From 192.0.2.1 to t</summary>"},
		{"three",
			{{"mx1", "192.0.2.1", "baseline"}, {"mx2", "192.0.2.1", "baseline"},
				{"mx3", "192.0.2.1", "baseline"}},
			1, 3, "From 192.0.2.1 to t, mx2</summary>"},
		{"a second try", {{"mx1", "192.0.2.1", "baseline"}, {"mx1", "192.0.2.1", "retry"}}, 1, 1,
			"From 192.0.2.1 to t</summary>"},
		{"an experiment", {{"mx1", "192.0.2.1", "baseline"}, {"mx2", "192.0.2.1", "vary:mx"}}, 1, 1,
			"From 192.0.2.1 to t</summary>"},
		{"nothing but experiments", {{"mx1", "192.0.2.1", "vary:mx"}}, 1, 1, "From this host to t</summary>"},
		{"two sources, one server", {{"mx1", "192.0.2.1", "baseline"}, {"mx1", "192.0.2.2", "baseline"}}, 2, 2,
			"From 192.0.2.2 to t</summary>"},
		{"a source without a session", {{"mx1", "192.0.2.1", "baseline"}}, 2, 1,
			"From 192.0.2.1 to t</summary>"},
		{"sources that the sender does not name", {{"mx1", "192.0.2.9", "baseline"}}, 1, 1,
			"From 192.0.2.9 to t</summary>"},
		{"no session", {{NULL, NULL, NULL}}, 1, 1, "From 192.0.2.1 to t</summary>"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *sessions = json_array(), *report;
		struct mp_buf page;
		size_t n = 0;

		for (size_t k = 0; rows[i].sessions[k].mx; k++)
			mp_jpush(sessions, json_pack("{s:s,s:s,s:s,s:s}", "mx", rows[i].sessions[k].mx, "source",
						   rows[i].sessions[k].source, "purpose", rows[i].sessions[k].purpose,
						   "outcome", "accepted"));
		report = json_pack("{s:[{s:s,s:o}],s:{s:[{s:s},{s:s}]}}", "targets", "target", "t", "sessions",
			sessions, "sender", "sources", "address", "192.0.2.1", "address", "192.0.2.2");
		if (rows[i].sources == 1)
			json_array_remove(mp_jget_array(mp_jget(report, "sender"), "sources"), 1);
		page = render(report);
		for (const char *p = mp_buf_cstr(&page); (p = strstr(p, "<details class=\"way\"")); p++)
			n++;
		row_int(rows[i].label, (long long)n, (long long)rows[i].drawings);
		row_bool(rows[i].label, strstr(mp_buf_cstr(&page), rows[i].title) != NULL, true);
		mp_buf_release(&page);
		json_decref(report);
	}
}

/* Markup of ours is markup: it never goes where texts go. */
static void markup_is_no_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		json_t *report = read_report(reports[i]);
		struct mp_buf page = render(report);

		row_bool(reports[i], strstr(mp_buf_cstr(&page), "&lt;strong") != NULL, false);
		row_bool(reports[i], strstr(mp_buf_cstr(&page), "&lt;span") != NULL, false);
		mp_buf_release(&page);
		json_decref(report);
	}
}

/* ---- the report within */

static void data_within(void **state)
{
	static const char block[] = "<script type=\"application/json\" id=\"mailprobe-report\">";
	const struct {
		const char *label, *before, *inside, *after, *want, *why;
	} rows[] = {
		{"whole", "<!DOCTYPE html>", "{\"a\": 1}", "</script></body>", "{\"a\": 1}", NULL},
		{"first in the file", "", "{}", "</script>", "{}", NULL},
		{"empty", "<html>", "", "</script>", "", NULL},
		{"cut off", "<html>", "{\"a\": 1", "", NULL, "cut off"},
		{"cut in the end tag", "<html>", "{}", "</scrip", NULL, "cut off"},
		{"other data before", "<script type=\"application/json\">{}</script>", "[]", "</script>", "[]", NULL},
	};
	struct mp_err err;
	struct mp_str got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_buf b = MP_BUF(4096);
		int rc;

		mp_buf_addf(&b, "%s%s%s%s", rows[i].before, block, rows[i].inside, rows[i].after);
		err = (struct mp_err){.msg = ""};
		rc = rep_html_data(mp_buf_str(&b), &got, &err);
		row_int(rows[i].label, rc, rows[i].want ? MP_OK : MP_EPARSE);
		if (rows[i].want)
			row_view(rows[i].label, got, rows[i].want);
		else
			row_bool(rows[i].label, strstr(err.msg, rows[i].why) != NULL, true);
		mp_buf_release(&b);
	}
	assert_int_equal(rep_html_data(mp_str("<html></html>"), &got, &err), MP_EPARSE);
	assert_int_equal(rep_html_data(mp_strn(NULL, 0), &got, &err), MP_EPARSE);
	assert_int_equal(rep_html_data(mp_str("<script type=\"application/json\" id=\"mailprobe-report\">{}</script>"
					      "<script type=\"application/json\" id=\"mailprobe-report\">{}</script>"),
				 &got, &err),
		MP_EPARSE);
	assert_non_null(strstr(err.msg, "more than one"));
	assert_true(rep_html_is(mp_str("\xef\xbb\xbf\r\n <html>")));
	assert_false(rep_html_is(mp_str(" {\"a\": \"<html>\"}")));
	assert_false(rep_html_is(mp_strn("\0<html>", 7)));
	assert_false(rep_html_is(mp_strn(NULL, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_pages),
		cmocka_unit_test(nothing_gets_out),
		cmocka_unit_test(names_of_members),
		cmocka_unit_test(any_tree_will_do),
		cmocka_unit_test(too_small_a_buffer),
		cmocka_unit_test(policy_names_the_style),
		cmocka_unit_test(tells_what_counts),
		cmocka_unit_test(facts_and_boxes),
		cmocka_unit_test(verified_is_not_all),
		cmocka_unit_test(ways_drawn),
		cmocka_unit_test(checks_alone),
		cmocka_unit_test(markup_is_no_text),
		cmocka_unit_test(data_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
