/* probe/checks/egress.c - is there a way out, and who is at its end: egress.port25, smtp.greeting */
#include "base/text.h"
#include "dns/psl.h"
#include "probe/checks/servers.h"
#include "probe/receivers.h"
#include "probe/target.h"

/*
 * 1. What the sessions of the run met. One receiver that answers is enough: the port is open.
 * 2. Where none did: the targets' other MX hosts and the sender's own MX, for a greeting and QUIT, no strangers.
 * 3. Where packets vanished: the submission port of the first of them, for comparison. A host that answers there in
 *    whatever way is alive, and the way to it open.
 * A block needs two receivers without an answer and none with one; no route for a family is no block.
 */

enum { MAX_MORE = 4, MAX_TRIED = 16, CONTROL_PORT = 587 };

struct reach {
	const struct smtp_session *tried[MAX_TRIED]; /* without a connection */
	size_t n_tried;
	const char *dead[MAX_TRIED]; /* distinct receivers among them */
	size_t n_dead;
	const struct smtp_session *alive, *control;
	size_t asked;
	bool pending;
	uint16_t port;
};

static void note_session(struct reach *r, const struct smtp_session *s)
{
	r->asked++;
	if (s->outcome != SMTP_UNREACHABLE) {
		r->alive = s;
		return;
	}
	if (r->n_tried < MAX_TRIED)
		r->tried[r->n_tried++] = s;
	for (size_t i = 0; i < r->n_dead; i++)
		if (dns_name_eq(r->dead[i], s->q.mx))
			return;
	if (r->n_dead < MAX_TRIED)
		r->dead[r->n_dead++] = s->q.mx;
}

static bool known_dead(const struct reach *r, const char *host)
{
	for (size_t i = 0; i < r->n_dead; i++)
		if (dns_name_eq(r->dead[i], host))
			return true;
	return false;
}

static const struct smtp_session *look(struct mp_judge *j, struct reach *r, const char *host, const struct mp_ip *ip,
	uint16_t port, const char *purpose)
{
	const struct smtp_session *se = smtp_ask(j->ev, &(struct smtp_question){
								.mx = host,
								.address = *ip,
								.port = port,
								.source = j->c->sources[j->source].address,
								.ehlo = j->c->ehlo,
								.mail_from = "",
								.rcpt = "",
								.tls = SMTP_TLS_OFF,
								.only_connect = true,
								.purpose = purpose,
							});

	r->pending = r->pending || !se;
	return se;
}

static void try_more(struct mp_judge *j, struct reach *r, const char *host, const struct mp_ip *ip)
{
	const struct mp_source *s = &j->c->sources[j->source];
	const struct smtp_session *se;

	if (r->alive || ip->family != s->address.family || known_dead(r, host) || mp_ip_eq(ip, &s->address) ||
		mp_ip_eq(ip, &s->public_ip))
		return;
	/* An address that only this network can reach proves nothing about the way out of it. */
	if (mp_ip_kind(ip) != MP_IP_GLOBAL && mp_ip_kind(&s->address) == MP_IP_GLOBAL)
		return;
	se = look(j, r, host, ip, r->port, "egress");
	if (se)
		note_session(r, se);
}

/* The sender's own MX: the one receiver beside the targets that may be asked without bothering a stranger. */
static void try_own_mx(struct mp_judge *j, struct reach *r)
{
	enum dns_type type = j->c->sources[j->source].address.family == MP_IPV4 ? DNS_A : DNS_AAAA;
	const struct dns_answer *mx = j->c->domain ? mp_dns(j, j->c->domain, DNS_MX) : NULL;
	size_t more = 0;

	if (!mx) {
		r->pending = r->pending || j->c->domain;
		return;
	}
	for (size_t i = 0; i < mx->n_rr && more < MAX_MORE; i++) {
		const struct dns_answer *a = mp_dns(j, mx->rr[i].mx.exchange, type);

		if (!a) {
			r->pending = true;
			continue;
		}
		for (size_t k = 0; k < a->n_rr && k < 1; k++, more++)
			try_more(j, r, mx->rr[i].mx.exchange, &a->rr[k].ip);
	}
}

/* Step 3: only where nothing came back, for every other answer tells by itself that somebody is there. */
static void compare_ports(struct mp_judge *j, struct reach *r)
{
	if (r->alive || r->port != 25 || !r->n_tried || r->tried[0]->no_way != SMTP_WAY_SILENT)
		return;
	r->control = look(j, r, r->tried[0]->q.mx, &r->tried[0]->q.address, CONTROL_PORT, "egress:control");
}

/* ---- who answered? */

static bool org_differs(const char *a, const char *b)
{
	const char *x = dns_registrable_domain(a, DNS_PSL_REGISTRIES),
		   *y = dns_registrable_domain(b, DNS_PSL_REGISTRIES);

	return x && y && !dns_name_eq(x, y);
}

/* A name that belongs to the receiver: to its mail domains or where its MX hosts are. */
static bool of_receiver(const struct mp_receiver *rc, const char *host)
{
	const struct mp_receiver *same = mp_receiver_of(NULL, host);
	const char *org = dns_registrable_domain(host, DNS_PSL_REGISTRIES);

	return same == rc || (org && mp_receiver_of(org, NULL) == rc);
}

static bool offers_no_tls(const struct smtp_session *s)
{
	return s->ehlo_reply && s->ehlo_reply->code / 100 == 2 && !s->starttls_offered;
}

/*
 * Signs of somebody on the way who answers in the place of the receiver. Servers of a pool greet by other names than they
 * are asked by, and names of one's own lead to hosters: a name alone is no sign, but for our own.
 */
static const char *impostor(struct mp_judge *j, const struct smtp_session *s, const struct smtp_session *other,
	const struct mp_receiver *rc)
{
	const struct mp_case *c = j->c;
	const char *host = s->banner_host;

	if (host && (dns_name_eq(host, c->ehlo) || (c->fqdn && dns_name_eq(host, c->fqdn))) &&
		!dns_name_eq(host, s->q.mx) && !mp_ip_eq(&s->q.address, &s->q.source))
		return mp_printf(j->a, "%s greets by this host's own name", s->q.mx);
	if (rc && offers_no_tls(s))
		return host && !of_receiver(rc, host)
			       ? mp_printf(
					 j->a, "%s of %s greets as %s and offers no STARTTLS", s->q.mx, rc->name, host)
			       : mp_printf(j->a, "%s of %s offers no STARTTLS, as it does to everybody", s->q.mx,
					 rc->name);
	if (host && other && other->banner_host && dns_name_eq(host, other->banner_host) &&
		!mp_ip_eq(&s->q.address, &other->q.address) && org_differs(s->q.mx, other->q.mx) &&
		org_differs(host, s->q.mx) && org_differs(host, other->q.mx) && offers_no_tls(s) &&
		offers_no_tls(other))
		return mp_printf(j->a, "%s and %s both greet as %s and offer no STARTTLS", s->q.mx, other->q.mx, host);
	return NULL;
}

static const char *intercepted(struct mp_judge *j)
{
	const struct smtp_session *first = NULL;

	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_target_outcome(j, t);

		for (size_t i = 0; i < tr->n_sessions; i++) {
			const struct smtp_session *s = tr->sessions[i];
			const char *sign;

			if (!s->banner || !mp_ip_eq(&s->q.source, &j->c->sources[j->source].address))
				continue;
			sign = impostor(j, s, first,
				mp_receiver_of(
					tr->target->kind == MP_TARGET_DOMAIN ? tr->target->domain : NULL, s->q.mx));
			if (sign)
				return sign;
			first = first ? first : s;
		}
	}
	return NULL;
}

/* ---- telling */

static const char *way_words(const struct smtp_session *s)
{
	static const char *const words[] = {
		[SMTP_WAY_OPEN] = NULL,
		[SMTP_WAY_SILENT] = NULL, /* the reason says how long */
		[SMTP_WAY_REFUSED] = "refused (RST)",
		[SMTP_WAY_NO_HOST] = "unreachable (ICMP)",
		[SMTP_WAY_NO_NETWORK] = "no route",
		[SMTP_WAY_FORBIDDEN] = "forbidden by a firewall",
		[SMTP_WAY_NO_SOURCE] = NULL,
		[SMTP_WAY_OTHER] = NULL,
	};

	return words[s->no_way] ? words[s->no_way] : s->reason ? s->reason : "no connection";
}

static json_t *tried_json(struct mp_judge *j, const struct reach *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_tried; i++) {
		const struct smtp_session *s = r->tried[i];
		json_t *one = json_object();
		char ip[MP_IP_TEXT];

		mp_jset_str(one, "host", s->q.mx);
		mp_jset_str(one, "address", mp_ip_text(&s->q.address, ip));
		mp_jset_int(one, "port", s->q.port);
		mp_jset_str(one, "at", mp_time_text(j->a, j->c->started_ms + (int64_t)s->at_ms, false));
		mp_jset_str(one, "result", smtp_no_way_name(s->no_way));
		mp_jset_str(one, "words", way_words(s));
		mp_jpush(list, one);
	}
	return list;
}

/* "mx1.example.net [192.0.2.1]: no answer within 15 s; ..." */
static const char *list_tried(struct mp_judge *j, const struct reach *r)
{
	struct mp_buf b = MP_BUF(4096);
	const char *text;

	for (size_t i = 0; i < r->n_tried; i++) {
		char ip[MP_IP_TEXT];

		mp_buf_addf(&b, "%s%s [%s]: %s", i ? "; " : "", r->tried[i]->q.mx,
			mp_ip_text(&r->tried[i]->q.address, ip), way_words(r->tried[i]));
	}
	text = mp_dupn(j->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

/* In what way all attempts ended alike, or SMTP_WAY_OTHER. */
static enum smtp_no_way all_alike(const struct reach *r)
{
	for (size_t i = 1; i < r->n_tried; i++)
		if (r->tried[i]->no_way != r->tried[0]->no_way)
			return SMTP_WAY_OTHER;
	return r->n_tried ? r->tried[0]->no_way : SMTP_WAY_OTHER;
}

/* What the comparison with the other port says, or "". */
static const char *control_words(struct mp_judge *j, const struct reach *r)
{
	if (!r->control)
		return "";
	if (r->control->no_way == SMTP_WAY_SILENT)
		return mp_printf(j->a, " Port %d of %s gives no answer either.", CONTROL_PORT, r->control->q.mx);
	return mp_printf(j->a, " Port %d of %s answers (%s): the host is there, and it is port %u that is filtered.",
		CONTROL_PORT, r->control->q.mx,
		r->control->outcome == SMTP_UNREACHABLE ? way_words(r->control) : "connected", r->port);
}

static struct mp_result *no_way_out(struct mp_judge *j, const struct reach *r, const char *from, const char *seen)
{
	enum smtp_no_way how = all_alike(r);
	enum mp_family f = j->c->sources[j->source].address.family;
	struct mp_result *out;

	if (how == SMTP_WAY_NO_NETWORK) {
		out = mp_report(j, from, MP_ERROR,
			"This host has no route for IPv%d from %s: nothing was sent, so nothing is blocked.", f, from);
		mp_fix(j, out,
			"Give this host a working IPv%d route, or keep the MTA from using IPv%d (Postfix: inet_protocols; Exim: "
			"disable_ipv6): until then each delivery by it fails.",
			f, f);
	} else if (how == SMTP_WAY_NO_SOURCE) {
		out = mp_report(
			j, from, MP_ERROR, "%s is no address of this host: no session can be sent from it.", from);
		mp_fix(j, out, "Give an address that this host has with --source.");
	} else if (r->n_dead >= 2) {
		out = mp_report(j, from, MP_FAIL,
			"%s reaches none of %zu receivers on port %u: the port seems blocked on the way out.", from,
			r->n_dead, r->port);
		mp_fix(j, out,
			how == SMTP_WAY_FORBIDDEN
				? "Look at the firewall of this host first (nft list ruleset): it, or a router on the way, forbids the "
				  "packets. Else ask the provider of %s to open outgoing TCP port %u, or send through its mail relay "
				  "(smarthost)."
				: "Ask the provider of %s to open outgoing TCP port %u, or send through its mail relay (smarthost). Check "
				  "the firewall of this host first.",
			seen, r->port);
	} else {
		out = mp_report(j, from, MP_ERROR,
			"%s did not answer %s; one silent receiver does not tell a blocked port from a dead host.",
			r->dead[0], from);
	}
	mp_detail(j, out, "%s.%s%s", list_tried(j, r), control_words(j, r),
		r->n_dead < 2 && how != SMTP_WAY_NO_NETWORK && how != SMTP_WAY_NO_SOURCE
			? " Give a second target, or --all-mx, to tell them apart."
			: "");
	mp_jset_str(out->values, "how", smtp_no_way_name(how));
	return out;
}

static enum mp_judged judge_egress(struct mp_judge *j)
{
	struct reach reach = {0};
	const char *sign = NULL;
	struct mp_result *r;
	struct mp_seen seen;
	json_t *dead;
	char text[MP_IP_TEXT];
	const char *from = mp_dup(j->a, mp_ip_text(&j->c->sources[j->source].address, text));

	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_target_outcome(j, t);

		if (!tr)
			return MP_PENDING;
		reach.port = tr->target->port;
		for (size_t i = 0; i < tr->n_sessions; i++)
			if (mp_ip_eq(&tr->sessions[i]->q.source, &j->c->sources[j->source].address))
				note_session(&reach, tr->sessions[i]);
	}
	if (reach.asked && !reach.alive) {
		struct reach first = reach;

		for (size_t t = 0; t < j->c->n_targets; t++) {
			const struct mp_target_result *tr = mp_target_outcome(j, t);

			for (size_t i = 0; i < tr->n_mx && i < MAX_MORE; i++)
				for (size_t k = 0; k < tr->mx[i].n_addresses; k++)
					try_more(j, &reach, tr->mx[i].host, &tr->mx[i].addresses[k]);
		}
		if (reach.n_dead < 2)
			try_own_mx(j, &reach);
		compare_ports(j, &first); /* beside those, not after them */
		reach.control = first.control;
		if (reach.pending || first.pending)
			return MP_PENDING;
	}
	if (!mp_seen_as(j, j->source, &seen))
		return MP_PENDING;
	dead = json_array();
	for (size_t i = 0; i < reach.n_dead; i++)
		mp_jpush(dead, mp_j(reach.dead[i]));
	if (reach.alive)
		sign = intercepted(j);
	if (!reach.asked) {
		r = mp_report(j, from, MP_SKIP, "No receiver has an address that %s could send to.", from);
	} else if (sign) {
		r = mp_report(j, from, MP_WARN,
			"Something on the way seems to answer on port %u in the place of the receivers: %s.",
			reach.port, sign);
		mp_detail(j, r,
			"Transparent proxies and middleboxes of access providers and firewalls do so. Receivers then see another "
			"client, and TLS ends on the way.");
		mp_fix(j, r,
			"Ask the provider of %s whether it redirects outgoing TCP port %u, and to leave this host out; look for such "
			"a rule in your own firewall (SMTP inspection, fixup) as well.",
			seen.text, reach.port);
	} else if (reach.alive) {
		r = mp_report(j, from, MP_PASS, "Outgoing connections to port %u work: %s answered.", reach.port,
			reach.alive->q.mx);
	} else {
		r = no_way_out(j, &reach, from, seen.text);
		mp_jset(r->values, "tried", tried_json(j, &reach));
		if (reach.control)
			mp_jset_str(r->values, "control",
				reach.control->outcome == SMTP_UNREACHABLE ? smtp_no_way_name(reach.control->no_way)
									   : "connected");
	}
	mp_jset_int(r->values, "port", reach.port);
	mp_jset(r->values, "silent", dead);
	mp_jset_str(r->values, "answered", reach.alive ? reach.alive->q.mx : NULL);
	return MP_SETTLED;
}

const struct mp_check mp_check_egress_port25 = {
	.id = "egress.port25",
	.title = "Outgoing port 25 is open",
	.ref = "RFC 5321 4.5.4.2",
	.per = MP_PER_SOURCE,
	.in = MP_IN_PROBE,
	.judge = judge_egress,
};

/* ---- smtp.greeting */

enum { SLOW_MS = 3000 };

static enum mp_judged judge_greeting(struct mp_judge *j)
{
	struct mp_server *list;
	size_t n;

	if (!mp_servers(j, &list, &n))
		return MP_PENDING;
	for (size_t i = 0; i < n; i++) {
		const struct smtp_session *s = list[i].base;
		struct mp_result *r;

		if (!s->banner || s->ms_banner < 0)
			continue; /* smtp.session says what came instead */
		if (s->ms_banner >= SLOW_MS) {
			r = mp_server_report(j, &list[i], MP_INFO,
				mp_printf(j->a, "The greeting took %.1f s: this receiver makes its clients wait.",
					s->ms_banner / 1000));
			mp_detail(j, r,
				"A sending MTA has to wait up to five minutes for it (RFC 5321 4.5.3.2.1). Software that gives up "
				"sooner, or speaks before the greeting, is what such pauses are for.");
		} else if (s->banner->code / 100 != 2) {
			r = mp_server_report(j, &list[i], MP_PASS,
				mp_printf(j->a,
					"Answered after %.0f ms, with a refusal (%d) in the place of a greeting.",
					s->ms_banner, s->banner->code));
		} else {
			r = mp_server_report(j, &list[i], MP_PASS,
				mp_printf(j->a, "Greeted after %.0f ms%s%s.", s->ms_banner,
					s->banner_host ? " as " : "", s->banner_host ? s->banner_host : ""));
		}
		mp_jset_int(r->values, "ms", (int64_t)s->ms_banner);
		mp_jset_str(r->values, "host", s->banner_host);
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_smtp_greeting = {
	.id = "smtp.greeting",
	.title = "The receiver greets without delay",
	.ref = "RFC 5321 4.5.3.2.1",
	.in = MP_IN_PROBE,
	.judge = judge_greeting,
};
