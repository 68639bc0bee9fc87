/* probe/checks/dane.c - tls.dane: do a receiver's servers show what its TLSA records say? */
#include "probe/checks/servers.h"
#include "probe/dane.h"

/* What the records say and how the session fits them, for one server. */
struct look {
	const struct mp_server *v;
	const struct mp_dane *dane;
	struct mp_dane_met met;
};

static const char *record_text(struct mp_judge *j, const struct look *l, size_t i)
{
	return dns_tlsa_text(j->a, &l->dane->rr->rr[i]);
}

/* Why a record did not do it: for a sentence, behind the record. */
static const char *fit_words(struct mp_judge *j, const struct mp_dane_fit *f)
{
	if (f->fault)
		return mp_printf(j->a, "cannot be used: %s", f->fault);
	if (f->passed_over)
		return "is passed over for a stronger digest";
	switch (f->fit) {
	case SMTP_DANE_NO_PATH:
		return mp_printf(j->a, "names a trust anchor of the chain, but the chain does not hold: %s", f->why);
	case SMTP_DANE_NAME:
		return mp_printf(j->a, "leads to the chain, but %s", f->why);
	case SMTP_DANE_MATCHES:
		return "matches";
	default:
		return "matches nothing that the server sent";
	}
}

/* Each record that is not the one that matched, with what is the matter with it. "" when there is none. */
static const char *others(struct mp_judge *j, const struct look *l)
{
	struct mp_buf b = MP_BUF(8192);
	const char *text;

	for (size_t i = 0; i < l->met.n && i < 8; i++)
		if ((int)i != l->met.by)
			mp_buf_addf(&b, " \"%s\" %s.", record_text(j, l, i), fit_words(j, &l->met.fit[i]));
	if (l->met.n > 8)
		mp_buf_addf(&b, " There are %zu more.", l->met.n - 8);
	text = mp_dupn(j->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

static void fix_records(struct mp_judge *j, struct mp_result *r, const struct look *l)
{
	const struct smtp_tls *t = l->v->base->tls;

	mp_fix(j, r,
		"Nothing on this host: the administrator of %s has to publish at %s the record \"3 1 1 %s\"%s, or to "
		"install the certificate that the records name.",
		l->dane->base, l->dane->name, t && t->n_chain ? t->chain[0].spki_sha256 : "DIGEST",
		t && t->n_chain ? ", which is the key that this server shows"
				: " (SHA-256 of the server's public key)");
}

/* There is no TLS although it was asked for: why, or NULL when the session did not come so far. */
static const char *no_tls_words(struct mp_judge *j, const struct smtp_session *s)
{
	if (s->tls_error || s->stage == SMTP_AT_TLS)
		return mp_printf(j->a, "the handshake fails (%s)", s->tls_error ? s->tls_error : s->reason);
	if (s->starttls_reply)
		return mp_printf(j->a, "STARTTLS is refused with %d", s->starttls_reply->code);
	if (s->ehlo_reply && s->ehlo_reply->code / 100 == 2 && !s->starttls_offered)
		return "STARTTLS is not offered";
	return NULL;
}

/* The records are there: hold the session to them. */
static struct mp_result *judge_records(struct mp_judge *j, struct look *l)
{
	const struct smtp_session *s = l->v->base;
	/* With TLS 1.3 a handshake may be turned down after all was shown. */
	const char *no_tls = s->tls && !s->tls_error ? NULL : no_tls_words(j, s);
	struct mp_result *r;

	if (s->q.tls == SMTP_TLS_OFF)
		return mp_server_report(j, l->v, MP_SKIP, "There are TLSA records, but TLS was not tried (--tls off).");
	mp_dane_meet(j, l->dane, l->v->tr->target, s->q.mx, s, &l->met);
	if (!s->tls && !no_tls)
		return mp_server_report(
			j, l->v, MP_SKIP, "There are TLSA records; the session ended before TLS could begin.");
	if (no_tls) {
		r = mp_server_report(j, l->v, MP_FAIL,
			mp_printf(j->a, "%s has TLSA records, which demand TLS, and %s.", l->dane->base, no_tls));
		mp_fix(j, r,
			"Nothing on this host: the administrator of %s has to offer working STARTTLS, or to take the records "
			"at %s away.",
			l->dane->base, l->dane->name);
		return r;
	}
	if (l->met.n_usable == 0) {
		r = mp_server_report(j, l->v, MP_WARN,
			mp_printf(j->a,
				"No TLSA record of %s can be used: senders that follow DANE insist on TLS there, but verify "
				"nothing.",
				l->dane->base));
		mp_detail(j, r, "%s", others(j, l) + 1);
		fix_records(j, r, l);
		return r;
	}
	if (l->met.by >= 0) {
		r = mp_server_report(j, l->v, MP_PASS,
			mp_printf(j->a, "The server shows what its TLSA record \"%s\" says.",
				record_text(j, l, (size_t)l->met.by)));
		if (*others(j, l))
			mp_detail(j, r, "Of the other records:%s Right while keys are being changed, stale afterwards.",
				others(j, l));
		return r;
	}
	if (l->met.no_chain)
		return mp_server_report(j, l->v, MP_ERROR,
			"The certificates that the server sent are not in the evidence, so they cannot be held to the TLSA "
			"records.");
	r = mp_server_report(j, l->v, MP_FAIL,
		mp_printf(j->a, "The server's certificate fits no TLSA record of %s.", l->dane->base));
	mp_detail(j, r, "%s", others(j, l) + 1);
	fix_records(j, r, l);
	return r;
}

/* What senders make of it, behind what was found. */
static void add_consequence(struct mp_judge *j, struct mp_result *r, const struct look *l)
{
	const struct smtp_tls *t = l->v->base->tls;
	const char *senders =
		r->status == MP_FAIL
			? "A sender that follows DANE (RFC 7672) does not deliver here: it tries the next server "
			  "and else puts the mail off. Others deliver all the same. "
			: "";
	const char *sni = t && t->sni && !dns_name_eq(t->sni, l->dane->base)
				  ? mp_printf(j->a,
					    " A sender that follows DANE asks for the certificate of %s; this session "
					    "asked for that of %s.",
					    l->dane->base, t->sni)
				  : "";
	const char *believed = "";

	if (!l->dane->believed) {
		believed = " The resolver's word for DNSSEC is not believed, as it is not on this host: this is for "
			   "information. --trust-ad believes it.";
		if (r->status == MP_FAIL || r->status == MP_WARN)
			r->status = MP_INFO;
	}
	mp_detail(j, r, "%s%s%sDANE goes before MTA-STS for senders that know both (RFC 8461 2).%s%s",
		r->detail ? r->detail : "", r->detail ? " " : "", senders, sni, believed);
}

static void put_values(struct mp_judge *j, struct mp_result *r, const struct look *l)
{
	json_t *records = json_array();

	mp_jset_str(r->values, "name", l->dane->name);
	for (size_t i = 0; l->dane->rr && i < l->dane->rr->n_rr && i < DNS_TLSA_MAX; i++)
		mp_jpush(records, mp_j(record_text(j, l, i)));
	mp_jset(r->values, "records", records);
	mp_jset_int(r->values, "usable", (int64_t)l->met.n_usable);
	mp_jset_str(r->values, "matched", l->dane->rr && l->met.by >= 0 ? record_text(j, l, (size_t)l->met.by) : NULL);
	mp_jset_bool(r->values, "verified", l->met.by >= 0 && l->dane->believed);
}

static void judge_server(struct mp_judge *j, const struct mp_server *v)
{
	struct look l = {.v = v, .dane = mp_dane_of(v->tr, v->base), .met = {.by = -1}};
	struct mp_result *r;

	if (!l.dane || l.dane->state == MP_DANE_NO_NAME) {
		mp_server_report(j, v, MP_SKIP,
			"The server was given by its address: there is no name to look TLSA records up for.");
		return;
	}
	switch (l.dane->state) {
	case MP_DANE_INSECURE:
		r = mp_server_report(
			j, v, MP_INFO, mp_printf(j->a, "No DANE: DNSSEC does not vouch for %s.", l.dane->insecure));
		mp_detail(j, r, "Whether the resolver validates at all is said in resolver.health.");
		break;
	case MP_DANE_UNKNOWN:
		r = mp_cannot_tell(
			j, v->subject, mp_printf(j->a, "the TLSA record %s", l.dane->failed_name), l.dane->failed);
		mp_jset_str(r->values, "ip", mp_ip_text(&v->base->q.source, (char[MP_IP_TEXT]){0}));
		mp_detail(j, r,
			"%s%sA sender that follows DANE does not deliver here before it can tell: it tries the next server "
			"and else puts the mail off (RFC 7672 2.1.1).",
			r->detail ? r->detail : "", r->detail ? " " : "");
		break;
	case MP_DANE_RECORDS:
		r = judge_records(j, &l);
		if (r->status != MP_SKIP)
			add_consequence(j, r, &l);
		break;
	default:
		r = mp_server_report(
			j, v, MP_INFO, mp_printf(j->a, "No DANE: there is no TLSA record %s.", l.dane->name));
		break;
	}
	put_values(j, r, &l);
}

static enum mp_judged judge_tls_dane(struct mp_judge *j)
{
	struct mp_server *list;
	size_t n;

	if (!mp_servers(j, &list, &n))
		return MP_PENDING;
	for (size_t i = 0; i < n; i++)
		judge_server(j, &list[i]);
	return MP_SETTLED;
}

const struct mp_check mp_check_tls_dane = {
	.id = "tls.dane",
	.title = "The server's certificate is what its TLSA records say (DANE)",
	.ref = "RFC 7672",
	.in = MP_IN_PROBE,
	.judge = judge_tls_dane,
};
