/* probe/checks/mta_sts.c - MTA-STS: mta_sts.sender and tls.mta_sts; see probe/checks/mta_sts.h */
#include "probe/checks/mta_sts.h"
#include "base/text.h"
#include "probe/checks/servers.h"
#include "probe/dane.h"
#include "probe/target.h"

enum { MX_MAX = 20, PATTERNS_SHOWN = 8, PATTERNS_KEPT = 128 };

/* ---- discovery */

static void give_up(struct mp_sts *s, enum mp_sts_state state, enum mp_sts_part part, const char *why)
{
	s->state = state;
	s->part = part;
	s->why = why;
}

/* The addresses that a fetch may go to. False: pending. *unknown: the look-up that could not be determined. */
static bool host_addresses(struct mp_judge *j, const char *host, struct mp_fetch_question *q, const char **alias,
	const struct dns_answer **unknown)
{
	static const enum mp_family families[] = {MP_IPV6, MP_IPV4};
	struct mp_ip *ips = mp_allocn(j->a, MP_FETCH_ADDRESSES_MAX, sizeof(*ips));
	bool all = true;

	q->addresses = ips;
	q->n_addresses = 0;
	*unknown = NULL;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		const struct dns_answer *a;

		if (!mp_has_family(j->c, families[i]))
			continue;
		a = mp_dns(j, host, families[i] == MP_IPV4 ? DNS_A : DNS_AAAA);
		if (!a) {
			all = false;
			continue;
		}
		if (!dns_known(a->outcome) && a->outcome != DNS_BADNAME)
			*unknown = a;
		if (a->n_cname)
			*alias = a->cname[a->n_cname - 1];
		for (size_t r = 0; r < a->n_rr && q->n_addresses < MP_FETCH_ADDRESSES_MAX; r++)
			ips[q->n_addresses++] = a->rr[r].ip;
	}
	return all;
}

/* What came of the fetch, as a sentence; NULL: a policy file came. *unknown: it may be there all the same. */
static const char *fetch_fault(struct mp_judge *j, const struct mp_sts *s, const struct mp_fetch_question *q,
	const struct mp_fetch_answer *a, bool *unknown)
{
	*unknown = false;
	switch (a->outcome) {
	case MP_FETCHED:
		break;
	case MP_FETCH_TLS_FAILED:
		return mp_printf(j->a, "The policy host %s cannot be trusted: %s.", s->host, a->reason);
	case MP_FETCH_TOO_LARGE:
	case MP_FETCH_PROTOCOL_ERROR:
		return mp_printf(j->a, "The MTA-STS policy %s cannot be had: %s.", s->url, a->reason);
	case MP_FETCH_UNREACHABLE:
	case MP_FETCH_TIMEOUT:
	case MP_FETCH_UNKNOWN:
		*unknown = true;
		return mp_printf(j->a, "The MTA-STS policy %s could not be fetched: %s.", s->url, a->reason);
	}
	if (a->status / 100 == 3)
		return mp_printf(j->a,
			"In place of the MTA-STS policy %s stands a redirect (%d)%s%s, which senders must not follow.",
			s->url, a->status, a->location ? " to " : "", a->location ? a->location : "");
	if (a->status != 200)
		return mp_printf(
			j->a, "The MTA-STS policy %s cannot be had: the server answers %d.", s->url, a->status);
	if (!mp_fetch_type_ok(q, a))
		return mp_printf(j->a, "The MTA-STS policy %s comes as %s, not as text/plain.", s->url,
			a->content_type ? a->content_type : "a file without a type");
	return NULL;
}

/* The policy file, whether a record announces it or not. False: pending. */
static bool find_policy(struct mp_judge *j, struct mp_sts *s)
{
	struct mp_fetch_question q = {
		.use = "mta-sts", .host = s->host, .port = j->c->mta_sts_port, .path = "/.well-known/mta-sts.txt"};
	const struct dns_answer *unknown_answer;
	const struct mp_fetch_answer *a;
	const char *why;
	bool unknown;

	if (!host_addresses(j, s->host, &q, &s->delegated_to, &unknown_answer))
		return false;
	if (!q.n_addresses && unknown_answer) {
		give_up(s, MP_STS_UNKNOWN, MP_STS_HOST,
			mp_printf(j->a, "The address of the policy host %s could not be determined: %s.", s->host,
				dns_outcome_words(unknown_answer->outcome)));
		return true;
	}
	if (!q.n_addresses) {
		bool both = mp_has_family(j->c, MP_IPV4) && mp_has_family(j->c, MP_IPV6);

		give_up(s, both ? MP_STS_VOID : MP_STS_UNKNOWN, MP_STS_HOST,
			mp_printf(j->a, "The policy host %s has no %saddress.", s->host,
				both                           ? ""
				: mp_has_family(j->c, MP_IPV4) ? "IPv4 "
							       : "IPv6 "));
		return true;
	}
	a = mp_fetch_ask(j->ev, &q);
	if (!a)
		return false;
	why = fetch_fault(j, s, &q, a, &unknown);
	if (why) {
		give_up(s, unknown ? MP_STS_UNKNOWN : MP_STS_VOID, MP_STS_FETCH, why);
		return true;
	}
	s->served = true;
	dns_sts_policy_read(j->a, a->body, &s->policy);
	s->state = MP_STS_VALID;
	if (s->policy.fault)
		give_up(s, MP_STS_VOID, MP_STS_POLICY,
			mp_printf(j->a, "The MTA-STS policy %s is void: %s.", s->url, s->policy.fault));
	return true;
}

bool mp_sts_find(struct mp_judge *j, const char *domain, bool anyhow, struct mp_sts *out)
{
	struct mp_fetch_question ahead = {0};
	const struct dns_answer *txt, *ignored;

	memset(out, 0, sizeof(*out));
	out->domain = domain;
	out->record_name = mp_printf(j->a, "_mta-sts.%s", domain);
	out->host = mp_printf(j->a, "mta-sts.%s", domain);
	out->url = mp_fetch_url(
		j->a, &(struct mp_fetch_question){
			      .host = out->host, .port = j->c->mta_sts_port, .path = "/.well-known/mta-sts.txt"});
	txt = mp_dns(j, out->record_name, DNS_TXT);
	if (!txt) {
		host_addresses(j, out->host, &ahead, &out->delegated_to, &ignored);
		return false;
	}
	if (!dns_known(txt->outcome) && txt->outcome != DNS_BADNAME) {
		give_up(out, MP_STS_UNKNOWN, MP_STS_RECORD,
			mp_printf(j->a,
				"Whether %s has an MTA-STS policy could not be determined: %s for the TXT record %s.",
				domain, dns_outcome_words(txt->outcome), out->record_name));
		return true;
	}
	dns_sts_record_read(j->a, txt, &out->record);
	/* What a wildcard puts there is none: a record that somebody got wrong still speaks of STS. */
	if (out->record.n == 0 && (!out->record.text || mp_str_ifind(mp_str(out->record.text), "sts") < 0)) {
		if (anyhow && !find_policy(j, out))
			return false;
		give_up(out, MP_STS_ABSENT, MP_STS_RECORD, NULL);
		return true;
	}
	if (out->record.fault) {
		give_up(out, MP_STS_VOID, MP_STS_RECORD,
			mp_printf(j->a, "The MTA-STS record %s %s.", out->record_name, out->record.fault));
		return true;
	}
	return find_policy(j, out);
}

const char *mp_sts_domain(struct mp_judge *j, const struct mp_target *t)
{
	const char *at = strrchr(t->rcpt, '@'), *domain = t->domain;

	if (t->kind == MP_TARGET_SERVER)
		domain = t->rcpt_assumed || !at ? NULL : at + 1;
	return domain && domain[0] && domain[0] != '[' ? dns_name_canonical(j->a, domain) : NULL;
}

static const char *patterns(struct mp_judge *j, const struct dns_sts_policy *p)
{
	return p->n_mx > PATTERNS_SHOWN ? mp_printf(j->a, "%s and %zu more", mp_list(j->a, p->mx, PATTERNS_SHOWN),
						  p->n_mx - PATTERNS_SHOWN)
					: mp_list(j->a, p->mx, p->n_mx);
}

/* ---- mta_sts.sender */

/* The lines of a policy that lets these hosts in, for a sentence. */
static const char *policy_lines(struct mp_judge *j, enum dns_sts_mode mode, const char *const *hosts, size_t n)
{
	struct mp_buf b = MP_BUF(4096);
	const char *text;

	mp_buf_addf(&b, "\"version: STSv1\", \"mode: %s\", ", dns_sts_mode_name(mode));
	for (size_t i = 0; i < n; i++)
		mp_buf_addf(&b, "\"mx: %s\", ", hosts[i]);
	mp_buf_adds(&b, "\"max_age: 604800\"");
	text = mp_dupn(j->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

/* A new id, of the time of this run: 20261128T100000. */
static const char *record_text(struct mp_judge *j)
{
	const char *now = mp_time_text(j->a, j->c->started_ms, false);

	return mp_printf(
		j->a, "v=STSv1; id=%.4s%.2s%.2s%.2s%.2s%.2s;", now, now + 5, now + 8, now + 11, now + 14, now + 17);
}

struct own_mx {
	const char *hosts[MX_MAX];
	size_t n;
	const char *barred[MX_MAX]; /* those that the policy does not allow */
	size_t n_barred;
};

static void list_mx(const struct dns_answer *mx, const struct mp_sts *s, struct own_mx *out)
{
	for (size_t i = 0; i < mx->n_rr && out->n < MX_MAX; i++)
		if (strcmp(mx->rr[i].mx.exchange, ".") != 0)
			out->hosts[out->n++] = mx->rr[i].mx.exchange;
	if (mx->outcome == DNS_NODATA)
		out->hosts[out->n++] = s->domain; /* its own MX */
	for (size_t i = 0; i < out->n; i++)
		if (s->state == MP_STS_VALID && !dns_sts_allows(&s->policy, out->hosts[i]))
			out->barred[out->n_barred++] = out->hosts[i];
}

/* What the domain's owner has to do where senders pass over what is published. */
static void fix_void(struct mp_judge *j, struct mp_result *r, const struct mp_sts *s, const struct own_mx *mx)
{
	const char *lines = policy_lines(j, DNS_STS_TESTING, mx->hosts, mx->n);

	switch (s->part) {
	case MP_STS_RECORD:
		mp_fix(j, r,
			"In the zone of %s, publish exactly one TXT record at %s: \"%s\", with a new id at each change "
			"of the policy.",
			s->domain, s->record_name, record_text(j));
		break;
	case MP_STS_HOST:
		mp_fix(j, r,
			"In the zone of %s, give %s an address (or an alias to the provider that serves your policy), "
			"and serve %s there; or remove the record %s.",
			s->domain, s->host, s->url, s->record_name);
		break;
	case MP_STS_FETCH:
		mp_fix(j, r,
			"On the web server of %s, serve %s by HTTPS itself, with status 200, as text/plain and with a "
			"certificate of a public authority for %s; its lines are %s.",
			s->host, s->url, s->host, lines);
		break;
	case MP_STS_POLICY:
		mp_fix(j, r, "On the web server of %s, put these lines into %s: %s. Then change the id of %s.", s->host,
			s->url, lines, s->record_name);
		break;
	}
}

static void detail_remarks(struct mp_judge *j, struct mp_result *r, const struct dns_sts_policy *p)
{
	if (p->n_remarks)
		mp_detail(j, r, "In the policy, %s.", mp_list(j->a, p->remarks, p->n_remarks));
	else if (p->mode == DNS_STS_TESTING)
		mp_detail(j, r, "When TLS reports show no failures, the mode can become enforce.");
}

static struct mp_result *report_valid(struct mp_judge *j, const struct mp_sts *s, const struct own_mx *mx)
{
	const struct dns_sts_policy *p = &s->policy;
	const char *mode = dns_sts_mode_name(p->mode), *barred = mp_name_list(j->a, mx->barred, mx->n_barred);
	struct mp_result *r;

	if (p->mode == DNS_STS_NONE)
		return mp_report(j, s->domain, MP_INFO, "The MTA-STS policy of %s is of mode none: it is switched off.",
			s->domain);
	if (mx->n_barred) {
		r = mp_report(j, s->domain, p->mode == DNS_STS_ENFORCE ? MP_FAIL : MP_WARN,
			"The MTA-STS policy of %s (mode %s) does not allow its MX %s.", s->domain, mode, barred);
		mp_detail(j, r,
			p->mode == DNS_STS_ENFORCE
				? "Senders that honour it, Gmail and Outlook.com among them, deliver neither mail nor bounces there."
				: "In testing, mail is delivered all the same; in enforce it would not be.");
		mp_fix(j, r, "On the web server of %s, put these lines into %s: %s. Then change the id of %s.", s->host,
			s->url, policy_lines(j, p->mode, mx->hosts, mx->n), s->record_name);
		return r;
	}
	r = mp_report(j, s->domain, MP_PASS, "MTA-STS is right: mode %s, %s, kept for %u %s.", mode,
		mx->n == 1   ? "the MX is allowed"
		: mx->n == 0 ? "no MX to allow"
			     : mp_printf(j->a, "all %zu MX are allowed", mx->n),
		p->max_age >= 172800 ? p->max_age / 86400 : p->max_age, p->max_age >= 172800 ? "days" : "seconds");
	detail_remarks(j, r, p);
	return r;
}

static struct mp_result *report_absent(struct mp_judge *j, const struct mp_sts *s)
{
	struct mp_result *r;

	if (!s->served)
		return mp_report(j, s->domain, MP_INFO, "%s publishes no MTA-STS policy (no record %s).", s->domain,
			s->record_name);
	r = mp_report(j, s->domain, MP_WARN, "The MTA-STS policy %s is there, but no record %s tells senders of it.",
		s->url, s->record_name);
	mp_fix(j, r, "In the zone of %s, publish a TXT record at %s: \"%s\"; or remove the policy.", s->domain,
		s->record_name, record_text(j));
	return r;
}

static json_t *patterns_json(const struct dns_sts_policy *p)
{
	return mp_json_list(p->mx, p->n_mx < PATTERNS_KEPT ? p->n_mx : PATTERNS_KEPT);
}

/* "policy" of the report, and the values of both checks. */
static void set_values(json_t *j, const struct mp_sts *s)
{
	static const char *const states[] = {
		[MP_STS_ABSENT] = "absent",
		[MP_STS_UNKNOWN] = "unknown",
		[MP_STS_VOID] = "void",
		[MP_STS_VALID] = "valid",
	};
	bool valid = s->state == MP_STS_VALID;

	mp_jset_str(j, "domain", s->domain);
	mp_jset_str(j, "state", states[s->state]);
	mp_jset_str(j, "record", s->record.text);
	mp_jset_str(j, "id", s->record.id);
	mp_jset_str(j, "url", s->url);
	mp_jset_str(j, "mode", valid ? dns_sts_mode_name(s->policy.mode) : NULL);
	mp_jset(j, "max_age", valid ? json_integer(s->policy.max_age) : json_null());
	mp_jset(j, "mx", valid ? patterns_json(&s->policy) : json_array());
	mp_jset_str(j, "problem", s->why);
}

static enum mp_judged judge_sender(struct mp_judge *j)
{
	const char *domain = j->c->domain;
	const struct dns_answer *mx;
	struct own_mx own = {0};
	struct mp_result *r;
	struct mp_sts s;
	bool found;

	if (!domain || !*domain || *domain == '[') {
		mp_report(j, domain ? domain : "", MP_SKIP, "The sender has no domain to look up.");
		return MP_SETTLED;
	}
	mx = mp_dns(j, domain, DNS_MX);
	found = mp_sts_find(j, domain, true, &s);
	if (!mx || !found)
		return MP_PENDING;
	list_mx(mx, &s, &own);
	switch (s.state) {
	case MP_STS_ABSENT:
		r = report_absent(j, &s);
		break;
	case MP_STS_UNKNOWN:
		r = mp_report(j, domain, MP_ERROR, "%s", s.why);
		break;
	case MP_STS_VOID:
		r = mp_report(j, domain, MP_WARN, "%s", s.why);
		mp_detail(j, r, "Senders act as if there were no policy.");
		fix_void(j, r, &s, &own);
		break;
	default:
		if (!dns_known(mx->outcome))
			r = mp_cannot_tell(j, domain,
				mp_printf(j->a, "the MX record of %s, which its policy is about,", domain), mx);
		else
			r = report_valid(j, &s, &own);
		break;
	}
	set_values(r->values, &s);
	mp_jset_str(r->values, "delegated_to", s.delegated_to);
	mp_jset(r->values, "barred", mp_json_list(own.barred, own.n_barred));
	return MP_SETTLED;
}

const struct mp_check mp_check_mta_sts_sender = {
	.id = "mta_sts.sender",
	.title = "The sender's domain has a valid MTA-STS policy that allows all its MX hosts",
	.ref = "RFC 8461 3",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_sender,
};

/* ---- tls.mta_sts */

/* What a policy says of a server. The worse ones first. */
enum met { VIOLATED, IN_TESTING, NOT_HAD, NOT_KNOWN, MET, NOT_ASKED, NOTHING };

struct verdict {
	enum met met;
	const struct mp_sts *s;
	const char *words, *fix; /* fix: what the domain's administrator has to do */
};

static void add(struct mp_judge *j, const char **list, const char *words)
{
	*list = *list ? mp_printf(j->a, "%s; %s", *list, words) : words;
}

/* What is wrong with the server by the policy, or NULL. *unknown: what could not be looked at. */
static const char *violations(
	struct mp_judge *j, const struct mp_server *v, const struct mp_sts *s, const char **fix, const char **unknown)
{
	const struct smtp_session *se = v->base;
	const struct smtp_tls *t = se->tls;
	const char *list = NULL;

	*fix = *unknown = NULL;
	if (!dns_sts_allows(&s->policy, se->q.mx)) {
		add(j, &list,
			mp_printf(j->a, "%s is none of the hosts that it allows (%s)", se->q.mx,
				patterns(j, &s->policy)));
		add(j, fix,
			mp_printf(j->a, "add the line \"mx: %s\" to the policy %s and change the id of %s", se->q.mx,
				s->url, s->record_name));
	}
	if (se->q.tls == SMTP_TLS_OFF) {
		*unknown = "TLS was not tried (--tls off)";
	} else if (t && t->chain_error && !t->roots_loaded) {
		*unknown = "this machine has no trusted roots (package ca-certificates)";
	} else if (t && (t->chain_error || t->name_error || t->time_error)) {
		add(j, &list,
			mp_printf(j->a, "its certificate is not valid (%s)",
				t->chain_error  ? t->chain_error
				: t->name_error ? t->name_error
						: t->time_error));
		add(j, fix, mp_printf(j->a, "give %s a certificate of a public authority for that name", se->q.mx));
	} else if (!t && (se->stage == SMTP_AT_TLS || se->tls_error)) {
		add(j, &list,
			mp_printf(j->a, "the TLS handshake fails (%s)",
				se->tls_error ? se->tls_error
				: se->reason  ? se->reason
					      : "no reason given"));
		add(j, fix, mp_printf(j->a, "fix TLS at %s", se->q.mx));
	} else if (!t && (se->starttls_reply || (se->ehlo_reply && se->ehlo_reply->code / 100 == 2))) {
		add(j, &list, se->starttls_reply ? "STARTTLS is refused" : "STARTTLS is not offered");
		add(j, fix, mp_printf(j->a, "offer STARTTLS at %s", se->q.mx));
	} else if (!t) {
		*unknown = "the session ended before TLS could begin";
	}
	return list;
}

static struct verdict judge_server(struct mp_judge *j, const struct mp_server *v, const struct mp_sts *s)
{
	struct verdict out = {.s = s, .met = NOTHING};
	const char *mode = dns_sts_mode_name(s->policy.mode), *unknown, *wrong;

	switch (s->state) {
	case MP_STS_ABSENT:
		out.words = mp_printf(j->a, "%s publishes no MTA-STS policy.", s->domain);
		return out;
	case MP_STS_UNKNOWN:
		out.met = NOT_KNOWN;
		out.words = s->why;
		return out;
	case MP_STS_VOID:
		out.met = NOT_HAD;
		out.words = s->why;
		return out;
	case MP_STS_VALID:
		break;
	}
	if (s->policy.mode == DNS_STS_NONE) {
		out.words =
			mp_printf(j->a, "The MTA-STS policy of %s is of mode none: it asks for nothing.", s->domain);
		return out;
	}
	if (!mp_server_named(v)) {
		out.met = NOT_ASKED;
		out.words = mp_printf(j->a,
			"The server was given by its address: there is no name to hold against the MTA-STS policy of %s.",
			s->domain);
		return out;
	}
	wrong = violations(j, v, s, &out.fix, &unknown);
	if (wrong) {
		out.met = s->policy.mode == DNS_STS_ENFORCE ? VIOLATED : IN_TESTING;
		out.words =
			mp_printf(j->a, "The MTA-STS policy of %s (mode %s) is not met: %s.", s->domain, mode, wrong);
	} else if (unknown) {
		out.met = NOT_ASKED;
		out.words = mp_printf(j->a,
			"%s's name is allowed by the MTA-STS policy of %s; its certificate was not seen: %s.",
			v->base->q.mx, s->domain, unknown);
	} else {
		out.met = MET;
		out.words = mp_printf(j->a,
			"The MTA-STS policy of %s (mode %s) is met: the host is allowed and its certificate valid.",
			s->domain, mode);
	}
	return out;
}

static bool held_with(const struct mp_target_result *tr, const struct mp_server *v, struct mp_arena *a)
{
	for (size_t i = 0; i < tr->n_sessions; i++)
		if (mp_ip_eq(&tr->sessions[i]->q.source, &v->base->q.source) &&
			strcmp(smtp_server_name(a, &tr->sessions[i]->q), v->subject) == 0)
			return true;
	return false;
}

/* The policies of all targets, each looked up at once; domain NULL: none is known. NULL: pending. */
static const struct mp_sts *find_all(struct mp_judge *j)
{
	struct mp_sts *all = mp_allocn(j->a, j->c->n_targets, sizeof(*all));
	bool pending = false;

	for (size_t t = 0; t < j->c->n_targets; t++) {
		const char *domain = mp_sts_domain(j, &j->c->targets[t]);

		if (domain && !mp_sts_find(j, domain, false, &all[t]))
			pending = true;
	}
	return pending ? NULL : all;
}

bool mp_sts_enforced(struct mp_judge *j, const struct mp_server *v, bool *out)
{
	const struct mp_sts *all = find_all(j);

	*out = false;
	for (size_t t = 0; all && t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_target_outcome(j, t);

		if (tr && mp_server_named(v) && held_with(tr, v, j->a) && all[t].domain &&
			all[t].state == MP_STS_VALID && all[t].policy.mode == DNS_STS_ENFORCE)
			*out = true;
	}
	return all != NULL;
}

/* RFC 8461 2: DANE goes before MTA-STS for senders that know both. "" where there is none to go by. */
static const char *beside_dane(const struct mp_server *v)
{
	const struct mp_dane *d = mp_dane_of(v->tr, v->base);

	return d && d->state == MP_DANE_RECORDS && d->believed
		       ? " Senders that know DANE, too, go by that here (tls.dane, RFC 8461 2)."
		       : "";
}

static void report_server(struct mp_judge *j, const struct mp_server *v, const struct verdict *worst, json_t *policies)
{
	static const enum mp_status statuses[] = {
		[VIOLATED] = MP_FAIL,
		[IN_TESTING] = MP_WARN,
		[NOT_HAD] = MP_WARN,
		[NOT_KNOWN] = MP_ERROR,
		[MET] = MP_PASS,
		[NOT_ASKED] = MP_SKIP,
		[NOTHING] = MP_INFO,
	};
	static const char *const details[] = {
		[VIOLATED] =
			"Senders that honour MTA-STS, Gmail and Outlook.com among them, deliver nothing to this server.",
		[IN_TESTING] = "In testing, mail is delivered all the same; in enforce it would not be.",
		[NOT_HAD] = "Senders act as if there were no policy, or go by one that they fetched before.",
		[NOTHING] = NULL,
	};
	struct mp_result *r;

	if (!worst) {
		r = mp_server_report(
			j, v, MP_SKIP, "No recipient's domain is known, whose MTA-STS policy could be looked up.");
	} else {
		const char *dane = worst->s->state == MP_STS_VALID ? beside_dane(v) : "";

		r = mp_server_report(j, v, statuses[worst->met], worst->words);
		mp_jset_str(r->values, "domain", worst->s->domain);
		mp_jset_str(r->values, "mode",
			worst->s->state == MP_STS_VALID ? dns_sts_mode_name(worst->s->policy.mode) : NULL);
		if (details[worst->met] || *dane)
			mp_detail(j, r, "%s%s", details[worst->met] ? details[worst->met] : "",
				details[worst->met] ? dane : dane + 1);
		if (worst->met == VIOLATED || worst->met == IN_TESTING)
			mp_fix(j, r, "Nothing on this host: the administrator of %s has to %s.", worst->s->domain,
				worst->fix);
		else if (worst->met == NOT_HAD)
			mp_fix(j, r,
				"Nothing on this host: the administrator of %s has to correct the record %s or the policy %s.",
				worst->s->domain, worst->s->record_name, worst->s->url);
	}
	mp_jset(r->values, "policies", policies);
}

static enum mp_judged judge_tls(struct mp_judge *j)
{
	/* The policies first: they are looked up while the sessions are held. */
	const struct mp_sts *all = find_all(j);
	struct mp_server *list;
	size_t n;

	if (!mp_servers(j, &list, &n) || !all)
		return MP_PENDING;
	for (size_t i = 0; i < n; i++) {
		struct verdict worst = {0};
		json_t *policies = json_array();

		for (size_t t = 0; t < j->c->n_targets; t++) {
			struct verdict v;
			json_t *policy;

			if (!all[t].domain || !held_with(mp_target_outcome(j, t), &list[i], j->a))
				continue;
			v = judge_server(j, &list[i], &all[t]);
			if (!worst.s || v.met < worst.met)
				worst = v;
			policy = json_object();
			set_values(policy, &all[t]);
			mp_jpush(policies, policy);
		}
		report_server(j, &list[i], worst.s ? &worst : NULL, policies);
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_tls_mta_sts = {
	.id = "tls.mta_sts",
	.title = "The receiver's MTA-STS policy is met",
	.ref = "RFC 8461 4",
	.in = MP_IN_PROBE,
	.judge = judge_tls,
};
