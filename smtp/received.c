/* smtp/received.c - see smtp/received.h */
#include "base/text.h"
#include "smtp/received.h"

enum { TEXT_MAX = 256 };

enum clause { BEFORE, FROM, BY, VIA, WITH, ID, FOR };

static const struct {
	const char *word;
	enum clause clause;
} clauses[] = {{"from", FROM}, {"by", BY}, {"via", VIA}, {"with", WITH}, {"id", ID}, {"for", FOR}};

static char *lower(struct mp_arena *a, struct mp_str s)
{
	char *out = mp_text(a, mp_strn(s.p, s.n < TEXT_MAX ? s.n : TEXT_MAX));

	for (char *p = out; *p; p++)
		*p = mp_tolower(*p);
	return out;
}

/* An address, in brackets or not; a port and "IPv6:" are passed over. */
static bool address_of(struct mp_str s, struct mp_ip *ip)
{
	const char *close;

	if (s.n && s.p[0] == '[') {
		close = memchr(s.p, ']', s.n);
		s = mp_strn(s.p + 1, (close ? (size_t)(close - s.p) : s.n) - 1);
	}
	if (mp_str_istarts(s, "IPv6:"))
		s = mp_strn(s.p + 5, s.n - 5);
	return mp_ip_parse(s, ip);
}

/* A word that can be a host's name: with a dot, and nothing that no name has. */
static bool host_of(struct mp_str *s)
{
	bool dot = false;

	while (s->n && s->p[s->n - 1] == '.')
		s->n--;
	for (size_t i = 0; i < s->n; i++) {
		dot = dot || s->p[i] == '.';
		if (!mp_isalnum((unsigned char)s->p[i]) && !strchr("-_.", s->p[i]))
			return false;
	}
	return dot;
}

/* What a comment behind the client's name tells. `*explicit_helo`: it names the HELO. */
static void client_comment(struct mp_arena *a, struct mp_str text, struct smtp_hop *out, bool *explicit_helo)
{
	struct mp_str rest = text, word;
	bool next_is_helo = false, first = true;

	while (mp_str_split(&rest, ' ', &word)) {
		const char *at = word.n ? memchr(word.p, '@', word.n) : NULL;
		struct mp_ip ip;

		if (!word.n)
			continue;
		if (next_is_helo) {
			out->helo = lower(a, word);
			*explicit_helo = true;
			next_is_helo = false;
		} else if (mp_str_istarts(word, "helo=") || mp_str_istarts(word, "ehlo=")) {
			out->helo = lower(a, mp_strn(word.p + 5, word.n - 5));
			*explicit_helo = true;
		} else if (mp_str_ieq(word, MP_LIT("HELO")) || mp_str_ieq(word, MP_LIT("EHLO"))) {
			next_is_helo = true;
		} else if (out->ip.family == MP_IPNONE && address_of(word, &ip)) {
			out->ip = ip;
		} else if (first && !out->rdns) {
			/* ident's user stands before an @ */
			if (at)
				word = mp_strn(at + 1, (size_t)(word.p + word.n - at - 1));
			if (address_of(word, &ip))
				out->ip = out->ip.family == MP_IPNONE ? ip : out->ip;
			else if (host_of(&word))
				out->rdns = lower(a, word);
		}
		first = false;
	}
}

/* "envelope-from <x>", "envelope-sender <x>" */
static void envelope_comment(struct mp_arena *a, struct mp_str text, struct smtp_hop *out)
{
	static const char *const words[] = {"envelope-from", "envelope-sender"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		ptrdiff_t at = mp_str_ifind(text, words[i]);
		struct mp_str s, address;

		if (at < 0)
			continue;
		s = mp_str_trim(mp_strn(text.p + at + strlen(words[i]), text.n - (size_t)at - strlen(words[i])));
		if (!s.n)
			continue;
		if (s.p[0] == '<') {
			s = mp_strn(s.p + 1, s.n - 1);
			mp_str_split(&s, '>', &address);
		} else {
			mp_str_split(&s, ' ', &address);
		}
		out->envelope_from = mp_text(a, mp_strn(address.p, address.n < TEXT_MAX ? address.n : TEXT_MAX));
	}
}

static enum clause clause_of(const struct smtp_token *t, enum clause now)
{
	for (size_t i = 0; i < ARRAY_LEN(clauses); i++)
		if (t->kind == SMTP_TOKEN_ATOM && clauses[i].clause > now &&
			mp_str_ieq(t->text, mp_str(clauses[i].word)))
			return clauses[i].clause;
	return now;
}

static void word_of(struct mp_arena *a, enum clause clause, struct mp_str word, struct smtp_hop *out)
{
	const char **slot = clause == BY     ? &out->by
			    : clause == WITH ? &out->with
			    : clause == ID   ? &out->id
			    : clause == FOR  ? &out->to
					     : NULL;

	if (clause == FROM) {
		if (!out->helo)
			out->helo = lower(a, word);
	} else if (slot && !*slot) {
		if (clause == BY)
			host_of(&word);
		*slot = clause == BY ? lower(a, word)
				     : mp_text(a, mp_strn(word.p, word.n < TEXT_MAX ? word.n : TEXT_MAX));
	}
}

/* What the name in front was, now that the comments are read. */
static void settle_client(struct mp_arena *a, const char *name, bool explicit_helo, struct smtp_hop *out)
{
	struct mp_str s = mp_str(name ? name : "");
	struct mp_ip ip;

	if (!name)
		return;
	if (address_of(s, &ip)) {
		if (out->ip.family == MP_IPNONE)
			out->ip = ip;
		return;
	}
	if (!explicit_helo)
		return;
	if (host_of(&s) && !out->rdns)
		out->rdns = lower(a, s);
}

void smtp_received_read(struct mp_arena *a, struct mp_str value, struct smtp_hop *out)
{
	enum clause clause = BEFORE;
	bool explicit_helo = false;
	const char *name = NULL;
	struct smtp_lexer l;
	struct smtp_token t;
	size_t date = value.n;

	*out = (struct smtp_hop){.helo = NULL};
	smtp_lex_init(&l, a, value, ";<>");
	l.comments = true;
	while (smtp_lex(&l, &t) != SMTP_TOKEN_END) {
		if (t.kind == SMTP_TOKEN_SPECIAL && t.text.p[0] == ';') {
			date = t.end;
			continue;
		}
		if (t.kind == SMTP_TOKEN_COMMENT) {
			if (clause == FROM)
				client_comment(a, t.text, out, &explicit_helo);
			envelope_comment(a, t.text, out);
			continue;
		}
		if (t.kind == SMTP_TOKEN_SPECIAL)
			continue;
		if (clause_of(&t, clause) != clause) {
			clause = clause_of(&t, clause);
			continue;
		}
		if (clause == FROM && !name)
			name = lower(a, t.text);
		word_of(a, clause, t.text, out);
	}
	settle_client(a, name, explicit_helo, out);
	if (date < value.n)
		out->dated = smtp_date(a, mp_strn(value.p + date, value.n - date), &out->at_ms, &out->zone_min);
}
