/* probe/target.c - see probe/target.h */
#include "base/text.h"
#include "probe/dane.h"
#include "probe/run.h"
#include "probe/target.h"
#include "probe/filters.h"
#include "smtp/retry.h"

/*
 * The order of work (RFC 5321 5.1):
 * 1. MX of the domain; none: the domain itself is its MX; "." alone: takes no mail (RFC 7505).
 * 2. Addresses of each host, in the families that the sources have.
 * 3. For each source: the addresses of its family in order of preference, until one answers; under TLS policy "may" a
 *    failed handshake is followed by a session without TLS to the same address, as MTAs do.
 * 4. With --retry: who put us off is asked again, once, after the time that it gave.
 * 5. A message that was sent is looked for in the user's mailbox, where one is named.
 * All look-ups of a step are asked at once, and a session starts as soon as the hosts before it are known.
 */

enum { MAX_MX = 64, MAX_ADDRESSES = 16, MAX_TRIES = 6 };

static const char *const verdict_names[] = {
	[MP_DELIVERABLE] = "deliverable",
	[MP_AT_RISK] = "at-risk",
	[MP_BLOCKED] = "blocked",
	[MP_UNKNOWN] = "unknown",
};

const char *mp_verdict_name(enum mp_verdict v)
{
	return verdict_names[v];
}

const char *mp_odd_mx_address(const struct mp_ip *ip)
{
	static const struct mp_ip nat64 = {MP_IPV6, {0x00, 0x64, 0xff, 0x9b}};

	switch (mp_ip_kind(ip)) {
	case MP_IP_PRIVATE:
		return "a private address";
	case MP_IP_LOOPBACK:
		return "a loopback address";
	case MP_IP_LINKLOCAL:
		return "a link-local address";
	case MP_IP_OTHER:
		return "an address that no host can have";
	case MP_IP_GLOBAL:
		break;
	}
	return mp_ip_in(ip, &nat64, 96) ? "an IPv4 address inside IPv6 (NAT64)" : NULL;
}

bool mp_has_family(const struct mp_case *c, enum mp_family f)
{
	for (size_t i = 0; i < c->n_sources; i++)
		if (c->sources[i].address.family == f)
			return true;
	/* Without sources ("mailprobe mx"), both families are of interest. */
	return c->n_sources == 0 && (c->family == MP_IPNONE || c->family == f);
}

static void add_mx(struct mp_judge *j, struct mp_mx *list, size_t *n, const char *host, uint16_t preference)
{
	struct mp_mx *mx;
	size_t at = *n;

	if (*n == MAX_MX)
		return;
	for (size_t i = 0; i < *n; i++)
		if (dns_name_eq(list[i].host, host))
			return;
	/* Stable: hosts of equal preference stay in the order of the answer, which name servers rotate. */
	while (at > 0 && list[at - 1].preference > preference)
		at--;
	memmove(&list[at + 1], &list[at], (*n - at) * sizeof(*list));
	(*n)++;
	mx = &list[at];
	memset(mx, 0, sizeof(*mx));
	mx->host = mp_dup(j->a, host);
	mx->preference = preference;
	mx->a = mx->aaaa = DNS_NODATA;
}

/* Step 1. False: pending. Leaves out->n_mx at 0 when the state says that there is nobody to ask. */
static bool find_mx(struct mp_judge *j, const struct mp_target *t, struct mp_target_result *out, struct mp_mx *list)
{
	const struct dns_answer *a;

	if (t->kind == MP_TARGET_SERVER) {
		char text[MP_IP_TEXT];

		out->mx_state = MP_MX_GIVEN;
		add_mx(j, list, &out->n_mx, t->host ? t->host : mp_ip_text(&t->address, text), 0);
		return true;
	}
	a = mp_dns(j, t->domain, DNS_MX);
	if (!a) {
		/* Ahead: the domain is its own MX surprisingly often, and the look-ups cost nothing beside the first. */
		if (mp_has_family(j->c, MP_IPV4))
			mp_dns(j, t->domain, DNS_A);
		return false;
	}
	out->mx_answer = a;
	if (a->outcome == DNS_NXDOMAIN) {
		out->mx_state = MP_MX_NXDOMAIN;
	} else if (a->outcome == DNS_NODATA) {
		out->mx_state = MP_MX_IMPLICIT;
		add_mx(j, list, &out->n_mx, t->domain, 0);
	} else if (a->outcome == DNS_BADNAME) {
		out->mx_state = MP_MX_NXDOMAIN;
	} else if (a->outcome != DNS_ANSWERED) {
		out->mx_state = MP_MX_UNKNOWN;
	} else {
		bool null_mx = false;

		for (size_t i = 0; i < a->n_rr; i++) {
			if (strcmp(a->rr[i].mx.exchange, ".") == 0)
				null_mx = true;
			else
				add_mx(j, list, &out->n_mx, a->rr[i].mx.exchange, a->rr[i].mx.preference);
		}
		/* RFC 7505 3: a null MX stands alone; beside others it is a mistake that MTAs pass over. */
		out->null_mx_among_others = null_mx && out->n_mx > 0;
		out->mx_state = out->n_mx ? MP_MX_FOUND : MP_MX_NULL;
	}
	return true;
}

/* Step 2 for one host and family; NULL: pending or not asked for. */
static const struct dns_answer *host_addresses(
	struct mp_judge *j, const struct mp_target *t, const struct mp_mx *mx, enum mp_family f)
{
	if (t->kind == MP_TARGET_SERVER && !t->host)
		return NULL;
	return mp_dns(j, mx->host, f == MP_IPV4 ? DNS_A : DNS_AAAA);
}

/* All hosts' addresses into the list. False: at least one is pending (the others are filled in). */
static bool find_addresses(struct mp_judge *j, const struct mp_target *t, struct mp_mx *list, size_t n)
{
	static const enum mp_family families[] = {MP_IPV6, MP_IPV4};
	bool all = true;

	for (size_t i = 0; i < n; i++) {
		struct mp_ip *ips = mp_allocn(j->a, MAX_ADDRESSES, sizeof(*ips));

		list[i].addresses = ips;
		if (t->kind == MP_TARGET_SERVER && !t->host) {
			ips[list[i].n_addresses++] = t->address;
			continue;
		}
		for (size_t k = 0; k < ARRAY_LEN(families); k++) {
			const struct dns_answer *a;

			if (!mp_has_family(j->c, families[k]))
				continue;
			a = host_addresses(j, t, &list[i], families[k]);
			if (!a) {
				all = false;
				continue;
			}
			*(families[k] == MP_IPV4 ? &list[i].a : &list[i].aaaa) = a->outcome;
			list[i].is_alias = list[i].is_alias || a->n_cname > 0;
			for (size_t r = 0; r < a->n_rr && list[i].n_addresses < MAX_ADDRESSES; r++)
				ips[list[i].n_addresses++] = a->rr[r].ip;
		}
	}
	return all;
}

/* What DANE asks of each host: looked up with the addresses, and no session waits for it. False: pending. */
static bool find_dane(struct mp_judge *j, const struct mp_target *t, struct mp_target_result *out)
{
	struct mp_dane *dane = mp_allocn(j->a, out->n_mx, sizeof(*dane));
	bool all = true;

	for (size_t i = 0; i < out->n_mx; i++)
		all = mp_dane_find(j, t, out->mx_answer, out->mx[i].host, &dane[i]) && all;
	out->dane = dane;
	return all;
}

struct sessions {
	const struct smtp_session **list;
	size_t n, cap;
};

static const struct smtp_session *ask_session(struct mp_judge *j, const struct mp_target *t, const char *host,
	const struct mp_ip *address, const struct mp_source *s, enum smtp_tls_policy tls, const char *message_id,
	const char *purpose)
{
	return smtp_ask(j->ev, &(struct smtp_question){
				       .mx = host,
				       .address = *address,
				       .port = t->port,
				       .source = s->address,
				       .ehlo = j->c->ehlo,
				       .mail_from = j->c->mail_from,
				       .rcpt = t->rcpt,
				       .tls = tls,
				       .message_id = message_id,
				       .purpose = purpose,
			       });
}

/*
 * The message for the next session, or NULL. One message is accepted for each target and run at most; of one that was
 * sent whole and not answered nobody knows, so it is not sent again either.
 */
static const char *message_for(const struct mp_judge *j, const struct mp_target *t, const struct sessions *before)
{
	if (!j->c->send || !t->message)
		return NULL;
	for (size_t i = 0; i < before->n; i++) {
		const struct smtp_session *s = before->list[i];

		if (s->message_id && s->outcome != SMTP_REJECTED && s->outcome != SMTP_DEFERRED)
			return NULL;
	}
	return t->message->id;
}

/* A session, and the one without TLS that an MTA would hold after a failed handshake. False: pending. */
static bool hold(struct mp_judge *j, const struct mp_target *t, const struct mp_mx *mx, const struct mp_ip *address,
	const struct mp_source *s, struct sessions *out, const struct smtp_session **last)
{
	const struct smtp_session *se =
		ask_session(j, t, mx->host, address, s, j->c->tls, message_for(j, t, out), "baseline");

	if (!se)
		return false;
	*MP_PUSH(j->a, out->list, out->n, out->cap) = se;
	*last = se;
	if (se->outcome == SMTP_TLS_FAILED && se->stage == SMTP_AT_TLS && j->c->tls == SMTP_TLS_MAY) {
		se = ask_session(j, t, mx->host, address, s, SMTP_TLS_OFF, message_for(j, t, out), "fallback:plain");
		if (!se)
			return false;
		*MP_PUSH(j->a, out->list, out->n, out->cap) = se;
		*last = se;
	}
	return true;
}

/* RFC 5321 5.1: the next address is for when this one does not answer; a refusal is an answer. */
static bool answered(const struct smtp_session *s)
{
	if (s->outcome == SMTP_UNREACHABLE)
		return false;
	return !((s->outcome == SMTP_ABORTED || s->outcome == SMTP_PROTOCOL_ERROR) && s->stage == SMTP_AT_BANNER);
}

static bool named_before(const struct mp_mx *list, size_t mx, size_t address)
{
	for (size_t i = 0; i <= mx; i++)
		for (size_t k = 0; k < (i < mx ? list[i].n_addresses : address); k++)
			if (mp_ip_eq(&list[i].addresses[k], &list[mx].addresses[address]))
				return true;
	return false;
}

/* Step 3 for one source. False: pending. *last is NULL when there is no address in its family. */
static bool from_source(struct mp_judge *j, const struct mp_target *t, const struct mp_mx *list, size_t n,
	const struct mp_source *s, struct sessions *out, const struct smtp_session **last)
{
	size_t tries = 0;
	bool all = true;

	*last = NULL;
	for (size_t i = 0; i < n; i++) {
		if ((t->kind == MP_TARGET_DOMAIN || t->host) && !host_addresses(j, t, &list[i], s->address.family)) {
			if (!j->c->all_mx || j->c->send)
				return false;
			all = false; /* the other hosts need not wait for this one's address */
			continue;
		}
		for (size_t k = 0; k < list[i].n_addresses; k++) {
			const struct smtp_session *se = NULL;

			if (list[i].addresses[k].family != s->address.family)
				continue;
			/* Several names of one server: it is asked once. */
			if (j->c->all_mx && named_before(list, i, k))
				continue;
			if (!hold(j, t, &list[i], &list[i].addresses[k], s, out, &se)) {
				/* Whether the next one may carry the message depends on this one. */
				if (!j->c->all_mx || j->c->send)
					return false;
				all = false;
				continue;
			}
			/* With --all-mx the first that answers decides, the others are for comparison. */
			if (!*last || !answered(*last))
				*last = se;
			if (!j->c->all_mx && (answered(se) || ++tries == MAX_TRIES))
				return true;
		}
	}
	return all;
}

static enum mp_verdict verdict_of(const struct smtp_session *s)
{
	switch (s->outcome) {
	case SMTP_ACCEPTED:
		return MP_DELIVERABLE;
	case SMTP_REJECTED:
		return MP_BLOCKED;
	case SMTP_DEFERRED:
		return MP_AT_RISK;
	case SMTP_TLS_FAILED:
		/* Only reached as the last word under --tls require: the policy is violated, mail would wait. */
		return s->q.tls == SMTP_TLS_REQUIRE ? MP_AT_RISK : MP_UNKNOWN;
	case SMTP_UNREACHABLE:
	case SMTP_PROTOCOL_ERROR:
	case SMTP_ABORTED:
		break;
	}
	return MP_UNKNOWN;
}

int mp_verdict_badness(enum mp_verdict v)
{
	static const int rank[] = {[MP_DELIVERABLE] = 0, [MP_UNKNOWN] = 1, [MP_AT_RISK] = 2, [MP_BLOCKED] = 3};

	return rank[v];
}

int mp_session_source(const struct mp_case *c, const struct smtp_session *s)
{
	for (size_t i = 0; i < c->n_sources; i++)
		if (mp_ip_eq(&c->sources[i].address, &s->q.source))
			return (int)i;
	return -1;
}

static int index_of(const struct sessions *list, const struct smtp_session *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->list[i] == s)
			return (int)i;
	return -1;
}

struct smtp_classified mp_session_cause(struct mp_judge *j, const struct smtp_session *s)
{
	struct smtp_cause_hint hint = {.stage = (int)s->stage, .mx = s->q.mx};
	struct smtp_classified none = {.cause = SMTP_CAUSE_UNKNOWN, .provider = "unknown"};
	struct mp_buf text = MP_BUF(65536);
	struct smtp_classified c;

	if (!s->reply || s->outcome == SMTP_ACCEPTED)
		return none;
	if (j->c->rules)
		hint.own = &j->c->rules->made;
	if (s->banner && s->banner->n_lines)
		hint.banner = s->banner->lines[0];
	for (size_t i = 0; i < s->reply->n_lines; i++)
		mp_buf_addf(&text, "%s%s", i ? "\n" : "", s->reply->lines[i]);
	c = smtp_classify(j->a, mp_buf_str(&text), &hint);
	mp_buf_release(&text);
	return c;
}

/* ---- step 4 */

/* How long to wait where a reply names no time: the usual setting of greylisting; of others the length of one trouble. */
enum { GREYLIST_S = 300, ANY_S = 60, MARGIN_S = 1, LEFT_OVER_S = 5 };

/* Put off: when to come back, and with --retry what was said then. `last` becomes that session. False: pending. */
static bool come_back(struct mp_judge *j, const struct smtp_session **last, struct sessions *out,
	struct mp_target_result *tr, struct mp_comeback *b)
{
	const struct smtp_session *was = *last, *se;
	struct smtp_question q = was->q;
	double ends_s = (was->at_ms + (was->ms_total > 0 ? was->ms_total : 0)) / 1000;

	*b = (struct mp_comeback){.session = index_of(out, was)};
	b->named = smtp_reply_retry_after(was->reply, &b->after_s);
	if (!b->named)
		b->after_s = mp_session_cause(j, was).cause == SMTP_GREYLISTED ? GREYLIST_S : ANY_S;
	tr->n_comebacks++;
	if (!j->c->retry)
		return true;
	if (ends_s + b->after_s + MARGIN_S + LEFT_OVER_S > j->c->timeout_ms / 1000.0) {
		b->too_late = true;
		return true;
	}
	q.purpose = "retry";
	q.message_id = message_for(j, tr->target, out);
	q.pause_ms = (b->after_s + MARGIN_S) * 1000;
	se = smtp_ask(j->ev, &q);
	if (!se)
		return false;
	b->held = true;
	*MP_PUSH(j->a, out->list, out->n, out->cap) = se;
	if (smtp_decided(se->outcome))
		*last = se;
	return true;
}

const struct mp_comeback *mp_comeback_of(const struct mp_target_result *tr, size_t session)
{
	for (size_t i = 0; i < tr->n_comebacks; i++)
		if (tr->comebacks[i].session == (int)session)
			return &tr->comebacks[i];
	return NULL;
}

const char *mp_comeback_time(
	struct mp_arena *a, const struct mp_case *c, const struct mp_target_result *tr, const struct mp_comeback *b)
{
	const struct smtp_session *s = tr->sessions[b->session];
	double ended_ms = s->at_ms + (s->ms_total > 0 ? s->ms_total : 0);

	return mp_time_text(a, c->started_ms + (int64_t)ended_ms + (int64_t)b->after_s * 1000, false);
}

const struct smtp_session *mp_second_try(const struct mp_target_result *tr, const struct mp_comeback *b)
{
	const struct smtp_session *was = tr->sessions[b->session];

	for (size_t i = 0; i < tr->n_sessions && b->held; i++)
		if (strcmp(tr->sessions[i]->q.purpose, "retry") == 0 &&
			mp_ip_eq(&tr->sessions[i]->q.source, &was->q.source) &&
			mp_ip_eq(&tr->sessions[i]->q.address, &was->q.address) &&
			strcmp(tr->sessions[i]->q.mx, was->q.mx) == 0)
			return tr->sessions[i];
	return NULL;
}

/* ---- all of it */

static bool any_unknown(const struct mp_mx *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!dns_known(list[i].a) || !dns_known(list[i].aaaa))
			return true;
	return false;
}

/* Was a message sent that may have arrived? */
static bool sent(const struct sessions *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->list[i]->message_id && list->list[i]->outcome != SMTP_REJECTED &&
			list->list[i]->outcome != SMTP_DEFERRED)
			return true;
	return false;
}

/* The question about the target's mailbox; false: pending. Without a mailbox q->host is NULL. */
static bool mailbox_question(struct mp_judge *j, const struct mp_target *t, struct mp_mailbox_question *q)
{
	const struct mp_mailbox *m = NULL;
	struct mp_ip *ips = mp_allocn(j->a, MP_MAILBOX_ADDRESSES_MAX, sizeof(*ips)), literal;
	static const enum dns_type types[] = {DNS_A, DNS_AAAA};

	*q = (struct mp_mailbox_question){.mailbox = t->mailbox};
	for (size_t i = 0; t->mailbox && i < j->c->n_mailboxes; i++)
		if (strcmp(j->c->mailboxes[i].name, t->mailbox) == 0)
			m = &j->c->mailboxes[i];
	if (!m || !t->message)
		return true;
	if (mp_ip_parse(mp_str(m->host), &literal)) {
		ips[q->n_addresses++] = literal;
	} else {
		const struct dns_answer *a[] = {mp_dns(j, m->host, types[0]), mp_dns(j, m->host, types[1])};

		if (!a[0] || !a[1])
			return false;
		for (size_t k = 0; k < ARRAY_LEN(a); k++)
			for (size_t i = 0; i < a[k]->n_rr && q->n_addresses < MP_MAILBOX_ADDRESSES_MAX; i++)
				ips[q->n_addresses++] = a[k]->rr[i].ip;
	}
	q->host = m->host;
	q->port = m->port;
	q->imaps = m->imaps;
	q->addresses = ips;
	q->inbox = m->inbox;
	q->junk = m->junk;
	q->message_id = t->message->id;
	q->wait_ms = j->c->timeout_ms / 2;
	return true;
}

/*
 * Before the message goes out: what the mailbox has with its Message-ID already. That of a file may have been sent before,
 * and be there still; those of our own begin with the run. False: pending.
 */
static bool look_before(struct mp_judge *j, const struct mp_target *t, const struct mp_mailbox_answer **out)
{
	struct mp_mailbox_question q;

	*out = NULL;
	if (!t->message || mp_str_istarts(mp_str(t->message->id), j->c->run_id))
		return true;
	if (!mailbox_question(j, t, &q))
		return false;
	if (!q.host)
		return true;
	q.before = true;
	*out = mp_mailbox_ask(j->ev, &q);
	return *out != NULL;
}

/* Step 4: where the message landed. False: pending. */
static bool find_message(struct mp_judge *j, const struct mp_target *t, struct mp_target_result *out)
{
	const struct mp_mailbox_answer *before;
	struct mp_mailbox_question q;

	if (!mailbox_question(j, t, &q) || !look_before(j, t, &before))
		return false;
	if (!q.host)
		return true;
	q.clean = j->c->clean;
	if (before) {
		q.inbox_uid = before->inbox_uid;
		q.junk_uid = before->junk_uid;
	}
	out->placement = mp_mailbox_ask(j->ev, &q);
	if (out->placement && mp_placement_kind(out->placement))
		out->basis = "placement";
	return out->placement != NULL;
}

enum mp_judged mp_judge_target(struct mp_judge *j, struct mp_target_result *out)
{
	const struct mp_target *t = &j->c->targets[j->target];
	struct mp_mx *list = mp_allocn(j->a, MAX_MX + 1, sizeof(*list));
	struct sessions sessions = {0};
	const struct mp_mailbox_answer *before;
	struct mp_comeback *comebacks = mp_allocn(j->a, j->c->n_sources, sizeof(*comebacks));
	bool pending = false, anyone = false;

	memset(out, 0, sizeof(*out));
	out->target = t;
	out->mx = list;
	out->decided_by = -1;
	out->basis = "dns";
	if (!find_mx(j, t, out, list))
		return MP_PENDING;
	if (!find_addresses(j, t, list, out->n_mx))
		pending = true;
	if ((mp_run_scope(j->c) & MP_IN_PROBE) && !find_dane(j, t, out))
		pending = true;
	for (size_t i = 0; i < out->n_mx; i++)
		anyone = anyone || list[i].n_addresses;
	if (!anyone && pending)
		return MP_PENDING;
	if (!anyone && out->n_mx) {
		if (any_unknown(list, out->n_mx))
			out->mx_state = MP_MX_UNKNOWN;
		else
			out->mx_state = out->mx_state == MP_MX_IMPLICIT ? MP_MX_NOTHING : MP_MX_NO_ADDRESS;
	}
	if (!anyone) {
		/* With one family asked, the other may have what this one lacks: then nothing says "takes no mail". */
		bool both = mp_has_family(j->c, MP_IPV4) && mp_has_family(j->c, MP_IPV6);

		if (!both && (out->mx_state == MP_MX_NOTHING || out->mx_state == MP_MX_NO_ADDRESS)) {
			enum dns_type other = mp_has_family(j->c, MP_IPV4) ? DNS_AAAA : DNS_A;

			for (size_t i = 0; i < out->n_mx; i++) {
				const struct dns_answer *a = mp_dns(j, list[i].host, other);

				if (!a)
					pending = true;
				else if (!dns_known(a->outcome) || a->n_rr)
					anyone = true;
			}
			if (pending)
				return MP_PENDING;
		}
		out->base = anyone || out->mx_state == MP_MX_UNKNOWN ? MP_UNKNOWN : MP_BLOCKED;
		if (anyone)
			out->mx_state = MP_MX_NO_ADDRESS;
		return MP_SETTLED;
	}
	if (!(mp_run_scope(j->c) & MP_IN_PROBE)) {
		out->base = MP_UNKNOWN; /* nobody was asked */
		return pending ? MP_PENDING : MP_SETTLED;
	}

	/* A filter of the user's says what it thinks before the message goes out. */
	if (j->c->send && !mp_filters_asked(j, j->target))
		return MP_PENDING;
	if (j->c->send && !look_before(j, t, &before))
		return MP_PENDING;
	out->base = MP_DELIVERABLE;
	for (size_t i = 0; i < j->c->n_sources; i++) {
		const struct smtp_session *last;
		enum mp_verdict v;

		if (!from_source(j, t, list, out->n_mx, &j->c->sources[i], &sessions, &last)) {
			pending = true;
			if (j->c->send)
				break;
			continue;
		}
		if (!last)
			continue; /* no address in its family */
		if (last->outcome == SMTP_DEFERRED &&
			!come_back(j, &last, &sessions, out, &comebacks[out->n_comebacks])) {
			pending = true;
			if (j->c->send)
				break;
			continue;
		}
		v = verdict_of(last);
		if (smtp_decided(last->outcome) && last->stage >= SMTP_AT_DATA)
			out->basis = "message";
		else if (smtp_decided(last->outcome) && strcmp(out->basis, "dns") == 0)
			out->basis = "rcpt";
		if (mp_verdict_badness(v) > mp_verdict_badness(out->base) || (out->decided_by < 0 && v == out->base)) {
			out->base = v;
			out->decided_by = smtp_decided(last->outcome) ? index_of(&sessions, last) : -1;
		}
	}
	if (pending)
		return MP_PENDING;
	if (!sessions.n)
		out->base = MP_UNKNOWN;
	out->comebacks = comebacks;
	out->sessions = sessions.list;
	out->n_sessions = sessions.n;
	if (sent(&sessions) && !find_message(j, t, out))
		return MP_PENDING;
	out->causes = mp_allocn(j->a, sessions.n, sizeof(*out->causes));
	for (size_t i = 0; i < sessions.n; i++)
		out->causes[i] = mp_session_cause(j, sessions.list[i]);
	return MP_SETTLED;
}
