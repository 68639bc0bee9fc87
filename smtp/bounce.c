/* smtp/bounce.c - see smtp/bounce.h */
#include "smtp/bounce.h"

enum {
	DEPTH_MAX = 8,     /* multiparts within each other */
	BOUNDARY_MAX = 70, /* RFC 2046 5.1.1 */
	FIELD_MAX = 8192,  /* a header or status field, unfolded */
	HELD_MAX = 16,     /* replies of a text part, until the status part is seen */
};

enum mode {
	UNDECIDED, /* no line yet that tells */
	PLAIN,     /* text or a log */
	HEADER,    /* of a message or a part */
	TEXT,      /* a part for people */
	STATUS,    /* a message/delivery-status part */
	SKIPPED,   /* a part, or what stands around the parts */
};

enum encoding { AS_IS, QUOTED_PRINTABLE, BASE64 };

struct held {
	int stage;
	char *reply, *host, *domain;
};

struct smtp_bounce {
	smtp_found_fn *found;
	void *to;
	enum mode mode;
	bool is_log;
	bool last_blank; /* the line before was empty: "From " begins the next message of an mbox */
	struct mp_buf line, decoded, paragraph, field;
	size_t indent;      /* of the paragraph's first line, if that is an address alone */
	bool by_address;    /* it is */
	bool in_brackets;   /* the paragraph is a reason of mailq's: the recipient comes on the next line */
	struct mp_buf told; /* the last reply of this message's text */

	/* the part under way */
	char type[64], boundary[BOUNDARY_MAX + 1];
	bool report;
	enum encoding encoding;
	unsigned bits, n_bits; /* base64 under way */
	char boundaries[DEPTH_MAX][BOUNDARY_MAX + 1];
	bool in_report[DEPTH_MAX]; /* that multipart is a multipart/report */
	size_t depth;

	/* the recipient of the status part */
	struct mp_buf diagnostic;
	char remote[256], domain[256], status[16];
	bool delivered;
	bool status_told; /* the status part gave a reply */

	struct held held[HELD_MAX];
	size_t n_held;
};

struct smtp_bounce *smtp_bounce_new(smtp_found_fn *found, void *to)
{
	struct smtp_bounce *b = mp_xcalloc(1, sizeof(*b));

	b->found = found;
	b->to = to;
	b->line = MP_BUF(SMTP_BOUNCE_LINE);
	b->decoded = MP_BUF(SMTP_BOUNCE_LINE);
	b->paragraph = MP_BUF(SMTP_BOUNCE_PARAGRAPH);
	b->field = MP_BUF(FIELD_MAX);
	b->diagnostic = MP_BUF(FIELD_MAX);
	b->told = MP_BUF(FIELD_MAX);
	return b;
}

static void drop_held(struct smtp_bounce *b)
{
	for (size_t i = 0; i < b->n_held; i++) {
		free(b->held[i].reply);
		free(b->held[i].host);
		free(b->held[i].domain);
	}
	b->n_held = 0;
}

void smtp_bounce_free(struct smtp_bounce *b)
{
	if (!b)
		return;
	drop_held(b);
	mp_buf_release(&b->line);
	mp_buf_release(&b->decoded);
	mp_buf_release(&b->paragraph);
	mp_buf_release(&b->field);
	mp_buf_release(&b->diagnostic);
	mp_buf_release(&b->told);
	free(b);
}

/* ---- what was found */

static bool inside_report(const struct smtp_bounce *b)
{
	return b->depth && b->in_report[b->depth - 1];
}

static char *copy(struct mp_str s)
{
	char *p = mp_xmalloc(s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

/* A reply in a text part. Beside a status part it waits: that may say the same with more. */
static void found_in_part(void *to, const struct smtp_found *f)
{
	struct smtp_bounce *b = to;

	/* Sendmail gives the reason beside the address, then the transcript: that reply is one. */
	if (b->mode == TEXT && !f->domain.n && b->told.n && mp_str_eq(mp_buf_str(&b->told), f->reply))
		return;
	mp_buf_reset(&b->told);
	mp_buf_addstr(&b->told, f->reply);
	if (!inside_report(b)) {
		b->found(b->to, f);
	} else if (b->n_held < HELD_MAX && !b->status_told) {
		b->held[b->n_held++] = (struct held){f->stage, copy(f->reply), copy(f->host), copy(f->domain)};
	}
}

static void release_held(struct smtp_bounce *b)
{
	for (size_t i = 0; i < b->n_held && !b->status_told; i++) {
		const struct held *h = &b->held[i];
		struct smtp_found f = {
			.reply = mp_str(h->reply),
			.stage = h->stage,
			.host = mp_str(h->host),
			.domain = mp_str(h->domain),
		};

		b->found(b->to, &f);
	}
	drop_held(b);
}

/* ---- paragraphs of text */

static void paragraph_end(struct smtp_bounce *b)
{
	if (b->paragraph.n)
		smtp_found_in_text(mp_buf_str(&b->paragraph), SMTP_FOUND_LOOSE, found_in_part, b);
	mp_buf_reset(&b->paragraph);
	b->in_brackets = false;
}

/* "(host mx.example.org[192.0.2.7] said: 450 ...)", and below it for whom. */
static void mailq_recipient(struct smtp_bounce *b, struct mp_str address)
{
	struct mp_buf reason = b->paragraph;

	b->paragraph = MP_BUF(SMTP_BOUNCE_PARAGRAPH);
	mp_buf_adds(&b->paragraph, " to=<");
	mp_buf_addstr(&b->paragraph, address);
	mp_buf_adds(&b->paragraph, "> ");
	mp_buf_addstr(&b->paragraph, mp_buf_str(&reason));
	mp_buf_release(&reason);
	paragraph_end(b);
}

static void found_in_log(void *to, const struct smtp_found *f)
{
	struct smtp_bounce *b = to;

	paragraph_end(b); /* it stood before */
	b->found(b->to, f);
}

/* Behind such a line comes the message that bounced, until the end of the part. */
static bool is_copy(struct mp_str s)
{
	static const char *const words[] = {"copy of the message", "original message follows", "unsent message follows",
		"copy of your message", "message header follows", "original message headers"};

	if (s.n > 200 || !memchr("-=*O", s.n ? s.p[0] : 0, 4))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (mp_str_ifind(s, words[i]) >= 0)
			return true;
	return false;
}

/* "user@example.org", "<user@example.org>:" and nothing else: with it begins what is said of that recipient. */
static bool is_address_alone(struct mp_str s)
{
	bool at = false;

	for (size_t i = 0; i < s.n; i++) {
		if (mp_isblank(s.p[i]))
			return false;
		at = at || (s.p[i] == '@' && i && i + 1 < s.n);
	}
	return at;
}

static void text_line(struct smtp_bounce *b, char *p, size_t n)
{
	struct mp_str s;
	size_t mark, indent;

	n = smtp_found_unescape(p, n);
	s = mp_str_trim(mp_strn(p, n));
	indent = (size_t)(s.p - p);
	if (b->mode == PLAIN && smtp_found_in_log(p, n, found_in_log, b)) {
		b->is_log = true;
		return;
	}
	if (b->mode == TEXT && is_copy(s)) {
		paragraph_end(b);
		b->mode = SKIPPED;
		return;
	}
	if (s.n == 0) {
		paragraph_end(b);
		return;
	}
	if (b->mode == PLAIN && smtp_found_log_time(s)) {
		b->is_log = true;
		paragraph_end(b);
		smtp_found_in_text(s, SMTP_FOUND_STRICT, found_in_part, b);
		return;
	}
	mark = smtp_found_mark(s);
	s = mp_strn(s.p + mark, s.n - mark);
	if (b->in_brackets && is_address_alone(s)) {
		mailq_recipient(b, s);
		return;
	}
	if (s.n > 6 && s.p[0] == '(' && s.p[s.n - 1] == ')' &&
		(mp_str_istarts(s, "(host ") || mp_str_istarts(s, "(delivery temporarily suspended: "))) {
		paragraph_end(b);
		b->in_brackets = true;
		mp_buf_add(&b->paragraph, s.p + 1, s.n - 2);
		return;
	}
	if (b->paragraph.n && b->by_address && indent <= b->indent && is_address_alone(s))
		paragraph_end(b);
	if (!b->paragraph.n) {
		b->indent = indent;
		b->by_address = is_address_alone(s);
	}
	if (b->paragraph.n + s.n + 1 > SMTP_BOUNCE_PARAGRAPH)
		paragraph_end(b);
	if (b->paragraph.n)
		mp_buf_addc(&b->paragraph, smtp_found_breaks(s) ? '\n' : ' ');
	mp_buf_addstr(&b->paragraph, s);
}

/* ---- the delivery-status part */

/* The words behind "smtp;" (or another type), and the address type of the other fields. */
static struct mp_str untyped(struct mp_str s)
{
	struct mp_str type = {NULL, 0}, rest = s;

	if (!mp_str_split(&rest, ';', &type) || type.n > 32 || memchr(type.p, ' ', type.n) || !rest.p || type.n == s.n)
		return mp_str_trim(s);
	return mp_str_trim(rest);
}

static void keep(char *out, size_t size, struct mp_str s)
{
	size_t n = s.n < size ? s.n : size - 1;

	if (n)
		memcpy(out, s.p, n);
	out[n] = '\0';
}

/* Postfix tells the command in the text part alone: that counts when all replies there were to the same one. */
static int stage_of_text(const struct smtp_bounce *b)
{
	int stage = b->n_held ? b->held[0].stage : -1;

	for (size_t i = 1; i < b->n_held; i++)
		if (b->held[i].stage != stage)
			return -1;
	return stage;
}

struct one_found {
	struct smtp_bounce *b;
	size_t n;
};

static void found_in_diagnostic(void *to, const struct smtp_found *f)
{
	struct one_found *one = to;
	struct smtp_found mine = *f;

	/* One diagnostic is about one reply; who spoke and for whom the fields tell better. */
	if (one->n++)
		return;
	if (!mine.host.n)
		mine.host = mp_str(one->b->remote);
	mine.domain = mp_str(one->b->domain);
	if (mine.stage < 0)
		mine.stage = stage_of_text(one->b);
	one->b->found(one->b->to, &mine);
}

static void recipient_end(struct smtp_bounce *b)
{
	struct mp_str text = mp_str_trim(mp_buf_str(&b->diagnostic));
	struct one_found one = {b, 0};

	if (!b->delivered && text.n)
		smtp_found_in_text(text, SMTP_FOUND_LOOSE, found_in_diagnostic, &one);
	if (!b->delivered && !one.n && b->status[0] && !b->n_held) {
		struct smtp_found f = {.stage = -1, .host = mp_str(b->remote), .domain = mp_str(b->domain)};
		struct mp_buf made = MP_BUF(FIELD_MAX + sizeof(b->status) + 1);

		/* Not the words of a reply, but all that there is. */
		mp_buf_addf(&made, "%s%s", b->status, text.n ? " " : "");
		mp_buf_addstr(&made, text);
		f.reply = mp_buf_str(&made);
		b->found(b->to, &f);
		mp_buf_release(&made);
		one.n++;
	}
	if (one.n)
		b->status_told = true;
	mp_buf_reset(&b->diagnostic);
	b->remote[0] = b->domain[0] = b->status[0] = '\0';
	b->delivered = false;
}

static void status_field(struct smtp_bounce *b, struct mp_str name, struct mp_str value)
{
	if (mp_str_ieq(name, MP_LIT("diagnostic-code"))) {
		mp_buf_reset(&b->diagnostic);
		mp_buf_addstr(&b->diagnostic, untyped(value));
	} else if (mp_str_ieq(name, MP_LIT("remote-mta"))) {
		/* "mx.example.org. (192.0.2.7, the server for the domain example.org.)" */
		struct mp_str rest = untyped(value);

		mp_str_split(&rest, ' ', &value);
		while (value.n && value.p[value.n - 1] == '.')
			value.n--;
		keep(b->remote, sizeof(b->remote), value);
	} else if (mp_str_ieq(name, MP_LIT("status"))) {
		struct mp_str status = value;

		for (status.n = 0; status.n < value.n && !mp_isblank(value.p[status.n]);)
			status.n++;
		keep(b->status, sizeof(b->status), status);
	} else if (mp_str_ieq(name, MP_LIT("action"))) {
		b->delivered = !mp_str_istarts(value, "failed") && !mp_str_istarts(value, "delayed");
	} else if (mp_str_ieq(name, MP_LIT("final-recipient")) ||
		   (mp_str_ieq(name, MP_LIT("original-recipient")) && !b->domain[0])) {
		keep(b->domain, sizeof(b->domain), smtp_found_domain(value));
	}
}

/* ---- header fields */

/* The value of a parameter of Content-Type; n 0: none. */
static struct mp_str parameter(struct mp_str value, const char *name)
{
	struct mp_str part, rest = value;
	size_t len = strlen(name);

	/* Quoted semicolons are rare in boundaries and harm nothing else. */
	while (mp_str_split(&rest, ';', &part)) {
		struct mp_str p = mp_str_trim(part);

		if (!mp_str_istarts(p, name) || p.n <= len || p.p[len] != '=')
			continue;
		p = mp_strn(p.p + len + 1, p.n - len - 1);
		if (p.n && p.p[0] == '"') {
			const char *close = memchr(p.p + 1, '"', p.n - 1);

			p = mp_strn(p.p + 1, close ? (size_t)(close - p.p) - 1 : p.n - 1);
		}
		return p;
	}
	return mp_strn(NULL, 0);
}

static void message_field(struct smtp_bounce *b, struct mp_str name, struct mp_str value)
{
	if (mp_str_ieq(name, MP_LIT("content-type"))) {
		struct mp_str rest = value, type;

		mp_str_split(&rest, ';', &type);
		keep(b->type, sizeof(b->type), mp_str_trim(type));
		keep(b->boundary, sizeof(b->boundary), parameter(value, "boundary"));
		b->report = mp_str_ieq(mp_str(b->type), MP_LIT("multipart/report"));
	} else if (mp_str_ieq(name, MP_LIT("content-transfer-encoding"))) {
		b->encoding = mp_str_istarts(value, "quoted-printable") ? QUOTED_PRINTABLE
			      : mp_str_istarts(value, "base64")         ? BASE64
									: AS_IS;
	}
}

static void field_end(struct smtp_bounce *b)
{
	struct mp_str value = mp_buf_str(&b->field), name;

	if (b->field.n && mp_str_split(&value, ':', &name) && value.p) {
		if (b->mode == STATUS)
			status_field(b, mp_str_trim(name), mp_str_trim(value));
		else
			message_field(b, mp_str_trim(name), mp_str_trim(value));
	}
	mp_buf_reset(&b->field);
}

/* A line of fields, folded or not. A full buffer drops what is too much. */
static void field_line(struct smtp_bounce *b, struct mp_str s)
{
	struct mp_str text = mp_str_trim(s);

	if (b->field.n && mp_isblank(s.p[0])) {
		/* the lines of a reply stay lines */
		mp_buf_addc(&b->field, smtp_found_code(text) && b->mode == STATUS ? '\n' : ' ');
		mp_buf_addstr(&b->field, text);
		return;
	}
	field_end(b);
	mp_buf_addstr(&b->field, text);
}

/* ---- parts */

static void part_begin(struct smtp_bounce *b)
{
	b->mode = HEADER;
	mp_buf_reset(&b->field);
	keep(b->type, sizeof(b->type), MP_LIT("text/plain"));
	b->boundary[0] = '\0';
	b->report = false;
	b->encoding = AS_IS;
	b->bits = b->n_bits = 0;
	mp_buf_reset(&b->decoded);
}

static void header_end(struct smtp_bounce *b)
{
	struct mp_str type;

	field_end(b);
	type = mp_str(b->type);
	if (mp_str_istarts(type, "multipart/")) {
		b->mode = SKIPPED;
		if (b->boundary[0] && b->depth < DEPTH_MAX) {
			/* alternatives within a report are the report's text */
			b->in_report[b->depth] = b->report || inside_report(b);
			memcpy(b->boundaries[b->depth++], b->boundary, sizeof(b->boundary));
		}
	} else if (mp_str_ieq(type, MP_LIT("message/delivery-status")) ||
		   mp_str_ieq(type, MP_LIT("message/global-delivery-status"))) {
		b->mode = STATUS;
	} else if (mp_str_ieq(type, MP_LIT("message/rfc822")) && !inside_report(b)) {
		part_begin(b); /* a forwarded bounce */
	} else {
		b->mode = mp_str_ieq(type, MP_LIT("text/plain")) || mp_str_ieq(type, MP_LIT("text")) ||
					  mp_str_ieq(type, MP_LIT("text/text"))
				  ? TEXT
				  : SKIPPED;
	}
}

static void part_line(struct smtp_bounce *b, char *p, size_t n)
{
	if (b->mode == TEXT) {
		text_line(b, p, n);
	} else if (b->mode == STATUS) {
		if (n) {
			field_line(b, mp_strn(p, n));
		} else {
			field_end(b);
			recipient_end(b);
		}
	}
}

static void decoded_line(struct smtp_bounce *b)
{
	if (b->decoded.n && b->decoded.p[b->decoded.n - 1] == '\r')
		b->decoded.p[--b->decoded.n] = '\0';
	part_line(b, b->decoded.n ? b->decoded.p : (char[]){""}, b->decoded.n);
	mp_buf_reset(&b->decoded);
}

static void decoded_byte(struct smtp_bounce *b, char c)
{
	if (c == '\n')
		decoded_line(b);
	else
		mp_buf_addc(&b->decoded, c);
}

static int base64_value(char c)
{
	if (mp_isupper(c))
		return c - 'A';
	if (mp_islower(c))
		return c - 'a' + 26;
	if (mp_isdigit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void encoded_line(struct smtp_bounce *b, struct mp_str s)
{
	if (b->encoding == BASE64) {
		for (size_t i = 0; i < s.n; i++) {
			int v = base64_value(s.p[i]);

			if (v < 0)
				continue;
			b->bits = (b->bits << 6 | (unsigned)v) & 0xffffff;
			b->n_bits += 6;
			if (b->n_bits >= 8) {
				b->n_bits -= 8;
				decoded_byte(b, (char)(b->bits >> b->n_bits & 0xff));
			}
		}
		return;
	}
	while (s.n && mp_isblank(s.p[s.n - 1]))
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '=') {
			mp_buf_addc(&b->decoded, s.p[i]);
		} else if (i + 1 == s.n) {
			return; /* a soft line break */
		} else if (i + 2 < s.n && mp_hexval(s.p[i + 1]) >= 0 && mp_hexval(s.p[i + 2]) >= 0) {
			decoded_byte(b, (char)(mp_hexval(s.p[i + 1]) << 4 | mp_hexval(s.p[i + 2])));
			i += 2;
		} else {
			mp_buf_addc(&b->decoded, s.p[i]);
		}
	}
	decoded_line(b);
}

static void part_end(struct smtp_bounce *b)
{
	if (b->decoded.n)
		decoded_line(b);
	if (b->mode == TEXT)
		paragraph_end(b);
	if (b->mode == STATUS) {
		field_end(b);
		recipient_end(b);
	}
	b->mode = SKIPPED;
}

static void message_end(struct smtp_bounce *b)
{
	part_end(b);
	release_held(b);
	b->depth = 0;
	b->status_told = false;
	mp_buf_reset(&b->told);
}

/* A delimiter of one of the multiparts that we are in? Then the part before it has ended. */
static bool delimiter(struct smtp_bounce *b, struct mp_str s)
{
	if (s.n < 3 || s.p[0] != '-' || s.p[1] != '-')
		return false;
	for (size_t d = b->depth; d-- > 0;) {
		size_t len = strlen(b->boundaries[d]);
		struct mp_str rest = mp_strn(s.p + 2, s.n - 2);

		if (rest.n < len || memcmp(rest.p, b->boundaries[d], len) != 0)
			continue;
		rest = mp_str_trim(mp_strn(rest.p + len, rest.n - len));
		if (rest.n && !mp_str_eq(rest, MP_LIT("--")))
			continue;
		part_end(b);
		b->depth = d + 1;
		if (rest.n) {
			if (d == 0)
				release_held(b);
			b->depth = d;
		} else {
			part_begin(b);
		}
		return true;
	}
	return false;
}

/* ---- lines */

static size_t field_name_len(struct mp_str s)
{
	size_t n = 0;

	while (n < s.n && (mp_isalnum(s.p[n]) || s.p[n] == '-'))
		n++;
	return n && n < s.n && s.p[n] == ':' ? n : 0;
}

/* Does a message begin so, or the status part of one? Only fields that one begins with: logs have colons too. */
static enum mode begins(struct mp_str s)
{
	static const char *const message[] = {"return-path", "received", "from", "to", "date", "subject",
		"mime-version", "message-id", "delivered-to", "content-type", "dkim-signature",
		"authentication-results", "envelope-to", "auto-submitted", "arc-seal", "arc-message-signature",
		"arc-authentication-results", "sender", "reply-to"};
	static const char *const status[] = {"reporting-mta", "final-recipient", "original-recipient",
		"original-envelope-id", "arrival-date", "action", "diagnostic-code", "remote-mta"};
	struct mp_str name = mp_strn(s.p, field_name_len(s));

	if (mp_str_istarts(s, "From ") && memchr(s.p, '@', s.n) && s.p[0] == 'F')
		return HEADER;
	if (mp_str_istarts(s, "From MAILER-DAEMON ") && s.p[0] == 'F')
		return HEADER;
	if (!name.n)
		return PLAIN;
	for (size_t i = 0; i < ARRAY_LEN(message); i++)
		if (mp_str_ieq(name, mp_str(message[i])))
			return HEADER;
	for (size_t i = 0; i < ARRAY_LEN(status); i++)
		if (mp_str_ieq(name, mp_str(status[i])))
			return STATUS;
	return mp_str_istarts(name, "X-") ? HEADER : PLAIN;
}

static void line_end(struct smtp_bounce *b, char *p, size_t n)
{
	bool mbox;

	if (n && p[n - 1] == '\r')
		n--;
	if (b->mode == UNDECIDED) {
		if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
			p += 3;
			n -= 3;
		}
		if (mp_str_trim(mp_strn(p, n)).n == 0)
			return;
		b->mode = begins(mp_strn(p, n));
		if (b->mode == HEADER)
			part_begin(b);
	}
	mbox = b->mode != PLAIN && b->last_blank && n > 5 && memcmp(p, "From ", 5) == 0 &&
	       begins(mp_strn(p, n)) == HEADER;
	b->last_blank = n == 0;
	if (mbox) {
		message_end(b);
		part_begin(b);
		return;
	}
	if (b->mode == PLAIN) {
		text_line(b, p, n);
	} else if (b->depth && delimiter(b, mp_strn(p, n))) {
		return;
	} else if (b->mode == HEADER) {
		if (n)
			field_line(b, mp_strn(p, n));
		else
			header_end(b);
	} else if (b->mode != SKIPPED) {
		if (b->encoding == AS_IS)
			part_line(b, p, n);
		else
			encoded_line(b, mp_strn(p, n));
	}
}

void smtp_bounce_feed(struct smtp_bounce *b, struct mp_str in)
{
	while (in.n) {
		const char *nl = memchr(in.p, '\n', in.n);
		size_t n = nl ? (size_t)(nl - in.p) : in.n, room = SMTP_BOUNCE_LINE - b->line.n;

		mp_buf_add(&b->line, in.p, n < room ? n : room);
		if (nl) {
			line_end(b, b->line.n ? b->line.p : (char[]){""}, b->line.n);
			mp_buf_reset(&b->line);
			n++;
		}
		in = mp_strn(in.p + n, in.n - n);
	}
}

bool smtp_bounce_is_text(const struct smtp_bounce *b)
{
	return b->mode == PLAIN && !b->is_log;
}

void smtp_bounce_end(struct smtp_bounce *b)
{
	if (b->line.n) {
		line_end(b, b->line.p, b->line.n);
		mp_buf_reset(&b->line);
	}
	if (b->mode == PLAIN)
		paragraph_end(b);
	else
		message_end(b);
}
