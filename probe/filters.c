/* probe/filters.c - see probe/filters.h */
#include <errno.h>

#include "base/text.h"
#include "probe/compose.h"
#include "probe/filters.h"
#include "probe/message.h"
#include "probe/names.h"
#include "probe/raw.h"

enum { PASSWORD_MAX = 1024, PTR_NAMES = 4 };

/* ---- what the user gave */

int mp_rspamd_parse(struct mp_arena *a, struct mp_str url, struct mp_fetch_question *out, struct mp_err *err)
{
	static const char method[] = "checkv2";
	struct mp_fetch_question q = {.use = "rspamd"};
	struct mp_ip ip;
	size_t n;

	if (!mp_fetch_parse_url(a, url, &q) || strchr(q.path, '?'))
		return mp_fail(err, MP_EINVAL,
			"'%s' should be the URL of an rspamd, such as http://127.0.0.1:11333/, without user or query",
			mp_shown(a, url));
	if (q.http && mp_ip_parse(mp_str(q.host), &ip) && mp_ip_kind(&ip) == MP_IP_GLOBAL)
		return mp_fail(err, MP_EINVAL, "'%s': over the Internet the message would go in the clear: use https",
			mp_shown(a, url));
	n = strlen(q.path);
	if (n < sizeof(method) || strcmp(q.path + n - sizeof(method) + 1, method) != 0)
		q.path = mp_printf(a, "%s%s%s", q.path, q.path[n - 1] == '/' ? "" : "/", method);
	*out = q;
	return MP_OK;
}

int mp_spamd_parse(struct mp_arena *a, struct mp_str s, struct mp_fetch_question *out, struct mp_err *err)
{
	struct mp_fetch_question q = {.use = "spamd", .http = true, .port = MP_SPAMD_PORT, .path = "/"};
	struct mp_ip ip;
	char text[MP_IP_TEXT], *host;

	if (mp_server_parse(a, s, &q.host, &ip, &q.port, err) != MP_OK)
		return MP_EINVAL;
	host = mp_dup(a, q.host ? q.host : mp_ip_text(&ip, text));
	for (char *p = host; *p; p++)
		*p = mp_tolower(*p);
	q.host = host;
	*out = q;
	return MP_OK;
}

int mp_filters_password(struct mp_arena *a, const struct mp_options *o, char **out, struct mp_err *err)
{
	const struct mp_value *v = mp_raw_value(o->raw, MP_OPT_RSPAMD_PASSWORD_FILE);
	char *line;
	FILE *f;
	bool ok;

	*out = NULL;
	if (!v || !mp_raw_value(o->raw, MP_OPT_RSPAMD))
		return MP_OK;
	f = fopen(v->text, "re");
	if (!f) {
		mp_fail(err, MP_EINVAL, "cannot read '%s': %s", mp_shown(a, mp_str(v->text)), strerror(errno));
		return mp_at(err, v->where);
	}
	/* Unbuffered: no copy stays behind in the library. */
	line = mp_alloc(a, PASSWORD_MAX);
	ok = setvbuf(f, NULL, _IONBF, 0) == 0 && fgets(line, PASSWORD_MAX, f);
	fclose(f);
	if (ok)
		line[strcspn(line, "\r\n")] = '\0';
	for (const char *p = line; ok && *p; p++)
		ok = (unsigned char)*p >= 0x20 && *p != 0x7f;
	if (ok && *line && strlen(line) < PASSWORD_MAX - 2) {
		*out = line;
		return MP_OK;
	}
	explicit_bzero(line, PASSWORD_MAX);
	mp_fail(err, MP_EINVAL, "'%s' should have the password as its first line", mp_shown(a, mp_str(v->text)));
	return mp_at(err, v->where);
}

/* ---- what a receiver would tell it */

struct client {
	struct mp_ip ip;                     /* MP_IPNONE: not known */
	const char *text, *name;             /* the reverse name; NULL: none that leads back */
	const char *helo, *mail_from, *rcpt; /* NULL: not known */
	const char *message;                 /* as the observer knows it */
	const char *by;                      /* the receiver; NULL: the message has its Received line */
};

/* The address that receivers see, as far as it is known before anything is sent. */
static struct mp_ip seen_ip(const struct mp_case *c)
{
	struct mp_ip ip = {.family = MP_IPNONE};

	if (c->n_sources)
		ip = c->sources[0].public_ip.family != MP_IPNONE ? c->sources[0].public_ip : c->sources[0].address;
	return ip;
}

static struct client client_of_received(struct mp_judge *j)
{
	const struct smtp_header *h = &j->c->mail->header;
	size_t to = smtp_field_find(h, "Delivered-To", 0);
	struct smtp_mailbox list[SMTP_MAILBOXES_MAX];
	struct mp_envelope e;

	mp_message_envelope(j, &e);
	return (struct client){.ip = e.ip,
		.helo = e.helo,
		.mail_from = e.assumed ? NULL : e.mail_from,
		.rcpt = to < h->n && smtp_mailboxes(j->a, h->field[to].value, list) ? list[0].address : NULL,
		.message = MP_RECEIVED};
}

static struct client client_of(struct mp_judge *j, size_t target)
{
	const struct mp_target *t;

	if (j->c->mail)
		return client_of_received(j);
	t = &j->c->targets[target];
	return (struct client){.ip = seen_ip(j->c),
		.helo = j->c->ehlo,
		.mail_from = j->c->mail_from,
		.rcpt = t->rcpt,
		.message = t->message->id,
		.by = t->domain};
}

/* As receivers do: the first of the PTR names that leads back. False: pending. */
static bool find_name(struct mp_judge *j, struct client *c)
{
	char reverse[MP_IP_REVERSE];
	const struct dns_answer *ptr = mp_dns(j, mp_ip_reverse(&c->ip, reverse), DNS_PTR);
	enum dns_type type = c->ip.family == MP_IPV6 ? DNS_AAAA : DNS_A;
	bool pending = !ptr;

	for (size_t i = 0; ptr && i < ptr->n_rr && i < PTR_NAMES && !c->name; i++) {
		const struct dns_answer *forward = mp_dns(j, ptr->rr[i].name, type);

		pending = pending || !forward;
		for (size_t k = 0; forward && k < forward->n_rr; k++)
			if (mp_ip_eq(&forward->rr[k].ip, &c->ip))
				c->name = ptr->rr[i].name;
	}
	return !pending;
}

static void add_line(const char **lines, size_t *n, const char *line)
{
	if (strlen(line) <= MP_FETCH_LINE_MAX)
		lines[(*n)++] = line;
}

static void tell_rspamd(struct mp_judge *j, const struct client *c, struct mp_fetch_question *q)
{
	const char **lines = mp_allocn(j->a, MP_FETCH_LINES_MAX, sizeof(*lines));

	if (c->text) {
		add_line(lines, &q->n_lines, mp_printf(j->a, "IP: %s", c->text));
		if (c->name)
			add_line(lines, &q->n_lines, mp_printf(j->a, "Hostname: %s", c->name));
	}
	if (c->helo)
		add_line(lines, &q->n_lines, mp_printf(j->a, "Helo: %s", c->helo));
	if (c->mail_from)
		add_line(lines, &q->n_lines, mp_printf(j->a, "From: <%s>", c->mail_from));
	if (c->rcpt)
		add_line(lines, &q->n_lines, mp_printf(j->a, "Rcpt: <%s>", c->rcpt));
	q->lines = lines;
}

/* Without an address there is nothing that a Received line could tell; and a received message has its own. */
static void tell_spamd(struct mp_judge *j, const struct client *c, struct mp_fetch_question *q)
{
	const char **lines = mp_allocn(j->a, MP_FETCH_LINES_MAX, sizeof(*lines));

	if (!c->text || !c->by)
		return;
	add_line(lines, &q->n_lines, mp_printf(j->a, "Return-Path: <%s>", c->mail_from));
	add_line(lines, &q->n_lines,
		mp_printf(j->a, "Received: from %s (%s [%s%s])", c->helo, c->name ? c->name : "unknown",
			c->ip.family == MP_IPV6 ? "IPv6:" : "", c->text));
	add_line(lines, &q->n_lines, mp_printf(j->a, " by %s with ESMTP id %s", c->by, j->c->run_id));
	add_line(
		lines, &q->n_lines, mp_printf(j->a, " for <%s>; %s", c->rcpt, mp_compose_date(j->a, j->c->started_ms)));
	q->lines = lines;
}

static const char *told(struct mp_judge *j, const struct client *c)
{
	const char *what = c->text ? mp_printf(j->a, ", a connection from %s (%s)", c->text,
					     c->name ? c->name : "no reverse name that leads back")
				   : "";
	char text[MP_IP_TEXT];

	if (c->helo)
		what = mp_printf(j->a, "%s, EHLO %s", what, c->helo);
	if (c->mail_from)
		what = mp_printf(j->a, "%s, from <%s>", what, c->mail_from);
	if (c->rcpt)
		what = mp_printf(j->a, "%s%s to <%s>", what, c->mail_from ? "" : ",", c->rcpt);
	what = *what ? what + 2 : "nobody who sent it";
	if (c->text)
		return what;
	if (!c->by)
		return mp_printf(j->a, "%s; no address, since its header names none: --ip says it", what);
	return mp_printf(j->a, "%s; no address, since receivers do not see %s: --public-ip says what they see", what,
		c->ip.family == MP_IPNONE ? "any" : mp_ip_text(&c->ip, text));
}

/* ---- asking */

bool mp_filter_wanted(const struct mp_case *c, enum mp_filter filter, size_t target)
{
	return (filter == MP_RSPAMD ? c->rspamd_url : c->spamd) &&
	       (c->mail || (target < c->n_targets && c->targets[target].message));
}

/* The filter's own addresses. False: pending. */
static bool find_addresses(struct mp_judge *j, struct mp_fetch_question *q, struct mp_filtered *out)
{
	static const struct mp_ip local[] = {
		{.family = MP_IPV4, .b = {127, 0, 0, 1}}, {.family = MP_IPV6, .b = {[15] = 1}}};
	struct mp_ip *list = mp_allocn(j->a, MP_FETCH_ADDRESSES_MAX, sizeof(*list));
	const struct dns_answer *found[2];

	q->addresses = list;
	if (mp_ip_parse(mp_str(q->host), &list[0])) {
		q->n_addresses = 1;
		return true;
	}
	if (mp_ieq(q->host, "localhost")) { /* RFC 6761 6.3: not asked of the DNS */
		q->addresses = local;
		q->n_addresses = ARRAY_LEN(local);
		return true;
	}
	found[0] = mp_dns(j, q->host, DNS_A);
	found[1] = mp_dns(j, q->host, DNS_AAAA);
	if (!found[0] || !found[1])
		return false;
	for (size_t i = 0; i < ARRAY_LEN(found); i++) {
		if (!dns_known(found[i]->outcome))
			out->trouble = mp_printf(
				j->a, "%s could not be looked up (%s)", q->host, dns_outcome_words(found[i]->outcome));
		for (size_t k = 0; k < found[i]->n_rr && q->n_addresses < MP_FETCH_ADDRESSES_MAX; k++)
			list[q->n_addresses++] = found[i]->rr[k].ip;
	}
	if (q->n_addresses)
		out->trouble = NULL;
	else if (!out->trouble)
		out->trouble = mp_printf(j->a, "the DNS has no address of %s", q->host);
	for (size_t i = 0; i < q->n_addresses && q->http && strcmp(q->use, "rspamd") == 0; i++)
		if (mp_ip_kind(&list[i]) == MP_IP_GLOBAL)
			out->trouble = mp_printf(j->a,
				"%s is not a private address: over the Internet the message would go in the clear; use https",
				q->host);
	return true;
}

static void read_answer(struct mp_judge *j, const struct mp_fetch_question *q, const struct mp_fetch_answer *ans,
	struct mp_filtered *out)
{
	struct mp_err err = {.msg = ""};

	if (ans->outcome != MP_FETCHED) {
		out->trouble = ans->reason ? ans->reason : mp_fetch_outcome_name(ans->outcome);
	} else if (ans->status == 401 || ans->status == 403) {
		out->trouble = mp_printf(j->a,
			"it wants a password, or another one (status %d): rspamd-password-file names the file that has it",
			ans->status);
	} else if (ans->status != 200) {
		out->trouble = mp_printf(j->a, "it answered with status %d", ans->status);
	} else if (mp_score_read(j->a, ans->body, &out->score, NULL) != MP_OK) {
		/* Of what is no judgement the beginning was kept. */
		if ((strcmp(q->use, "spamd") == 0 ? mp_score_of_spamd : mp_score_of_rspamd)(
			    j->a, ans->body, &out->score, &err) == MP_OK)
			mp_fail(&err, MP_EPARSE, "what it answered is no judgement of a message");
		out->trouble = mp_dup(j->a, err.msg);
	}
}

bool mp_filter_ask(struct mp_judge *j, enum mp_filter filter, size_t target, struct mp_filtered *out)
{
	struct client client = client_of(j, target);
	struct mp_fetch_question q = {0};
	const struct mp_fetch_answer *ans;
	char text[MP_IP_TEXT];
	bool ready = true;

	*out = (struct mp_filtered){0};
	if ((filter == MP_RSPAMD ? mp_rspamd_parse(j->a, mp_str(j->c->rspamd_url), &q, NULL)
				 : mp_spamd_parse(j->a, mp_str(j->c->spamd), &q, NULL)) != MP_OK) {
		out->trouble = "it is not said where it is";
		return true;
	}
	if (client.ip.family != MP_IPNONE && mp_ip_kind(&client.ip) == MP_IP_GLOBAL) {
		client.text = mp_dup(j->a, mp_ip_text(&client.ip, text));
		ready = find_name(j, &client);
	}
	if (!find_addresses(j, &q, out) || !ready)
		return false;
	out->told = told(j, &client);
	if (out->trouble)
		return true;
	if (filter == MP_RSPAMD)
		tell_rspamd(j, &client, &q);
	else
		tell_spamd(j, &client, &q);
	q.about = client.message;
	ans = mp_fetch_ask(j->ev, &q);
	if (!ans)
		return false;
	read_answer(j, &q, ans, out);
	return true;
}

bool mp_filters_asked(struct mp_judge *j, size_t target)
{
	static const enum mp_filter all[] = {MP_RSPAMD, MP_SPAMD};
	struct mp_filtered answer;
	bool asked = true;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (mp_filter_wanted(j->c, all[i], target) && !mp_filter_ask(j, all[i], target, &answer))
			asked = false;
	return asked;
}
