/* probe/checks/spf.c - may these addresses send the sender's mail: spf.* */
#include "base/text.h"
#include "dns/spf.h"
#include "probe/checks/checks.h"

/* ---- identities */

struct identity {
	const char *text;      /* what is judged: an address, or the EHLO name */
	const char *domain;    /* whose record */
	const char *record_of; /* the domain, for a sentence */
};

static bool null_sender(const struct mp_case *c)
{
	return !c->mail_from || !*c->mail_from;
}

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : address;
}

/* MAIL FROM; for the null reverse-path postmaster at the EHLO name (2.4). */
static struct identity mail_from(struct mp_judge *j)
{
	const char *text =
		null_sender(j->c) ? mp_printf(j->a, "postmaster@%s", j->c->ehlo ? j->c->ehlo : "") : j->c->mail_from;

	return (struct identity){text, domain_of(text), mp_name_words(j->a, domain_of(text))};
}

static struct identity helo(struct mp_judge *j)
{
	const char *text = j->c->ehlo ? j->c->ehlo : "";

	return (struct identity){text, text, mp_name_words(j->a, text)};
}

static struct spf_request request(struct mp_judge *j, const struct identity *id, const struct mp_ip *ip)
{
	return (struct spf_request){
		.ip = *ip,
		.domain = id->domain,
		.sender = id->text,
		.helo = j->c->ehlo,
		.now_ms = j->c->started_ms,
	};
}

/* ---- what to do */

/* "ip4:203.0.113.10 ip6:2001:db8::10" for the addresses that receivers see; "" when none is known. */
static const char *all_sources(struct mp_judge *j)
{
	struct mp_buf b = MP_BUF(8192);
	const char *text;

	for (size_t i = 0; i < j->c->n_sources; i++) {
		struct mp_seen seen;

		if (mp_seen_as(j, i, &seen) && seen.known)
			mp_buf_addf(&b, " %s:%s", seen.ip.family == MP_IPV4 ? "ip4" : "ip6", seen.text);
	}
	text = mp_dupn(j->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

static char *step_publish(struct mp_judge *j, const struct identity *id)
{
	return mp_printf(j->a,
		"Publish one TXT record at %s (your DNS provider, or your own name servers): \"v=spf1%s -all\"; add what "
		"else sends mail of this domain.",
		id->record_of, all_sources(j));
}

/* The record with the address put in front, where nothing comes before it. */
static char *step_add(struct mp_judge *j, const struct identity *id, const char *record, const struct mp_seen *seen)
{
	enum { SHOWN = 400 };
	const char *term = mp_printf(j->a, "%s:%s", seen->ip.family == MP_IPV4 ? "ip4" : "ip6", seen->text);
	const char *rest = record + strlen("v=spf1");

	if (strlen(record) > SHOWN)
		return mp_printf(j->a, "Put %s into the SPF record of %s, right behind v=spf1 (whoever runs its DNS).",
			term, id->record_of);
	return mp_printf(j->a,
		"Put %s into the SPF record of %s (whoever runs its DNS), so that it reads \"v=spf1 %s%s\" in the place of \"%s\".",
		term, id->record_of, term, rest, record);
}

/* ---- spf.record */

static void fix_record(struct mp_judge *j, struct mp_result *r, const struct identity *id, const struct spf_found *f)
{
	if (f->n > 1)
		mp_fix(j, r,
			"Keep one of the %zu TXT records at %s that begin with v=spf1: put what the others allow into it, and "
			"remove them.",
			f->n, id->record_of);
	else
		mp_fix(j, r, "Correct the TXT record at %s: %s.", id->record_of,
			spf_record_fault(j->a, f->text) ? spf_record_fault(j->a, f->text)
							: spf_record_doubt(j->a, f->text, NULL));
}

static enum mp_judged judge_record(struct mp_judge *j)
{
	struct identity id = mail_from(j);
	const struct dns_answer *txt;
	struct spf_found f;
	const char *fault, *doubt;
	struct mp_result *r;
	bool serious;

	if (!*id.domain || id.domain[0] == '[' || dns_name_labels(id.domain) < 2) {
		mp_report(j, id.text, MP_SKIP, "%s names no domain that could have a record.",
			mp_name_words(j->a, id.text));
		return MP_SETTLED;
	}
	txt = mp_dns(j, id.domain, DNS_TXT);
	if (!txt)
		return MP_PENDING;
	if (!dns_known(txt->outcome) && txt->outcome != DNS_BADNAME) {
		mp_cannot_tell(j, id.domain, mp_printf(j->a, "the TXT records of %s", id.record_of), txt);
		return MP_SETTLED;
	}
	spf_find(j->a, txt, &f);
	fault = f.n == 1 ? spf_record_fault(j->a, f.text) : NULL;
	doubt = f.n == 1 ? spf_record_doubt(j->a, f.text, &serious) : NULL;
	if (f.n == 0) {
		r = mp_report(j, id.domain, MP_WARN, "%s has no SPF record.", id.record_of);
		if (f.near_miss)
			mp_detail(j, r,
				"This TXT record looks like one and is none, for it does not begin with exactly \"v=spf1\" and a "
				"blank: %s",
				f.near_miss);
		mp_fix(j, r, "%s", step_publish(j, &id));
	} else if (f.n > 1) {
		r = mp_report(j, id.domain, MP_FAIL,
			"%s has %zu SPF records; one is allowed, and receivers heed none of them.", id.record_of, f.n);
		fix_record(j, r, &id, &f);
	} else if (fault) {
		r = mp_report(j, id.domain, MP_FAIL, "The SPF record of %s is broken: %s.", id.record_of, fault);
		fix_record(j, r, &id, &f);
	} else if (doubt && serious) {
		r = mp_report(j, id.domain, MP_WARN, "The SPF record of %s hardly means what it says: %s.",
			id.record_of, doubt);
		fix_record(j, r, &id, &f);
	} else {
		r = mp_report(j, id.domain, MP_PASS, "%s has one SPF record, and it is well formed.", id.record_of);
		if (doubt)
			mp_detail(j, r, "To note: %s.", doubt);
	}
	mp_jset_str(r->values, "record", f.n ? mp_text(j->a, f.text) : NULL);
	mp_jset_int(r->values, "records", (int64_t)f.n);
	mp_jset_str(r->values, "near_miss", f.near_miss);
	return MP_SETTLED;
}

const struct mp_check mp_check_spf_record = {
	.id = "spf.record",
	.title = "The sender's domain has one valid SPF record",
	.ref = "RFC 7208 4.5",
	.per = MP_ONCE,
	.in = MP_IN_SENDER | MP_IN_SPF,
	.judge = judge_record,
};

/* ---- spf.mail_from, spf.helo */

/* What the result means, as the interface has it. */
static enum mp_status status_of(enum spf_result r, bool of_helo)
{
	switch (r) {
	case SPF_PASS:
		return MP_PASS;
	case SPF_FAIL:
	case SPF_PERMERROR:
		return MP_FAIL;
	case SPF_TEMPERROR:
		return MP_ERROR;
	case SPF_NONE:
		return of_helo ? MP_INFO : MP_WARN;
	default:
		return MP_WARN;
	}
}

/* "; what decided: -all" */
static const char *decided(struct mp_judge *j, const struct spf_verdict *v)
{
	return v->path ? mp_printf(j->a, " (%s)", v->path) : ", for nothing in its record matches";
}

static struct mp_result *say_result(struct mp_judge *j, const struct identity *id, const struct mp_seen *seen,
	const struct spf_verdict *v, bool of_helo)
{
	enum mp_status s = status_of(v->result, of_helo);
	const char *problem = v->problem ? v->problem : "";

	switch (v->result) {
	case SPF_PASS:
		return mp_report(
			j, id->text, s, "SPF of %s passes for %s%s.", id->record_of, seen->text, decided(j, v));
	case SPF_FAIL:
		return mp_report(j, id->text, s, "SPF of %s fails for %s%s: the record does not let it send.",
			id->record_of, seen->text, decided(j, v));
	case SPF_SOFTFAIL:
		return mp_report(j, id->text, s, "SPF of %s gives softfail for %s%s: probably not allowed to send.",
			id->record_of, seen->text, decided(j, v));
	case SPF_NEUTRAL:
		return mp_report(j, id->text, s, "SPF of %s says nothing of %s%s: neutral.", id->record_of, seen->text,
			decided(j, v));
	case SPF_TEMPERROR:
		return mp_report(j, id->text, s, "SPF of %s could not be determined for %s: %s.", id->record_of,
			seen->text, problem);
	case SPF_PERMERROR:
		return mp_report(j, id->text, s, "SPF of %s cannot be evaluated for %s (permerror): %s.", id->record_of,
			seen->text, problem);
	case SPF_NONE:
		break;
	}
	return mp_report(j, id->text, s, "There is no SPF for %s: %s.", seen->text, problem);
}

static void say_what_to_do(struct mp_judge *j, struct mp_result *r, const struct identity *id,
	const struct mp_seen *seen, const struct spf_verdict *v, bool of_helo)
{
	switch (v->result) {
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		mp_fix(j, r, "%s", step_add(j, id, v->record, seen));
		if (*v->explanation)
			mp_detail(j, r, "The domain's own explanation: %s", v->explanation);
		return;
	case SPF_PERMERROR:
		if (v->lookups > SPF_MAX_LOOKUPS)
			mp_fix(j, r,
				"Bring the SPF record of %s down to %d terms that need look-ups (include, a, mx, ptr, exists, redirect; "
				"those inside includes count): remove services that no longer send, write ip4 and ip6 for a and mx.",
				id->record_of, SPF_MAX_LOOKUPS);
		else if (v->void_lookups > SPF_MAX_VOID_LOOKUPS)
			mp_fix(j, r, "Remove the terms of the SPF record of %s that lead to names without addresses.",
				id->record_of);
		else
			mp_fix(j, r, "Correct the SPF record of %s: %s.", id->record_of, v->problem);
		if (v->void_lookups > SPF_MAX_VOID_LOOKUPS)
			mp_detail(j, r,
				"RFC 7208 advises receivers to allow %d look-ups without an answer; not all of them count these.",
				SPF_MAX_VOID_LOOKUPS);
		return;
	case SPF_NONE:
		if (!of_helo)
			mp_fix(j, r, "%s", step_publish(j, id));
		else if (j->c->ehlo && j->c->ehlo[0] != '[')
			mp_detail(j, r, "Bounces are judged by this name; \"v=spf1 a -all\" at %s would let them pass.",
				id->record_of);
		return;
	default:
		return;
	}
}

static enum mp_judged judge_identity(struct mp_judge *j, bool of_helo)
{
	struct identity id = of_helo ? helo(j) : mail_from(j);
	struct spf_request rq;
	struct spf_verdict v;
	struct mp_seen seen;
	struct mp_result *r;
	enum mp_judged ret;

	if (!mp_source_subject(j, &seen, &ret)) {
		/* The result is about an identity, wherever from. */
		if (ret == MP_SETTLED)
			j->results[j->n_results - 1].subject = mp_dup(j->a, id.text);
		return ret;
	}
	if (!*id.text) {
		mp_report(j, seen.text, MP_SKIP,
			"There is no name to judge: neither a sender's domain nor an EHLO name is given.");
		return MP_SETTLED;
	}
	rq = request(j, &id, &seen.ip);
	if (of_helo) /* 2.3: the identity is the name itself, with postmaster put before it */
		rq.sender = mp_printf(j->a, "postmaster@%s", id.domain);
	if (!spf_check_host(j->ev, j->a, &rq, &v))
		return MP_PENDING;
	r = say_result(j, &id, &seen, &v, of_helo);
	say_what_to_do(j, r, &id, &seen, &v, of_helo);
	mp_jset_str(r->values, "result", spf_result_name(v.result));
	mp_jset_str(r->values, "domain", id.domain);
	mp_jset_int(r->values, "lookups", v.lookups);
	mp_jset_int(r->values, "void_lookups", v.void_lookups);
	mp_jset_str(r->values, "path", v.path);
	mp_jset_str(r->values, "explanation", v.explanation);
	mp_jset_str(r->values, "record", v.record);
	mp_jset_str(r->values, "problem", v.problem);
	return MP_SETTLED;
}

bool mp_spf_of_source(struct mp_judge *j, size_t source, struct mp_spf *out)
{
	struct identity id = mail_from(j);
	struct spf_request rq;

	*out = (struct mp_spf){.domain = id.domain};
	if (!mp_seen_as(j, source, &out->seen))
		return false;
	if (!out->seen.known) {
		out->result = SPF_TEMPERROR;
		return true;
	}
	rq = request(j, &id, &out->seen.ip);
	if (!spf_check_host(j->ev, j->a, &rq, &out->verdict))
		return false;
	out->result = out->verdict.result;
	return true;
}

static enum mp_judged judge_mail_from(struct mp_judge *j)
{
	return judge_identity(j, false);
}

const struct mp_check mp_check_spf_mail_from = {
	.id = "spf.mail_from",
	.title = "SPF lets the address send mail of the envelope sender's domain",
	.ref = "RFC 7208 2.4",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_SPF,
	.judge = judge_mail_from,
};

static enum mp_judged judge_helo(struct mp_judge *j)
{
	return judge_identity(j, true);
}

const struct mp_check mp_check_spf_helo = {
	.id = "spf.helo",
	.title = "SPF lets the address use the EHLO name",
	.ref = "RFC 7208 2.3",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_SPF,
	.judge = judge_helo,
};

/* ---- spf.limits */

enum { NEAR = 9 }; /* look-ups at which one more service can break the record */

/* The costliest count for the families that are sent from: mx and a cost void look-ups in one and not in the other. */
static enum mp_judged count_all(struct mp_judge *j, const struct identity *id, struct spf_tree *out)
{
	static const struct mp_ip nobody = {MP_IPV4, {0}};
	bool done[2] = {false, false}, any = false, pending = false;

	for (size_t i = 0; i < j->c->n_sources || !any; i++) {
		struct mp_seen seen = {.ip = nobody};
		struct spf_request rq;
		struct spf_tree t;

		if (i < j->c->n_sources && !mp_seen_as(j, i, &seen))
			return MP_PENDING;
		if (done[seen.ip.family == MP_IPV6])
			continue;
		done[seen.ip.family == MP_IPV6] = true;
		rq = request(j, id, &seen.ip);
		pending = !spf_count(j->ev, j->a, &rq, &t) || pending;
		if (!any || t.lookups > out->lookups ||
			(t.lookups == out->lookups && t.void_lookups > out->void_lookups))
			*out = t;
		any = true;
	}
	return pending ? MP_PENDING : MP_SETTLED;
}

static char *joined(struct mp_judge *j, const char *const *items, size_t n, const char *between)
{
	struct mp_buf b = MP_BUF(16384);
	char *text;

	for (size_t i = 0; i < n; i++)
		mp_buf_addf(&b, "%s%s", i ? between : "", items[i]);
	text = mp_dupn(j->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

static enum mp_judged judge_limits(struct mp_judge *j)
{
	struct identity id = mail_from(j);
	struct spf_tree t = {0};
	struct mp_result *r;
	const char *more;

	if (count_all(j, &id, &t) == MP_PENDING)
		return MP_PENDING;
	if (t.problem == SPF_TEMPERROR) {
		mp_report(j, id.domain, MP_ERROR,
			"Could not be determined: the TXT records of %s could not be looked up.", id.record_of);
		return MP_SETTLED;
	}
	if (t.problem != SPF_NEUTRAL) {
		mp_report(j, id.domain, MP_SKIP, "There is no valid SPF record to count (follows from spf.record).");
		return MP_SETTLED;
	}
	more = t.more ? "more than " : "";
	if (t.loop) {
		r = mp_report(j, id.domain, MP_FAIL,
			"The SPF record of %s leads back to itself (%s): what does not match before ends in permerror.",
			id.record_of, t.loop);
		mp_fix(j, r, "Remove %s from the record that it stands in.", t.loop);
	} else if (t.lookups > SPF_MAX_LOOKUPS) {
		r = mp_report(j, id.domain, MP_FAIL, "The SPF record of %s needs %s%u DNS look-ups; %d are allowed.",
			id.record_of, more, t.lookups, SPF_MAX_LOOKUPS);
		mp_fix(j, r,
			"Bring the SPF record of %s down to %d terms that need look-ups: remove services that no longer send, and "
			"write ip4 and ip6 instead of a and mx.",
			id.record_of, SPF_MAX_LOOKUPS);
	} else if (t.void_lookups > SPF_MAX_VOID_LOOKUPS) {
		r = mp_report(j, id.domain, MP_FAIL,
			"The SPF record of %s leads to %u look-ups without an answer; %d are allowed.", id.record_of,
			t.void_lookups, SPF_MAX_VOID_LOOKUPS);
		mp_fix(j, r, "Remove from the SPF record of %s what has no answer: %s.", id.record_of,
			mp_list(j->a, t.voids, t.n_void));
	} else if (t.lookups >= NEAR) {
		r = mp_report(j, id.domain, MP_WARN,
			"The SPF record of %s needs %u DNS look-ups of the %d that are allowed: one more service may break it.",
			id.record_of, t.lookups, SPF_MAX_LOOKUPS);
		mp_fix(j, r, "Remove from the SPF record of %s the services that no longer send mail.", id.record_of);
	} else {
		r = mp_report(j, id.domain, MP_PASS,
			"The SPF record of %s needs %u DNS look-up%s of the %d that are allowed, %u of them without an answer.",
			id.record_of, t.lookups, t.lookups == 1 ? "" : "s", SPF_MAX_LOOKUPS, t.void_lookups);
	}
	if (t.n_lines)
		mp_detail(j, r, "%s%s%s", t.incomplete ? "A part of it could not be followed. " : "",
			"What asks, and how often with all inside: ", joined(j, t.lines, t.n_lines, "; "));
	mp_jset_int(r->values, "lookups", t.lookups);
	mp_jset_int(r->values, "void_lookups", t.void_lookups);
	mp_jset_bool(r->values, "complete", !t.incomplete && !t.more);
	if (t.loop)
		mp_jset_str(r->values, "loop", t.loop);
	mp_jset(r->values, "tree", mp_json_list(t.lines, t.n_lines));
	mp_jset(r->values, "void", mp_json_list(t.voids, t.n_void));
	return MP_SETTLED;
}

const struct mp_check mp_check_spf_limits = {
	.id = "spf.limits",
	.title = "The SPF record keeps to the limits on DNS look-ups",
	.ref = "RFC 7208 4.6.4",
	.per = MP_ONCE,
	.in = MP_IN_SENDER | MP_IN_SPF,
	.judge = judge_limits,
};
