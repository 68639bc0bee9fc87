/* smtp/engine.c - see smtp/engine.h */
#include <assert.h>
#include <inttypes.h>

#include "base/text.h"
#include "smtp/engine.h"
#include "smtp/reply.h"

enum {
	MAX_TRANSCRIPT = 2000, /* lines, before the note that the rest was cut */
	MAX_COMMAND = 2048,    /* RFC 5321 4.5.3.1.4 has 512 */
	MAX_PARAMETER = 1000,
	MAX_DUE = 4,             /* MAIL, RCPT, RSET, QUIT in one flight */
	CHUNK = 32768,           /* of a message, at a time */
	END_OF_DATA_MS = 600000, /* RFC 5321 4.5.3.2.6: what a receiver may take to judge a message */
};

/* What is waited for. The order of the rows of steps[]. */
enum state {
	ST_CONNECT,
	ST_BANNER,
	ST_EHLO,
	ST_HELO,
	ST_STARTTLS,
	ST_TLS,
	ST_EHLO_TLS,
	ST_MAIL,
	ST_RCPT,
	ST_DATA,
	ST_MESSAGE,
	ST_RSET,
	ST_QUIT,
	ST_DONE,
	ST__COUNT
};

/* A command that was sent and is not answered yet. */
struct due {
	enum state st;
	uint64_t since_us;
};

struct smtp_engine {
	struct mp_arena *a;
	struct smtp_session *s;
	struct smtp_limits lim;
	enum state st;
	uint64_t start_us, now_us;
	uint64_t since_us; /* what is waited for without a command began: connect, greeting, handshake */
	uint64_t heard_us; /* the last sign of life, or of our own doing */
	uint64_t end_us;   /* once decided: the session ends here at the latest */
	struct smtp_reader reader;
	struct mp_buf out, given; /* to be sent; handed to the driver */
	struct due due[MAX_DUE];
	size_t n_due;
	bool decided;
	bool wished;  /* ST_CONNECT, ST_TLS: the driver was told */
	bool waits;   /* something was sent since the last wait for the server: the next one is a turnaround */
	bool closing; /* the server said 421: it goes away */
	bool mail_ok; /* a mail transaction is open */
	bool pipelining, smtputf8, tls_up;
	const struct smtp_message *message; /* NULL: none is at hand */
	struct mp_str payload;              /* what is still to be sent of it */
	bool stuffed, line_start;           /* DATA: dots are doubled at the start of lines */
	bool untimely; /* a reply came before its command: codes are taken by the letter then, and no yes to RCPT is believed */
	bool bare_lf; /* noted once */
	bool ended;
	/* A refusal that does not decide by itself (of EHLO, STARTTLS): unless the server hangs up right behind it. */
	struct smtp_reply *refusal;
	enum smtp_stage refusal_at;
	struct smtp_line *lines;
	size_t n_lines, cap_lines;
	size_t tls_line; /* place in lines[] of what TLS turned out to be; SIZE_MAX: none */
};

struct step {
	const char *doing;
	enum smtp_stage stage;
	size_t took;                         /* offset of its ms_* in the record, 0: none */
	size_t kept;                         /* offset of the record's pointer to its reply, 0: none */
	void (*send)(struct smtp_engine *e); /* add the command to `out` */
	void (*on_reply)(struct smtp_engine *e, struct smtp_reply *r); /* while undecided */
};
static const struct step steps[ST__COUNT];

/* ---- record */

/* Milliseconds to the tenth. */
static double tenths(uint64_t us)
{
	return (double)((us + 50) / 100) / 10;
}

static double ms_since(const struct smtp_engine *e, uint64_t since_us)
{
	return tenths(e->now_us - since_us);
}

/* `text` must be kept text in the arena, or static. */
static void add_line(struct smtp_engine *e, enum smtp_from from, const char *text)
{
	if (e->n_lines > MAX_TRANSCRIPT)
		return;
	if (e->n_lines == MAX_TRANSCRIPT) {
		from = SMTP_FROM_NOTE;
		text = "the transcript is cut here";
	}
	if (e->n_lines == e->cap_lines) {
		e->cap_lines = e->cap_lines ? e->cap_lines * 2 : 24;
		e->lines = mp_xrealloc(e->lines, e->cap_lines * sizeof(*e->lines));
	}
	e->lines[e->n_lines++] = (struct smtp_line){ms_since(e, e->start_us), from, text};
}

static void note(struct smtp_engine *e, const char *fmt, ...) MP_PRINTF(2, 3);

static void note(struct smtp_engine *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_line(e, SMTP_FROM_NOTE, mp_vprintf(e->a, fmt, ap));
	va_end(ap);
}

static const char *seconds(struct smtp_engine *e, uint32_t ms)
{
	return ms % 1000 ? mp_printf(e->a, "%.1f s", ms / 1000.0) : mp_printf(e->a, "%u s", ms / 1000);
}

/* The only writer of e->st. */
static void set_state(struct smtp_engine *e, enum state st)
{
	assert(e->st != ST_DONE || st == ST_DONE);
	e->st = st;
	e->wished = false;
}

static void see(struct smtp_engine *e, const struct smtp_reply *r, enum smtp_naming where)
{
	struct mp_ip ip;
	char text[MP_IP_TEXT];

	if (smtp_names_client(r, where, &e->s->q, &ip))
		e->s->seen_as = mp_dup(e->a, mp_ip_text(&ip, text));
}

/* The first decision stands. */
static void decide(struct smtp_engine *e, enum smtp_outcome outcome, enum smtp_stage stage, struct smtp_reply *r,
	const char *reason)
{
	if (e->decided)
		return;
	e->decided = true;
	e->end_us = e->now_us + e->lim.quit_ms * UINT64_C(1000);
	e->s->outcome = outcome;
	e->s->stage = stage;
	e->s->reply = r;
	e->s->reason = reason;
	if (r && r->code >= 400 && !e->s->seen_as)
		see(e, r, SMTP_NAMES_REFUSED);
}

static void tls_failed(struct smtp_engine *e, const char *why)
{
	e->s->tls_error = why;
	add_line(e, SMTP_FROM_TLS, mp_printf(e->a, "failed: %s", why));
	decide(e, SMTP_TLS_FAILED, SMTP_AT_TLS, NULL, why);
	set_state(e, ST_DONE);
}

/* ---- sending */

static bool ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static bool offers(const struct smtp_engine *e, const char *keyword)
{
	for (size_t i = 0; i < e->s->n_extensions; i++) {
		struct mp_str line = mp_str(e->s->extensions[i]), word;

		if (mp_str_split(&line, ' ', &word) && mp_str_ieq(word, mp_str(keyword)))
			return true;
	}
	return false;
}

static void command(struct smtp_engine *e, const char *fmt, ...) MP_PRINTF(2, 3);

static void command(struct smtp_engine *e, const char *fmt, ...)
{
	va_list ap;
	char *line;

	va_start(ap, fmt);
	line = mp_vprintf(e->a, fmt, ap);
	va_end(ap);
	/* Parameters were looked through before anything was sent; this is the last door. */
	for (const char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20)
			abort();
	mp_buf_adds(&e->out, line);
	mp_buf_adds(&e->out, "\r\n");
	add_line(e, SMTP_FROM_CLIENT, ascii(line) ? line : mp_text(e->a, mp_str(line)));
}

/* Send the command of `st` and have its reply waited for. */
static void send_step(struct smtp_engine *e, enum state st)
{
	assert(e->n_due < MAX_DUE);
	e->due[e->n_due++] = (struct due){st, e->now_us};
	e->heard_us = e->now_us;
	steps[st].send(e);
}

static void go(struct smtp_engine *e, enum state st)
{
	send_step(e, st);
	set_state(e, e->due[0].st);
}

static void send_ehlo(struct smtp_engine *e)
{
	command(e, "EHLO %s", e->s->q.ehlo);
}

static void send_helo(struct smtp_engine *e)
{
	command(e, "HELO %s", e->s->q.ehlo);
}

static void send_starttls(struct smtp_engine *e)
{
	command(e, "STARTTLS");
}

static void send_mail(struct smtp_engine *e)
{
	const struct smtp_question *q = &e->s->q;

	const struct smtp_message *m = q->message_id ? e->message : NULL;
	bool utf8 = !ascii(q->mail_from) || !ascii(q->rcpt) || (m && m->utf8_headers);

	command(e, "MAIL FROM:<%s>%s%s%s", q->mail_from,
		m && offers(e, "SIZE") ? mp_printf(e->a, " SIZE=%zu", m->bytes.n) : "",
		m && (m->eight_bit || utf8) && offers(e, "8BITMIME") ? " BODY=8BITMIME" : "", utf8 ? " SMTPUTF8" : "");
	if (e->pipelining && m) {
		send_step(e, ST_RCPT);
	} else if (e->pipelining) {
		/* RFC 2920 3.1: QUIT may only be the last of a group. Nothing here delivers, whatever is answered. */
		send_step(e, ST_RCPT);
		send_step(e, ST_RSET);
		send_step(e, ST_QUIT);
	}
}

static void send_rcpt(struct smtp_engine *e)
{
	command(e, "RCPT TO:<%s>", e->s->q.rcpt);
}

static void send_data(struct smtp_engine *e)
{
	command(e, "DATA");
}

/* RFC 3030 2: the whole message is the one chunk, and it follows at once. */
static void send_bdat(struct smtp_engine *e)
{
	command(e, "BDAT %zu LAST", e->message->bytes.n);
	e->payload = e->message->bytes;
	e->stuffed = false;
	note(e, "the message follows: %zu bytes, Message-ID <%s>", e->message->bytes.n, e->message->id);
}

static void send_rset(struct smtp_engine *e)
{
	command(e, "RSET");
}

static void send_quit(struct smtp_engine *e)
{
	command(e, "QUIT");
}

/* It is decided: leave politely. Replies still due come first. */
static void wind_down(struct smtp_engine *e)
{
	if (e->n_due)
		set_state(e, e->due[0].st);
	else if (e->mail_ok && !e->closing)
		go(e, ST_RSET);
	else
		go(e, ST_QUIT);
	if (e->st == ST_RSET)
		e->mail_ok = false;
}

/* ---- what replies mean */

static void protocol_error(struct smtp_engine *e, const char *reason)
{
	decide(e, SMTP_PROTOCOL_ERROR, steps[e->st].stage, NULL, reason);
}

/* A reply that ends it: 4yz defers, 5yz rejects, any other is out of place. */
static void refuse(struct smtp_engine *e, struct smtp_reply *r)
{
	enum smtp_stage stage = steps[e->st].stage;

	if (r->code >= 500)
		decide(e, SMTP_REJECTED, stage, r, NULL);
	else if (r->code >= 400)
		decide(e, SMTP_DEFERRED, stage, r, NULL);
	else
		protocol_error(e, mp_printf(e->a, "unexpected reply %d in answer to %s", r->code, steps[e->st].doing));
	wind_down(e);
}

/*
 * Is it yes? Any 2yz is (RFC 5321 4.2.1), but where a reply came before its command only the code that belongs to this
 * command shows that replies and commands are still in step.
 */
static bool yes(struct smtp_engine *e, const struct smtp_reply *r)
{
	if (r->code >= 300)
		return false;
	return !e->untimely || r->code == 250 || (e->st == ST_RCPT && (r->code == 251 || r->code == 252));
}

/* RFC 5321 3.1 */
static void on_banner(struct smtp_engine *e, struct smtp_reply *r)
{
	e->s->banner_host = smtp_banner_host(r, e->a);
	see(e, r, SMTP_NAMES_BANNER);
	if (r->code == 220 && e->s->q.only_connect) {
		decide(e, SMTP_ACCEPTED, SMTP_AT_BANNER, r, NULL);
		wind_down(e);
	} else if (r->code == 220) {
		go(e, ST_EHLO);
	} else if (r->code < 400) {
		protocol_error(e, mp_printf(e->a, "the greeting has the code %d instead of 220", r->code));
		wind_down(e);
	} else {
		refuse(e, r);
	}
}

/* RFC 5321 4.1.1.1: each line after the first is a keyword with its parameters. */
static void take_extensions(struct smtp_engine *e, const struct smtp_reply *r)
{
	struct smtp_session *s = e->s;
	const char **list = r->n_lines > 1 ? mp_allocn(e->a, r->n_lines - 1, sizeof(*list)) : NULL;

	s->n_extensions = 0;
	s->extensions = list;
	for (size_t i = 1; i < r->n_lines; i++)
		if (*smtp_line_text(r->lines[i]))
			list[s->n_extensions++] = smtp_line_text(r->lines[i]);
	e->pipelining = offers(e, "PIPELINING");
	e->smtputf8 = offers(e, "SMTPUTF8");
	if (!e->tls_up)
		s->starttls_offered = offers(e, "STARTTLS");
	see(e, r, SMTP_NAMES_GREETED);
}

/* RFC 1870 3: the largest message that the server says it takes; 0: it does not say. */
static uint64_t size_limit(const struct smtp_engine *e)
{
	uint64_t limit = 0;

	for (size_t i = 0; i < e->s->n_extensions; i++) {
		struct mp_str line = mp_str(e->s->extensions[i]), word;

		if (mp_str_split(&line, ' ', &word) && mp_str_ieq(word, MP_LIT("SIZE")) && line.p)
			mp_str_u64(line, UINT64_MAX, &limit);
	}
	return limit;
}

/* Why the message cannot be sent to this server, or NULL. */
static const char *message_unfit(struct smtp_engine *e)
{
	const struct smtp_message *m = e->message;

	if (!m)
		return "nothing was sent: the message is not at hand";
	if (m->utf8_headers && !e->smtputf8)
		return "the message's header is not ASCII and the server does not offer SMTPUTF8";
	if (m->eight_bit && !offers(e, "8BITMIME"))
		return "the message is not ASCII and the server does not offer 8BITMIME";
	if (size_limit(e) && m->bytes.n > size_limit(e))
		return mp_printf(
			e->a, "the message has %zu bytes, and the server takes %" PRIu64, m->bytes.n, size_limit(e));
	return NULL;
}

static void start_mail(struct smtp_engine *e)
{
	const struct smtp_question *q = &e->s->q;

	const char *cannot = !e->smtputf8 && !(ascii(q->mail_from) && ascii(q->rcpt))
				     ? "an address is not ASCII and the server does not offer SMTPUTF8"
			     : q->message_id ? message_unfit(e)
					     : NULL;

	if (cannot) {
		decide(e, SMTP_ABORTED, SMTP_AT_MAIL, NULL, cannot);
		wind_down(e);
		return;
	}
	go(e, ST_MAIL);
}

static void after_ehlo(struct smtp_engine *e)
{
	if (e->s->q.tls != SMTP_TLS_OFF && e->s->starttls_offered) {
		go(e, ST_STARTTLS);
	} else if (e->s->q.tls == SMTP_TLS_REQUIRE) {
		decide(e, SMTP_TLS_FAILED, SMTP_AT_STARTTLS, NULL, "STARTTLS is not offered");
		wind_down(e);
	} else {
		start_mail(e);
	}
}

static void tolerate(struct smtp_engine *e, struct smtp_reply *r)
{
	e->refusal = r;
	e->refusal_at = steps[e->st].stage;
}

static void on_ehlo(struct smtp_engine *e, struct smtp_reply *r)
{
	if (yes(e, r)) {
		take_extensions(e, r);
		after_ehlo(e);
	} else if (r->code == 500 || (r->code >= 502 && r->code <= 504)) {
		/* RFC 5321 3.2: it may not know EHLO. Any other refusal is one of us. */
		note(e, "EHLO was refused with %d: falling back to HELO", r->code);
		tolerate(e, r);
		go(e, ST_HELO);
	} else {
		refuse(e, r);
	}
}

static void on_helo(struct smtp_engine *e, struct smtp_reply *r)
{
	e->s->helo = true;
	if (!yes(e, r)) {
		refuse(e, r);
		return;
	}
	see(e, r, SMTP_NAMES_GREETED);
	after_ehlo(e);
}

/* RFC 3207 4 */
static void on_starttls(struct smtp_engine *e, struct smtp_reply *r)
{
	if (r->code == 220) {
		set_state(e, ST_TLS);
		e->since_us = e->heard_us = e->now_us;
	} else if (r->code < 400) {
		refuse(e, r);
	} else if (e->s->q.tls == SMTP_TLS_REQUIRE) {
		decide(e, SMTP_TLS_FAILED, SMTP_AT_STARTTLS, r, NULL);
		wind_down(e);
	} else {
		note(e, "STARTTLS was refused with %d: going on without TLS", r->code);
		tolerate(e, r);
		start_mail(e);
	}
}

static void on_ehlo_tls(struct smtp_engine *e, struct smtp_reply *r)
{
	if (!yes(e, r)) {
		refuse(e, r);
		return;
	}
	take_extensions(e, r);
	start_mail(e);
}

static void on_mail(struct smtp_engine *e, struct smtp_reply *r)
{
	if (!yes(e, r)) {
		refuse(e, r);
		return;
	}
	if (e->n_due)
		set_state(e, e->due[0].st);
	else
		go(e, ST_RCPT);
}

static void on_rcpt(struct smtp_engine *e, struct smtp_reply *r)
{
	if (!yes(e, r)) {
		refuse(e, r);
		return;
	}
	/* A yes that may belong to another command is none. (A no ends it one way or the other.) */
	if (e->untimely) {
		protocol_error(e, "replies came before their commands: which of them answers RCPT cannot be told");
		wind_down(e);
		return;
	}
	if (e->s->q.message_id) {
		go(e, offers(e, "CHUNKING") ? ST_MESSAGE : ST_DATA);
		return;
	}
	decide(e, SMTP_ACCEPTED, SMTP_AT_RCPT, r, NULL);
	wind_down(e);
}

/* RFC 5321 4.1.1.4 */
static void on_data(struct smtp_engine *e, struct smtp_reply *r)
{
	if (r->code != 354) {
		refuse(e, r);
		return;
	}
	e->payload = e->message->bytes;
	e->stuffed = e->line_start = true;
	note(e, "the message follows: %zu bytes, Message-ID <%s>", e->message->bytes.n, e->message->id);
	e->due[e->n_due++] = (struct due){ST_MESSAGE, e->now_us};
	e->heard_us = e->now_us;
	set_state(e, ST_MESSAGE);
}

static void on_message(struct smtp_engine *e, struct smtp_reply *r)
{
	e->mail_ok = false; /* accepted or not, the transaction is over */
	if (!yes(e, r)) {
		refuse(e, r);
		return;
	}
	decide(e, SMTP_ACCEPTED, SMTP_AT_MESSAGE, r, NULL);
	wind_down(e);
}

#define AT(member) offsetof(struct smtp_session, member)

static const struct step steps[ST__COUNT] = {
	[ST_CONNECT] = {"connecting", SMTP_AT_CONNECT, AT(ms_connect), 0, NULL, NULL},
	[ST_BANNER] = {"waiting for the greeting", SMTP_AT_BANNER, AT(ms_banner), AT(banner), NULL, on_banner},
	[ST_EHLO] = {"EHLO", SMTP_AT_EHLO, AT(ms_ehlo), AT(ehlo_reply), send_ehlo, on_ehlo},
	[ST_HELO] = {"HELO", SMTP_AT_EHLO, AT(ms_ehlo), AT(ehlo_reply), send_helo, on_helo},
	[ST_STARTTLS] = {"STARTTLS", SMTP_AT_STARTTLS, AT(ms_starttls), AT(starttls_reply), send_starttls, on_starttls},
	[ST_TLS] = {"TLS handshake", SMTP_AT_TLS, AT(ms_tls), 0, NULL, NULL},
	[ST_EHLO_TLS] = {"EHLO", SMTP_AT_EHLO_TLS, AT(ms_ehlo_tls), AT(ehlo_reply), send_ehlo, on_ehlo_tls},
	[ST_MAIL] = {"MAIL FROM", SMTP_AT_MAIL, AT(ms_mail), 0, send_mail, on_mail},
	[ST_RCPT] = {"RCPT TO", SMTP_AT_RCPT, AT(ms_rcpt), 0, send_rcpt, on_rcpt},
	[ST_DATA] = {"DATA", SMTP_AT_DATA, AT(ms_data), 0, send_data, on_data},
	[ST_MESSAGE] = {"the message", SMTP_AT_MESSAGE, AT(ms_message), 0, send_bdat, on_message},
	[ST_RSET] = {"RSET", SMTP_AT_QUIT, 0, 0, send_rset, NULL},
	[ST_QUIT] = {"QUIT", SMTP_AT_QUIT, 0, 0, send_quit, NULL},
	[ST_DONE] = {"done", SMTP_AT_QUIT, 0, 0, NULL, NULL},
};

static void took(struct smtp_engine *e, enum state st, uint64_t since_us)
{
	double *ms = (double *)((char *)e->s + steps[st].took);

	if (steps[st].took) /* HELO adds to EHLO */
		*ms = (double)(int64_t)(((*ms < 0 ? 0 : *ms) + ms_since(e, since_us)) * 10 + 0.5) / 10;
}

static void on_reply(struct smtp_engine *e, struct smtp_reply *r)
{
	enum state st = e->st;
	uint64_t since_us = e->since_us;

	if (e->n_due) {
		since_us = e->due[0].since_us;
		memmove(e->due, e->due + 1, --e->n_due * sizeof(e->due[0]));
	}
	took(e, st, since_us);
	if (steps[st].kept)
		memcpy((char *)e->s + steps[st].kept, &r, sizeof(r));
	e->refusal = NULL;
	e->closing = e->closing || r->code == 421;
	if (st == ST_MAIL && r->code < 300)
		e->mail_ok = true;
	if (st == ST_QUIT)
		set_state(e, ST_DONE);
	else if (e->decided)
		wind_down(e);
	else if (r->code == 421 && st != ST_BANNER)
		refuse(e, r); /* RFC 5321 3.8: in answer to anything */
	else
		steps[st].on_reply(e, r);
}

/* ---- what comes in */

static void garbage(struct smtp_engine *e, const char *text, const char *why)
{
	const char *who = !e->s->banner ? smtp_impostor(text) : NULL;

	if (who)
		why = mp_printf(e->a, "this is no SMTP server but %s", who);
	if (e->decided)
		note(e, "%s", why);
	protocol_error(e, why);
	set_state(e, ST_DONE);
}

static void tick(struct smtp_engine *e, uint64_t now_us)
{
	if (now_us > e->now_us)
		e->now_us = now_us;
}

void smtp_engine_feed(struct smtp_engine *e, struct mp_str in, uint64_t now_us)
{
	tick(e, now_us);
	if (in.n)
		e->heard_us = e->now_us;
	while (in.n && e->st != ST_DONE && e->st != ST_CONNECT) {
		enum smtp_got got;

		if (e->st == ST_TLS) {
			e->s->injected_bytes += in.n;
			note(e, "%zu bytes of plaintext came behind the 220 to STARTTLS: thrown away", in.n);
			return;
		}
		if (e->out.n && !e->untimely) {
			e->untimely = true;
			note(e, "%zu bytes came before %s was sent", in.n, steps[e->st].doing);
		}
		got = smtp_reader_next(&e->reader, &in);
		if (got == SMTP_GOT_NOTHING)
			return;
		add_line(e, SMTP_FROM_SERVER, e->reader.text);
		if (got == SMTP_GOT_GARBAGE) {
			garbage(e, e->reader.text, e->reader.why);
			return;
		}
		if (e->reader.cut_off)
			note(e, "%zu bytes of this line were cut", e->reader.cut_off);
		if (e->reader.bare_lf && !e->bare_lf) {
			e->bare_lf = true;
			note(e, "the line ends in LF alone, not in CRLF");
		}
		if (got == SMTP_GOT_REPLY)
			on_reply(e, e->reader.reply);
	}
}

/* Nothing more will come. */
static void hung_up(struct smtp_engine *e, const char *why)
{
	const char *rest = smtp_reader_rest(&e->reader);
	bool midway = smtp_reader_midway(&e->reader);

	if (e->st == ST_TLS) {
		tls_failed(e, mp_printf(e->a, "%s during the handshake", why));
		return;
	}
	if (rest)
		add_line(e, SMTP_FROM_SERVER, rest);
	if (rest && e->reader.odd) {
		garbage(e, rest, "what came is no SMTP reply");
		return;
	}
	if (midway)
		why = mp_printf(e->a, "%s in the middle of a reply", why);
	if (e->st != ST_QUIT || midway)
		note(e, "%s", why);
	if (e->refusal && !midway)
		decide(e, e->refusal->code >= 500 ? SMTP_REJECTED : SMTP_DEFERRED, e->refusal_at, e->refusal, NULL);
	decide(e, SMTP_ABORTED, steps[e->st].stage, NULL, why);
	set_state(e, ST_DONE);
}

static uint64_t min_us(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t deadline(const struct smtp_engine *e)
{
	uint32_t silence;

	if (e->decided)
		return e->end_us;
	if (e->st == ST_CONNECT)
		return e->since_us + e->lim.connect_ms * UINT64_C(1000);
	silence = e->st == ST_MESSAGE && e->lim.reply_ms < END_OF_DATA_MS ? END_OF_DATA_MS : e->lim.reply_ms;
	return min_us(e->heard_us + silence * UINT64_C(1000), e->start_us + e->lim.session_ms * UINT64_C(1000));
}

static void late(struct smtp_engine *e)
{
	bool whole = e->now_us >= e->start_us + e->lim.session_ms * UINT64_C(1000);
	const char *why, *rest;

	if (e->now_us < deadline(e))
		return;
	if (e->decided) {
		if (e->n_due)
			note(e, "no answer to %s in time: closing", steps[e->st].doing);
		set_state(e, ST_DONE);
		return;
	}
	if (e->st == ST_CONNECT) {
		why = mp_printf(e->a, "no answer within %s", seconds(e, e->lim.connect_ms));
		e->s->no_way = SMTP_WAY_SILENT;
		decide(e, SMTP_UNREACHABLE, SMTP_AT_CONNECT, NULL, why);
		note(e, "%s", why);
		set_state(e, ST_DONE);
		return;
	}
	why = whole ? mp_printf(e->a, "the session took more than %s", seconds(e, e->lim.session_ms))
		    : mp_printf(e->a, "no answer for %s", seconds(e, e->lim.reply_ms));
	if (e->st == ST_TLS) {
		tls_failed(e, mp_printf(e->a, "%s during the handshake", why));
		return;
	}
	rest = smtp_reader_rest(&e->reader);
	if (rest)
		add_line(e, SMTP_FROM_SERVER, rest);
	if (rest && e->reader.odd) {
		garbage(e, rest, "what came is no SMTP reply");
		return;
	}
	note(e, "%s", why);
	decide(e, SMTP_ABORTED, steps[e->st].stage, NULL, why);
	set_state(e, ST_DONE);
}

void smtp_engine_event(struct smtp_engine *e, enum smtp_event ev, const char *why, uint64_t now_us)
{
	tick(e, now_us);
	if (e->st == ST_DONE)
		return;
	why = why ? mp_text(e->a, mp_str(why)) : NULL;
	switch (ev) {
	case SMTP_EV_CONNECTED:
		if (e->st != ST_CONNECT)
			return;
		took(e, ST_CONNECT, e->since_us);
		set_state(e, ST_BANNER);
		e->since_us = e->heard_us = e->now_us;
		e->waits = true;
		return;
	case SMTP_EV_UNREACHABLE:
		if (e->st != ST_CONNECT)
			return;
		why = why ? why : "no connection";
		e->s->no_way = e->s->no_way ? e->s->no_way : SMTP_WAY_OTHER;
		note(e, "%s", why);
		decide(e, SMTP_UNREACHABLE, SMTP_AT_CONNECT, NULL, why);
		set_state(e, ST_DONE);
		return;
	case SMTP_EV_CLOSED:
		hung_up(e, "the server closed the connection");
		return;
	case SMTP_EV_BROKEN:
		hung_up(e, why ? why : "the connection broke");
		return;
	case SMTP_EV_TIMER:
		late(e);
		return;
	case SMTP_EV_TLS_FLIGHT:
		e->waits = e->st == ST_TLS;
		return;
	case SMTP_EV_TLS_UP:
		if (e->st != ST_TLS)
			return;
		took(e, ST_TLS, e->since_us);
		e->tls_up = true;
		e->tls_line = e->n_lines;
		add_line(e, SMTP_FROM_TLS, "established");
		go(e, ST_EHLO_TLS);
		return;
	case SMTP_EV_TLS_FAILED:
		/* In TLS 1.3 a server may turn our end of the handshake down after we took it for done. */
		if (e->st == ST_TLS || e->st == ST_EHLO_TLS)
			tls_failed(e, why ? why : "the handshake failed");
		else
			hung_up(e, why ? why : "TLS failed");
		return;
	case SMTP_EV_FLOOD:
		why = why ? why : "more bytes than are taken in one session";
		if (e->st == ST_TLS) {
			tls_failed(e, why);
			return;
		}
		garbage(e, "", why);
		return;
	}
}

void smtp_engine_no_way(struct smtp_engine *e, enum smtp_no_way why)
{
	if (e->st == ST_CONNECT && !e->decided)
		e->s->no_way = why;
}

void smtp_engine_source(struct smtp_engine *e, const struct mp_ip *source)
{
	e->s->q.source = *source;
}

void smtp_engine_tls(struct smtp_engine *e, struct smtp_tls *tls)
{
	const char *faults[3] = {tls->chain_error, tls->name_error, tls->time_error};
	struct mp_buf line = MP_BUF(SMTP_LINE_KEPT);

	e->s->tls = tls;
	mp_buf_adds(&line, tls->version);
	if (tls->cipher)
		mp_buf_addf(&line, " %s", tls->cipher);
	if (tls->group)
		mp_buf_addf(&line, " %s", tls->group);
	if (tls->n_chain)
		mp_buf_addf(&line, ", certificate %s", tls->chain[0].subject);
	if (tls->hello_retried)
		mp_buf_adds(&line, ", after a HelloRetryRequest");
	if (tls->client_cert_asked)
		mp_buf_adds(&line, ", a client certificate was asked for");
	mp_buf_adds(&line, faults[0] || faults[1] || faults[2] ? ", not verified: " : ", verified");
	for (size_t i = 0, n = 0; i < ARRAY_LEN(faults); i++)
		if (faults[i])
			mp_buf_addf(&line, "%s%s", n++ ? "; " : "", faults[i]);
	if (e->tls_line < e->n_lines && e->tls_line < MAX_TRANSCRIPT)
		e->lines[e->tls_line].line = mp_text(e->a, mp_buf_str(&line));
	mp_buf_release(&line);
}

void smtp_engine_finish(struct smtp_engine *e, const char *why, uint32_t grace_ms, uint64_t now_us)
{
	uint64_t end;

	tick(e, now_us);
	if (e->st == ST_DONE)
		return;
	end = e->now_us + grace_ms * UINT64_C(1000);
	if (!e->decided) {
		why = mp_text(e->a, mp_str(why));
		note(e, "%s", why);
		decide(e, SMTP_ABORTED, steps[e->st].stage, NULL, why);
		e->end_us = end;
		/* QUIT goes out as soon as what is due has come; before the greeting or in a handshake nothing may. */
		if (e->st == ST_CONNECT || e->st == ST_TLS)
			set_state(e, ST_DONE);
	}
	e->end_us = min_us(e->end_us, end);
}

/* ---- what goes out */

/*
 * The next part of the message to `out`. RFC 5321 4.5.2: with DATA a dot at the start of a line is doubled, and a line
 * with a dot alone is the end.
 */
static void next_chunk(struct smtp_engine *e)
{
	size_t n = e->payload.n < CHUNK ? e->payload.n : CHUNK;

	for (size_t i = 0; i < n && e->stuffed; i++) {
		char c = e->payload.p[i];

		if (e->line_start && c == '.')
			mp_buf_addc(&e->out, '.');
		mp_buf_addc(&e->out, c);
		e->line_start = c == '\n';
	}
	if (!e->stuffed)
		mp_buf_add(&e->out, e->payload.p, n);
	e->payload = mp_strn(e->payload.p + n, e->payload.n - n);
	if (e->payload.n)
		return;
	if (e->stuffed)
		mp_buf_adds(&e->out, ".\r\n");
	e->s->message_id = e->s->q.message_id;
	e->heard_us = e->now_us;
}

struct smtp_action smtp_engine_next(struct smtp_engine *e)
{
	if (e->payload.n && e->st == ST_MESSAGE)
		next_chunk(e);
	if (e->out.n) {
		struct mp_buf swap = e->given;

		e->given = e->out;
		e->out = swap;
		mp_buf_reset(&e->out);
		e->waits = true;
		return (struct smtp_action){.want = SMTP_WANT_WRITE, .bytes = mp_buf_str(&e->given)};
	}
	if (e->st == ST_DONE)
		return (struct smtp_action){.want = SMTP_WANT_CLOSE};
	if ((e->st == ST_CONNECT || e->st == ST_TLS) && !e->wished) {
		e->wished = true;
		e->waits = e->st == ST_CONNECT;
		return (struct smtp_action){.want = e->st == ST_TLS ? SMTP_WANT_TLS : SMTP_WANT_CONNECT};
	}
	if (e->waits && !e->decided)
		e->s->turnarounds++;
	e->waits = false;
	return (struct smtp_action){
		.want = SMTP_WANT_READ, .deadline_us = deadline(e), .quickack = e->st == ST_EHLO_TLS};
}

const char *smtp_engine_doing(const struct smtp_engine *e)
{
	return steps[e->st].doing;
}

/* ---- beginning and end */

/* Why `s` must not be sent, or NULL. */
static const char *unfit(const char *s, bool word)
{
	size_t n = strlen(s);

	if (n > MAX_PARAMETER)
		return "is too long";
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == 0x7f)
			return "holds a control character";
		if (word && (c == ' ' || c >= 0x80))
			return "is no host name or address literal";
	}
	if (word && !n)
		return "is empty";
	return mp_utf8_valid(mp_strn(s, n)) ? NULL : "is not UTF-8";
}

static const char *refuse_question(struct smtp_engine *e)
{
	const struct smtp_question *q = &e->s->q;
	const struct {
		const char *what, *value;
		bool word;
	} parameters[] = {
		{"the EHLO name", q->ehlo, true},
		{"the sender address", q->mail_from, false},
		{"the recipient address", q->rcpt, false},
	};

	if (q->only_connect)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
		const char *fault = unfit(parameters[i].value, parameters[i].word);

		if (fault)
			return mp_printf(e->a, "nothing was sent: %s %s", parameters[i].what, fault);
	}
	return *q->rcpt ? NULL : "nothing was sent: there is no recipient";
}

struct smtp_engine *smtp_engine_new(struct mp_arena *a, const struct smtp_question *q, const struct smtp_limits *lim,
	uint64_t start_us, uint64_t now_us)
{
	struct smtp_engine *e = mp_xcalloc(1, sizeof(*e));
	struct smtp_session *s = mp_alloc(a, sizeof(*s));
	const char *fault;

	e->a = a;
	e->s = s;
	e->lim = *lim;
	e->start_us = e->since_us = e->heard_us = e->now_us = now_us;
	e->out = e->given = MP_BUF(MAX_DUE * MAX_COMMAND + 2 * CHUNK);
	e->tls_line = SIZE_MAX;
	smtp_reader_init(&e->reader, a);
	s->q = *q;
	s->ms_connect = s->ms_banner = s->ms_ehlo = s->ms_starttls = s->ms_tls = s->ms_ehlo_tls = -1;
	s->ms_mail = s->ms_rcpt = s->ms_data = s->ms_message = s->ms_total = -1;
	s->at_ms = now_us > start_us ? tenths(now_us - start_us) : 0;
	if (q->pause_ms)
		note(e, "%s: held %s after it was asked for", mp_text(a, mp_str(q->purpose)), seconds(e, q->pause_ms));
	fault = refuse_question(e);
	if (fault) {
		note(e, "%s", fault);
		decide(e, SMTP_ABORTED, SMTP_AT_CONNECT, NULL, fault);
		set_state(e, ST_DONE);
	}
	return e;
}

void smtp_engine_message(struct smtp_engine *e, const struct smtp_message *m)
{
	e->message = m;
}

void smtp_engine_free(struct smtp_engine *e)
{
	if (!e)
		return;
	smtp_reader_release(&e->reader);
	mp_buf_release(&e->out);
	mp_buf_release(&e->given);
	free(e->lines);
	free(e);
}

struct smtp_session *smtp_engine_end(struct smtp_engine *e, uint64_t now_us)
{
	struct smtp_session *s = e->s;

	assert(e->st == ST_DONE && e->decided && !e->ended);
	tick(e, now_us);
	e->ended = true;
	s->ms_total = ms_since(e, e->start_us);
	s->n_transcript = e->n_lines;
	s->transcript = mp_memdup(e->a, e->lines, e->n_lines * sizeof(*e->lines));
	return s;
}
