/* smtp/reply.c - see smtp/reply.h */
#include "base/text.h"
#include "smtp/reply.h"

void smtp_reader_init(struct smtp_reader *r, struct mp_arena *a)
{
	*r = (struct smtp_reader){.a = a, .line = MP_BUF(SMTP_LINE_KEPT)};
}

void smtp_reader_release(struct smtp_reader *r)
{
	mp_buf_release(&r->line);
	free(r->lines);
	r->lines = NULL;
	r->n_lines = r->cap_lines = 0;
}

/* mp_text(), with a short way for the usual: printable ASCII. */
static const char *keep(struct mp_arena *a, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!mp_isprint((unsigned char)p[i]))
			return mp_text(a, mp_strn(p, n));
	return mp_dupn(a, p, n);
}

static enum smtp_got garbage(struct smtp_reader *r, const char *text, const char *why)
{
	r->text = text;
	r->why = why;
	return SMTP_GOT_GARBAGE;
}

/*
 * Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
 * Reply-code = %x32-35 %x30-35 %x30-39
 * Could `c` be byte number `at` (0..3) of a line? Its second digit is taken up to 9: servers make up codes.
 */
static bool fits(unsigned char c, size_t at)
{
	if (at == 0)
		return c >= '2' && c <= '5';
	if (at < 3)
		return mp_isdigit(c);
	return c == ' ' || c == '-' || c == '\r';
}

static bool is_reply_line(const char *p, size_t n)
{
	for (size_t i = 0; i < 3; i++)
		if (i >= n || !fits((unsigned char)p[i], i))
			return false;
	return n == 3 || p[3] == ' ' || p[3] == '-';
}

/*
 * RFC 3463 2: status-code = class "." subject "." detail, numbers without leading zeroes of up to three digits.
 * RFC 2034 3: it is the first word of a line's text, and its class is the reply code's first digit.
 */
static const char *enhanced_of(struct mp_arena *a, int code, struct mp_str text)
{
	struct mp_str left = text, word, part;
	size_t dots = 0;

	for (word = text, word.n = 0; word.n < text.n && !mp_isblank(text.p[word.n]);)
		word.n++;
	if (word.n < 5 || word.n > 9 || word.p[0] != '0' + code / 100 || word.p[1] != '.')
		return NULL;
	for (left = word; mp_str_split(&left, '.', &part); dots++) {
		uint64_t v;

		if (part.n > 3 || !mp_str_u64(part, 999, &v))
			return NULL;
	}
	return dots == 3 ? mp_dupstr(a, word) : NULL;
}

/* A line has ended: `n` bytes at `p` are what is kept of its `whole` bytes, a CR included, the LF not. */
static enum smtp_got take_line(struct smtp_reader *r, const char *p, size_t n, size_t whole)
{
	bool cr = n && n == whole && p[n - 1] == '\r', last;
	struct smtp_reply *reply;
	int code;

	r->bare_lf = n == whole && !cr;
	r->cut_off = whole - n;
	if (cr)
		n--;
	r->text = keep(r->a, p, n);
	if (!is_reply_line(p, n))
		return garbage(r, r->text, "what came is no SMTP reply");
	code = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
	if (r->code && r->code != code)
		return garbage(r, r->text, mp_printf(r->a, "one reply has the codes %d and %d", r->code, code));
	if (r->n_lines == SMTP_REPLY_LINES)
		return garbage(r, r->text, mp_printf(r->a, "a reply of more than %d lines", (int)SMTP_REPLY_LINES));
	r->code = code;
	if (r->n_lines == r->cap_lines) {
		r->cap_lines = r->cap_lines ? r->cap_lines * 2 : 16;
		r->lines = mp_xrealloc(r->lines, r->cap_lines * sizeof(*r->lines));
	}
	r->lines[r->n_lines++] = r->text;
	last = n == 3 || p[3] == ' ';
	if (!last)
		return SMTP_GOT_LINE;
	reply = mp_alloc(r->a, sizeof(*reply));
	reply->code = code;
	reply->n_lines = r->n_lines;
	reply->lines = mp_memdup(r->a, r->lines, r->n_lines * sizeof(*r->lines));
	for (size_t i = 0; i < reply->n_lines && !reply->enhanced; i++)
		reply->enhanced = enhanced_of(r->a, code, mp_str(smtp_line_text(reply->lines[i])));
	r->reply = reply;
	r->code = 0;
	r->n_lines = 0;
	return SMTP_GOT_REPLY;
}

static enum smtp_got end_line(struct smtp_reader *r)
{
	enum smtp_got got = take_line(r, mp_buf_cstr(&r->line), r->line.n, r->line_n);

	mp_buf_reset(&r->line);
	r->line_n = 0;
	r->odd = false;
	return got;
}

static void keep_bytes(struct smtp_reader *r, const char *p, size_t n)
{
	size_t room = SMTP_LINE_KEPT - r->line.n;

	mp_buf_add(&r->line, p, n < room ? n : room);
	r->line_n += n;
	r->total += n;
}

static void skip(struct mp_str *in, size_t n)
{
	in->p += n;
	in->n -= n;
}

/*
 * 1. A whole line that lies in `in` and within all bounds is taken from there, without a copy.
 * 2. Else the first four bytes, and every byte of a line that cannot be a reply, are looked at one by one: binary where
 *    a code should be is garbage at once, other text at its line's end or after SMTP_GARBAGE_KEPT bytes.
 * 3. The rest of a line goes in bulk.
 */
enum smtp_got smtp_reader_next(struct smtp_reader *r, struct mp_str *in)
{
	if (r->why)
		return SMTP_GOT_GARBAGE;
	while (in->n) {
		const char *lf;
		size_t n, room = SMTP_SESSION_BYTES - r->total;

		if (!room)
			return garbage(r, keep(r->a, mp_buf_cstr(&r->line), r->line.n),
				mp_printf(r->a, "more than %d bytes in one session", (int)SMTP_SESSION_BYTES));
		if (r->line_n < 4 || r->odd) {
			unsigned char c = (unsigned char)in->p[0];

			lf = !r->line_n ? memchr(in->p, '\n', in->n < SMTP_LINE_KEPT ? in->n : SMTP_LINE_KEPT) : NULL;
			n = lf ? (size_t)(lf - in->p) : 0;
			if (n > 4 && n < room && is_reply_line(in->p, n)) {
				const char *line = in->p;

				skip(in, n + 1);
				r->total += n + 1;
				return take_line(r, line, n, n);
			}
			skip(in, 1);
			if (c == '\n') {
				r->total++;
				return end_line(r);
			}
			if (!r->odd && !fits(c, r->line_n))
				r->odd = true;
			keep_bytes(r, &(char){(char)c}, 1);
			if (r->odd && ((r->line_n <= 4 && (c < 0x20 || c >= 0x7f) && c != '\r' && c != '\t') ||
					      r->line_n >= SMTP_GARBAGE_KEPT))
				return garbage(r, keep(r->a, r->line.p, r->line.n), "what came is no SMTP reply");
			continue;
		}
		lf = memchr(in->p, '\n', in->n < room ? in->n : room);
		n = lf ? (size_t)(lf - in->p) : in->n < room ? in->n : room;
		if (r->line_n + n > SMTP_LINE_MAX) {
			keep_bytes(r, in->p, SMTP_LINE_MAX - r->line_n);
			return garbage(r, keep(r->a, r->line.p, r->line.n),
				mp_printf(r->a, "a line of more than %d bytes", (int)SMTP_LINE_MAX));
		}
		keep_bytes(r, in->p, n);
		skip(in, n);
		if (lf) {
			skip(in, 1);
			r->total++;
			return end_line(r);
		}
	}
	return SMTP_GOT_NOTHING;
}

const char *smtp_reader_rest(struct smtp_reader *r)
{
	return r->line_n && !r->why ? keep(r->a, mp_buf_cstr(&r->line), r->line.n) : NULL;
}

bool smtp_reader_midway(const struct smtp_reader *r)
{
	return r->line_n || r->n_lines;
}

const char *smtp_impostor(const char *text)
{
	static const struct {
		const char *start, *who;
	} known[] = {
		{"SSH-", "an SSH server"},
		{"HTTP/", "an HTTP server"},
		{"<!DOCTYPE", "an HTTP server"},
		{"<html", "an HTTP server"},
		{"+OK", "a POP3 server"},
		{"* OK", "an IMAP server"},
		{"* PREAUTH", "an IMAP server"},
		{"RFB ", "a VNC server"},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (mp_str_istarts(mp_str(text), known[i].start))
			return known[i].who;
	/* Binary is garbage at its first byte: a TLS record has shown no more than its type then. */
	if (strcmp(text, "\\x15") == 0 || strcmp(text, "\\x16") == 0)
		return "a TLS server";
	return NULL;
}

char *smtp_reply_flowed(struct mp_arena *a, const struct smtp_reply *r, size_t max)
{
	char *text = mp_reply_flowed(a, r->lines, r->n_lines, r->enhanced);
	size_t n = 0, len;

	if (strlen(text) <= max)
		return text;
	/* Not within a character. */
	while ((len = mp_utf8_len(text + n, strlen(text + n))) > 0 && n + len <= max)
		n += len;
	text[n] = '\0';
	return mp_printf(a, "%s ...", text);
}

const char *smtp_line_text(const char *line)
{
	return strlen(line) > 4 ? line + 4 : "";
}

static struct mp_str next_word(struct mp_str *s)
{
	struct mp_str w;

	while (s->n && mp_isblank(s->p[0]))
		skip(s, 1);
	for (w = *s, w.n = 0; w.n < s->n && !mp_isblank(s->p[w.n]);)
		w.n++;
	skip(s, w.n);
	return w;
}

const char *smtp_banner_host(const struct smtp_reply *banner, struct mp_arena *a)
{
	struct mp_str text = mp_str(smtp_line_text(banner->lines[0])), w = next_word(&text);

	/* Greeting = "220 " ( Domain / address-literal ) [ SP textstring ]: some servers leave the domain out. A refusal is words. */
	if (banner->code / 100 != 2 || !w.n || w.n > 255 || mp_str_ieq(w, MP_LIT("ESMTP")) ||
		mp_str_ieq(w, MP_LIT("SMTP")))
		return NULL;
	for (size_t i = 0; i < w.n; i++)
		if (!mp_isalnum(w.p[i]) && !strchr(".-_[]:", w.p[i]))
			return NULL;
	return mp_dupstr(a, w);
}

/* ---- the client's address in a reply */

struct naming {
	const struct smtp_question *q;
	struct mp_ip literal; /* the address literal that we announced */
	bool echo;            /* ... may still be met as an echo */
};

static bool usable(struct naming *n, const struct mp_ip *ip)
{
	if (ip->family != n->q->address.family || mp_ip_eq(ip, &n->q->address))
		return false;
	if (n->echo && mp_ip_eq(ip, &n->literal)) {
		n->echo = false;
		return false;
	}
	/* A receiver on the Internet that names an address of its inner network saw its own proxy, not us. */
	return mp_ip_kind(&n->q->address) != MP_IP_GLOBAL || mp_ip_kind(ip) == MP_IP_GLOBAL ||
	       mp_ip_eq(ip, &n->q->source);
}

/*
 * Find the next address at or behind *at, with nothing but brackets, blanks and punctuation around it. In brackets it
 * may be followed by more ("[192.0.2.1 19]", as Gmail writes). *from and *to enclose it, brackets included.
 */
static bool next_address(struct mp_str s, size_t *at, size_t *from, size_t *to, bool *enclosed, struct mp_ip *ip)
{
	static const char address_chars[] = "0123456789abcdefABCDEF.:";

	for (size_t i = *at; i < s.n; i++) {
		bool open = i && (s.p[i - 1] == '[' || s.p[i - 1] == '('), hit;
		size_t n = 0, skip_tag = 0;

		if (i && !open && !strchr(" \t,;='\"<", s.p[i - 1]))
			continue;
		if (mp_str_istarts(mp_strn(s.p + i, s.n - i), "IPv6:"))
			skip_tag = 5;
		while (i + skip_tag + n < s.n && strchr(address_chars, s.p[i + skip_tag + n]))
			n++;
		hit = n >= 2 && mp_ip_parse(mp_strn(s.p + i + skip_tag, n), ip);
		while (!hit && n > 2 && strchr(".:", s.p[i + skip_tag + n - 1]))
			hit = mp_ip_parse(mp_strn(s.p + i + skip_tag, --n), ip);
		if (!hit || (i + skip_tag + n < s.n && !strchr(" \t,;)]>.:'\"!", s.p[i + skip_tag + n])))
			continue;
		*from = open ? i - 1 : i;
		*to = *at = i + skip_tag + n;
		*enclosed = open;
		if (open && *to < s.n && strchr(")]", s.p[*to]))
			++*to;
		return true;
	}
	return false;
}

/* Does `s` end in `phrase`, blanks and light punctuation behind it aside? */
static bool leads_in(struct mp_str s, const char *phrase)
{
	size_t n = strlen(phrase);

	while (s.n && strchr(" \t:=,'\"", s.p[s.n - 1]))
		s.n--;
	if (s.n < n || !mp_str_iends(s, phrase))
		return false;
	return s.n == n || !mp_isalnum((unsigned char)s.p[s.n - n - 1]);
}

/* Words right before, or right behind, an address that make it the client's. */
static const char *const before[] = {
	"client host",
	"client",
	"client ip",
	"client address",
	"reverse hostname",
	"find your hostname",
	"messages from",
	"mail from ip",
	"email from ip",
	"your ip",
	"your ip address",
	"your host",
	"your address",
	"you are",
	"sending ip",
	"sender ip",
	"source ip",
	"remote host",
	"connection from",
	"connections from",
	"connect from",
	"rdns for",
	"reverse dns for",
	"ptr record for",
};
static const char *const behind[] = {
	"the ip address sending this message", "the ip you're using to send", "our system has detected", "is blocked",
	"is not allowed to send", "weren't sent", ">: client host rejected", /* Postfix: <name[192.0.2.1]>: ... */
};

static bool is_ours(struct mp_str s, size_t from, size_t to, enum smtp_naming where)
{
	struct mp_str head = mp_strn(s.p, from), tail = mp_strn(s.p + to, s.n - to);

	if (where == SMTP_NAMES_BANNER)
		return leads_in(head, "you are");
	for (size_t i = 0; i < ARRAY_LEN(before); i++)
		if (leads_in(head, before[i]))
			return true;
	/* "[192.0.2.1      19] Our system has detected ..." */
	for (size_t end = 0; end < tail.n && end < 16 && (mp_isblank(tail.p[end]) || mp_isdigit(tail.p[end])); end++)
		if (end + 1 < tail.n && tail.p[end + 1] == ']')
			skip(&tail, end + 2), end = tail.n;
	tail = mp_str_trim(tail);
	for (size_t i = 0; i < ARRAY_LEN(behind); i++)
		if (mp_str_istarts(tail, behind[i]))
			return true;
	return false;
}

/*
 * RFC 5321 4.1.1.1: ehlo-ok-rsp = ( "250" SP Domain [ SP ehlo-greet ] CRLF ) / ...: the first word names the server.
 * In the rest an address in brackets counts, the last one where there are several ("Hello [10.0.0.1] [203.0.113.5]": what
 * we said, then what was seen); one without brackets only behind a word of greeting.
 */
static bool greeted(struct mp_str text, struct naming *n, struct mp_ip *out)
{
	static const char *const greeting[] = {
		"hello", "hi", "greetings", "welcome", "you are", "service", "to meet you"};
	size_t at, from, to;
	struct mp_ip ip;
	bool enclosed, found = false, bare_found = false;
	struct mp_ip bare = {0};

	next_word(&text);
	for (at = 0; next_address(text, &at, &from, &to, &enclosed, &ip);) {
		if (!usable(n, &ip))
			continue;
		if (enclosed) {
			*out = ip;
			found = true;
			continue;
		}
		for (size_t i = 0; i < ARRAY_LEN(greeting) && !bare_found; i++)
			if (mp_str_ifind(mp_strn(text.p, from), greeting[i]) >= 0) {
				bare = ip;
				bare_found = true;
			}
	}
	if (!found && bare_found)
		*out = bare;
	return found || bare_found;
}

bool smtp_names_client(
	const struct smtp_reply *r, enum smtp_naming where, const struct smtp_question *q, struct mp_ip *out)
{
	struct mp_str ehlo = mp_str(q->ehlo);
	struct naming n = {.q = q};

	if (ehlo.n > 2 && ehlo.p[0] == '[' && ehlo.p[ehlo.n - 1] == ']') {
		struct mp_str in = mp_strn(ehlo.p + 1, ehlo.n - 2);

		if (mp_str_istarts(in, "IPv6:"))
			skip(&in, 5);
		n.echo = where == SMTP_NAMES_GREETED && mp_ip_parse(in, &n.literal);
	}
	if (where == SMTP_NAMES_GREETED)
		return greeted(mp_str(smtp_line_text(r->lines[0])), &n, out);
	for (size_t i = 0; i < r->n_lines; i++) {
		struct mp_str text = mp_str(smtp_line_text(r->lines[i]));
		size_t from, to;
		struct mp_ip ip;
		bool enclosed;

		for (size_t at = 0; next_address(text, &at, &from, &to, &enclosed, &ip);) {
			if (is_ours(text, from, to, where) && usable(&n, &ip)) {
				*out = ip;
				return true;
			}
		}
	}
	return false;
}
