/* tests/world/promise.c - holds a report to its scenario's promise; see tests/world/scenarios.h */
#include "tests/world/scenarios.h"

static bool differs(struct mp_buf *why, const char *what, const char *got, const char *promised)
{
	mp_buf_addf(why, "%s: got %s, promised %s\n", what, got ? got : "null", promised);
	return false;
}

static bool same(struct mp_buf *why, const char *what, const char *got, const char *promised)
{
	if (!promised || strcmp(got ? got : "", promised) == 0)
		return true;
	return differs(why, what, got, *promised ? promised : "null");
}

static bool same_number(struct mp_buf *why, const char *what, int64_t got, int64_t promised)
{
	if (got == promised)
		return true;
	mp_buf_addf(why, "%s: got %lld, promised %lld\n", what, (long long)got, (long long)promised);
	return false;
}

static bool verdict_kept(const struct world_promise *p, const json_t *report, struct mp_buf *why)
{
	const json_t *v = mp_jget(report, "verdict");
	const char *summary = mp_jget_str(v, "summary", "");
	bool ok = same(why, "verdict.status", mp_jget_str(v, "status", NULL), p->verdict);

	ok = same(why, "verdict.basis", mp_jget_str(v, "basis", NULL), p->basis) && ok;
	if (p->summary_has && !strstr(summary, p->summary_has))
		ok = differs(why, "verdict.summary", summary, p->summary_has);
	return ok;
}

static bool decision_kept(const struct world_promise *p, const json_t *report, struct mp_buf *why)
{
	const json_t *target = json_array_get(mp_jget_array(report, "targets"), 0);
	const json_t *sessions = mp_jget_array(target, "sessions"), *by = mp_jget(target, "decided_by");
	const json_t *s = by ? json_array_get(sessions, (size_t)json_integer_value(by)) : NULL;
	bool ok = true;

	if (!p->outcome)
		return true;
	if (!*p->outcome)
		return s ? differs(why, "decided_by", "a session", "null") : true;
	if (!s)
		return differs(why, "decided_by", NULL, "a session");
	ok = same(why, "session.outcome", mp_jget_str(s, "outcome", NULL), p->outcome) && ok;
	ok = same(why, "session.stage", mp_jget_str(s, "stage", NULL), p->stage) && ok;
	ok = same(why, "session.purpose", mp_jget_str(s, "purpose", NULL), p->purpose ? p->purpose : "baseline") && ok;
	ok = same(why, "session.source", mp_jget_str(s, "source", NULL), p->source) && ok;
	ok = same(why, "session.cause", mp_jget_str(mp_jget(s, "cause"), "id", NULL), p->cause) && ok;
	if (p->code)
		ok = same_number(why, "session.reply.code", mp_jget_int(mp_jget(s, "reply"), "code", 0), p->code) && ok;
	return ok;
}

static bool has_word(const char *words, const char *word)
{
	struct mp_str rest = mp_str(words), one;

	while (mp_str_split(&rest, ' ', &one)) {
		if (one.n && mp_str_eq(one, mp_str(word)))
			return true;
	}
	return false;
}

static bool findings_kept(const struct world_promise *p, const json_t *report, struct mp_buf *why)
{
	const json_t *findings = mp_jget_array(report, "findings"), *first = json_array_get(findings, 0);
	struct mp_buf got = MP_BUF(4096);
	struct mp_str rest, word;
	bool ok = true;

	if (p->finding) {
		if (!first)
			ok = differs(why, "findings[0]", NULL, *p->finding ? p->finding : "a finding without cause");
		else
			ok = same(why, "findings[0].cause", mp_jget_str(first, "cause", NULL), p->finding);
		ok = same(why, "findings[0].certainty", mp_jget_str(first, "certainty", NULL), p->certainty) && ok;
		ok = same(why, "findings[0].status", mp_jget_str(first, "status", NULL), p->status) && ok;
	}
	ok = same(why, "findings[0].request_kind", mp_jget_str(first, "request_kind", NULL), p->request) && ok;
	if (p->steps && (int)json_array_size(mp_jget_array(first, "fix")) != p->steps) {
		mp_buf_addf(why, "findings[0].fix has %zu steps, not %d\n",
			json_array_size(mp_jget_array(first, "fix")), p->steps);
		ok = false;
	}
	if (!p->causes)
		return ok;
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *f = json_array_get(findings, i);
		const char *cause = mp_jget_str(f, "cause", "null");

		if (strcmp(mp_jget_str(f, "status", ""), "info") == 0)
			continue;
		if (!has_word(mp_buf_cstr(&got), cause))
			mp_buf_addf(&got, "%s%s", got.n ? " " : "", cause);
		if (!has_word(p->causes, cause)) {
			mp_buf_addf(why, "findings: %s (%s) was not promised: %s\n", cause,
				mp_jget_str(f, "status", ""), mp_jget_str(f, "title", ""));
			ok = false;
		}
	}
	rest = mp_str(p->causes);
	while (mp_str_split(&rest, ' ', &word)) {
		char cause[64];

		snprintf(cause, sizeof(cause), "%.*s", (int)word.n, word.p);
		if (word.n && !has_word(mp_buf_cstr(&got), cause)) {
			mp_buf_addf(why, "findings: %s is missing\n", cause);
			ok = false;
		}
	}
	mp_buf_release(&got);
	return ok;
}

/* "ID STATUS" or "ID SUBJECT STATUS" */
static bool check_kept(const char *promised, const json_t *checks, struct mp_buf *why)
{
	const char *id_end = strchr(promised, ' '), *status = strrchr(promised, ' ') + 1;
	struct mp_str id = mp_strn(promised, (size_t)(id_end - promised)), subject = {"", 0};
	size_t seen = 0;
	bool ok = true;

	if (status - 1 > id_end)
		subject = mp_strn(id_end + 1, (size_t)(status - id_end) - 2);
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *c = json_array_get(checks, i);
		const char *got = mp_jget_str(c, "status", "");

		if (!mp_str_eq(mp_str(mp_jget_str(c, "id", "")), id) ||
			strncmp(mp_jget_str(c, "subject", ""), subject.p, subject.n) != 0)
			continue;
		seen++;
		if (strcmp(got, status) != 0) {
			mp_buf_addf(why, "check %.*s (%s): got %s, promised %s: %s\n", (int)id.n, id.p,
				mp_jget_str(c, "subject", ""), got, status, mp_jget_str(c, "summary", ""));
			ok = false;
		}
	}
	if (!seen) {
		mp_buf_addf(why, "check %.*s (%.*s): none, promised %s\n", (int)id.n, id.p, (int)subject.n, subject.p,
			status);
		ok = false;
	}
	return ok;
}

/* Does a string somewhere in `j` have the words? */
static bool says(const json_t *j, const char *words)
{
	if (json_is_string(j))
		return strstr(json_string_value(j), words) != NULL;
	for (size_t i = 0; i < json_array_size(j); i++) {
		if (says(json_array_get(j, i), words))
			return true;
	}
	/* casts: jansson's walk over an object wants it writable */
	for (void *at = json_object_iter((json_t *)(uintptr_t)j); at;
		at = json_object_iter_next((json_t *)(uintptr_t)j, at)) {
		if (says(json_object_iter_value(at), words))
			return true;
	}
	return false;
}

static bool diagnosis_kept(const struct world_promise *p, const json_t *report, struct mp_buf *why)
{
	const json_t *target = json_array_get(mp_jget_array(report, "targets"), 0);
	const json_t *list = mp_jget_array(target, "diagnosis");
	struct mp_buf got = MP_BUF(4096);
	bool ok;

	if (!p->diagnosis)
		return true;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i);

		mp_buf_addf(&got, "%s%s:%s", i ? " " : "", mp_jget_str(e, "factor", "?"),
			mp_jget_bool(e, "changed", false) ? "changed" : "same");
	}
	ok = same(why, "diagnosis", list ? mp_buf_cstr(&got) : NULL, p->diagnosis);
	mp_buf_release(&got);
	return ok;
}

/* What receivers see is what the scenario says, whether it was told or found out. */
static bool senders_kept(const struct world_scenario *s, const json_t *report, struct mp_buf *why)
{
	const json_t *sources = mp_jget_array(mp_jget(report, "sender"), "sources");
	bool ok = same(why, "sender.ehlo", mp_jget_str(mp_jget(report, "sender"), "ehlo", NULL), s->ehlo);

	for (size_t i = 0; s->senders[i].address; i++) {
		const json_t *one = json_array_get(sources, i);

		ok = same(why, "sender.sources.address", mp_jget_str(one, "address", NULL), s->senders[i].address) &&
		     ok;
		ok = same(why, "sender.sources.seen_as", mp_jget_str(one, "seen_as", NULL), s->senders[i].public_ip) &&
		     ok;
	}
	return ok;
}

bool world_promise_kept(const struct world_scenario *s, const json_t *report, int exit_status, struct mp_buf *why)
{
	const struct world_promise *p = &s->promise;
	const json_t *checks = mp_jget_array(report, "checks");
	bool ok = same(why, "schema", mp_jget_str(report, "schema", NULL), "mailprobe.report/1");

	ok = same_number(why, "exit status", exit_status, p->exit_status) && ok;
	ok = verdict_kept(p, report, why) && ok;
	ok = senders_kept(s, report, why) && ok;
	ok = decision_kept(p, report, why) && ok;
	ok = findings_kept(p, report, why) && ok;
	ok = diagnosis_kept(p, report, why) && ok;
	for (size_t i = 0; i < ARRAY_LEN(p->checks) && p->checks[i]; i++)
		ok = check_kept(p->checks[i], checks, why) && ok;
	for (size_t i = 0; i < ARRAY_LEN(p->says) && p->says[i]; i++) {
		if (!says(checks, p->says[i]) && !says(mp_jget_array(report, "findings"), p->says[i]))
			ok = differs(why, "checks and findings", "no such words", p->says[i]);
	}
	return ok;
}
