/* tests/world/smtp_server.c - see tests/world/smtp_server.h */
#include <openssl/ssl.h>
#include <uv.h>

#include "base/buf.h"
#include "tests/world/conn.h"
#include "tests/world/smtp_server.h"

enum { MAX_SESSIONS = 512, MAX_LINE = 4096, IN_MAX = 1024 * 1024, QUEUE_MAX = 256 * 1024, MAX_MET = 1024 };

enum step_kind {
	STEP_SEND,
	STEP_EXPECT,
	STEP_SLEEP,
	STEP_TLS,
	STEP_CLOSE,
	STEP_RESET,
	STEP_HOLD,
	STEP_SERVE,
	STEP_RAW,
	STEP_BYTES,
	STEP_RENEGOTIATE
};

struct step {
	enum step_kind kind;
	struct mp_str text;
	unsigned number; /* milliseconds, or how often */
};

enum state {
	ST_GREETING, /* a pause runs */
	ST_COMMAND,
	ST_DATA,
	ST_BDAT,
	ST_NO_TLS, /* 220 to STARTTLS was a lie */
	ST_HANGUP, /* the next byte of the handshake ends it */
	ST_PLAY,
};

struct met {
	char *who;
	uint64_t at_ms;
};

struct world_smtp {
	struct uv_loop_s *loop;
	struct world_smtp_config cfg;
	struct mp_arena *a;
	uv_tcp_t *listener; /* NULL when closed */
	uint16_t port;
	SSL_CTX *ctx;
	size_t n_steps, cap_steps;
	struct step *steps;
	struct session *sessions;
	struct world_smtp_counts counts;
	struct mp_buf message; /* the last one */
	char *taken[WORLD_TAKEN_MAX];
	size_t n_met;
	struct met *met;
};

struct session {
	struct world_smtp *s;
	struct world_conn *c;
	struct session *next;
	struct mp_arena *a;
	struct mp_buf in;
	enum state state;
	bool waiting; /* for a timer, the handshake, or the peer to read */
	bool over;
	bool early;
	size_t step;
	unsigned repeated;
	struct mp_ip client;
	char client_text[MP_IP_TEXT];
	const char *ptr, *verified; /* names, or "unknown" */
	const char *helo, *mail, *rcpt;
	size_t n_rcpt;
	uint64_t chunk;            /* bytes of a BDAT chunk still to come */
	bool last_chunk, chunking; /* chunking: not the first one of its message */
};

/* ---- looking up, as a receiver does */

enum sure { NO, YES, UNSURE };

static const struct dns_answer *look_up(struct session *se, const char *name, enum dns_type type)
{
	struct dns_question q = {.name = name, .type = (uint16_t)type};

	return world_zone_answer_to(se->s->cfg.zone, WORLD_RECEIVER, &q, se->a);
}

static const struct dns_answer *look_up_ptr(struct session *se)
{
	char name[MP_IP_REVERSE];

	return look_up(se, mp_ip_reverse(&se->client, name), DNS_PTR);
}

static enum sure has_ptr(struct session *se)
{
	const struct dns_answer *a = look_up_ptr(se);

	if (!dns_known(a->outcome))
		return UNSURE;
	return a->n_rr ? YES : NO;
}

/* Does the name have the client's address? */
static enum sure leads_back(struct session *se, const char *name)
{
	const struct dns_answer *a = look_up(se, name, se->client.family == MP_IPV4 ? DNS_A : DNS_AAAA);

	for (size_t i = 0; i < a->n_rr; i++) {
		if (mp_ip_eq(&a->rr[i].ip, &se->client))
			return YES;
	}
	return dns_known(a->outcome) ? NO : UNSURE;
}

static enum sure fcrdns(struct session *se, const char **name)
{
	const struct dns_answer *a = look_up_ptr(se);
	enum sure out = dns_known(a->outcome) ? NO : UNSURE;

	for (size_t i = 0; i < a->n_rr; i++) {
		enum sure one = leads_back(se, a->rr[i].name);

		if (one == YES) {
			*name = a->rr[i].name;
			return YES;
		}
		if (one == UNSURE)
			out = UNSURE;
	}
	return out;
}

static enum sure has_address(struct session *se, const char *name)
{
	static const enum dns_type any[] = {DNS_A, DNS_AAAA, DNS_MX};
	enum sure out = NO;

	for (size_t i = 0; i < ARRAY_LEN(any); i++) {
		const struct dns_answer *a = look_up(se, name, any[i]);

		if (a->n_rr)
			return YES;
		if (!dns_known(a->outcome) && a->outcome != DNS_BADNAME)
			out = UNSURE;
	}
	return out;
}

/* The name spells the address: each of its four numbers stands in it, in any order. */
static bool spells_address(const char *name, const struct mp_ip *ip)
{
	unsigned found = 0;

	if (ip->family != MP_IPV4)
		return false;
	for (const char *p = name; *p;) {
		unsigned v = 0;
		size_t n = 0;

		while (mp_isdigit(p[n]) && n < 4)
			v = v * 10 + (unsigned)(p[n++] - '0');
		for (unsigned i = 0; n && i < 4; i++) {
			if (v == ip->b[i] && !(found & 1U << i)) {
				found |= 1U << i;
				break;
			}
		}
		p += n ? n : 1;
	}
	return found == 15;
}

static const char *domain_of(const char *address)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	return at ? at + 1 : "";
}

/* "ip4:203.0.113.0/24": is the client in it? */
static bool in_network(const struct session *se, struct mp_str term)
{
	struct mp_str address;
	struct mp_ip net;
	uint64_t prefix;

	if (!mp_str_istarts(term, "ip4:") && !mp_str_istarts(term, "ip6:"))
		return false;
	term = mp_strn(term.p + 4, term.n - 4);
	mp_str_split(&term, '/', &address);
	if (!mp_ip_parse(address, &net))
		return false;
	prefix = net.family == MP_IPV4 ? 32 : 128;
	return (!term.p || mp_str_u64(term, prefix, &prefix)) && mp_ip_in(&se->client, &net, (unsigned)prefix);
}

/* As much of SPF as the scenarios need, and none of it from what they are to test: YES passes, NO fails. */
static enum sure spf_passes(struct session *se, const char *domain)
{
	const struct dns_answer *a = look_up(se, domain, DNS_TXT);
	struct mp_str rest = {0}, term;
	size_t n = 0;

	for (size_t i = 0; i < a->n_rr; i++) {
		struct mp_str txt = mp_strn((const char *)a->rr[i].txt.p, a->rr[i].txt.n);

		if (mp_str_istarts(txt, "v=spf1 ") && ++n)
			rest = txt;
	}
	while (n == 1 && mp_str_split(&rest, ' ', &term)) {
		if (in_network(se, term))
			return YES;
		if (mp_str_ieq(term, MP_LIT("-all")))
			return NO;
	}
	return UNSURE;
}

static enum sure has_dmarc(struct session *se, const char *domain)
{
	const struct dns_answer *a = look_up(se, mp_printf(se->a, "_dmarc.%s", domain), DNS_TXT);

	return a->n_rr ? YES : NO;
}

static bool is_local(const struct session *se)
{
	const char *const *d = se->s->cfg.domains;

	if (!d)
		return true;
	for (; *d; d++) {
		if (mp_ieq(*d, domain_of(se->rcpt)))
			return true;
	}
	return false;
}

static bool has_user(const struct session *se, const char *users)
{
	struct mp_str rest = mp_str(users), user;
	const char *at = strrchr(se->rcpt, '@');
	struct mp_str local = mp_strn(se->rcpt, at ? (size_t)(at - se->rcpt) : strlen(se->rcpt));

	while (mp_str_split(&rest, ' ', &user)) {
		if (mp_str_ieq(user, local))
			return true;
	}
	return false;
}

static bool first_time(struct session *se, unsigned seconds)
{
	struct world_smtp *s = se->s;
	const char *who = mp_printf(se->a, "%s %s %s", se->client_text, se->mail, se->rcpt);
	uint64_t now = uv_now(s->loop);

	for (size_t i = 0; i < s->n_met; i++) {
		if (strcmp(s->met[i].who, who) == 0)
			return now - s->met[i].at_ms < seconds * 1000ULL;
	}
	if (s->n_met < MAX_MET) {
		s->met = mp_xrealloc(s->met, (s->n_met + 1) * sizeof(*s->met));
		s->met[s->n_met++] = (struct met){mp_xstrdup(who), now};
	}
	return true;
}

/* "10.113.0.203.zone": the name that a DNS list is asked for. */
static enum sure listed(struct session *se, const char *zone)
{
	char reverse[MP_IP_REVERSE];
	const char *arpa;
	const struct dns_answer *a;

	mp_ip_reverse(&se->client, reverse);
	arpa = strstr(reverse, se->client.family == MP_IPV4 ? ".in-addr.arpa" : ".ip6.arpa");
	a = look_up(se, mp_printf(se->a, "%.*s.%s", (int)(arpa - reverse), reverse, zone), DNS_A);
	return a->n_rr ? YES : NO;
}

/* Is it so, what the rule strikes at? */
static enum sure strikes(struct session *se, const struct world_rule *r)
{
	const char *name;

	switch (r->test) {
	case WORLD_NO_RULE:
		return NO;
	case WORLD_ALWAYS:
		return YES;
	case WORLD_NO_PTR: {
		enum sure have = has_ptr(se);

		return have == UNSURE ? UNSURE : have == YES ? NO : YES;
	}
	case WORLD_NO_FCRDNS: {
		enum sure have = fcrdns(se, &name);

		return have == UNSURE ? UNSURE : have == YES ? NO : YES;
	}
	case WORLD_PTR_GENERIC:
		return spells_address(se->ptr, &se->client) ? YES : NO;
	case WORLD_HELO_NOT_FQDN:
		return se->helo && se->helo[0] != '[' && !strchr(se->helo, '.') ? YES : NO;
	case WORLD_HELO_NOT_FOUND: {
		enum sure have = se->helo && se->helo[0] != '[' ? has_address(se, se->helo) : YES;

		return have == UNSURE ? UNSURE : have == YES ? NO : YES;
	}
	case WORLD_HELO_NOT_CLIENT: {
		enum sure have = se->helo ? leads_back(se, se->helo) : YES;

		return have == UNSURE ? UNSURE : have == YES ? NO : YES;
	}
	case WORLD_SENDER_NOT_FOUND: {
		enum sure have = se->mail && *se->mail ? has_address(se, domain_of(se->mail)) : YES;

		return have == UNSURE ? UNSURE : have == YES ? NO : YES;
	}
	case WORLD_SPF_FAIL:
		return se->mail && *se->mail && spf_passes(se, domain_of(se->mail)) == NO ? YES : NO;
	case WORLD_SPF_NO_PASS:
		return se->mail && *se->mail && spf_passes(se, domain_of(se->mail)) != YES ? YES : NO;
	case WORLD_NO_DMARC:
		return se->mail && *se->mail && has_dmarc(se, domain_of(se->mail)) == NO ? YES : NO;
	case WORLD_LISTED:
		return listed(se, r->with);
	case WORLD_PLAINTEXT:
		return world_conn_tls(se->c) ? NO : YES;
	case WORLD_NOT_LOCAL:
		return se->rcpt && !is_local(se) ? YES : NO;
	case WORLD_NO_USER:
		return se->rcpt && !has_user(se, r->with) ? YES : NO;
	case WORLD_FIRST_TIME:
		return se->rcpt && first_time(se, r->number) ? YES : NO;
	}
	return NO;
}

/* ---- saying */

/* Fill in the %-insertions. */
static void expand(const struct session *se, struct mp_str fmt, struct mp_buf *out)
{
	char reverse[MP_IP_REVERSE];

	for (size_t i = 0; i < fmt.n; i++) {
		if (fmt.p[i] != '%' || i + 1 == fmt.n) {
			mp_buf_addc(out, fmt.p[i]);
			continue;
		}
		switch (fmt.p[++i]) {
		case 'i':
			mp_buf_adds(out, se->client_text);
			break;
		case 'I':
			mp_buf_adds(out, mp_ip_reverse(&se->client, reverse));
			break;
		case 'n':
			mp_buf_adds(out, se->verified);
			break;
		case 'p':
			mp_buf_adds(out, se->ptr);
			break;
		case 'e':
			mp_buf_adds(out, se->helo ? se->helo : "");
			break;
		case 'f':
			mp_buf_adds(out, se->mail ? se->mail : "");
			break;
		case 'r':
			mp_buf_adds(out, se->rcpt ? se->rcpt : "");
			break;
		case 'd':
			mp_buf_adds(out, domain_of(se->rcpt));
			break;
		case 'h':
			mp_buf_adds(out, se->s->cfg.host);
			break;
		default:
			mp_buf_addc(out, fmt.p[i]);
			break;
		}
	}
}

/* A reply: each line of `text` begins with the code. `more`: further lines of the same reply come later. */
static void reply_part(struct session *se, const char *text, bool more)
{
	struct mp_buf full = MP_BUF(65536), wire = MP_BUF(65536);
	struct mp_str rest, line;

	expand(se, mp_str(text), &full);
	rest = mp_buf_str(&full);
	while (mp_str_split(&rest, '\n', &line)) {
		bool last = rest.n == 0 && !more;

		mp_buf_add(&wire, line.p, line.n < 3 ? line.n : 3);
		mp_buf_addc(&wire, last ? ' ' : '-');
		if (line.n > 4)
			mp_buf_add(&wire, line.p + 4, line.n - 4);
		mp_buf_adds(&wire, "\r\n");
	}
	world_conn_say(se->c, wire.p, wire.n);
	mp_buf_release(&wire);
	mp_buf_release(&full);
}

static void reply(struct session *se, const char *text)
{
	reply_part(se, text, false);
}

/* The conversation is over, though the connection may take a while to close. */
static void count_out(struct session *se)
{
	if (!se->over) {
		se->s->counts.open--;
		se->s->counts.turns = world_conn_turns(se->c);
	}
	se->over = true;
}

static void over(struct session *se)
{
	count_out(se);
	world_conn_end(se->c);
}

/* Hold the client to the rules of a stage. True when one has struck, and was said. */
static bool judged(struct session *se, enum smtp_stage at)
{
	const struct world_policy *p = se->s->cfg.policy;

	for (size_t i = 0; i < ARRAY_LEN(p->rules) && p->rules[i].test != WORLD_NO_RULE; i++) {
		const struct world_rule *r = &p->rules[i];
		enum sure is = r->at == at ? strikes(se, r) : NO;

		if (is == NO || (is == UNSURE && !r->unsure))
			continue;
		reply(se, is == YES ? r->reply : r->unsure);
		if (r->close)
			over(se);
		return true;
	}
	return false;
}

/* ---- the greeting */

static const char *first_line(struct mp_arena *a, const char *s, const char **rest)
{
	const char *nl = strchr(s, '\n');

	*rest = nl ? nl + 1 : NULL;
	return nl ? mp_dupn(a, s, (size_t)(nl - s)) : s;
}

static void greet(struct session *se)
{
	const char *rest = se->s->cfg.policy->greeting, *line;

	if (se->s->cfg.policy->pause_ms && strchr(rest, '\n'))
		first_line(se->a, rest, &rest); /* said before the pause */
	se->state = ST_COMMAND;
	if (judged(se, SMTP_AT_BANNER))
		return;
	while (rest) {
		line = first_line(se->a, rest, &rest);
		reply_part(se, mp_printf(se->a, "220 %s", line), rest != NULL);
	}
}

static void arrive(struct session *se)
{
	const struct world_policy *p = se->s->cfg.policy;
	const char *rest;

	se->state = ST_GREETING;
	if (!p->pause_ms) {
		greet(se);
		return;
	}
	if (strchr(p->greeting, '\n'))
		reply_part(se, mp_printf(se->a, "220 %s", first_line(se->a, p->greeting, &rest)), true);
	se->waiting = true;
	world_conn_wait(se->c, p->pause_ms);
}

/* ---- commands */

static void forget_mail(struct session *se)
{
	se->mail = se->rcpt = NULL;
	se->n_rcpt = 0;
}

static void cmd_helo(struct session *se, struct mp_str arg, bool ehlo)
{
	const struct world_policy *p = se->s->cfg.policy;
	struct mp_str rest = mp_str(p->keywords ? p->keywords : ""), word;
	bool tls = p->tls != WORLD_TLS_NONE && !world_conn_tls(se->c);

	if (ehlo && p->ehlo_refused) {
		reply(se, "502 5.5.2 Error: command not recognized");
		return;
	}
	if (arg.n == 0) {
		reply(se, ehlo ? "501 Syntax: EHLO hostname" : "501 Syntax: HELO hostname");
		return;
	}
	se->helo = mp_dupstr(se->a, arg);
	forget_mail(se);
	if (judged(se, SMTP_AT_EHLO))
		return;
	if (!ehlo) {
		reply(se, "250 %h");
		return;
	}
	reply_part(se, mp_printf(se->a, "250 %s", p->ehlo), tls || rest.n);
	while (rest.n && mp_str_split(&rest, '\n', &word))
		reply_part(se, mp_printf(se->a, "250 %.*s", (int)word.n, word.p), tls || rest.n);
	if (tls)
		reply(se, "250 STARTTLS");
}

static void cmd_starttls(struct session *se)
{
	enum world_tls tls = se->s->cfg.policy->tls;

	if (tls == WORLD_TLS_NONE || world_conn_tls(se->c)) {
		reply(se, "502 5.5.1 Error: command not implemented");
		return;
	}
	if (judged(se, SMTP_AT_STARTTLS))
		return;
	reply(se, "220 2.0.0 Ready to start TLS");
	mp_buf_reset(&se->in); /* RFC 3207 4.2: nothing of before is known after */
	se->helo = NULL;
	forget_mail(se);
	if (tls == WORLD_TLS_HANGUP) {
		se->state = ST_HANGUP;
	} else if (tls == WORLD_TLS_NO_TLS) {
		se->state = ST_NO_TLS;
	} else {
		se->waiting = true;
		world_conn_start_tls(se->c, se->s->ctx);
	}
}

/* "FROM:<a@b> PARAM" and "TO:<a@b>": the address, or NULL. */
static const char *path_arg(struct session *se, struct mp_str arg, const char *word)
{
	const char *end;

	if (!mp_str_istarts(arg, word))
		return NULL;
	arg = mp_str_trim(mp_strn(arg.p + strlen(word), arg.n - strlen(word)));
	if (arg.n < 2 || arg.p[0] != '<')
		return NULL;
	end = memchr(arg.p, '>', arg.n);
	return end ? mp_dupn(se->a, arg.p + 1, (size_t)(end - arg.p - 1)) : NULL;
}

static void cmd_mail(struct session *se, struct mp_str arg)
{
	const char *path = path_arg(se, arg, "FROM:");

	if (!se->helo) {
		reply(se, "503 5.5.1 Error: send HELO/EHLO first");
	} else if (se->mail) {
		reply(se, "503 5.5.1 Error: nested MAIL command");
	} else if (!path) {
		reply(se, "501 5.5.4 Syntax: MAIL FROM:<address>");
	} else {
		se->s->counts.mails++;
		se->mail = path;
		if (judged(se, SMTP_AT_MAIL))
			forget_mail(se);
		else
			reply(se, "250 2.1.0 Ok");
	}
}

static void cmd_rcpt(struct session *se, struct mp_str arg)
{
	const char *path = path_arg(se, arg, "TO:");

	if (!se->mail) {
		reply(se, "503 5.5.1 Error: need MAIL command");
	} else if (!path || !*path) {
		reply(se, "501 5.5.4 Syntax: RCPT TO:<address>");
	} else {
		se->rcpt = path;
		if (judged(se, SMTP_AT_RCPT))
			return;
		se->n_rcpt++;
		reply(se, "250 2.1.5 Ok");
	}
}

/* RFC 3030 2: the chunk follows whatever is said of it. */
static void cmd_bdat(struct session *se, struct mp_str arg)
{
	struct mp_str size;

	if (!mp_str_split(&arg, ' ', &size) || !mp_str_u64(size, INT32_MAX, &se->chunk)) {
		reply(se, "501 5.5.4 Syntax: BDAT count [LAST]");
		over(se);
		return;
	}
	se->last_chunk = mp_str_ieq(mp_str_trim(arg), MP_LIT("LAST"));
	if (!se->chunking)
		mp_buf_reset(&se->s->message);
	se->chunking = true;
	se->state = ST_BDAT;
}

static void command(struct session *se, struct mp_str line)
{
	struct mp_str arg = line, verb;

	if (!mp_str_split(&arg, ' ', &verb))
		verb = line;
	arg = mp_str_trim(arg);
	if (mp_str_ieq(verb, MP_LIT("EHLO"))) {
		cmd_helo(se, arg, true);
	} else if (mp_str_ieq(verb, MP_LIT("HELO"))) {
		cmd_helo(se, arg, false);
	} else if (mp_str_ieq(verb, MP_LIT("STARTTLS"))) {
		cmd_starttls(se);
	} else if (mp_str_ieq(verb, MP_LIT("MAIL"))) {
		cmd_mail(se, arg);
	} else if (mp_str_ieq(verb, MP_LIT("RCPT"))) {
		cmd_rcpt(se, arg);
	} else if (mp_str_ieq(verb, MP_LIT("DATA"))) {
		if (!se->n_rcpt) {
			reply(se, "554 5.5.1 Error: no valid recipients");
		} else {
			reply(se, "354 End data with <CR><LF>.<CR><LF>");
			mp_buf_reset(&se->s->message);
			se->state = ST_DATA;
		}
	} else if (mp_str_ieq(verb, MP_LIT("BDAT"))) {
		cmd_bdat(se, arg);
	} else if (mp_str_ieq(verb, MP_LIT("RSET"))) {
		forget_mail(se);
		reply(se, "250 2.0.0 Ok");
	} else if (mp_str_ieq(verb, MP_LIT("NOOP"))) {
		reply(se, "250 2.0.0 Ok");
	} else if (mp_str_ieq(verb, MP_LIT("QUIT"))) {
		se->s->counts.quits++;
		reply(se, "221 2.0.0 Bye");
		over(se);
	} else {
		reply(se, "502 5.5.2 Error: command not recognized");
	}
}

static void message_whole(struct session *se)
{
	se->state = ST_COMMAND;
	se->chunking = false;
	if (!judged(se, SMTP_AT_MESSAGE)) {
		if (se->s->counts.messages < WORLD_TAKEN_MAX)
			se->s->taken[se->s->counts.messages] = mp_xstrdup(mp_buf_cstr(&se->s->message));
		se->s->counts.messages++;
		reply(se, mp_printf(se->a, "250 2.0.0 Ok: queued as %08zX", se->s->counts.messages));
	}
	forget_mail(se);
}

static void data_line(struct session *se, struct mp_str line)
{
	if (mp_str_eq(line, MP_LIT("."))) {
		message_whole(se);
		return;
	}
	if (line.n && line.p[0] == '.')
		line = mp_strn(line.p + 1, line.n - 1);
	mp_buf_addstr(&se->s->message, line);
	mp_buf_adds(&se->s->message, "\r\n");
}

/* True when the chunk is whole. */
static bool chunk(struct session *se)
{
	size_t n = se->in.n < se->chunk ? se->in.n : (size_t)se->chunk;

	mp_buf_add(&se->s->message, se->in.p, n);
	mp_buf_consume(&se->in, n);
	se->chunk -= n;
	if (se->chunk)
		return false;
	if (se->n_rcpt && se->last_chunk) {
		message_whole(se);
		return true;
	}
	se->state = ST_COMMAND;
	reply(se, se->n_rcpt ? "250 2.0.0 Ok" : "554 5.5.1 Error: no valid recipients");
	return true;
}

/* Take a line, CRLF or LF ended, from what came in. The view is good until it is consumed. */
static bool next_line(struct session *se, struct mp_str *line, size_t *taken)
{
	const char *nl = se->in.n ? memchr(se->in.p, '\n', se->in.n) : NULL;

	if (!nl)
		return false;
	*taken = (size_t)(nl - se->in.p) + 1;
	*line = mp_strn(se->in.p, *taken - 1);
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* ---- plays */

/* True: the step is done. False: something is waited for. */
static bool play_step(struct session *se, const struct step *st)
{
	struct mp_buf text;
	struct mp_str line;
	size_t taken;
	bool fits;

	switch (st->kind) {
	case STEP_SEND:
		text = MP_BUF(IN_MAX);
		expand(se, st->text, &text);
		while (se->repeated < st->number && world_conn_queued(se->c) < QUEUE_MAX) {
			for (size_t n = 0; se->repeated < st->number && n < QUEUE_MAX; n += text.n + 1, se->repeated++)
				world_conn_say(se->c, text.p, text.n);
			world_conn_flush(se->c);
		}
		mp_buf_release(&text);
		if (se->repeated < st->number)
			return false; /* on_drained goes on */
		se->repeated = 0;
		return true;
	case STEP_EXPECT:
		if (!next_line(se, &line, &taken))
			return false;
		fits = line.n >= st->text.n && mp_str_ieq(mp_strn(line.p, st->text.n), st->text);
		mp_buf_consume(&se->in, taken);
		if (!fits)
			over(se);
		return fits;
	case STEP_SLEEP:
		world_conn_flush(se->c);
		se->waiting = true;
		world_conn_wait(se->c, st->number);
		return true;
	case STEP_TLS:
		mp_buf_reset(&se->in);
		se->waiting = true;
		world_conn_start_tls(se->c, se->s->ctx);
		return true;
	case STEP_CLOSE:
		over(se);
		return false;
	case STEP_RESET:
		count_out(se);
		world_conn_reset(se->c);
		return false;
	case STEP_HOLD:
		return false;
	case STEP_SERVE:
		se->state = ST_COMMAND;
		return true;
	case STEP_RAW:
		world_conn_say_raw(se->c, st->text.p, st->text.n);
		return true;
	case STEP_BYTES:
		world_conn_flush(se->c);
		if (se->in.n == 0)
			return false;
		mp_buf_reset(&se->in);
		return true;
	case STEP_RENEGOTIATE:
		world_conn_flush(se->c);
		world_conn_renegotiate(se->c);
		return true;
	}
	return false;
}

static void play(struct session *se)
{
	while (se->state == ST_PLAY && !se->waiting && !se->over) {
		if (se->step == se->s->n_steps) {
			over(se);
			return;
		}
		if (!play_step(se, &se->s->steps[se->step]))
			return;
		se->step++;
	}
}

/* ---- events */

/* Do what can be done with what is there. */
static void go_on(struct session *se)
{
	struct mp_str line;
	size_t taken;

	play(se);
	while (se->state >= ST_COMMAND && se->state <= ST_BDAT && !se->waiting && !se->over) {
		if (se->state == ST_BDAT) {
			if (!chunk(se))
				break;
			continue;
		}
		if (!next_line(se, &line, &taken)) {
			if (se->in.n > MAX_LINE) {
				reply(se, "500 5.5.2 Error: line too long");
				over(se);
			}
			break;
		}
		line = mp_str(mp_dupstr(se->a, line));
		mp_buf_consume(&se->in, taken);
		if (se->state == ST_DATA)
			data_line(se, line);
		else
			command(se, line);
	}
	if (!se->over)
		world_conn_flush(se->c);
}

static void on_bytes(void *user, struct mp_str bytes)
{
	struct session *se = user;

	if (se->over)
		return;
	if (se->state == ST_GREETING && !se->early) {
		se->early = true;
		se->s->counts.early++;
	}
	if (se->state == ST_HANGUP) {
		over(se);
	} else if (se->state == ST_NO_TLS) {
		reply(se, "500 5.5.2 Error: bad syntax");
		over(se);
	} else if (!mp_buf_addstr(&se->in, bytes)) {
		over(se);
	} else {
		go_on(se);
	}
}

static void on_tls(void *user)
{
	struct session *se = user;

	se->waiting = false;
	go_on(se);
}

static void on_timer(void *user)
{
	struct session *se = user;

	se->waiting = false;
	if (se->state == ST_GREETING)
		greet(se);
	go_on(se);
}

static void on_drained(void *user)
{
	struct session *se = user;

	if (!se->over)
		go_on(se);
}

static void session_free(struct session *se)
{
	mp_buf_release(&se->in);
	mp_arena_free(se->a);
	free(se);
}

static void on_gone(void *user)
{
	struct session *se = user;
	struct session **at = &se->s->sessions;

	while (*at != se)
		at = &(*at)->next;
	*at = se->next;
	count_out(se);
	session_free(se);
}

static const struct world_conn_ops ops = {
	.on_bytes = on_bytes,
	.on_tls = on_tls,
	.on_timer = on_timer,
	.on_drained = on_drained,
	.on_gone = on_gone,
};

/* Who is it? Through the world's NAT, then what the DNS says of that address. */
static void identify(struct session *se)
{
	const struct world_smtp_config *cfg = &se->s->cfg;
	const struct dns_answer *a;

	world_conn_peer(se->c, &se->client);
	for (size_t i = 0; i < cfg->n_nat; i++) {
		if (mp_ip_eq(&cfg->nat[i].inside, &se->client)) {
			se->client = cfg->nat[i].outside;
			break;
		}
	}
	mp_ip_text(&se->client, se->client_text);
	se->ptr = se->verified = "unknown";
	a = look_up_ptr(se);
	if (a->n_rr)
		se->ptr = a->rr[0].name;
	fcrdns(se, &se->verified);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct world_smtp *s = listener->data;
	struct session *se;

	if (status < 0)
		return;
	se = mp_xcalloc(1, sizeof(*se));
	se->s = s;
	se->a = mp_arena_new();
	se->in = MP_BUF(IN_MAX);
	/* A client that hung up and came back may be met here before its end is read. */
	for (struct session *old = s->sessions; old; old = old->next) {
		if (world_conn_over(old->c))
			count_out(old);
	}
	se->next = s->sessions;
	s->sessions = se;
	s->counts.sessions++;
	if (++s->counts.open > s->counts.most_open)
		s->counts.most_open = s->counts.open;
	se->c = world_conn_accept(listener, &ops, se);
	if (s->counts.open > MAX_SESSIONS) {
		world_conn_close(se->c);
		return;
	}
	identify(se);
	if (s->cfg.policy->script)
		se->state = ST_PLAY;
	else
		arrive(se);
	go_on(se);
}

/* ---- reading a play */

static bool unescape(struct mp_arena *a, struct mp_str s, const char *end, struct mp_str *out)
{
	struct mp_buf b = MP_BUF(65536);

	for (size_t i = 0; i < s.n; i++) {
		int hi, lo;

		if (s.p[i] != '\\' || i + 1 == s.n) {
			mp_buf_addc(&b, s.p[i]);
			continue;
		}
		switch (s.p[++i]) {
		case 'r':
			mp_buf_addc(&b, '\r');
			break;
		case 'n':
			mp_buf_addc(&b, '\n');
			break;
		case 't':
			mp_buf_addc(&b, '\t');
			break;
		case '0':
			mp_buf_addc(&b, '\0');
			break;
		case 'x':
			hi = i + 2 < s.n ? mp_hexval(s.p[i + 1]) : -1;
			lo = i + 2 < s.n ? mp_hexval(s.p[i + 2]) : -1;
			if (hi < 0 || lo < 0) {
				mp_buf_release(&b);
				return false;
			}
			mp_buf_addc(&b, (char)(hi << 4 | lo));
			i += 2;
			break;
		default:
			mp_buf_addc(&b, s.p[i]);
			break;
		}
	}
	mp_buf_adds(&b, end);
	*out = mp_strn(mp_memdup(a, mp_buf_cstr(&b), b.n), b.n);
	mp_buf_release(&b);
	return true;
}

static bool parse_step(struct mp_arena *a, struct mp_str line, struct step *out)
{
	static const struct {
		const char *word;
		enum step_kind kind;
	} plain[] = {{"tls", STEP_TLS}, {"close", STEP_CLOSE}, {"reset", STEP_RESET}, {"hold", STEP_HOLD},
		{"serve", STEP_SERVE}, {"bytes", STEP_BYTES}, {"renegotiate", STEP_RENEGOTIATE}};
	struct mp_str rest = line, word;
	uint64_t v;

	*out = (struct step){.number = 1};
	mp_str_split(&rest, ' ', &word);
	if (mp_str_eq(word, MP_LIT("repeat"))) {
		mp_str_split(&rest, ' ', &word);
		if (!mp_str_u64(word, UINT32_MAX, &v) || rest.n == 0 || rest.p[0] != '>' || !parse_step(a, rest, out))
			return false;
		out->number = (unsigned)v;
		return true;
	}
	if (mp_str_eq(word, MP_LIT(">")) || mp_str_eq(word, MP_LIT(">>"))) {
		out->kind = STEP_SEND;
		return unescape(a, rest, word.n == 1 ? "\r\n" : "", &out->text);
	}
	if (mp_str_eq(word, MP_LIT("raw"))) {
		out->kind = STEP_RAW;
		return unescape(a, rest, "", &out->text);
	}
	if (mp_str_eq(word, MP_LIT("<"))) {
		out->kind = STEP_EXPECT;
		out->text = rest;
		return true;
	}
	if (mp_str_eq(word, MP_LIT("sleep"))) {
		out->kind = STEP_SLEEP;
		if (!mp_str_u64(rest, 600000, &v))
			return false;
		out->number = (unsigned)v;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (mp_str_eq(line, mp_str(plain[i].word))) {
			out->kind = plain[i].kind;
			return true;
		}
	}
	return false;
}

static int parse_script(struct world_smtp *s, const char *script, struct mp_err *err)
{
	struct mp_str rest = mp_str(script), line;

	while (mp_str_split(&rest, '\n', &line)) {
		struct step st;

		if (line.n == 0)
			continue;
		if (!parse_step(s->a, line, &st))
			return mp_fail(err, MP_EPARSE, "policy %s: no such step: %.*s", s->cfg.policy->name,
				(int)line.n, line.p);
		*MP_PUSH(s->a, s->steps, s->n_steps, s->cap_steps) = st;
	}
	return MP_OK;
}

/* ---- start and stop */

struct world_smtp *world_smtp_start(struct uv_loop_s *loop, const struct world_smtp_config *cfg, struct mp_err *err)
{
	const struct world_policy *p = cfg->policy;
	struct world_smtp *s;

	s = mp_xcalloc(1, sizeof(*s));
	s->loop = loop;
	s->cfg = *cfg;
	s->message = MP_BUF(IN_MAX);
	s->a = mp_arena_new();
	if (p->script && parse_script(s, p->script, err) < 0)
		goto fail;
	if (cfg->pki) {
		s->ctx = world_pki_context(cfg->pki, cfg->host, cfg->cert == WORLD_CERT_VALID ? p->cert : cfg->cert,
			p->min_version, p->max_version, err);
		if (!s->ctx)
			goto fail;
		if (p->groups)
			SSL_CTX_set1_groups_list(s->ctx, p->groups);
		if (p->asks_cert || p->demands_cert)
			SSL_CTX_set_verify(s->ctx,
				SSL_VERIFY_PEER | (p->demands_cert ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
	}
	s->port = cfg->port;
	s->listener = world_listen(loop, &cfg->address, &s->port, on_connection, s, "cannot receive mail", err);
	if (s->listener)
		return s;
fail:
	world_smtp_stop(s);
	world_smtp_free(s);
	return NULL;
}

uint16_t world_smtp_port(const struct world_smtp *s)
{
	return s->port;
}

struct world_smtp_counts world_smtp_counts(const struct world_smtp *s)
{
	return s->counts;
}

const char *world_smtp_message(const struct world_smtp *s)
{
	return mp_buf_cstr(&s->message);
}

const char *world_smtp_taken(const struct world_smtp *s, const char *text)
{
	for (size_t i = 0; i < WORLD_TAKEN_MAX; i++)
		if (s->taken[i] && strstr(s->taken[i], text))
			return s->taken[i];
	return NULL;
}

void world_smtp_stop(struct world_smtp *s)
{
	world_listen_stop(s->listener);
	s->listener = NULL;
	for (struct session *se = s->sessions; se; se = se->next) {
		count_out(se);
		world_conn_close(se->c);
	}
}

void world_smtp_free(struct world_smtp *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_met; i++)
		free(s->met[i].who);
	free(s->met);
	for (size_t i = 0; i < WORLD_TAKEN_MAX; i++)
		free(s->taken[i]);
	mp_buf_release(&s->message);
	SSL_CTX_free(s->ctx);
	mp_arena_free(s->a);
	free(s);
}
