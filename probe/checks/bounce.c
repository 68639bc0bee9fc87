/* probe/checks/bounce.c - mx.answers: somebody is there where bounces to the sender go */
#include "probe/checks/checks.h"
#include "probe/target.h"

/* The domain that bounces go to: of the reverse-path; for the null one nobody bounces, and the header's counts. */
static const char *bounce_domain(const struct mp_case *c)
{
	const char *at = strrchr(c->mail_from, '@');

	return at ? at + 1 : c->domain;
}

/*
 * The first address of the first MX host that a source can reach. False: pending. `*source` stays NULL where there is
 * none.
 */
static bool find_server(
	struct mp_judge *j, const char *domain, const char **host, struct mp_ip *ip, const struct mp_source **source)
{
	const struct dns_answer *mx = mp_dns(j, domain, DNS_MX);
	uint16_t best = UINT16_MAX;

	*host = domain;
	*source = NULL;
	if (!mx)
		return false;
	for (size_t i = 0; i < mx->n_rr; i++)
		if (i == 0 || mx->rr[i].mx.preference < best) {
			best = mx->rr[i].mx.preference;
			*host = mx->rr[i].mx.exchange;
		}
	if (!dns_known(mx->outcome) || strcmp(*host, ".") == 0)
		return true;
	for (size_t s = 0; s < j->c->n_sources && !*source; s++) {
		enum mp_family family = j->c->sources[s].address.family;
		const struct dns_answer *a = mp_dns(j, *host, family == MP_IPV4 ? DNS_A : DNS_AAAA);

		if (!a)
			return false;
		if (a->n_rr) {
			*ip = a->rr[0].ip;
			*source = &j->c->sources[s];
		}
	}
	return true;
}

/*
 * The greeting of that server, asked for as egress.port25 does, so that both are one session. What does not answer from
 * here may well answer others: it is told, and no fault.
 */
static enum mp_judged judge_answers(struct mp_judge *j)
{
	const char *domain = bounce_domain(j->c), *host;
	const struct mp_source *source;
	const struct smtp_session *s;
	struct mp_result *r;
	struct mp_ip ip;

	if (!find_server(j, domain, &host, &ip, &source))
		return MP_PENDING;
	if (!source) {
		mp_report(j, domain, MP_SKIP,
			"No address is known that bounces to %s could be brought to from here (see mx.sender).",
			domain);
		return MP_SETTLED;
	}
	s = smtp_ask(j->ev, &(struct smtp_question){.mx = host,
				    .address = ip,
				    .port = j->c->n_targets ? j->c->targets[0].port : 25,
				    .source = source->address,
				    .ehlo = j->c->ehlo,
				    .mail_from = "",
				    .rcpt = "",
				    .tls = SMTP_TLS_OFF,
				    .only_connect = true,
				    .purpose = "egress"});
	if (!s)
		return MP_PENDING;
	if (s->outcome == SMTP_ACCEPTED)
		r = mp_report(j, domain, MP_PASS, "%s, where bounces to %s go, answers.", host, domain);
	else
		r = mp_report(j, domain, MP_INFO,
			"%s, where bounces to %s go, did not greet this host: %s. Others may fare better; if they do not, "
			"bounces are lost.",
			host, domain,
			s->reason  ? s->reason
			: s->reply ? s->reply->lines[0]
				   : smtp_outcome_name(s->outcome));
	mp_jset_str(r->values, "server", smtp_server_name(j->a, &s->q));
	return MP_SETTLED;
}

const struct mp_check mp_check_mx_answers = {
	.id = "mx.answers",
	.title = "The server that bounces go to answers",
	.ref = "RFC 5321 3.6.3",
	.per = MP_ONCE,
	.in = MP_IN_PROBE,
	.advisory = true,
	.judge = judge_answers,
};
