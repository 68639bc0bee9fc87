/* smtp/found.c - see smtp/found.h */
#include "smtp/found.h"

enum {
	NAME_MAX_LEN = 255,
	AROUND_MAX = 2048, /* how far from a reply its host and recipient are looked for */
};

/* ---- small readers */

static ptrdiff_t find(struct mp_str s, const char *mark)
{
	const char *at = s.n ? memmem(s.p, s.n, mark, strlen(mark)) : NULL;

	return at ? at - s.p : -1;
}

static ptrdiff_t find_last(struct mp_str s, const char *mark)
{
	ptrdiff_t last = -1, at;
	struct mp_str rest = s;

	while ((at = find(rest, mark)) >= 0) {
		last = rest.p - s.p + at;
		rest = mp_strn(rest.p + at + 1, rest.n - (size_t)at - 1);
	}
	return last;
}

static struct mp_str from(struct mp_str s, size_t at)
{
	return at < s.n ? mp_strn(s.p + at, s.n - at) : mp_strn(s.p + s.n, 0);
}

/* What stands behind the mark; p NULL when it is not there. */
static struct mp_str after(struct mp_str s, const char *mark)
{
	ptrdiff_t at = find(s, mark);

	return at < 0 ? mp_strn(NULL, 0) : from(s, (size_t)at + strlen(mark));
}

static struct mp_str up_to(struct mp_str s, const char *ends)
{
	size_t n = 0;

	while (n < s.n && !strchr(ends, s.p[n]))
		n++;
	return mp_strn(s.p, n);
}

static bool is_host_char(char c)
{
	return mp_isalnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
}

/* A host name or an address at the start of `s`, without the root's dot. */
static struct mp_str host_at(struct mp_str s)
{
	size_t n = 0;

	if (s.n && s.p[0] == '[')
		s = from(s, 1);
	while (n < s.n && n < NAME_MAX_LEN && is_host_char(s.p[n]))
		n++;
	while (n && strchr(".:", s.p[n - 1]))
		n--;
	return mp_strn(s.p, n);
}

/* "550", and what may follow a code: 4yz or 5yz, or 0. */
static int code_at(struct mp_str s, size_t i)
{
	if (i + 3 > s.n || (s.p[i] != '4' && s.p[i] != '5') || !mp_isdigit(s.p[i + 1]) || !mp_isdigit(s.p[i + 2]))
		return 0;
	if (i + 3 < s.n && s.p[i + 3] != ' ' && s.p[i + 3] != '-' && s.p[i + 3] != '\n')
		return 0;
	return (s.p[i] - '0') * 100 + (s.p[i + 1] - '0') * 10 + (s.p[i + 2] - '0');
}

/* "5.1.1" at `i`, of the class given. */
static bool enhanced_at(struct mp_str s, size_t i, char class)
{
	size_t digits;

	if (i + 5 > s.n || s.p[i] != class)
		return false;
	for (int part = 0; part < 2; part++) {
		digits = 0;
		if (++i >= s.n || s.p[i] != '.')
			return false;
		while (i + 1 < s.n && mp_isdigit(s.p[i + 1]) && digits < 3) {
			i++;
			digits++;
		}
		if (!digits)
			return false;
	}
	return true;
}

bool smtp_found_code(struct mp_str line)
{
	return code_at(line, 0) != 0;
}

struct mp_str smtp_found_domain(struct mp_str text)
{
	const char *at = text.n ? memchr(text.p, '@', text.n) : NULL;

	while (at) {
		struct mp_str rest = from(text, (size_t)(at - text.p) + 1), host = host_at(rest);

		if (at > text.p && host.n && (mp_isalnum(at[-1]) || strchr("+-_.=\"", at[-1])))
			return host;
		at = rest.n ? memchr(rest.p, '@', rest.n) : NULL;
	}
	return mp_strn(NULL, 0);
}

/* ---- stages */

struct word {
	const char *text;
	enum smtp_stage stage;
};

/* As Postfix and Exim name a command; longer ones first. */
static const struct word commands[] = {
	{"end of data", SMTP_AT_MESSAGE},
	{"end-of-message", SMTP_AT_MESSAGE},
	{"end-of-data", SMTP_AT_MESSAGE},
	{"sending data block", SMTP_AT_MESSAGE},
	{"message content", SMTP_AT_MESSAGE},
	{"bdat", SMTP_AT_MESSAGE},
	{"header", SMTP_AT_MESSAGE},
	{"body", SMTP_AT_MESSAGE},
	{"data", SMTP_AT_DATA},
	{"rcpt", SMTP_AT_RCPT},
	{"mail", SMTP_AT_MAIL},
	{"starttls", SMTP_AT_STARTTLS},
	{"tls negotiation", SMTP_AT_TLS},
	{"ehlo", SMTP_AT_EHLO},
	{"helo", SMTP_AT_EHLO},
	{"lhlo", SMTP_AT_EHLO},
	{"initial", SMTP_AT_BANNER},
	{"connect", SMTP_AT_BANNER},
};

static int stage_at(struct mp_str s)
{
	if (mp_str_istarts(s, "pipelined "))
		s = from(s, strlen("pipelined "));
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (mp_str_istarts(s, commands[i].text))
			return (int)commands[i].stage;
	return -1;
}

/* A client's command alone on its line: "rcpt to:<user@example.org>", "EHLO mail.example.com", "QUIT". */
static bool is_command(struct mp_str line)
{
	static const struct {
		const char *begins;
		bool whole; /* nothing follows */
		bool word;  /* one word follows */
	} verbs[] = {{"MAIL FROM:", false, false}, {"RCPT TO:", false, false}, {"EHLO ", false, true},
		{"HELO ", false, true}, {"DATA", true, false}, {"QUIT", true, false}, {"RSET", true, false},
		{"STARTTLS", true, false}};

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		size_t n = strlen(verbs[i].begins);

		if (!mp_str_istarts(line, verbs[i].begins) || (verbs[i].whole && line.n != n))
			continue;
		return !verbs[i].word || (line.n > n && !memchr(line.p + n, ' ', line.n - n));
	}
	return false;
}

/* What a transcript puts before a client's command; its length, or 0. */
static size_t command_mark(struct mp_str line)
{
	static const char *const marks[] = {">>> ", "-> ", "~> ", "C: "};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (mp_str_istarts(line, marks[i]))
			return strlen(marks[i]);
	return 0;
}

/* The stage of the last command in a transcript; -1: there is none. */
static int stage_of_commands(struct mp_str before)
{
	struct mp_str line;
	int stage = -1;

	while (mp_str_split(&before, '\n', &line)) {
		size_t mark = command_mark(line);

		if (mark || is_command(line))
			stage = stage_at(from(line, mark));
	}
	return stage;
}

/* What bounces say before they quote. */
static const struct word phrases[] = {
	{"refused to talk to me", SMTP_AT_BANNER},
	{"but greeting failed", SMTP_AT_BANNER},
	{"but my name was rejected", SMTP_AT_EHLO},
	{"but sender was rejected", SMTP_AT_MAIL},
	{"does not like sender", SMTP_AT_MAIL},
	{"does not like recipient", SMTP_AT_RCPT},
	{"failed on DATA command", SMTP_AT_DATA},
	{"failed after I sent the message", SMTP_AT_MESSAGE},
};

/* ---- what stands around a reply */

static bool starts_word(struct mp_str s, size_t at)
{
	return at == 0 || mp_isblank(s.p[at - 1]) || strchr("(\n<,;\"", s.p[at - 1]);
}

static struct mp_str host_before(struct mp_str before)
{
	static const char *const marks[] = {
		"while talking to ", "H=", "host ", "Giving up on ", "Connected to ", "Remote Server at "};
	static const char *const behind[] = {" does not like ", " gave this error", " rejected your message",
		" failed on DATA", " failed after I sent", " #<"};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		ptrdiff_t at = find_last(before, marks[i]);
		struct mp_str host;

		if (at < 0 || !starts_word(before, (size_t)at))
			continue;
		host = host_at(from(before, (size_t)at + strlen(marks[i])));
		/* "the remote host said" names none; Exim puts a literal's brackets in round ones. */
		if (host.n && (memchr(host.p, '.', host.n) || memchr(host.p, ':', host.n)))
			return host;
	}
	for (size_t i = 0; i < ARRAY_LEN(behind); i++) {
		ptrdiff_t at = find_last(before, behind[i]);
		size_t start = at > 0 ? (size_t)at : 0;

		while (start && is_host_char(before.p[start - 1]))
			start--;
		if (at > 0 && start < (size_t)at)
			return host_at(mp_strn(before.p + start, (size_t)at - start));
	}
	return mp_strn(NULL, 0);
}

static int stage_before(struct mp_str before)
{
	struct mp_str rest = after(before, "mail server after ");

	if (!rest.p)
		rest = after(before, "LMTP error after ");
	if (rest.p)
		return stage_at(rest);
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (find(before, phrases[i].text) >= 0)
			return (int)phrases[i].stage;
	return stage_of_commands(before);
}

static struct mp_str recipient_domain(struct mp_str before)
{
	struct mp_str rest = after(before, " to=<"), domain = mp_strn(NULL, 0);
	ptrdiff_t at = mp_str_ifind(before, "RCPT TO:<");

	if (!rest.p && at >= 0)
		rest = from(before, (size_t)at + strlen("RCPT TO:<"));
	if (rest.p)
		domain = smtp_found_domain(up_to(rest, ">"));
	/* postqueue -j */
	at = find_last(before, "\"address\": \"");
	if (!domain.n && at >= 0)
		domain = smtp_found_domain(from(before, (size_t)at));
	/* In a transcript the address behind MAIL is the sender's. */
	at = mp_str_ifind(before, "MAIL FROM:<");
	if (at >= 0)
		before.n = (size_t)at;
	return domain.n ? domain : smtp_found_domain(before);
}

/* Ends that quoting programs put behind a reply. */
static const char *const ends[] = {
	" (in reply to ", " Giving up on ", "/Giving up on ", " I'm not going to try again;", " #SMTP#", "##"};

/* Cut what is not the reply's own; `*stage` when the rest tells it. */
static struct mp_str trim_reply(struct mp_str r, char quote, int *stage)
{
	const char *close;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		ptrdiff_t at = find(r, ends[i]);

		if (at <= 0)
			continue;
		if (i == 0)
			*stage = stage_at(from(r, (size_t)at + strlen(ends[0])));
		r.n = (size_t)at;
	}
	/* The last closing quote: the reply may hold some of its own. */
	close = quote ? memrchr(r.p, quote, r.n) : NULL;
	if (close)
		r.n = (size_t)(close - r.p);
	while (r.n && strchr(" \t\r\n#", r.p[r.n - 1]))
		r.n--;
	return r;
}

/* ---- paragraphs */

size_t smtp_found_mark(struct mp_str s)
{
	static const char *const marks[] = {"<<< ", "<** ", "<~* ", "<~  ", "<-  ", "< ", "<- ", "S: ", "> ", "* "};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (s.n > strlen(marks[i]) && memcmp(s.p, marks[i], strlen(marks[i])) == 0 &&
			code_at(s, strlen(marks[i])))
			return strlen(marks[i]);
	return 0;
}

bool smtp_found_breaks(struct mp_str line)
{
	static const char *const starts[] = {"<<< ", "<-  ", "=== ", "... ", "-----", "Giving up on ",
		"Remote host said", "Diagnostic-Code:", "Remote Server "};

	if (smtp_found_code(line) || command_mark(line) || is_command(line))
		return true;
	/* a reply of success */
	if (line.n > 3 && (line.p[0] == '2' || line.p[0] == '3') && mp_isdigit(line.p[1]) && mp_isdigit(line.p[2]) &&
		(line.p[3] == '-' || enhanced_at(line, 4, line.p[0]) || line.p[1] == '2' || line.p[1] == '5'))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (mp_str_istarts(line, starts[i]))
			return true;
	return false;
}

static bool ends_with_any(struct mp_str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mp_str_iends(s, words[i]))
			return true;
	return false;
}

/* Is the code at `i` introduced as a reply? `*quote` is what will close it, or 0. */
static bool introduced(struct mp_str s, size_t i, enum smtp_found_how how, char *quote)
{
	static const char *const strong[] = {
		"said:", "refused to talk to me:", "returned", "returned:", "smtp;", "<<<"};
	static const char *const weak[] = {":", ";", "#", "was", "with", "error", "response", "reply", "said"};
	struct mp_str before = mp_strn(s.p, i), text;
	size_t behind = i + 4;

	*quote = 0;
	if (i && (mp_isalnum(s.p[i - 1]) || strchr(".-@_=/[", s.p[i - 1])))
		return false;
	text = from(s, behind);
	if (before.n && strchr("'\"(<", s.p[i - 1])) {
		*quote = s.p[i - 1] == '(' ? ')' : s.p[i - 1] == '<' ? '>' : s.p[i - 1];
		before.n--;
	}
	before = mp_str_trim(before);
	if (mp_str_iends(before, "(reason:"))
		*quote = ')';
	/* Exchange: '<mx.example #5.7.1 smtp;550 5.7.1 ...>' and "#550 5.1.1 ...##" */
	if (mp_str_iends(before, "smtp;") && (find(before, "'<") >= 0 || find(before, "#<") >= 0))
		*quote = '>';
	if (ends_with_any(before, strong, ARRAY_LEN(strong)))
		return true;
	if (enhanced_at(s, behind, s.p[i]))
		return true;
	if (how == SMTP_FOUND_STRICT || !text.n || !(mp_isalpha(text.p[0]) || strchr("<#[\"", text.p[0])))
		return false;
	/* 404 and its like are HTTP's. */
	return strchr(s.p[i] == '4' ? "2357" : "0234578", s.p[i + 1]) && ends_with_any(before, weak, ARRAY_LEN(weak));
}

/* Where the reply at `i` ends: with its line, or, as long as its lines go on, with the last of them. */
static size_t reply_end(struct mp_str s, size_t i)
{
	int code = code_at(s, i);

	for (;;) {
		bool more = i + 3 < s.n && s.p[i + 3] == '-';
		struct mp_str line = up_to(from(s, i), "\n");
		size_t end = (size_t)(line.p - s.p) + line.n;

		if (!more || end >= s.n || code_at(s, end + 1) != code)
			return end;
		i = end + 1;
	}
}

/*
 * Sendmail's transcript tells a reply as it came, and right behind it what sendmail makes of it: the same once more, or
 * "554 5.0.0 Service unavailable".
 */
static bool said_again(struct mp_str before, bool adjacent, struct mp_str said, struct mp_str reply)
{
	return said.n && adjacent && find(before, "while talking to ") >= 0 &&
	       (code_at(said, 0) == code_at(reply, 0) || mp_str_istarts(from(reply, 4), "5.0.0 "));
}

/* "<user@example.org>: Sorry, I couldn't find any host named example.org. (#5.1.2)": what qmail says for itself. */
static bool own_words(struct mp_str text, smtp_found_fn *found, void *to)
{
	struct mp_str words = after(text, ">:");
	ptrdiff_t at = find_last(words, "(#");
	char made[1024];
	int n;

	if (text.n < 4 || text.p[0] != '<' || at <= 0 || words.n > 900)
		return false;
	n = (int)up_to(from(words, (size_t)at + 2), ")").n;
	if (!enhanced_at(words, (size_t)at + 2, '4') && !enhanced_at(words, (size_t)at + 2, '5'))
		return false;
	snprintf(made, sizeof(made), "%.*s %.*s", n < 12 ? n : 12, words.p + at + 2,
		(int)mp_str_trim(mp_strn(words.p, (size_t)at)).n, mp_str_trim(mp_strn(words.p, (size_t)at)).p);
	found(to, &(struct smtp_found){
			  .reply = mp_str(made), .stage = -1, .domain = smtp_found_domain(up_to(text, ">"))});
	return true;
}

size_t smtp_found_in_text(struct mp_str text, enum smtp_found_how how, smtp_found_fn *found, void *to)
{
	size_t n = 0, last_end = 0, line = 0;
	struct mp_str said = {NULL, 0};

	for (size_t i = 0; i + 3 <= text.n;) {
		struct smtp_found f = {.stage = -1};
		struct mp_str whole;
		size_t end, near;
		char quote = 0;

		if (i && text.p[i - 1] == '\n')
			line = i;
		if (!code_at(text, i) || (i != line && !introduced(text, i, how, &quote))) {
			i++;
			continue;
		}
		end = reply_end(text, i);
		if (text.p[0] == '{' &&
			find(mp_strn(text.p + i, end - i), "\"}") > 0) /* postqueue -j: one of several */
			end = i + (size_t)find(mp_strn(text.p + i, end - i), "\"}");
		f.reply = trim_reply(mp_strn(text.p + i, end - i), quote, &f.stage);
		near = i > AROUND_MAX ? i - AROUND_MAX : 0;
		whole = mp_strn(text.p + near, i - near);
		if (!said_again(whole, i == last_end + 1, said, f.reply)) {
			size_t start = last_end > near ? last_end : near;
			struct mp_str before = mp_strn(text.p + start, i - start);

			said = f.reply;
			f.host = host_before(before);
			if (!f.host.n)
				f.host = host_before(whole);
			if (!f.host.n)
				f.host = host_at(after(
					mp_strn(text.p + end, text.n - end < AROUND_MAX ? text.n - end : AROUND_MAX),
					"Giving up on "));
			if (f.stage < 0)
				f.stage = stage_before(before);
			f.domain = recipient_domain(before);
			if (!f.domain.n)
				f.domain = recipient_domain(whole);
			found(to, &f);
			n++;
		}
		i = last_end = end;
	}
	return n || how == SMTP_FOUND_STRICT ? n : own_words(text, found, to);
}

/* ---- logs */

size_t smtp_found_unescape(char *p, size_t n)
{
	struct mp_str s = mp_strn(p, n);
	ptrdiff_t at = find(s, "\\n");
	size_t out;

	if (at < 0)
		return n;
	out = (size_t)at;
	for (size_t i = out; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n && p[i + 1] == 'n' && code_at(s, i + 2)) {
			p[out++] = '\n';
			i++;
		} else {
			p[out++] = p[i];
		}
	}
	return out;
}

static void tell(
	struct mp_str reply, int stage, struct mp_str host, struct mp_str domain, smtp_found_fn *found, void *to)
{
	struct smtp_found f = {.reply = mp_str_trim(reply), .stage = stage, .host = host, .domain = domain};

	if (f.reply.n)
		found(to, &f);
}

/* "relay=mx.example[192.0.2.1]:25", "relay=mx.example. [192.0.2.1]"; not "none", "local", "virtual" */
static struct mp_str relay_of(struct mp_str line)
{
	struct mp_str host = host_at(after(line, "relay="));

	return host.n && memchr(host.p, '.', host.n) ? host : mp_strn(NULL, 0);
}

/* to=<user@example.org>, and Sendmail's without or with several of them */
static struct mp_str domain_of(struct mp_str line)
{
	struct mp_str rest = after(line, "to=");

	return rest.p ? smtp_found_domain(up_to(rest, ", ")) : rest;
}

/* Postfix's delivery agents: "..., status=bounced (host H[A] said: 550 ... (in reply to RCPT TO command))" */
static bool postfix_status(struct mp_str line, struct mp_str status, smtp_found_fn *found, void *to)
{
	struct mp_str said = from(status, up_to(status, "(").n + 1), host = {NULL, 0};
	struct smtp_found f = {.stage = -1};
	char quote;

	if (!mp_str_istarts(status, "bounced") && !mp_str_istarts(status, "deferred") &&
		!mp_str_istarts(status, "undeliverable") && !mp_str_istarts(status, "SOFTBOUNCE"))
		return true;
	while (said.n && (said.p[said.n - 1] == ')' || said.p[said.n - 1] == ' ')) {
		bool bracket = said.p[said.n - 1] == ')';

		said.n--;
		if (bracket)
			break;
	}
	for (size_t i = 0; i + 3 <= said.n; i++) {
		if (!code_at(said, i) || (i && !introduced(said, i, SMTP_FOUND_LOOSE, &quote)))
			continue;
		host = host_before(mp_strn(said.p, i));
		f.reply = trim_reply(from(said, i), 0, &f.stage);
		if (f.stage < 0)
			f.stage = stage_before(mp_strn(said.p, i));
		tell(f.reply, f.stage, host.n ? host : relay_of(line), domain_of(line), found, to);
		break;
	}
	return true;
}

/* What Postfix itself refused: "NOQUEUE: reject: RCPT from H[A]: 550 5.1.1 ...; from=<...> to=<...> proto=ESMTP" */
static bool postfix_reject(struct mp_str line, struct mp_str what, smtp_found_fn *found, void *to)
{
	struct mp_str reply = after(what, "]: "), none = {NULL, 0};
	ptrdiff_t tail;

	if (mp_str_istarts(what, "header ") || mp_str_istarts(what, "body ")) {
		tail = find_last(what, ": ");
		reply = tail < 0 ? none : from(what, (size_t)tail + 2);
	} else if (reply.p && !code_at(reply, 0) && find(reply, ": ") >= 0 && up_to(what, "]").n < what.n) {
		/* "[192.0.2.1]:4711: 550", and milters, which give an enhanced code alone */
		struct mp_str behind = after(from(what, up_to(what, "]").n), ": ");

		if (code_at(behind, 0))
			reply = behind;
	} else if (!reply.p) {
		reply = after(from(what, up_to(what, "]").n), ": ");
	}
	if (!reply.n)
		return true;
	tail = find_last(reply, "; from=<");
	if (tail > 0)
		reply.n = (size_t)tail;
	tell(reply, stage_at(what), none, domain_of(line), found, to);
	return true;
}

/* Exim: "** user@example.org R=... H=mx.example [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<...>: 550 ..." */
static bool exim_error(struct mp_str line, struct mp_str rest, smtp_found_fn *found, void *to)
{
	struct mp_str domain, reply = {NULL, 0};
	ptrdiff_t mark = find(line, " ** ");

	for (size_t i = 0; i + 3 <= rest.n && !reply.p; i++)
		if (code_at(rest, i) && i >= 2 && rest.p[i - 2] == ':' && mp_isblank(rest.p[i - 1]))
			reply = from(rest, i);
	if (mark < 0)
		mark = find(line, " == ");
	domain = smtp_found_domain(mark < 0 ? rest : from(line, (size_t)mark));
	if (reply.p)
		tell(reply, stage_at(rest), host_before(mp_strn(line.p, (size_t)(reply.p - line.p))), domain, found,
			to);
	return true;
}

/* What Exim itself refused, for which it does not log the code: "H=x [A] F=<...> rejected RCPT <...>: relay not permitted" */
static bool exim_rejected(struct mp_str what, smtp_found_fn *found, void *to)
{
	struct mp_str command = what, reply = after(what, ": "), none = {NULL, 0};
	int stage;

	if (mp_str_istarts(command, "after "))
		command = from(command, strlen("after "));
	stage = stage_at(command);
	if (stage == SMTP_AT_DATA)
		stage = SMTP_AT_MESSAGE; /* Exim's word for the end of the data */
	if (stage < 0 || !reply.p)
		return false;
	tell(reply, stage, none, stage == SMTP_AT_RCPT ? smtp_found_domain(up_to(command, ":")) : none, found, to);
	return true;
}

/* Sendmail's "to=<...>, ..., relay=mx.example. [192.0.2.1], dsn=5.1.1, stat=User unknown" */
static bool sendmail_stat(struct mp_str line, struct mp_str stat, smtp_found_fn *found, void *to)
{
	static const char *const no_reply[] = {"Sent", "queued", "Deferred: Connection", "Deferred: Name server",
		"Deferred: Operation timed out", "Host unknown"};
	struct mp_str reply = after(line, ", reply="), dsn = after(line, ", dsn=");
	char made[1024];

	if (reply.p) {
		ptrdiff_t tail = find_last(reply, ", stat=");

		if (tail > 0)
			reply.n = (size_t)tail;
		tell(reply, -1, relay_of(line), domain_of(line), found, to);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(no_reply); i++)
		if (mp_str_istarts(stat, no_reply[i]))
			return true;
	if (mp_str_istarts(stat, "Deferred: ") && code_at(stat, strlen("Deferred: ")))
		stat = from(stat, strlen("Deferred: "));
	dsn = up_to(dsn, ", ");
	if (code_at(stat, 0) || !dsn.n || dsn.p[0] == '2') {
		tell(stat, -1, relay_of(line), domain_of(line), found, to);
		return true;
	}
	/* Sendmail keeps the reply's enhanced code here, and turns the code into words of its own. */
	snprintf(made, sizeof(made), "%.*s %.*s", (int)(dsn.n < 16 ? dsn.n : 16), dsn.p,
		(int)(stat.n < 900 ? stat.n : 900), stat.p);
	tell(mp_str(made), -1, relay_of(line), domain_of(line), found, to);
	return true;
}

/* What Sendmail itself refused: "ruleset=check_rcpt, arg1=<...>, relay=..., reject=550 5.7.1 ..." */
static bool sendmail_reject(struct mp_str line, struct mp_str reply, smtp_found_fn *found, void *to)
{
	struct mp_str set = after(line, "ruleset=check_"), arg = after(line, "arg1="), none = {NULL, 0};
	int stage = mp_str_istarts(set, "relay") ? (int)SMTP_AT_BANNER : stage_at(set);

	tell(reply, stage, none, stage == SMTP_AT_RCPT ? smtp_found_domain(up_to(arg, ", ")) : none, found, to);
	return true;
}

static struct mp_str quoted(struct mp_str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '"')
		n += s.p[n] == '\\' && n + 1 < s.n ? 2 : 1;
	return mp_strn(s.p, n < s.n ? n : s.n);
}

/* OpenSMTPD: "mta delivery ... to=<...> relay=\"192.0.2.1 (mx.example)\" ... result=\"PermFail\" stat=\"550 ...\"" */
static bool opensmtpd_delivery(struct mp_str line, struct mp_str result, smtp_found_fn *found, void *to)
{
	struct mp_str stat = quoted(after(line, " stat=\"")), relay = after(line, " relay=\""), name;

	if (!stat.n)
		stat = quoted(after(line, " stat="));
	if (mp_str_istarts(result, "Ok"))
		return true;
	relay = relay.p ? quoted(relay) : up_to(after(line, " relay="), ",");
	name = after(relay, "(");
	if (code_at(stat, 0))
		tell(stat, -1, host_at(name.p ? name : relay), domain_of(line), found, to);
	return true;
}

static bool opensmtpd_refused(struct mp_str line, struct mp_str result, smtp_found_fn *found, void *to)
{
	struct mp_str command = quoted(after(line, "command=\"")), none = {NULL, 0};
	int stage = stage_at(command);

	result = quoted(result);
	if (code_at(result, 0))
		tell(result, stage, none, stage == SMTP_AT_RCPT ? smtp_found_domain(command) : none, found, to);
	return true;
}

/* qmail-send: "delivery 7: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_.../Giving_up_on_192.0.2.1./" */
static bool qmail_delivery(char *line, size_t n, size_t at, smtp_found_fn *found, void *to)
{
	struct mp_str s = mp_strn(line, n);

	for (size_t i = 0; i < n; i++)
		if (line[i] == '_')
			line[i] = ' ';
	line[at - 1] = line[at - 1] == '/' ? ' ' : line[at - 1];
	return smtp_found_in_text(s, SMTP_FOUND_STRICT, found, to) > 0;
}

bool smtp_found_in_log(char *p, size_t n, smtp_found_fn *found, void *to)
{
	struct mp_str line, rest;
	ptrdiff_t at;

	line = mp_strn(p, n);
	if ((rest = after(line, ", status=")).p)
		return postfix_status(line, rest, found, to);
	if ((at = find(line, "reject: ")) > 0 && (p[at - 1] == ' ' || p[at - 1] == '-') && find(line, " from ") > at)
		return postfix_reject(line, from(line, (size_t)at + strlen("reject: ")), found, to);
	if ((rest = after(line, "SMTP error from remote mail server after ")).p && smtp_found_log_time(line))
		return exim_error(line, rest, found, to);
	if ((rest = after(line, " rejected ")).p && find(line, " H=") >= 0 && smtp_found_log_time(line))
		return exim_rejected(rest, found, to);
	if ((rest = after(line, ", stat=")).p)
		return sendmail_stat(line, rest, found, to);
	if ((rest = after(line, ", reject=")).p && find(line, "ruleset=") >= 0)
		return sendmail_reject(line, rest, found, to);
	if ((rest = after(line, "result=\"")).p)
		return find(line, "failed-command") >= 0 ? opensmtpd_refused(line, rest, found, to)
							 : opensmtpd_delivery(line, rest, found, to);
	if ((at = find(line, "Remote_host_said:_")) > 0)
		return qmail_delivery(p, n, (size_t)at, found, to);
	return false;
}

static bool looks_like(struct mp_str s, const char *shape)
{
	size_t i = 0;

	for (; *shape; shape++, i++) {
		if (i >= s.n)
			return false;
		if (*shape == '0'       ? !mp_isdigit(s.p[i])
			: *shape == 'a' ? !mp_isalpha(s.p[i])
			: *shape == '_' ? !(s.p[i] == ' ' || mp_isdigit(s.p[i]))
			: *shape == 'T' ? !strchr("T ", s.p[i])
					: *shape != s.p[i])
			return false;
	}
	return true;
}

bool smtp_found_log_time(struct mp_str line)
{
	return looks_like(line, "aaa _0 00:00:00 ") || looks_like(line, "0000-00-00T00:00:00") ||
	       looks_like(line, "@40000000");
}
