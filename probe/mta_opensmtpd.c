/* probe/mta_opensmtpd.c - what OpenSMTPD is configured to announce and to send from: its relay action */
#include "base/buf.h"
#include "probe/mta.h"

enum { WORDS_MAX = 256, ACTIONS_MAX = 128, TABLES_MAX = 128, MACROS_MAX = 128, LINES_MAX = 20000 };

/* "name = value", and "table name { a, b }" with its entries in one text, separated by blanks. */
struct named {
	struct mp_str name;
	const char *value; /* NULL: a table that is not in this file */
};

struct action {
	struct mp_str name;
	const char *helo, *src, *host;
	bool relay, helo_by_table;
};

struct smtpd {
	const struct mta_host *h;
	struct named macros[MACROS_MAX], tables[TABLES_MAX];
	size_t n_macros, n_tables;
	struct action actions[ACTIONS_MAX];
	size_t n_actions;
	struct mp_str candidates[ACTIONS_MAX]; /* actions of "match ... for any", in order */
	size_t n_candidates, lines;
};

static const char *lookup(const struct named *list, size_t n, struct mp_str name)
{
	for (size_t i = 0; i < n; i++)
		if (mp_str_eq(list[i].name, name))
			return list[i].value;
	return NULL;
}

static void name_value(struct named *list, size_t *n, size_t max, struct mp_str name, const char *value)
{
	if (*n < max)
		list[(*n)++] = (struct named){name, value};
}

/* Words of a logical line: quoted strings, and "{", "}", ",", "=" by themselves. $macro is replaced. */
static size_t words(struct smtpd *c, struct mp_str s, struct mp_str out[static WORDS_MAX])
{
	size_t n = 0, len;

	for (size_t i = 0; i < s.n && n < WORDS_MAX; i += len) {
		struct mp_str rest = mp_strn(s.p + i, s.n - i);

		len = 1;
		if (mp_isblank(*rest.p))
			continue;
		if (*rest.p == '#')
			break;
		if (*rest.p == '"') {
			while (len < rest.n && rest.p[len] != '"')
				len += rest.p[len] == '\\' && len + 1 < rest.n ? 2 : 1;
			out[n++] = mp_strn(rest.p + 1, len - 1);
			len += len < rest.n;
			continue;
		}
		if (!strchr("{},=", *rest.p))
			while (len < rest.n && !mp_isblank(rest.p[len]) && !strchr("{},=#\"", rest.p[len]))
				len++;
		out[n] = mp_strn(rest.p, len);
		if (*rest.p == '$') {
			const char *value = lookup(c->macros, c->n_macros, mp_strn(rest.p + 1, len - 1));

			if (value)
				out[n] = mp_str(value);
		}
		n++;
	}
	return n;
}

/* Entries of "{ a, b }" from word `at` on, or one word; the place behind them. */
static size_t entries(struct smtpd *c, const struct mp_str *w, size_t n, size_t at, const char **out)
{
	struct mp_buf b = MP_BUF(MTA_VALUE_MAX);
	bool braces = at < n && mp_str_eq(w[at], MP_LIT("{"));

	for (at += braces; at < n && !mp_str_eq(w[at], MP_LIT("}")); at++) {
		if (!mp_str_eq(w[at], MP_LIT(","))) {
			mp_buf_addstr(&b, w[at]);
			mp_buf_addc(&b, ' ');
		}
		if (!braces)
			break;
	}
	*out = mp_dupn(c->h->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return at + 1;
}

/* action NAME relay [helo NAME] [src ADDRESS | <TABLE>] [host URL] ... */
static void read_action(struct smtpd *c, const struct mp_str *w, size_t n)
{
	struct action *act;

	if (n < 3 || c->n_actions == ACTIONS_MAX)
		return;
	act = &c->actions[c->n_actions++];
	*act = (struct action){.name = w[1], .relay = mp_str_eq(w[2], MP_LIT("relay"))};
	for (size_t i = 3; act->relay && i + 1 < n; i++) {
		if (mp_str_eq(w[i], MP_LIT("helo"))) {
			act->helo = mp_dupstr(c->h->a, w[++i]);
		} else if (mp_str_eq(w[i], MP_LIT("helo-src"))) {
			act->helo_by_table = true;
			i++;
		} else if (mp_str_eq(w[i], MP_LIT("host"))) {
			act->host = mp_dupstr(c->h->a, w[++i]);
		} else if (mp_str_eq(w[i], MP_LIT("src"))) {
			struct mp_str at = w[i + 1];

			if (at.n > 2 && at.p[0] == '<' && at.p[at.n - 1] == '>') {
				act->src = lookup(c->tables, c->n_tables, mp_strn(at.p + 1, at.n - 2));
				i++;
			} else {
				i = entries(c, w, n, i + 1, &act->src) - 1;
			}
		}
	}
}

/* match ... for any ... action NAME */
static void read_match(struct smtpd *c, const struct mp_str *w, size_t n)
{
	bool any = false;

	for (size_t i = 1; i + 1 < n; i++) {
		if (mp_str_eq(w[i], MP_LIT("for")) && mp_str_eq(w[i + 1], MP_LIT("any")))
			any = true;
		if (any && mp_str_eq(w[i], MP_LIT("action")) && c->n_candidates < ACTIONS_MAX)
			c->candidates[c->n_candidates++] = w[i + 1];
	}
}

static void read_file(struct smtpd *c, const char *path, unsigned depth);

static void logical_line(struct smtpd *c, struct mp_str line, unsigned depth)
{
	struct mp_str w[WORDS_MAX];
	size_t n = words(c, line, w);
	const char *value = NULL;

	if (n >= 3 && mp_str_eq(w[1], MP_LIT("="))) {
		entries(c, w, n, 2, &value);
		name_value(c->macros, &c->n_macros, MACROS_MAX, w[0], mp_dupstr(c->h->a, mp_str_trim(mp_str(value))));
	} else if (n >= 3 && mp_str_eq(w[0], MP_LIT("table"))) {
		if (mp_str_eq(w[2], MP_LIT("{")))
			entries(c, w, n, 2, &value);
		name_value(c->tables, &c->n_tables, TABLES_MAX, w[1], value);
	} else if (n >= 2 && mp_str_eq(w[0], MP_LIT("include"))) {
		read_file(c, mp_dupstr(c->h->a, w[1]), depth + 1);
	} else if (n && mp_str_eq(w[0], MP_LIT("action"))) {
		read_action(c, w, n);
	} else if (n && mp_str_eq(w[0], MP_LIT("match"))) {
		read_match(c, w, n);
	}
}

/* Lines end in a backslash where the next one continues them, and so do lists in braces. */
static void read_file(struct smtpd *c, const char *path, unsigned depth)
{
	struct mp_str text = mp_str(depth > MTA_DEPTH_MAX ? NULL : mta_file(c->h->a, c->h->root, path, NULL)), line;
	struct mp_buf b = MP_BUF(MTA_VALUE_MAX);
	int braces = 0;

	while (mp_str_split(&text, '\n', &line) && c->lines++ < LINES_MAX) {
		bool more;
		const char *hash;

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		hash = line.n ? memchr(line.p, '#', line.n) : NULL;
		if (hash)
			line.n = (size_t)(hash - line.p);
		line = mp_str_trim(line);
		more = line.n && line.p[line.n - 1] == '\\';
		line.n -= more;
		for (size_t i = 0; i < line.n; i++)
			braces += line.p[i] == '{' ? 1 : line.p[i] == '}' ? -1 : 0;
		mp_buf_addstr(&b, line);
		mp_buf_addc(&b, ' ');
		if (more || braces > 0)
			continue;
		braces = 0;
		logical_line(c, mp_strn(mp_dupn(c->h->a, mp_buf_cstr(&b), b.n), b.n), depth);
		mp_buf_reset(&b);
	}
	mp_buf_release(&b);
}

static const struct action *find_action(const struct smtpd *c, struct mp_str name)
{
	for (size_t i = 0; i < c->n_actions; i++)
		if (mp_str_eq(c->actions[i].name, name) && c->actions[i].relay)
			return &c->actions[i];
	return NULL;
}

void mta_read_opensmtpd(const struct mta_host *h, struct mp_mta *out)
{
	struct smtpd *c = mp_alloc(h->a, sizeof(*c));
	const struct action *act = NULL;
	struct mp_str rest, word;
	const char *mailname, *named_in = "/etc/mail/mailname";

	c->h = h;
	if (!mta_file(h->a, h->root, h->config, NULL)) {
		out->trouble = mp_printf(h->a, "%s cannot be read by this user", h->config);
		return;
	}
	read_file(c, h->config, 0);
	for (size_t i = 0; i < c->n_candidates && !act; i++)
		act = find_action(c, c->candidates[i]);
	for (size_t i = 0; i < c->n_actions && !act; i++)
		act = c->actions[i].relay ? &c->actions[i] : NULL;
	/* Without a name of its own an action announces the server's: mailname, else the host's qualified name. */
	mailname = mta_first_word(h->a, h->root, named_in);
	if (!mailname) {
		named_in = "/etc/mailname";
		mailname = mta_first_word(h->a, h->root, named_in);
	}
	out->ehlo = mailname ? mailname : h->fqdn;
	out->ehlo_origin = mailname ? named_in : "the host's name";
	out->domain = out->ehlo;
	out->domain_origin = out->ehlo_origin;
	if (act && act->helo) {
		out->ehlo = act->helo;
		out->ehlo_origin = mp_printf(h->a, "helo in %s", h->config);
	} else if (act && act->helo_by_table) {
		out->ehlo = NULL;
		out->trouble = mp_printf(h->a, "helo-src in %s chooses it by table", h->config);
	} else if (!out->ehlo) {
		out->trouble = mp_printf(h->a, "%s names none, and the host has no qualified name", h->config);
	}
	if (act && act->host) {
		out->relayhost = act->host;
		out->relayhost_origin = mp_printf(h->a, "host in %s", h->config);
	}
	rest = mp_str(act ? act->src : NULL);
	while (rest.p && mta_next_word(&rest, &word))
		mta_add_bind(out, word, mp_printf(h->a, "src in %s", h->config));
}
