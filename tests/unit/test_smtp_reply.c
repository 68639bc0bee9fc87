/* tests/unit/test_smtp_reply.c - replies out of bytes in any split; what a reply tells of us */
#include "base/arena.h"
#include "smtp/reply.h"
#include "tests/unit/row.h"

/* ---- the reader: what it finds, written down as text */

static void tell(struct mp_buf *out, const struct smtp_reader *r, enum smtp_got got)
{
	if (got == SMTP_GOT_GARBAGE) {
		mp_buf_addf(out, "BAD %s", r->why);
		return;
	}
	mp_buf_addf(out, "%s%s%s\n", r->text, r->bare_lf ? " (LF)" : "", r->cut_off ? " (cut)" : "");
	if (got == SMTP_GOT_REPLY)
		mp_buf_addf(out, "= %d %s %zu\n", r->reply->code, r->reply->enhanced ? r->reply->enhanced : "-",
			r->reply->n_lines);
}

/* Feed `in` in pieces: the first of `first` bytes, the others of `step`. What is left begun is told by "..." */
static void read_all(struct mp_str in, size_t first, size_t step, struct mp_buf *out)
{
	struct mp_arena *a = mp_arena_new();
	struct smtp_reader r;
	enum smtp_got got = SMTP_GOT_NOTHING;

	mp_buf_reset(out);
	smtp_reader_init(&r, a);
	for (size_t at = 0, n = first; at < in.n && got != SMTP_GOT_GARBAGE; at += n, n = step) {
		struct mp_str piece;
		char *copy;

		if (n > in.n - at)
			n = in.n - at;
		copy = mp_xmalloc(n); /* an exact copy: what reads past it is caught */
		memcpy(copy, in.p + at, n);
		piece = mp_strn(copy, n);
		while (got != SMTP_GOT_GARBAGE && (got = smtp_reader_next(&r, &piece)) != SMTP_GOT_NOTHING)
			tell(out, &r, got);
		free(copy);
	}
	if (smtp_reader_rest(&r))
		mp_buf_addf(out, "...%s", smtp_reader_rest(&r));
	else if (got != SMTP_GOT_GARBAGE && smtp_reader_midway(&r))
		mp_buf_adds(out, "...");
	smtp_reader_release(&r);
	mp_arena_free(a);
}

static const struct {
	const char *label, *in, *want;
} streams[] = {
	{"one line", "220 mx.example ESMTP\r\n", "220 mx.example ESMTP\n= 220 - 1\n"},
	{"several lines", "250-mx\r\n250-PIPELINING\r\n250 SIZE 100\r\n",
		"250-mx\n250-PIPELINING\n250 SIZE 100\n= 250 - 3\n"},
	{"code alone", "250\r\n", "250\n= 250 - 1\n"},
	{"code and blank", "250 \r\n", "250 \n= 250 - 1\n"},
	{"code and hyphen", "250-\r\n250 x\r\n", "250-\n250 x\n= 250 - 2\n"},
	{"two replies at once", "250 a\r\n550 b\r\n", "250 a\n= 250 - 1\n550 b\n= 550 - 1\n"},
	{"enhanced", "550 5.7.1 no\r\n", "550 5.7.1 no\n= 550 5.7.1 1\n"},
	{"enhanced, three digits", "550 5.123.456 no\r\n", "550 5.123.456 no\n= 550 5.123.456 1\n"},
	{"enhanced alone", "250 2.0.0\r\n", "250 2.0.0\n= 250 2.0.0 1\n"},
	{"enhanced in a later line", "550-Access denied\r\n550 5.7.1 no\r\n",
		"550-Access denied\n550 5.7.1 no\n= 550 5.7.1 2\n"},
	{"enhanced, first of several", "451-4.7.1 a\r\n451 4.7.2 b\r\n", "451-4.7.1 a\n451 4.7.2 b\n= 451 4.7.1 2\n"},
	{"enhanced of another class", "550 4.7.1 no\r\n", "550 4.7.1 no\n= 550 - 1\n"},
	{"enhanced with four parts", "550 5.7.1.2 no\r\n", "550 5.7.1.2 no\n= 550 - 1\n"},
	{"enhanced with two parts", "550 5.71 no\r\n", "550 5.71 no\n= 550 - 1\n"},
	{"enhanced with an empty part", "550 5..1xx no\r\n", "550 5..1xx no\n= 550 - 1\n"},
	{"enhanced with four digits", "550 5.1234.1 no\r\n", "550 5.1234.1 no\n= 550 - 1\n"},
	{"enhanced with a colon behind", "550 5.7.1: no\r\n", "550 5.7.1: no\n= 550 - 1\n"},
	{"enhanced behind a number sign", "550 #5.7.1 no\r\n", "550 #5.7.1 no\n= 550 - 1\n"},
	{"bare LF", "250-a\n250 b\n", "250-a (LF)\n250 b (LF)\n= 250 - 2\n"},
	{"bare LF, short", "250\n", "250 (LF)\n= 250 - 1\n"},
	{"bare CR within", "250 a\rb\r\n", "250 a\\x0db\n= 250 - 1\n"},
	{"CR CR LF", "250 a\r\r\n", "250 a\\x0d\n= 250 - 1\n"},
	{"odd second digit", "590 made up\r\n", "590 made up\n= 590 - 1\n"},
	{"bytes that are no text", "250 \x01\xff\xc3\xbc\r\n", "250 \\x01\\xff\xc3\xbc\n= 250 - 1\n"},
	{"tab", "250 a\tb\r\n", "250 a\tb\n= 250 - 1\n"},
	{"unfinished line", "250 a\r\n25", "250 a\n= 250 - 1\n...25"},
	{"unfinished reply", "250-a\r\n", "250-a\n..."},
	{"lone CR at the end", "250 a\r", "...250 a\\x0d"},
	/* what is no reply */
	{"mixed codes", "250-a\r\n550 b\r\n", "250-a\nBAD one reply has the codes 250 and 550"},
	{"code below", "199 a\r\n", "BAD what came is no SMTP reply"},
	{"code above", "600 a\r\n", "BAD what came is no SMTP reply"},
	{"two digits", "25 a\r\n", "BAD what came is no SMTP reply"},
	{"four digits", "2500 a\r\n", "BAD what came is no SMTP reply"},
	{"no blank behind the code", "250a\r\n", "BAD what came is no SMTP reply"},
	{"tab behind the code", "250\ta\r\n", "BAD what came is no SMTP reply"},
	{"CR behind the code, no LF", "250\ra\r\n", "BAD what came is no SMTP reply"},
	{"empty line", "\r\n", "BAD what came is no SMTP reply"},
	{"empty line, LF", "\n", "BAD what came is no SMTP reply"},
	{"empty line within a reply", "250-a\r\n\r\n250 b\r\n", "250-a\nBAD what came is no SMTP reply"},
	{"folded text", "250-a\r\n b\r\n", "250-a\nBAD what came is no SMTP reply"},
	{"SSH", "SSH-2.0-OpenSSH_9.2p1\r\n", "BAD what came is no SMTP reply"},
	{"HTTP", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n", "BAD what came is no SMTP reply"},
	{"TLS alert, no line end", "\x15\x03\x01", "BAD what came is no SMTP reply"},
	{"binary behind two digits", "25\x80", "BAD what came is no SMTP reply"},
	{"text that cannot become one, unfinished", "hello", "...hello"},
};

static void every_split(void **state)
{
	struct mp_buf got = MP_BUF(1 << 22);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		struct mp_str in = mp_str(streams[i].in);
		char label[128];

		snprintf(label, sizeof(label), "%s, whole", streams[i].label);
		read_all(in, in.n, in.n, &got);
		row_str(label, mp_buf_cstr(&got), streams[i].want);
		for (size_t step = 1; step < 4; step++) {
			snprintf(label, sizeof(label), "%s, by %zu", streams[i].label, step);
			read_all(in, step, step, &got);
			row_str(label, mp_buf_cstr(&got), streams[i].want);
		}
		for (size_t cut = 1; cut < in.n; cut++) {
			snprintf(label, sizeof(label), "%s, split at %zu", streams[i].label, cut);
			read_all(in, cut, in.n, &got);
			row_str(label, mp_buf_cstr(&got), streams[i].want);
		}
	}
	mp_buf_release(&got);
}

/* What is found in a shorter stream is how the longer one's begins. */
static void every_length(void **state)
{
	struct mp_buf whole = MP_BUF(1 << 22), part = MP_BUF(1 << 22);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		struct mp_str in = mp_str(streams[i].in);

		read_all(in, in.n, in.n, &whole);
		for (size_t n = 0; n < in.n; n++) {
			const char *dots;
			size_t len;

			read_all(mp_strn(in.p, n), n, n, &part);
			dots = strstr(mp_buf_cstr(&part), "...");
			len = dots ? (size_t)(dots - mp_buf_cstr(&part)) : part.n;
			if (strncmp(mp_buf_cstr(&part), mp_buf_cstr(&whole), len) != 0)
				fail_msg("row '%s' cut to %zu: got \"%s\"", streams[i].label, n, mp_buf_cstr(&part));
		}
	}
	mp_buf_release(&whole);
	mp_buf_release(&part);
}

/* Streams too long for a table: made of one line `n` times. */
static void bounds(void **state)
{
	static const struct {
		const char *label;
		size_t text, lines; /* length of each line's text; lines before the last */
		const char *tail;   /* how what is found ends */
	} rows[] = {
		{"line as long as is kept", SMTP_LINE_KEPT - 5, 0, "x\n= 250 - 1\n"},
		{"line one byte longer", SMTP_LINE_KEPT - 4, 0, "x (cut)\n= 250 - 1\n"},
		{"line as long as is borne", SMTP_LINE_MAX - 5, 0, "x (cut)\n= 250 - 1\n"},
		{"line too long", SMTP_LINE_MAX - 3, 0, "BAD a line of more than 65536 bytes"},
		{"as many lines as are taken", 2, SMTP_REPLY_LINES - 1, "= 250 - 512\n"},
		{"one line more", 2, SMTP_REPLY_LINES, "BAD a reply of more than 512 lines"},
		{"a session's bytes", 60000, 17, "BAD more than 1048576 bytes in one session"},
		{"text that is no reply, without an end", 0, 0, "BAD what came is no SMTP reply"},
	};
	struct mp_buf in = MP_BUF(1 << 22), whole = MP_BUF(1 << 22), split = MP_BUF(1 << 22);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t tail = strlen(rows[i].tail);

		mp_buf_reset(&in);
		for (size_t k = 0; k <= rows[i].lines && rows[i].text; k++) {
			mp_buf_adds(&in, k < rows[i].lines ? "250-" : "250 ");
			for (size_t n = 0; n < rows[i].text; n++)
				mp_buf_addc(&in, 'x');
			mp_buf_adds(&in, "\r\n");
		}
		for (size_t n = 0; n < SMTP_GARBAGE_KEPT && !rows[i].text; n++)
			mp_buf_addc(&in, 'x');
		read_all(mp_buf_str(&in), in.n, in.n, &whole);
		if (whole.n < tail || strcmp(whole.p + whole.n - tail, rows[i].tail) != 0)
			fail_msg("row '%s': got ...%s", rows[i].label, whole.p + (whole.n > 80 ? whole.n - 80 : 0));
		read_all(mp_buf_str(&in), 1, 1, &split);
		row_str(rows[i].label, mp_buf_cstr(&split), mp_buf_cstr(&whole));
		read_all(mp_buf_str(&in), 4095, 1460, &split);
		row_str(rows[i].label, mp_buf_cstr(&split), mp_buf_cstr(&whole));
	}
	mp_buf_release(&in);
	mp_buf_release(&whole);
	mp_buf_release(&split);
}

/* One byte less than the bound on garbage is waited with. */
static void garbage_that_may_go_on(void **state)
{
	struct mp_buf in = MP_BUF(4096), got = MP_BUF(8192);

	(void)state;
	for (size_t n = 0; n < SMTP_GARBAGE_KEPT - 1; n++)
		mp_buf_addc(&in, 'x');
	read_all(mp_buf_str(&in), in.n, in.n, &got);
	assert_memory_equal(mp_buf_cstr(&got), "...xxx", 6);
	mp_buf_release(&in);
	mp_buf_release(&got);
}

static void garbage_sticks(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_str in = MP_LIT("nonsense\r\n220 fine\r\n");
	struct smtp_reader r;

	(void)state;
	smtp_reader_init(&r, a);
	assert_int_equal(smtp_reader_next(&r, &in), SMTP_GOT_GARBAGE);
	assert_string_equal(r.text, "nonsense");
	assert_int_equal(smtp_reader_next(&r, &in), SMTP_GOT_GARBAGE);
	smtp_reader_release(&r);
	mp_arena_free(a);
}

/* ---- what a reply tells */

static struct smtp_reply *reply_of(struct mp_arena *a, const char *text)
{
	struct mp_str in = mp_str(mp_printf(a, "%s\r\n", text));
	struct smtp_reader r;
	struct smtp_reply *reply;

	smtp_reader_init(&r, a);
	while (in.n && smtp_reader_next(&r, &in) == SMTP_GOT_LINE)
		;
	reply = r.reply;
	smtp_reader_release(&r);
	return reply;
}

static void impostors(void **state)
{
	static const struct {
		const char *label, *text, *want;
	} rows[] = {
		{"SSH", "SSH-2.0-OpenSSH_9.2p1", "an SSH server"},
		{"HTTP", "HTTP/1.0 400 Bad Request", "an HTTP server"},
		{"page", "<!doctype html>", "an HTTP server"},
		{"POP3", "+OK ready", "a POP3 server"},
		{"IMAP", "* OK [CAPABILITY IMAP4rev1] hi", "an IMAP server"},
		{"TLS alert", "\\x15", "a TLS server"},
		{"TLS handshake", "\\x16", "a TLS server"},
		{"text", "hello", NULL},
		{"nothing", "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_str(rows[i].label, smtp_impostor(rows[i].text), rows[i].want);
}

static void flowed_and_cut(void **state)
{
	static const char *const lines[] = {"550-5.7.1 Gr\xc3\xbc\xc3\x9f", "550 5.7.1 Gott"};
	static const struct smtp_reply reply = {.code = 550, .enhanced = "5.7.1", .n_lines = 2, .lines = lines};
	static const struct {
		const char *label;
		size_t max;
		const char *want;
	} rows[] = {
		{"all of it", 100, "550 5.7.1 Gr\xc3\xbc\xc3\x9f Gott"},
		{"just so", 21, "550 5.7.1 Gr\xc3\xbc\xc3\x9f Gott"},
		{"a byte less", 20, "550 5.7.1 Gr\xc3\xbc\xc3\x9f Got ..."},
		{"not within a character", 15, "550 5.7.1 Gr\xc3\xbc ..."},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_str(rows[i].label, smtp_reply_flowed(a, &reply, rows[i].max), rows[i].want);
	mp_arena_free(a);
}

static void banner_hosts(void **state)
{
	static const struct {
		const char *label, *banner, *want;
	} rows[] = {
		{"plain", "220 mx.example ESMTP Postfix", "mx.example"},
		{"several lines", "220-mx.example ESMTP\r\n220 more", "mx.example"},
		{"alone", "220 mx.example", "mx.example"},
		{"literal", "220 [192.0.2.1] ready", "[192.0.2.1]"},
		{"two blanks", "220  mx.example", "mx.example"},
		{"one label", "220 localhost ESMTP", "localhost"},
		{"left out", "220 ESMTP Postfix", NULL},
		{"left out, SMTP", "220 smtp ready", NULL},
		{"empty", "220", NULL},
		{"blank", "220 ", NULL},
		{"stars of a middlebox", "220 *****************", NULL},
		{"words with a comma", "220 Welcome, stranger", NULL},
		{"a refusal", "550 Forward and reverse DNS of your address do not agree", NULL},
		{"busy", "421 mx.example Service not available", NULL},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_str(rows[i].label, smtp_banner_host(reply_of(a, rows[i].banner), a), rows[i].want);
	mp_arena_free(a);
}

static void names_of_the_client(void **state)
{
	static const struct {
		const char *label;
		enum smtp_naming where;
		const char *ehlo, *reply, *want;
	} rows[] = {
		{"Exim", SMTP_NAMES_GREETED, "h.example", "250-mx.example Hello h.example [203.0.113.5]\r\n250 HELP",
			"203.0.113.5"},
		{"Gmail", SMTP_NAMES_GREETED, "h.example", "250-mx.google.com at your service, [203.0.113.5]\r\n250 X",
			"203.0.113.5"},
		{"Sendmail", SMTP_NAMES_GREETED, "h.example",
			"250 mx.example Hello h.example [203.0.113.5], pleased to meet you", "203.0.113.5"},
		{"Exchange", SMTP_NAMES_GREETED, "h.example", "250-XX.outlook.com Hello [203.0.113.5]\r\n250 CHUNKING",
			"203.0.113.5"},
		{"IPv6 in an IPv4 session", SMTP_NAMES_GREETED, "h", "250 mx Hello h [IPv6:2001:db8::5]", NULL},
		{"parentheses", SMTP_NAMES_GREETED, "h", "250 mx Hello h (203.0.113.5)", "203.0.113.5"},
		{"bare behind a greeting", SMTP_NAMES_GREETED, "h", "250 mx Hello 203.0.113.5, nice to see you",
			"203.0.113.5"},
		{"bare, a version", SMTP_NAMES_GREETED, "h", "250 mx Foo 8.14.4.1 ready", NULL},
		{"inside a name", SMTP_NAMES_GREETED, "h", "250 mx Hello 203.0.113.5.dyn.example", NULL},
		{"name with dashes", SMTP_NAMES_GREETED, "h", "250 mx Hello ip-203-0-113-5.example", NULL},
		{"Postfix", SMTP_NAMES_GREETED, "h", "250-mx.example\r\n250 SIZE", NULL},
		{"server's own, first word", SMTP_NAMES_GREETED, "h", "250 [203.0.113.7] Hello h", NULL},
		{"server's own, later", SMTP_NAMES_GREETED, "h", "250 mx [198.51.100.25] Hello h", NULL},
		{"server's own and ours", SMTP_NAMES_GREETED, "h", "250 mx [198.51.100.25] Hello h [203.0.113.5]",
			"203.0.113.5"},
		{"echo of our literal", SMTP_NAMES_GREETED, "[10.0.0.5]", "250 mx Hello [10.0.0.5]", NULL},
		{"literal and what was seen", SMTP_NAMES_GREETED, "[10.0.0.5]", "250 mx Hello [10.0.0.5] [203.0.113.5]",
			"203.0.113.5"},
		{"literal that is right", SMTP_NAMES_GREETED, "[203.0.113.5]",
			"250 mx Hello [203.0.113.5] [203.0.113.5]", "203.0.113.5"},
		{"a proxy's inner address", SMTP_NAMES_GREETED, "h", "250 mx Hello h [10.9.8.7]", NULL},
		{"brackets before bare", SMTP_NAMES_GREETED, "h", "250 mx Hello 192.0.2.9 [203.0.113.5]",
			"203.0.113.5"},
		{"only the first line", SMTP_NAMES_GREETED, "h", "250-mx Hello h\r\n250 [203.0.113.5]", NULL},
		{"banner", SMTP_NAMES_BANNER, "h", "220 mx.example ESMTP, you are [203.0.113.5]", "203.0.113.5"},
		{"banner without the words", SMTP_NAMES_BANNER, "h", "220 mx.example [203.0.113.5] ESMTP", NULL},
		{"Postfix, PTR", SMTP_NAMES_REFUSED, "h",
			"550 5.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.5]",
			"203.0.113.5"},
		{"Postfix, access table", SMTP_NAMES_REFUSED, "h",
			"554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied", "203.0.113.5"},
		{"Postfix, list", SMTP_NAMES_REFUSED, "h",
			"554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.spamhaus.org; "
			"https://www.spamhaus.org/query/ip/203.0.113.77",
			"203.0.113.5"},
		{"Gmail, PTR", SMTP_NAMES_REFUSED, "h",
			"550-5.7.25 [203.0.113.5] The IP address sending this message does not have a\r\n"
			"550-5.7.25 PTR record setup\r\n550 5.7.25 gsmtp",
			"203.0.113.5"},
		{"Gmail, with a number", SMTP_NAMES_REFUSED, "h",
			"421-4.7.0 [203.0.113.5      15] Our system has detected\r\n421 4.7.0 more", "203.0.113.5"},
		{"Microsoft", SMTP_NAMES_REFUSED, "h",
			"550 5.7.1 Unfortunately, messages from [203.0.113.5] weren't sent.", "203.0.113.5"},
		{"Yahoo", SMTP_NAMES_REFUSED, "h", "421 4.7.0 [TSS04] Messages from 203.0.113.5 temporarily deferred",
			"203.0.113.5"},
		{"an address in a link", SMTP_NAMES_REFUSED, "h",
			"550 see https://example.net/?ip=203.0.113.5 for details", NULL},
		{"somebody's address", SMTP_NAMES_REFUSED, "h", "550 ask 203.0.113.5", NULL},
		{"nested reply of another host", SMTP_NAMES_REFUSED, "h",
			"550 host mx2.example[203.0.113.5] said: 550 no", NULL},
		{"the server's own", SMTP_NAMES_REFUSED, "h", "554 Client host [198.51.100.25] blocked", NULL},
		{"word that ends so", SMTP_NAMES_REFUSED, "h", "554 nonclient [203.0.113.5] x", NULL},
		{"nothing", SMTP_NAMES_REFUSED, "h", "554", NULL},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct smtp_question q = {.ehlo = rows[i].ehlo};
		char text[MP_IP_TEXT];
		struct mp_ip ip;
		bool got;

		assert_true(mp_ip_parse(MP_LIT("198.51.100.25"), &q.address));
		assert_true(mp_ip_parse(MP_LIT("10.0.0.5"), &q.source));
		got = smtp_names_client(reply_of(a, rows[i].reply), rows[i].where, &q, &ip);
		row_str(rows[i].label, got ? mp_ip_text(&ip, text) : NULL, rows[i].want);
	}
	mp_arena_free(a);
}

static void names_in_ipv6_sessions(void **state)
{
	static const struct {
		const char *label, *reply, *want;
	} rows[] = {
		{"tagged", "250 mx Hello h [IPv6:2001:DB8::5]", "2001:db8::5"},
		{"untagged", "250 mx Hello h [2001:db8:0:0::5]", "2001:db8::5"},
		{"bare", "250 mx Hello 2001:db8::5: welcome", "2001:db8::5"},
		{"IPv4", "250 mx Hello h [203.0.113.5]", NULL},
		{"a time", "250 mx Hello h at 10:11:12", NULL},
	};
	struct mp_arena *a = mp_arena_new();
	struct smtp_question q = {.ehlo = "h"};

	(void)state;
	assert_true(mp_ip_parse(MP_LIT("2001:db8::25"), &q.address));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[MP_IP_TEXT];
		struct mp_ip ip;
		bool got = smtp_names_client(reply_of(a, rows[i].reply), SMTP_NAMES_GREETED, &q, &ip);

		row_str(rows[i].label, got ? mp_ip_text(&ip, text) : NULL, rows[i].want);
	}
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_split),
		cmocka_unit_test(every_length),
		cmocka_unit_test(bounds),
		cmocka_unit_test(garbage_that_may_go_on),
		cmocka_unit_test(garbage_sticks),
		cmocka_unit_test(impostors),
		cmocka_unit_test(flowed_and_cut),
		cmocka_unit_test(banner_hosts),
		cmocka_unit_test(names_of_the_client),
		cmocka_unit_test(names_in_ipv6_sessions),
	};

	return cmocka_run_group_tests_name("smtp_reply", tests, NULL, NULL);
}
