/*
 * reports/junit.c - the report as JUnit XML, for pipelines: a suite for the sender, and one for each target
 *
 * A case fails for what the sender must mend, and errs where nothing could be determined. A warning passes, and says so
 * in its output: a pipeline that stops for it would be switched off.
 */
#include <math.h>

#include "base/text.h"
#include "reports/tree.h"
#include "reports/report.h"

enum outcome { PASSED, FAILED, ERRED, SKIPPED };

struct one {
	enum outcome outcome;
	const char *class, *name, *type; /* type: the report's term */
	const char *message, *text;      /* may be NULL */
	double seconds;
};

struct suite {
	const char *name;
	struct one *cases;
	size_t n, cap;
};

struct junit {
	struct mp_arena *a;
	struct mp_buf *out;
	const json_t *report;
};

/* ---- XML */

/* Line by line through mp_text(): XML 1.0 has no form for most controls, escaped or not, nor for U+FFFE and U+FFFF. */
static void add_escaped(struct junit *u, const char *text, const char *newline)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = {
		{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}, {'\t', "&#9;"}};
	struct mp_str rest = mp_str(text), line;
	bool first = true;

	while (mp_str_split(&rest, '\n', &line)) {
		const char *s = mp_text(u->a, line);
		size_t n = strlen(s), len;

		mp_buf_adds(u->out, first ? "" : newline);
		first = false;
		for (size_t i = 0; i < n; i += len) {
			const char *entity = NULL;

			len = mp_utf8_len(s + i, n - i);
			for (size_t k = 0; k < ARRAY_LEN(entities); k++)
				if (s[i] == entities[k].c)
					entity = entities[k].entity;
			if (entity)
				mp_buf_adds(u->out, entity);
			else if (len == 3 && mp_utf8_code(s + i, len) >= 0xfffe)
				mp_buf_addf(u->out, "\\u{%04x}", (unsigned)mp_utf8_code(s + i, len));
			else
				mp_buf_add(u->out, s + i, len);
		}
	}
}

static void add_attribute(struct junit *u, const char *name, const char *value)
{
	mp_buf_addf(u->out, " %s=\"", name);
	add_escaped(u, value ? value : "", "&#10;");
	mp_buf_addc(u->out, '"');
}

static void add_text(struct junit *u, const char *element, const char *text)
{
	mp_buf_addf(u->out, "      <%s>", element);
	add_escaped(u, text, "\n");
	mp_buf_addf(u->out, "</%s>\n", element);
}

static double seconds_of(const json_t *object, const char *key)
{
	double ms = mp_jget_num(object, key, 0);

	return isfinite(ms) && ms > 0 && ms < 1e12 ? ms / 1000 : 0;
}

static void add_case(struct junit *u, const struct one *c)
{
	static const char *const elements[] = {NULL, "failure", "error", "skipped"};

	mp_buf_adds(u->out, "    <testcase");
	add_attribute(u, "classname", c->class);
	add_attribute(u, "name", c->name);
	mp_buf_addf(u->out, " time=\"%.3f\">\n", c->seconds);
	if (elements[c->outcome]) {
		mp_buf_addf(u->out, "      <%s", elements[c->outcome]);
		add_attribute(u, "message", c->message);
		if (c->outcome != SKIPPED)
			add_attribute(u, "type", c->type);
		mp_buf_addc(u->out, '>');
		if (c->text)
			add_escaped(u, c->text, "\n");
		mp_buf_addf(u->out, "</%s>\n", elements[c->outcome]);
	} else if (c->message || c->text) {
		add_text(u, "system-out",
			mp_printf(u->a, "%s: %s%s%s", c->type, c->message ? c->message : "", c->text ? "\n" : "",
				c->text ? c->text : ""));
	}
	mp_buf_adds(u->out, "    </testcase>\n");
}

/* ---- cases */

static struct one check_case(struct junit *u, const json_t *check)
{
	static const struct {
		const char *status;
		enum outcome outcome;
	} outcomes[] = {{"pass", PASSED}, {"info", PASSED}, {"warn", PASSED}, {"fail", FAILED}, {"skip", SKIPPED}};
	const char *id = mp_jget_str(check, "id", "?"), *subject = mp_jget_str(check, "subject", ""), *dot;
	const char *ip = rep_str(mp_jget(check, "values"), "ip"), *detail = rep_str(check, "detail");
	const char *fix = rep_str(check, "fix");
	bool with_ip = ip && strcmp(ip, subject) != 0;
	/* A status that nobody knows tells nothing. */
	struct one c = {.outcome = ERRED, .type = mp_jget_str(check, "status", "?")};

	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (strcmp(c.type, outcomes[i].status) == 0)
			c.outcome = outcomes[i].outcome;
	dot = strchr(id, '.');
	c.class = mp_printf(u->a, "mailprobe.%.*s", (int)(dot ? dot - id : (ptrdiff_t)strlen(id)), id);
	c.name = mp_printf(u->a, "%s %s%s%s", id, subject, with_ip ? " for " : "", with_ip ? ip : "");
	c.message = rep_str(check, "summary");
	if (detail || fix)
		c.text = mp_printf(u->a, "%s%s%s%s", detail ? detail : "", detail && fix ? "\n" : "",
			fix ? "To do: " : "", fix ? fix : "");
	return c;
}

static const char *dialogue(struct junit *u, const json_t *session)
{
	struct mp_buf b = MP_BUF(SIZE_MAX / 4);
	const char *text = NULL;

	for (size_t i = 0; i < rep_len(session, "transcript"); i++) {
		const json_t *l = rep_at(session, "transcript", i);

		if (rep_str(l, "line"))
			mp_buf_addf(&b, "%s%s: %s", b.n ? "\n" : "", mp_jget_str(l, "from", "?"), rep_str(l, "line"));
	}
	if (b.n)
		text = mp_dup(u->a, mp_buf_cstr(&b));
	mp_buf_release(&b);
	return text;
}

/* What a session came to. One that varies a factor is an experiment: it cannot fail. */
static struct one session_case(struct junit *u, const json_t *session, size_t number)
{
	static const struct {
		const char *outcome;
		enum outcome is;
	} outcomes[] = {{"accepted", PASSED}, {"deferred", PASSED}, {"rejected", FAILED}};
	const char *purpose = mp_jget_str(session, "purpose", "?"), *said;
	struct one c = {.outcome = ERRED, .class = "mailprobe.session", .type = mp_jget_str(session, "outcome", "?")};

	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (strcmp(c.type, outcomes[i].outcome) == 0)
			c.outcome = outcomes[i].is;
	if (strncmp(purpose, "vary:", 5) == 0)
		c.outcome = PASSED;
	said = rep_reply_flowed(u->a, mp_jget(session, "reply"));
	c.name = mp_printf(u->a, "session %zu %s from %s (%s)", number, rep_server(u->a, session),
		mp_jget_str(session, "source", "?"), purpose);
	c.message = mp_printf(u->a, "%s%s%s", rep_outcome(u->a, session), said ? ": " : "", said ? said : "");
	c.text = dialogue(u, session);
	c.seconds = seconds_of(mp_jget(session, "timings_ms"), "total");
	return c;
}

static struct one verdict_case(struct junit *u, const char *status, const char *summary, const char *of)
{
	struct one c = {.outcome = ERRED, .class = "mailprobe.verdict", .type = status ? status : "unknown"};

	if (strcmp(c.type, "blocked") == 0)
		c.outcome = FAILED;
	else if (strcmp(c.type, "deliverable") == 0 || strcmp(c.type, "at-risk") == 0)
		c.outcome = PASSED;
	c.name = mp_printf(u->a, "verdict %s", of);
	c.message = summary;
	return c;
}

/* ---- suites */

/* Whether a check is of this target: of its domain, of one of its mail servers, or of a session there. */
static bool is_of(struct junit *u, const json_t *check, const json_t *target)
{
	const char *subject = rep_str(check, "subject"), *domain = rep_str(target, "domain");

	if (!subject)
		return false;
	if (domain && strcmp(subject, domain) == 0 && mp_str_istarts(mp_str(mp_jget_str(check, "id", "")), "mx.target"))
		return true;
	for (size_t i = 0; i < rep_len(target, "sessions"); i++) {
		const json_t *s = rep_at(target, "sessions", i);

		if (rep_str(s, "mx") &&
			strcmp(subject, mp_printf(u->a, "%s [%s]:%d", rep_str(s, "mx"), mp_jget_str(s, "address", ""),
						(int)mp_jget_int(s, "port", 25))) == 0)
			return true;
	}
	return false;
}

/* The suite of a check: of the first target that it is of, else the sender's. */
static size_t owner(struct junit *u, const json_t *check)
{
	for (size_t i = 0; i < rep_len(u->report, "targets"); i++)
		if (is_of(u, check, rep_at(u->report, "targets", i)))
			return i + 1;
	return 0;
}

static void fill(struct junit *u, struct suite *suites, size_t n_targets)
{
	const json_t *verdict = mp_jget(u->report, "verdict");

	for (size_t i = 0; i < rep_len(u->report, "checks"); i++) {
		const json_t *check = rep_at(u->report, "checks", i);
		struct suite *s = &suites[owner(u, check)];

		if (json_is_object(check))
			*MP_PUSH(u->a, s->cases, s->n, s->cap) = check_case(u, check);
	}
	for (size_t i = 0; i < n_targets; i++) {
		const json_t *t = rep_at(u->report, "targets", i);
		struct suite *s = &suites[i + 1];

		s->name = mp_printf(u->a, "target %s", rep_target_name(t));
		for (size_t k = 0; k < rep_len(t, "sessions"); k++)
			*MP_PUSH(u->a, s->cases, s->n, s->cap) =
				session_case(u, rep_at(t, "sessions", k), rep_session_number(u->report, i, k));
		*MP_PUSH(u->a, s->cases, s->n, s->cap) = verdict_case(u, rep_str(t, "status"),
			rep_str(t, "summary") ? rep_str(t, "summary") : rep_str(verdict, "summary"),
			rep_target_name(t));
	}
}

static size_t count(const struct suite *s, enum outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->cases[i].outcome == outcome;
	return n;
}

/* Of one suite, or of all; of all without those skipped: readers that validate do not know that one there. */
static void add_counts(struct junit *u, const struct suite *suites, size_t n, double seconds, bool all)
{
	size_t tests = 0, counts[SKIPPED + 1] = {0};

	for (size_t i = 0; i < n; i++) {
		tests += suites[i].n;
		for (int k = FAILED; k <= SKIPPED; k++)
			counts[k] += count(&suites[i], (enum outcome)k);
	}
	mp_buf_addf(u->out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", tests, counts[FAILED], counts[ERRED]);
	if (!all)
		mp_buf_addf(u->out, " skipped=\"%zu\"", counts[SKIPPED]);
	mp_buf_addf(u->out, " time=\"%.3f\"", seconds);
}

static void add_suite(struct junit *u, const struct suite *s)
{
	const char *started = rep_str(mp_jget(u->report, "run"), "started");
	double seconds = 0;
	int64_t ms;

	for (size_t i = 0; i < s->n; i++)
		seconds += s->cases[i].seconds;
	mp_buf_adds(u->out, "  <testsuite");
	add_attribute(u, "name", s->name);
	add_counts(u, s, 1, seconds, false);
	/* xs:dateTime without a zone, as the readers of this form want it */
	if (started && mp_time_parse(mp_str(started), &ms))
		add_attribute(u, "timestamp", mp_dupn(u->a, mp_time_text(u->a, ms, false), 19));
	add_attribute(u, "hostname", mp_jget_str(mp_jget(u->report, "sender"), "hostname", "localhost"));
	mp_buf_adds(u->out, ">\n");
	for (size_t i = 0; i < s->n; i++)
		add_case(u, &s->cases[i]);
	mp_buf_adds(u->out, "  </testsuite>\n");
}

static int write_junit(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	struct junit u = {.a = mp_arena_new(), .out = out, .report = report};
	size_t n = rep_len(report, "targets");
	struct suite *suites = mp_allocn(u.a, n + 1, sizeof(*suites));

	(void)style;
	suites[0].name = "sender";
	fill(&u, suites, n);
	mp_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	add_attribute(&u, "name", "mailprobe");
	add_counts(&u, suites, n + 1, seconds_of(mp_jget(report, "run"), "duration_ms"), true);
	mp_buf_adds(out, ">\n");
	for (size_t i = 0; i <= n; i++)
		add_suite(&u, &suites[i]);
	mp_buf_adds(out, "</testsuites>\n");
	mp_arena_free(u.a);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_junit = {
	.name = "junit",
	.suffixes = {".xml"},
	.write = write_junit,
};
