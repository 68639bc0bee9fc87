/* probe/report.c - see probe/report.h */
#include <config.h>

#include "probe/fetch.h"
#include "probe/report.h"
#include "probe/mailbox.h"
#include "smtp/noted.h"
#include "base/text.h"
#include "probe/checks/checks.h"
#include "probe/dane.h"

enum { MP_RESULTS_SHOWN = 16 };

const struct mp_kind *const mp_kinds[] = {&dns_kind, &smtp_kind, &mp_fetch_kind, &mp_mailbox_kind};
const size_t mp_n_kinds = ARRAY_LEN(mp_kinds);

/* ---- writing */

static json_t *ip_json(const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];

	return ip->family == MP_IPNONE ? json_null() : mp_j(mp_ip_text(ip, text));
}

static json_t *sender_json(const struct mp_run *r)
{
	const struct mp_case *c = mp_run_case(r);
	json_t *j = json_object(), *sources = json_array();

	mp_jset_str(j, "hostname", c->hostname);
	mp_jset_str(j, "ehlo", c->ehlo);
	mp_jset_str(j, "ehlo_origin", c->ehlo_origin);
	mp_jset_str(j, "mail_from", c->mail_from);
	mp_jset_str(j, "header_from", c->header_from);
	mp_jset_str(j, "domain", c->domain);
	mp_jset_str(j, "mta", c->mta);
	for (size_t i = 0; i < c->n_sources; i++) {
		json_t *s = json_object();
		struct mp_seen seen;

		mp_jset(s, "address", ip_json(&c->sources[i].address));
		if (mp_run_seen(r, i, &seen)) {
			mp_jset_str(s, "seen_as", seen.text);
			mp_jset_str(s, "seen_how", seen.known ? seen.how : "not known: a private address");
		}
		mp_jpush(sources, s);
	}
	mp_jset(j, "sources", sources);
	return j;
}

static json_t *check_json(const struct mp_result *r)
{
	json_t *j = json_object(), *refs = json_array();

	mp_jset_str(j, "id", r->check->id);
	mp_jset_str(j, "subject", r->subject);
	mp_jset_str(j, "status", mp_status_name(r->status));
	mp_jset_str(j, "summary", r->summary);
	mp_jset_str(j, "detail", r->detail);
	mp_jset_str(j, "fix", r->fix);
	if (r->check->ref)
		mp_jpush(refs, mp_j(r->check->ref));
	if (r->ref2)
		mp_jpush(refs, mp_j(r->ref2));
	mp_jset(j, "refs", refs);
	mp_jset(j, "values", json_incref(r->values));
	return j;
}

static json_t *cause_json(const struct smtp_session *s, const struct smtp_classified *c)
{
	json_t *j;

	if (!s->reply || s->outcome == SMTP_ACCEPTED)
		return json_null();
	j = json_object();
	mp_jset_str(j, "id", c->cause == SMTP_CAUSE_UNKNOWN ? "unknown" : smtp_causes[c->cause].id);
	mp_jset_str(j, "provider", c->provider);
	mp_jset(j, "confidence", json_real(c->confidence));
	if (c->own_line)
		mp_jset_int(j, "own_rule", (int64_t)c->own_line);
	if (c->refs[0]) {
		json_t *refs = json_array();

		for (size_t i = 0; i < ARRAY_LEN(c->refs) && c->refs[i]; i++)
			mp_jpush(refs, mp_j(c->refs[i]));
		mp_jset(j, "refs", refs);
	}
	return j;
}

static const char *mx_state_name(enum mp_mx_state s)
{
	static const char *const names[] = {
		[MP_MX_FOUND] = "mx",
		[MP_MX_IMPLICIT] = "implicit",
		[MP_MX_GIVEN] = "given",
		[MP_MX_NULL] = "null",
		[MP_MX_NXDOMAIN] = "nxdomain",
		[MP_MX_NOTHING] = "none",
		[MP_MX_NO_ADDRESS] = "no-address",
		[MP_MX_UNKNOWN] = "unknown",
	};

	return names[s];
}

static void put_diagnosis(const struct mp_diagnosis *d, json_t *j)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n; i++) {
		const struct mp_experiment *e = &d->experiments[i];
		json_t *one = json_object();

		mp_jset_str(one, "factor", mp_factor_name(e->factor));
		mp_jset_str(one, "from", e->from);
		mp_jset_str(one, "to", e->to);
		mp_jset_int(one, "session", (int64_t)e->index);
		mp_jset_str(one, "outcome", smtp_outcome_name(e->session->outcome));
		mp_jset_str(one, "stage", smtp_stage_name(e->session->stage));
		mp_jset_bool(one, "changed", e->changed);
		mp_jpush(list, one);
	}
	mp_jset(j, "diagnosis", list);
	mp_jset(j, "diagnosis_of", d->of >= 0 ? json_integer(d->of) : json_null());
	mp_jset_str(j, "diagnosis_end", d->end);
}

static json_t *deferrals_json(const struct mp_run *r, size_t t)
{
	const struct mp_target_result *tr = mp_run_target(r, t);
	struct mp_arena *a = mp_arena_new();
	json_t *list = json_array();

	for (size_t i = 0; i < tr->n_comebacks; i++) {
		const struct mp_comeback *b = &tr->comebacks[i];
		json_t *one = json_object();

		mp_jset_int(one, "session", b->session);
		mp_jset_int(one, "after_s", b->after_s);
		mp_jset_bool(one, "named", b->named);
		mp_jset_str(one, "not_before", mp_comeback_time(a, mp_run_case(r), tr, b));
		mp_jset_bool(one, "retried", b->held);
		mp_jpush(list, one);
	}
	mp_arena_free(a);
	return list;
}

/* The policy that a check on the target's servers is about: of its values "policies", the one of the target's domain. */
static json_t *policy_json(const struct mp_run *r, const struct mp_target_result *tr, const char *check)
{
	const char *at = strrchr(tr->target->rcpt, '@');

	for (size_t i = 0; i < mp_run_n_results(r); i++) {
		const struct mp_result *res = mp_run_result(r, i);
		const json_t *list = mp_jget_array(res->values, "policies");

		for (size_t k = 0; strcmp(res->check->id, check) == 0 && k < json_array_size(list); k++) {
			json_t *policy = json_array_get(list, k);
			const char *domain = mp_jget_str(policy, "domain", "");

			if (mp_ieq(domain, tr->target->domain) || (at && mp_ieq(domain, at + 1)))
				return json_incref(policy);
		}
	}
	return json_null();
}

/* What the check on its server found of the session's certificate. */
static bool dane_verified(const struct mp_run *r, const struct smtp_session *s)
{
	struct mp_arena *a = mp_arena_new();
	const char *subject = smtp_server_name(a, &s->q);
	char source[MP_IP_TEXT];
	bool verified = false;

	mp_ip_text(&s->q.source, source);
	for (size_t i = 0; s->tls && i < mp_run_n_results(r) && !verified; i++) {
		const struct mp_result *res = mp_run_result(r, i);

		verified = res->check == &mp_check_tls_dane && strcmp(res->subject, subject) == 0 &&
			   strcmp(mp_jget_str(res->values, "ip", ""), source) == 0 &&
			   mp_jget_bool(res->values, "verified", false);
	}
	mp_arena_free(a);
	return verified;
}

/* RFC 8461 2: a sender that knows both goes by DANE, where there is any. */
static const char *followed(const json_t *policy)
{
	const json_t *dane = mp_jget(policy, "dane"), *sts = mp_jget(policy, "mta_sts");
	const char *state = mp_jget_str(dane, "status", "");

	if (mp_jget_bool(dane, "believed", false) && (strcmp(state, "secure") == 0 || strcmp(state, "partial") == 0))
		return "dane";
	return strcmp(mp_jget_str(sts, "mode", "none"), "none") != 0 ? "mta-sts" : NULL;
}

/* What the receiver saw beside what we predict: the checks message.seen_*. */
static json_t *seen_json(const struct mp_run *r, const char *mailbox)
{
	json_t *list = json_array();

	for (size_t i = 0; i < mp_run_n_results(r); i++) {
		const struct mp_result *res = mp_run_result(r, i);
		json_t *one;

		if (strncmp(res->check->id, "message.seen_", 13) != 0 ||
			strcmp(mp_jget_str(res->values, "mailbox", ""), mailbox) != 0)
			continue;
		one = json_object();
		mp_jset_str(one, "method", mp_jget_str(res->values, "method", NULL));
		mp_jset_str(one, "subject", res->subject);
		mp_jset_str(one, "predicted", mp_jget_str(res->values, "predicted", NULL));
		mp_jset_str(one, "seen", mp_jget_str(res->values, "seen", NULL));
		mp_jset_str(one, "why", res->detail);
		mp_jpush(list, one);
	}
	return list;
}

/* The first score that a filter wrote into the header, in its words, or NULL. */
static const char *score_of(struct mp_arena *a, const struct mp_mailbox_answer *ans)
{
	struct smtp_noted *noted = mp_allocn(a, SMTP_NOTED_MAX, sizeof(*noted));
	size_t n = smtp_noted_read(a, &mp_mailbox_header(a, ans)->header, noted);

	for (size_t i = 0; i < n; i++)
		if (mp_str_ifind(mp_str(noted[i].words), "score") >= 0 ||
			(noted[i].key && strcmp(noted[i].key, "SCL") == 0))
			return mp_printf(a, "%s: %s", noted[i].by, noted[i].words);
	return NULL;
}

static json_t *placement_json(const struct mp_run *r, const struct mp_target_result *tr)
{
	const struct mp_mailbox_answer *ans = tr->placement;
	struct mp_arena *a = mp_arena_new();
	json_t *list = json_array(), *one, *results;
	const char *values[MP_RESULTS_SHOWN];
	size_t n;

	if (ans) {
		one = json_object();
		results = json_array();
		mp_jset_str(one, "mailbox", tr->target->mailbox);
		mp_jset_str(one, "outcome", mp_mailbox_outcome_name(ans->outcome));
		mp_jset_str(one, "reason", ans->reason);
		mp_jset_str(one, "folder", ans->folder);
		mp_jset_str(one, "kind", mp_placement_kind(ans));
		mp_jset_str(one, "tab", ans->tab);
		mp_jset(one, "seconds", ans->folder ? json_real(ans->seconds) : json_null());
		n = mp_mailbox_field(a, ans, "Authentication-Results", values, MP_RESULTS_SHOWN);
		for (size_t i = 0; i < n; i++)
			mp_jpush(results, mp_j(values[i]));
		mp_jset(one, "authentication_results", results);
		mp_jset(one, "seen", seen_json(r, tr->target->mailbox));
		mp_jset_str(one, "score", score_of(a, ans));
		mp_jset_bool(one, "cleaned", ans->cleaned);
		mp_jset_str(one, "clean_reason", ans->clean_reason);
		mp_jpush(list, one);
	}
	mp_arena_free(a);
	return list;
}

static json_t *target_json(const struct mp_run *r, size_t t)
{
	const struct mp_target_result *tr = mp_run_target(r, t);
	const struct mp_conclusion *con = mp_run_conclusion(r);
	json_t *j = json_object(), *mx = json_array(), *sessions = json_array(), *policy = json_object();

	mp_jset_str(j, "target", tr->target->text);
	mp_jset_str(j, "domain", tr->target->domain);
	mp_jset_str(j, "rcpt", tr->target->rcpt);
	mp_jset_bool(j, "rcpt_assumed", tr->target->rcpt_assumed);
	mp_jset_str(j, "status", mp_verdict_name(con->target_status[t]));
	mp_jset_str(j, "basis", tr->basis);
	mp_jset_str(j, "summary", con->target_summary[t]);
	mp_jset(j, "message", tr->target->message ? mp_message_json(tr->target->message) : json_null());
	mp_jset_str(j, "mx_kind", mx_state_name(tr->mx_state));
	for (size_t i = 0; i < tr->n_mx; i++) {
		json_t *m = json_object(), *addresses = json_array();

		mp_jset_str(m, "host", tr->mx[i].host);
		mp_jset_int(m, "preference", tr->mx[i].preference);
		for (size_t k = 0; k < tr->mx[i].n_addresses; k++)
			mp_jpush(addresses, ip_json(&tr->mx[i].addresses[k]));
		mp_jset(m, "addresses", addresses);
		mp_jpush(mx, m);
	}
	mp_jset(j, "mx", mx);
	mp_jset(policy, "mta_sts", policy_json(r, tr, "tls.mta_sts"));
	mp_jset(policy, "dane", mp_dane_json(tr));
	mp_jset_str(policy, "followed", followed(policy));
	mp_jset(j, "policy", policy);
	for (size_t i = 0; i < mp_run_n_sessions(r, t); i++) {
		const struct smtp_classified *cause;
		const struct smtp_session *session = mp_run_session(r, t, i, &cause);
		json_t *s = smtp_session_json(session);

		if (dane_verified(r, session))
			mp_jset_str(mp_jget(s, "tls"), "verified", "dane");
		mp_jset(s, "cause", cause_json(session, cause));
		mp_jpush(sessions, s);
	}
	mp_jset(j, "sessions", sessions);
	mp_jset(j, "decided_by", tr->decided_by >= 0 ? json_integer(tr->decided_by) : json_null());
	if (tr->n_comebacks)
		mp_jset(j, "deferrals", deferrals_json(r, t));
	if (mp_run_diagnosis(r, t))
		put_diagnosis(mp_run_diagnosis(r, t), j);
	mp_jset(j, "placement", placement_json(r, tr));
	return j;
}

static json_t *because_json(const struct mp_because *b)
{
	json_t *j = json_object();

	if (!b->result) {
		mp_jset_int(j, "target", (int64_t)b->target);
		mp_jset_int(j, "session", (int64_t)b->session);
		return j;
	}
	mp_jset_str(j, "check", b->result->check->id);
	mp_jset_str(j, "subject", b->result->subject);
	if (mp_jget_str(b->result->values, "ip", NULL))
		mp_jset_str(j, "ip", mp_jget_str(b->result->values, "ip", NULL));
	return j;
}

static json_t *finding_json(const struct mp_finding *f)
{
	json_t *j = json_object(), *because = json_array(), *fix = json_array();

	mp_jset_str(j, "id", f->id);
	mp_jset_str(j, "status", mp_status_name(f->status));
	mp_jset_str(j, "cause", f->cause == SMTP_CAUSE_UNKNOWN ? NULL : smtp_causes[f->cause].id);
	mp_jset_str(j, "certainty", mp_certainty_name(f->certainty));
	mp_jset_str(j, "title", f->title);
	mp_jset_str(j, "explanation", f->explanation);
	for (size_t i = 0; i < f->n_because; i++)
		mp_jpush(because, because_json(&f->because[i]));
	mp_jset(j, "because", because);
	for (size_t i = 0; i < f->n_fix; i++)
		mp_jpush(fix, mp_j(f->fix[i]));
	mp_jset(j, "fix", fix);
	mp_jset_str(j, "request", f->request);
	if (f->request_kind)
		mp_jset_str(j, "request_kind", f->request_kind);
	return j;
}

/* What single checks say beside their report: members of the values of one of their checks. */
static const struct {
	const char *command, *check;
	const char *members[5];
} singles[] = {
	{"dkim", "dkim.key", {"result", "key"}},
	{"dmarc", "dmarc.alignment", {"result", "policy", "organizational_domain", "record_domain"}},
};

static void put_members(const struct mp_result *r, const char *const *members, json_t *j)
{
	for (size_t i = 0; members[i]; i++) {
		json_t *v = json_object_get(r->values, members[i]);

		mp_jset(j, members[i], v ? json_incref(v) : json_null());
	}
}

static void put_single(const struct mp_run *r, json_t *j)
{
	for (size_t s = 0; s < ARRAY_LEN(singles); s++)
		for (size_t i = 0; i < mp_run_n_results(r); i++)
			if (strcmp(singles[s].command, mp_run_case(r)->command) == 0 &&
				strcmp(singles[s].check, mp_run_result(r, i)->check->id) == 0)
				put_members(mp_run_result(r, i), singles[s].members, j);
}

/* The one result of a check; NULL when there is none. */
static const struct mp_result *result_of(const struct mp_run *r, const char *check)
{
	for (size_t i = 0; i < mp_run_n_results(r); i++)
		if (strcmp(mp_run_result(r, i)->check->id, check) == 0)
			return mp_run_result(r, i);
	return NULL;
}

/* Of a received message: what the checks found, without their words. */
static void put_message(const struct mp_run *r, json_t *j)
{
	static const struct {
		const char *member, *check;
		const char *given_by; /* the member of its values that is there when it could be judged */
	} rows[] = {{"arc", "message.arc", "result"}, {"spf", "message.spf", "result"},
		{"dmarc", "message.dmarc", "result"}, {"receiver", "message.receiver", "authentication_results"}};
	json_t *dkim = json_array();

	for (size_t i = 0; i < mp_run_n_results(r); i++) {
		json_t *s = json_object_get(mp_run_result(r, i)->values, "signature");

		if (strcmp(mp_run_result(r, i)->check->id, "message.dkim") == 0 && s)
			mp_jpush(dkim, json_incref(s));
	}
	mp_jset(j, "dkim", dkim);
	for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
		const struct mp_result *one = result_of(r, rows[k].check);
		bool judged = one && mp_jget(one->values, rows[k].given_by);

		mp_jset(j, rows[k].member, judged ? json_incref(one->values) : json_null());
	}
}

json_t *mp_report_build(const struct mp_run *r, const struct mp_evidence *ev, const struct mp_run_facts *facts)
{
	const struct mp_case *c = mp_run_case(r);
	const struct mp_conclusion *con = mp_run_conclusion(r);
	json_t *j = json_object(), *tool = json_object(), *run = json_object(), *argv = json_array(),
	       *checks = json_array(), *targets = json_array(), *findings = json_array(), *verdict = json_object(),
	       *evidence;
	struct mp_arena *a = mp_arena_new();

	mp_jset_str(j, "schema", MP_SCHEMA);
	mp_jset_str(tool, "name", "mailprobe");
	mp_jset_str(tool, "version", PACKAGE_VERSION);
	mp_jset(j, "tool", tool);

	mp_jset_str(run, "id", c->run_id);
	mp_jset_str(run, "command", c->command);
	mp_jset_str(run, "started", mp_time_text(a, c->started_ms, true));
	mp_jset_int(run, "duration_ms", facts->duration_ms);
	for (size_t i = 0; i < c->n_argv; i++)
		mp_jpush(argv, mp_j(c->argv[i]));
	mp_jset(run, "argv", argv);
	if (facts->interrupted)
		mp_jset_bool(run, "interrupted", true);
	if (facts->redacted)
		mp_jset_bool(run, "redacted", true);
	if (facts->replayed_ms)
		mp_jset_str(run, "replayed", mp_time_text(a, facts->replayed_ms, false));
	mp_jset(j, "run", run);

	put_single(r, j);
	if (mp_run_scope(c) == MP_IN_MESSAGE)
		put_message(r, j);
	mp_jset(j, "sender", sender_json(r));
	for (size_t i = 0; i < mp_run_n_results(r); i++)
		mp_jpush(checks, check_json(mp_run_result(r, i)));
	mp_jset(j, "checks", checks);
	for (size_t t = 0; t < c->n_targets; t++)
		mp_jpush(targets, target_json(r, t));
	mp_jset(j, "targets", targets);
	for (size_t i = 0; i < con->n_findings; i++)
		mp_jpush(findings, finding_json(&con->findings[i]));
	mp_jset(j, "findings", findings);
	mp_jset_str(verdict, "status", mp_verdict_name(con->status));
	mp_jset_str(verdict, "basis", con->basis);
	mp_jset_str(verdict, "summary", con->summary);
	if (con->again) {
		json_t *again = json_object();

		mp_jset_str(again, "command", con->again_command);
		mp_jset_str(again, "with", con->again_with);
		mp_jset_str(again, "after", con->again_after);
		mp_jset(verdict, "again", again);
	}
	mp_jset(j, "verdict", verdict);

	evidence = mp_evidence_to_json(ev, mp_kinds, mp_n_kinds);
	mp_jset(evidence, "case", mp_case_to_json(c));
	mp_jset(j, "evidence", evidence);
	mp_arena_free(a);
	return j;
}

json_t *mp_report_single(const struct mp_run *r)
{
	static const char *const members[] = {
		"result", "explanation", "lookups", "void_lookups", "domain", "path", "record", "problem"};
	const struct mp_result *spf;
	json_t *j, *checks;

	if (mp_run_scope(mp_run_case(r)) != MP_IN_SPF)
		return NULL;
	spf = result_of(r, "spf.mail_from");
	j = json_object();
	checks = json_array();
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		json_t *value = spf ? json_object_get(spf->values, members[i]) : NULL;

		mp_jset(j, members[i], value ? json_incref(value) : json_null());
	}
	for (size_t i = 0; i < mp_run_n_results(r); i++)
		mp_jpush(checks, check_json(mp_run_result(r, i)));
	mp_jset(j, "checks", checks);
	return j;
}

/* ---- reading */

int mp_report_evidence(
	const json_t *evidence, struct mp_arena *a, struct mp_case *c, struct mp_evidence *ev, struct mp_err *err)
{
	struct mp_err why = {.msg = ""};

	if (!json_is_object(evidence))
		return mp_fail(err, MP_EPARSE, "the report carries no evidence, so it cannot be judged again");
	if (mp_case_from_json(mp_jget(evidence, "case"), a, c, &why) != MP_OK)
		return mp_fail(err, MP_EPARSE, "evidence.case: %.200s", why.msg);
	if (mp_evidence_from_json(ev, mp_kinds, mp_n_kinds, evidence, &why) != MP_OK)
		return mp_fail(err, MP_EPARSE, "%.200s", why.msg);
	mp_evidence_close(ev);
	return MP_OK;
}

int mp_report_read(struct mp_str text, struct mp_arena *a, struct mp_case *c, struct mp_evidence *ev,
	struct mp_run_facts *facts, struct mp_err *err)
{
	struct mp_err why = {.msg = ""};
	json_t *j = mp_json_parse(text, &why);
	const char *schema;
	int rc = MP_EPARSE;

	if (!j)
		return mp_fail(err, MP_EPARSE, "not a report: %.200s", why.msg);
	schema = mp_jget_str(j, "schema", NULL);
	if (!schema || strncmp(schema, "mailprobe.report/", 17) != 0) {
		mp_fail(err, MP_EPARSE, "not a mailprobe report (no \"schema\": \"%s\")", MP_SCHEMA);
	} else if (strcmp(schema, MP_SCHEMA) != 0) {
		mp_fail(err, MP_EPARSE, "a report of another version (%.40s); this program reads %s", schema,
			MP_SCHEMA);
	} else if (mp_report_evidence(mp_jget(j, "evidence"), a, c, ev, err) == MP_OK) {
		facts->duration_ms = mp_jget_int(mp_jget(j, "run"), "duration_ms", 0);
		facts->interrupted = mp_jget_bool(mp_jget(j, "run"), "interrupted", false);
		facts->redacted = mp_jget_bool(mp_jget(j, "run"), "redacted", false);
		rc = MP_OK;
	}
	json_decref(j);
	return rc;
}

/* ---- exit status */

int mp_exit_status(const struct mp_run *r)
{
	enum { OK, WARNING, CRITICAL, UNKNOWN };
	bool warn = false, error = false, known = false;

	if (mp_run_scope(mp_run_case(r)) & MP_IN_PROBE) {
		switch (mp_run_conclusion(r)->status) {
		case MP_DELIVERABLE:
			return OK;
		case MP_AT_RISK:
			return WARNING;
		case MP_BLOCKED:
			return CRITICAL;
		case MP_UNKNOWN:
			break;
		}
		return UNKNOWN;
	}
	for (size_t i = 0; i < mp_run_n_results(r); i++) {
		const struct mp_result *res = mp_run_result(r, i);

		/* Asked for is one identity; what else is told of its domain does not change the answer. */
		if (mp_run_scope(mp_run_case(r)) == MP_IN_SPF && strcmp(res->check->id, "spf.mail_from") != 0)
			continue;
		if (res->status == MP_FAIL)
			return CRITICAL;
		warn = warn || res->status == MP_WARN;
		known = known || res->status != MP_ERROR;
		error = error || (res->status == MP_ERROR && !res->check->advisory);
	}
	/* Where advice is all that was asked for, having none is no pass. */
	error = error || (!known && mp_run_n_results(r));
	return warn ? WARNING : error ? UNKNOWN : OK;
}
