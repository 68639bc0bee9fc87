/* tests/fuzz/fuzz_smtp_engine.c - a whole session: chunks of bytes and events in any order end in a sound record */
#include "smtp/engine.h"

/*
 * The input is a play, a step a line. The first line says what is asked for: "r" TLS required, "o" TLS off, "c" only to
 * connect, "8" an address beyond ASCII. Then:
 *     >TEXT  a line from the server        =TEXT  bytes without line end, as they are
 *     !C connected, !U unreachable, !E closed, !R broken, !T timer, !L flight of TLS, !+ TLS up, !- TLS failed,
 *     !F flood, !X the run ends             @MS    time passes
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct smtp_tls shown = {.version = "TLSv1.3", .chain_error = "the server sent no certificate"};

/* False when the session is over. */
static bool pump(struct smtp_engine *e, uint64_t *deadline)
{
	for (int i = 0; i < 64; i++) {
		struct smtp_action act = smtp_engine_next(e);
		size_t lines = 0;

		switch (act.want) {
		case SMTP_WANT_WRITE:
			for (size_t k = 0; k < act.bytes.n; k++) {
				if ((unsigned char)act.bytes.p[k] >= 0x20)
					continue;
				if (act.bytes.p[k] != '\r' || k + 1 == act.bytes.n || act.bytes.p[++k] != '\n')
					abort();
				lines++;
			}
			if (!lines || act.bytes.p[act.bytes.n - 1] != '\n')
				abort();
			break;
		case SMTP_WANT_CLOSE:
			return false;
		case SMTP_WANT_READ:
			*deadline = act.deadline_us;
			return true;
		case SMTP_WANT_CONNECT:
		case SMTP_WANT_TLS:
			break;
		}
	}
	abort(); /* it never waits */
}

static void event(struct smtp_engine *e, char what, uint64_t now)
{
	static const struct {
		char name;
		enum smtp_event ev;
	} events[] = {
		{'C', SMTP_EV_CONNECTED},
		{'U', SMTP_EV_UNREACHABLE},
		{'E', SMTP_EV_CLOSED},
		{'R', SMTP_EV_BROKEN},
		{'T', SMTP_EV_TIMER},
		{'L', SMTP_EV_TLS_FLIGHT},
		{'+', SMTP_EV_TLS_UP},
		{'-', SMTP_EV_TLS_FAILED},
		{'F', SMTP_EV_FLOOD},
	};

	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		if (events[i].name == what)
			smtp_engine_event(e, events[i].ev, "as\nit happens", now);
	if (what == '+')
		smtp_engine_tls(e, &shown);
	if (what == 'X')
		smtp_engine_finish(e, "time is up", 1000, now);
}

static void sound(struct mp_arena *a, const struct smtp_question *q, const struct smtp_session *s)
{
	json_t *j = smtp_kind.to_json(q, s), *again;
	const void *params, *answer;
	struct mp_err err;

	if (smtp_kind.from_json(j, a, &params, &answer, &err) != MP_OK)
		abort();
	again = smtp_kind.to_json(params, answer);
	if (!json_equal(j, again))
		abort();
	json_decref(j);
	json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct smtp_limits limits = {30000, 60000, 300000, 5000};
	static const struct smtp_message message = {"m@h.example", {"S: x\r\n\r\n.\r\n", 11}, false, false};
	struct mp_str script = mp_strn((const char *)data, size), line;
	struct smtp_question q = {.mx = "mx.example",
		.address = {MP_IPV4, {198, 51, 100, 25}},
		.port = 25,
		.ehlo = "h.example",
		.mail_from = "a@s.example",
		.rcpt = "b@r.example",
		.purpose = "baseline"};
	struct mp_arena *a = mp_arena_new();
	uint64_t now = 1000, deadline = 0;
	struct smtp_engine *e;
	bool alive;

	if (!mp_str_split(&script, '\n', &line))
		line = mp_strn("", 0);
	if (line.n && memchr(line.p, 'r', line.n))
		q.tls = SMTP_TLS_REQUIRE;
	if (line.n && memchr(line.p, 'o', line.n))
		q.tls = SMTP_TLS_OFF;
	if (line.n && memchr(line.p, 'c', line.n))
		q.only_connect = true;
	if (line.n && memchr(line.p, '8', line.n))
		q.rcpt = "\xc3\xbc@r.example";
	if (line.n && memchr(line.p, 'x', line.n))
		q.message_id = message.id;
	e = smtp_engine_new(a, &q, &limits, 0, now);
	smtp_engine_message(e, &message);
	alive = pump(e, &deadline);
	while (alive && mp_str_split(&script, '\n', &line)) {
		uint64_t ms;

		now += 100;
		if (!line.n)
			continue;
		switch (line.p[0]) {
		case '!':
			event(e, line.n > 1 ? line.p[1] : 'T', now);
			break;
		case '@':
			if (mp_str_u64(mp_strn(line.p + 1, line.n - 1), 1000000, &ms))
				now += ms * 1000;
			smtp_engine_event(e, SMTP_EV_TIMER, NULL, now);
			break;
		case '>':
			smtp_engine_feed(e, mp_str(mp_printf(a, "%.*s\r\n", (int)line.n - 1, line.p + 1)), now);
			break;
		default:
			smtp_engine_feed(e, mp_strn(line.p + 1, line.n - 1), now);
		}
		if (!*smtp_engine_doing(e))
			abort();
		alive = pump(e, &deadline);
	}
	/* Nothing comes any more: time must end it. */
	for (int i = 0; alive; i++) {
		if (i == 8)
			abort();
		now = deadline > now ? deadline : now;
		smtp_engine_event(e, SMTP_EV_TIMER, NULL, now);
		alive = pump(e, &deadline);
	}
	sound(a, &q, smtp_engine_end(e, now));
	smtp_engine_free(e);
	mp_arena_free(a);
	return 0;
}
