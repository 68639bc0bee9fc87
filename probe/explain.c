/* probe/explain.c - see probe/explain.h */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "probe/explain.h"
#include "probe/raw.h"
#include "reports/report.h"
#include "reports/wrap.h"
#include "smtp/bounce.h"
#include "smtp/cause.h"
#include "smtp/match.h"
#include "smtp/rules.h"

enum {
	CHUNK = 64 * 1024,
	WIDTH = 80,
	UNCLASSIFIED = 3, /* exit status */
	OUT_MAX = 4 * 1024 * 1024,
	MEMO_SLOTS = 4096, /* replies whose classification is remembered */
	MEMO_KEY_MAX = 600,
	GROUPS_MAX = 4096, /* of a summary; more are counted as one */
	GROUP_SLOTS = 2 * GROUPS_MAX,
	DOMAIN_MAX = 253,
	HOST_MAX = 255,
	REPLY_MAX = 4096, /* of an input that is nothing but a reply's words */
	LABEL_COLS = 11,  /* of the text form */
};

/* A classification that was made before. */
struct memo {
	char *key;
	size_t key_n;
	struct smtp_classified c; /* with copies of its own of `enhanced` and `refs` */
};

/* Whom a host name tells, by the rules' own patterns. */
struct known_host {
	char *host;
	const char *speaker; /* "" : nobody known */
};

struct group {
	enum smtp_cause cause;
	const char *provider;
	char *domain; /* "" : not told */
	uint64_t n;
};

struct explain {
	const struct mp_options *o;
	const struct smtp_own_rules *own; /* rules of the user's own, or NULL */
	const json_t *checks;             /* of this host; NULL: none were made */
	struct mp_arena *a;
	struct mp_buf out, key;
	struct memo *memo;
	struct known_host *hosts;
	bool exact; /* remember the very text only */
	bool begun; /* an element or a text was written */
	bool told[SMTP_CAUSE__COUNT];
	char *json_tail[SMTP_CAUSE__COUNT]; /* what is the same for all replies of a cause */
	uint64_t replies, unknown;
	struct group *groups;
	size_t n_groups;
	uint16_t *slots; /* of groups, by hash: index + 1 */
	uint64_t others;
};

static void flush_out(struct explain *e, size_t at_least)
{
	if (e->out.n >= at_least && e->out.n) {
		fwrite(e->out.p, 1, e->out.n, stdout);
		mp_buf_reset(&e->out);
	}
}

static uint64_t hash(struct mp_str s, uint64_t h)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* ---- classification, with a memory */

static bool is_address(struct mp_str s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		if (s.p[i] != '.' && !mp_isdigit(s.p[i]))
			return false;
	}
	return dots == 3;
}

/* "p131si8414989oif.118", "4XyZ0123abcd": a number that its server gave this one message. */
static bool is_serial(struct mp_str s)
{
	size_t digits = 0, letters = 0, dots = 0;

	if (s.n < 12 || s.n > 64)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		digits += mp_isdigit(s.p[i]) ? 1 : 0;
		letters += mp_isalpha(s.p[i]) ? 1 : 0;
		dots += s.p[i] == '.';
		if (!mp_isalnum(s.p[i]) && s.p[i] != '.')
			return false;
	}
	return digits >= 4 && letters >= 3 && (!dots || (dots == 1 && mp_isdigit(s.p[s.n - 1])));
}

/* A host name counts by whom it names alone: two hosts of nobody known are one. */
static const char *speaker_of(struct explain *e, const char *host)
{
	struct mp_str s = mp_str(host);
	struct known_host *h = &e->hosts[hash(s, HASH_START) % MEMO_SLOTS];
	char folded[HOST_MAX + 1];
	struct smtp_text t;

	if (s.n > HOST_MAX)
		return host;
	if (h->host && strcmp(h->host, host) == 0)
		return h->speaker;
	free(h->host);
	h->host = mp_xstrdup(host);
	h->speaker = "";
	smtp_text_init(&t, folded, smtp_fold(s, folded));
	for (size_t i = 0; i < smtp_n_speakers && !*h->speaker; i++)
		if (smtp_speakers[i].host && smtp_match(&t, smtp_speakers[i].host))
			h->speaker = smtp_speakers[i].name;
	return h->speaker;
}

/*
 * The text by which a classification is remembered. In a log, replies that differ in the recipient, the address or a
 * serial number alone are one: none of these is what a cause is told by.
 */
static void memo_key(struct explain *e, struct mp_str text, const struct smtp_cause_hint *hint)
{
	struct mp_str rest = text, word;

	mp_buf_reset(&e->key);
	mp_buf_addf(&e->key, "%d %s ", hint->stage, !hint->mx ? "" : e->own ? hint->mx : speaker_of(e, hint->mx));
	if (e->exact) {
		mp_buf_addstr(&e->key, text);
		return;
	}
	while (mp_str_split(&rest, ' ', &word)) {
		struct mp_str bare = word;

		while (bare.n && strchr("<[(\"'", bare.p[0]))
			bare = mp_strn(bare.p + 1, bare.n - 1);
		while (bare.n && strchr(">]):;,.\"'", bare.p[bare.n - 1]))
			bare.n--;
		if (bare.n && memchr(bare.p, '@', bare.n) && !memchr(bare.p, '/', bare.n) &&
			!memchr(bare.p, '\n', bare.n))
			mp_buf_addc(&e->key, '\1');
		else if (is_address(bare))
			mp_buf_addc(&e->key, '\2');
		else if (is_serial(bare))
			mp_buf_addc(&e->key, '\3');
		else
			mp_buf_addstr(&e->key, word);
		mp_buf_addc(&e->key, ' ');
	}
}

static void memo_release(struct memo *m)
{
	free(m->key);
	free((char *)(uintptr_t)m->c.enhanced);
	for (size_t i = 0; i < ARRAY_LEN(m->c.refs); i++)
		free((char *)(uintptr_t)m->c.refs[i]);
	*m = (struct memo){0};
}

static struct smtp_classified classify(struct explain *e, struct mp_str text, const struct smtp_cause_hint *hint)
{
	struct smtp_classified c;
	struct memo *m;

	memo_key(e, text, hint);
	if (e->key.full || e->key.n > MEMO_KEY_MAX)
		return smtp_classify(e->a, text, hint);
	m = &e->memo[hash(mp_buf_str(&e->key), HASH_START) % MEMO_SLOTS];
	if (m->key && mp_str_eq(mp_strn(m->key, m->key_n), mp_buf_str(&e->key)))
		return m->c;
	c = smtp_classify(e->a, text, hint);
	memo_release(m);
	m->key_n = e->key.n;
	m->key = memcpy(mp_xmalloc(e->key.n + 1), e->key.p, e->key.n + 1);
	m->c = c;
	m->c.enhanced = c.enhanced ? mp_xstrdup(c.enhanced) : NULL;
	for (size_t i = 0; i < ARRAY_LEN(c.refs); i++)
		m->c.refs[i] = c.refs[i] ? mp_xstrdup(c.refs[i]) : NULL;
	return c;
}

/* ---- JSON, written as it comes */

/* How many bytes one U+FFFD stands for: the longest beginning of a sequence (Unicode 3.9, as decoders do). */
static size_t broken_len(struct mp_str s)
{
	unsigned char lead = (unsigned char)s.p[0], low = 0x80, high = 0xbf;
	size_t need = lead >= 0xc2 && lead <= 0xdf   ? 1
		      : lead >= 0xe0 && lead <= 0xef ? 2
		      : lead >= 0xf0 && lead <= 0xf4 ? 3
						     : 0;
	size_t n = 1;

	low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : low;
	high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : high;
	for (; n <= need && n < s.n; n++, low = 0x80, high = 0xbf)
		if ((unsigned char)s.p[n] < low || (unsigned char)s.p[n] > high)
			break;
	return n;
}

/* Characters that could move a terminal's cursor, or reorder what it shows, are written as escapes. */
static bool is_plain(uint32_t code)
{
	return !(code < 0xa0 || (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
		 (code >= 0x2060 && code <= 0x206f) || code == 0xfeff);
}

static void put_string(struct mp_buf *out, struct mp_str s)
{
	size_t done = 0;

	mp_buf_addc(out, '"');
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		size_t len = 1;

		if (mp_isprint(c) && c != '"' && c != '\\') {
			i++;
			continue;
		}
		if (c >= 0x80) {
			len = mp_utf8_len(s.p + i, s.n - i);
			if (len && is_plain(mp_utf8_code(s.p + i, len))) {
				i += len;
				continue;
			}
		}
		mp_buf_add(out, s.p + done, i - done);
		if (!len) {
			mp_buf_adds(out, "\xef\xbf\xbd");
			len = broken_len(mp_strn(s.p + i, s.n - i));
		} else if (c == '"' || c == '\\') {
			mp_buf_addc(out, '\\');
			mp_buf_addc(out, (char)c);
		} else if (c == '\n') {
			mp_buf_adds(out, "\\n");
		} else if (c == '\t') {
			mp_buf_adds(out, "\\t");
		} else {
			mp_buf_addf(out, "\\u%04x", len == 1 ? c : (unsigned)mp_utf8_code(s.p + i, len));
		}
		i += len;
		done = i;
	}
	mp_buf_add(out, s.p + done, s.n - done);
	mp_buf_addc(out, '"');
}

static void put_member(struct mp_buf *out, const char *name, struct mp_str value)
{
	mp_buf_addf(out, ", \"%s\": ", name);
	put_string(out, value);
}

static void put_list(struct mp_buf *out, const char *name, const char *const *list, size_t max)
{
	mp_buf_addf(out, ", \"%s\": [", name);
	for (size_t i = 0; i < max && list[i]; i++) {
		if (i)
			mp_buf_adds(out, ", ");
		put_string(out, mp_str(list[i]));
	}
	mp_buf_addc(out, ']');
}

/* ---- the checks of this host that a cause points to */

static bool points_to(enum smtp_cause cause, const json_t *check)
{
	const char *const *ids = smtp_causes[cause].points_to;

	for (size_t i = 0; i < ARRAY_LEN(smtp_causes[cause].points_to) && ids[i]; i++)
		if (strcmp(ids[i], mp_jget_str(check, "id", "")) == 0)
			return true;
	return false;
}

static void put_checks(struct explain *e, struct mp_buf *out, enum smtp_cause cause)
{
	const json_t *c;
	size_t i, n = 0;

	mp_buf_adds(out, ", \"checks\": [");
	json_array_foreach(e->checks, i, c)
	{
		char *text = points_to(cause, c) ? json_dumps(c, JSON_COMPACT) : NULL;

		if (text)
			mp_buf_addf(out, "%s%s", n++ ? ", " : "", text);
		free(text);
	}
	mp_buf_addc(out, ']');
}

static const char *json_of_cause(struct explain *e, enum smtp_cause cause)
{
	const struct smtp_cause_info *info = &smtp_causes[cause];
	struct mp_buf b = MP_BUF(OUT_MAX);

	if (!e->json_tail[cause]) {
		put_member(&b, "title", mp_str(info->title));
		put_list(&b, "points_to", info->points_to, ARRAY_LEN(info->points_to));
		put_list(&b, "fix", info->fix, ARRAY_LEN(info->fix));
		if (e->checks)
			put_checks(e, &b, cause);
		e->json_tail[cause] = mp_xstrdup(mp_buf_cstr(&b));
		mp_buf_release(&b);
	}
	return e->json_tail[cause];
}

static void put_element(struct explain *e)
{
	mp_buf_adds(&e->out, e->begun ? ",\n " : "[\n ");
	e->begun = true;
}

static void put_reply(struct explain *e, const struct smtp_found *f, const struct smtp_classified *c)
{
	struct mp_buf *out = &e->out;

	put_element(e);
	mp_buf_adds(out, "{\"reply\": ");
	put_string(out, f->reply);
	if (c->code)
		mp_buf_addf(out, ", \"code\": %d", c->code);
	else
		mp_buf_adds(out, ", \"code\": null");
	if (c->enhanced)
		put_member(out, "enhanced", mp_str(c->enhanced));
	else
		mp_buf_adds(out, ", \"enhanced\": null");
	put_member(out, "cause", mp_str(smtp_causes[c->cause].id));
	put_member(out, "provider", mp_str(c->provider));
	mp_buf_addf(out, ", \"confidence\": %.2f", c->confidence);
	mp_buf_adds(out, json_of_cause(e, c->cause));
	if (c->own_line)
		mp_buf_addf(out, ", \"own_rule\": %zu", c->own_line);
	if (f->stage >= 0)
		put_member(out, "stage", mp_str(smtp_stage_name((enum smtp_stage)f->stage)));
	if (f->host.n)
		put_member(out, "host", f->host);
	if (f->domain.n)
		put_member(out, "domain", f->domain);
	if (c->refs[0])
		put_list(out, "refs", c->refs, ARRAY_LEN(c->refs));
	mp_buf_addc(out, '}');
}

/* ---- text */

static char *label(struct rep_page *pg, const char *name)
{
	return rep_cell(pg, REP_PLAIN, mp_printf(pg->a, "    %s", name), LABEL_COLS);
}

static void labelled(struct rep_page *pg, const char *name, const char *text)
{
	struct rep_para para = {.first = label(pg, name)};

	rep_wrap(pg, &para, text);
}

static bool is_plain_ascii(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isprint(s.p[i]) && s.p[i] != '\n')
			return false;
	return true;
}

/* The reply, wrapped. Most are plain ASCII, and a log has millions of them: these need no look at each character. */
static void quote(struct rep_page *pg, struct mp_str reply)
{
	static const char mark[] = "  > ";
	const size_t room = WIDTH - strlen(mark);
	struct rep_para para = {.first = mark, .rest = mark};
	struct mp_str line;

	if (!reply.n || !is_plain_ascii(reply)) {
		rep_wrap(pg, &para, mp_dupstr(pg->a, reply));
		return;
	}
	while (mp_str_split(&reply, '\n', &line)) {
		line = mp_str_trim(line);
		do {
			size_t n = line.n <= room ? line.n : room;

			while (n < line.n && n && line.p[n] != ' ')
				n--;
			if (!n)
				n = room;
			mp_buf_adds(pg->out, mark);
			mp_buf_add(pg->out, line.p, n);
			mp_buf_addc(pg->out, '\n');
			line = mp_str_trim(mp_strn(line.p + n, line.n - n));
		} while (line.n);
	}
}

static const char *joined(struct mp_arena *a, const char *const *list, size_t max)
{
	struct mp_buf b = MP_BUF(CHUNK);
	const char *text;

	for (size_t i = 0; i < max && list[i]; i++)
		mp_buf_addf(&b, "%s%s", i ? ", " : "", list[i]);
	text = mp_dup(a, mp_buf_cstr(&b));
	mp_buf_release(&b);
	return text;
}

static void references(struct explain *e, struct rep_page *pg, const struct smtp_classified *c)
{
	if (c->refs[0])
		labelled(pg, "See", joined(e->a, c->refs, ARRAY_LEN(c->refs)));
}

static void text_reply(struct explain *e, const struct smtp_found *f, const struct smtp_classified *c)
{
	struct rep_page pg = {.a = e->a, .out = &e->out, .width = WIDTH};
	const struct smtp_cause_info *info = &smtp_causes[c->cause];
	const char *by = c->own_line ? mp_printf(e->a, ", by your own rule in line %zu", c->own_line)
			 : strcmp(c->provider, "unknown") != 0 ? mp_printf(e->a, ", by the words of %s", c->provider)
							       : "";
	char *where = NULL;

	if (e->begun)
		mp_buf_addc(&e->out, '\n');
	e->begun = true;
	quote(&pg, f->reply);
	mp_buf_addc(&e->out, '\n');
	if (f->host.n || f->stage >= 0)
		where = mp_printf(e->a, "%s%s%s%s", f->host.n ? "by " : "", f->host.n ? mp_dupstr(e->a, f->host) : "",
			f->stage >= 0 ? (f->host.n ? ", at " : "at ") : "",
			f->stage >= 0 ? smtp_stage_name((enum smtp_stage)f->stage) : "");
	if (where && strlen(where) < WIDTH - LABEL_COLS && is_plain_ascii(mp_str(where)))
		mp_buf_addf(&e->out, "    Said   %s\n", where);
	else if (where)
		labelled(&pg, "Said", where);
	if (e->told[c->cause]) {
		mp_buf_addf(&e->out, "    Cause  %s (%s, %.2f), see above\n", info->id, c->provider, c->confidence);
		references(e, &pg, c); /* its own */
		return;
	}
	labelled(&pg, "Cause",
		c->cause ? mp_printf(e->a, "%s%s (confidence %.2f)", info->id, by, c->confidence)
			 : mp_printf(e->a, "%s%s", info->id, by));
	labelled(&pg, "Means", mp_printf(e->a, "%s. %s", info->title, info->meaning));
	if (info->points_to[0])
		labelled(&pg, "Check", joined(e->a, info->points_to, ARRAY_LEN(info->points_to)));
	for (size_t i = 0; i < ARRAY_LEN(info->fix) && info->fix[i]; i++) {
		struct rep_para step = {.first = mp_printf(e->a, "%s- ", label(&pg, i ? "" : "Do"))};

		rep_wrap(&pg, &step, info->fix[i]);
	}
	references(e, &pg, c);
	e->told[c->cause] = true;
}

/* ---- summary */

static void count(struct explain *e, const struct smtp_found *f, const struct smtp_classified *c)
{
	char domain[DOMAIN_MAX + 1];
	size_t n = f->domain.n < DOMAIN_MAX ? f->domain.n : DOMAIN_MAX, at;
	struct group *g;

	for (size_t i = 0; i < n; i++)
		domain[i] = mp_tolower(f->domain.p[i]);
	domain[n] = '\0';
	at = (size_t)(hash(mp_strn(domain, n), hash(mp_str(c->provider), HASH_START + (uint64_t)c->cause)) %
		      GROUP_SLOTS);
	for (; e->slots[at]; at = (at + 1) % GROUP_SLOTS) {
		g = &e->groups[e->slots[at] - 1];
		if (g->cause == c->cause && strcmp(g->provider, c->provider) == 0 && strcmp(g->domain, domain) == 0) {
			g->n++;
			return;
		}
	}
	if (e->n_groups == GROUPS_MAX) {
		e->others++;
		return;
	}
	e->groups[e->n_groups++] = (struct group){c->cause, c->provider, mp_xstrdup(domain), 1};
	e->slots[at] = (uint16_t)e->n_groups;
}

static int by_count(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int by = x->n == y->n ? 0 : x->n < y->n ? 1 : -1;

	if (!by)
		by = (int)x->cause - (int)y->cause;
	if (!by)
		by = strcmp(x->provider, y->provider);
	return by ? by : strcmp(x->domain, y->domain);
}

static void summary_json(struct explain *e)
{
	for (size_t i = 0; i < e->n_groups; i++) {
		const struct group *g = &e->groups[i];

		put_element(e);
		mp_buf_addf(&e->out, "{\"count\": %llu", (unsigned long long)g->n);
		put_member(&e->out, "cause", mp_str(smtp_causes[g->cause].id));
		put_member(&e->out, "provider", mp_str(g->provider));
		if (g->domain[0])
			put_member(&e->out, "domain", mp_str(g->domain));
		else
			mp_buf_adds(&e->out, ", \"domain\": null");
		mp_buf_adds(&e->out, json_of_cause(e, g->cause));
		mp_buf_addc(&e->out, '}');
		flush_out(e, CHUNK);
	}
	if (e->others) {
		put_element(e);
		mp_buf_addf(&e->out,
			"{\"count\": %llu, \"cause\": \"other\", \"provider\": \"other\", \"domain\": null}",
			(unsigned long long)e->others);
	}
}

static void summary_text(struct explain *e)
{
	struct rep_page pg = {.a = e->a, .out = &e->out, .width = WIDTH};
	struct rep_para para = {.rest = "  "};

	if (!e->replies)
		return;
	rep_print(&pg, 0, "%llu %s, %llu not classified", (unsigned long long)e->replies,
		e->replies == 1 ? "reply" : "replies", (unsigned long long)e->unknown);
	mp_buf_adds(&e->out, "\n     count  cause                   provider      recipient's domain\n");
	for (size_t i = 0; i < e->n_groups; i++) {
		const struct group *g = &e->groups[i];

		para.first = mp_printf(e->a, "%10llu  %-22s  %-12s  ", (unsigned long long)g->n,
			smtp_causes[g->cause].id, g->provider);
		para.one_line = true;
		rep_wrap(&pg, &para, g->domain[0] ? g->domain : "-");
		flush_out(e, CHUNK);
		mp_arena_reset(e->a);
	}
	if (e->others)
		rep_print(&pg, 0, "%10llu  other", (unsigned long long)e->others);
	mp_buf_addc(&e->out, '\n');
	for (size_t i = 0; i < e->n_groups; i++) {
		const struct smtp_cause_info *info = &smtp_causes[e->groups[i].cause];

		if (e->told[e->groups[i].cause])
			continue;
		e->told[e->groups[i].cause] = true;
		para = (struct rep_para){.first = mp_printf(e->a, "  %-22s  ", info->id)};
		rep_wrap(&pg, &para,
			mp_printf(e->a, "%s.%s%s", info->title, info->fix[0] ? " " : "",
				info->fix[0] ? info->fix[0] : ""));
	}
}

/* What this host shows of all the causes that were told. */
static void text_checks(struct explain *e)
{
	struct rep_page pg = {.a = e->a, .out = &e->out, .width = WIDTH};
	const json_t *c;
	bool any = false;
	size_t i;

	json_array_foreach(e->checks, i, c)
	{
		const char *fix = mp_jget_str(c, "fix", NULL);
		struct rep_para para = {.rest = "           "};
		bool told = false;

		for (size_t k = 0; k < SMTP_CAUSE__COUNT; k++)
			told = told || (e->told[k] && points_to((enum smtp_cause)k, c));
		if (!told)
			continue;
		if (!any)
			rep_print(&pg, 0, "%sThis host, by the checks that this points to:\n", e->begun ? "\n" : "");
		any = true;
		para.first = mp_printf(e->a, "    %-5s  ", mp_jget_str(c, "status", ""));
		rep_wrap(
			&pg, &para, mp_printf(e->a, "%s: %s", mp_jget_str(c, "id", ""), mp_jget_str(c, "summary", "")));
		para.first = "           - ";
		para.rest = "             ";
		if (fix)
			rep_wrap(&pg, &para, fix);
		mp_arena_reset(e->a);
	}
	if (!any && e->replies)
		rep_print(&pg, 0, "%sNone of the checks on this host could show that.", e->begun ? "\n" : "");
}

/* ---- one reply */

static void explain_reply(void *to, const struct smtp_found *f)
{
	struct explain *e = to;
	struct smtp_cause_hint hint = {.stage = f->stage, .own = e->own};
	struct smtp_classified c;

	if (f->host.n)
		hint.mx = mp_dupstr(e->a, f->host);
	c = classify(e, f->reply, &hint);
	e->replies++;
	e->unknown += c.cause == SMTP_CAUSE_UNKNOWN;
	if (e->o->summary)
		count(e, f, &c);
	else if (e->o->format == &rep_json)
		put_reply(e, f, &c);
	else
		text_reply(e, f, &c);
	flush_out(e, CHUNK);
	mp_arena_reset(e->a);
}

/* A copy with newlines for literal "\n", which separates the lines of a reply where there can be only one line. */
static struct mp_str with_newlines(struct explain *e, struct mp_str text)
{
	char *p = mp_dupstr(e->a, text);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		bool newline = p[i] == '\\' && i + 1 < text.n && p[i + 1] == 'n';

		p[n++] = newline ? '\n' : p[i];
		i += newline ? 1 : 0;
	}
	return mp_strn(p, n);
}

/* The text as one reply. */
static void explain_text(struct explain *e, struct mp_str text)
{
	struct smtp_found f = {.reply = with_newlines(e, text), .stage = -1};

	explain_reply(e, &f);
}

/* ---- input */

/* Where the bytes go: line by line, or to what finds replies in them. */
struct input {
	struct explain *e;
	struct smtp_bounce *bounce; /* NULL: --lines */
	struct mp_buf line;
	struct mp_buf start; /* the first bytes, or full: then the input is more than a reply */
	char magic[4];       /* the very first of them */
	size_t n_magic;
};

static void line_end(struct input *in)
{
	struct mp_str line = mp_buf_str(&in->line);

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	explain_text(in->e, line);
	mp_buf_reset(&in->line);
}

static void feed(struct input *in, struct mp_str bytes)
{
	for (size_t i = 0; i < bytes.n && in->n_magic < sizeof(in->magic); i++)
		in->magic[in->n_magic++] = bytes.p[i];
	if (in->bounce) {
		mp_buf_addstr(&in->start, bytes);
		smtp_bounce_feed(in->bounce, bytes);
		return;
	}
	while (bytes.n) {
		const char *nl = memchr(bytes.p, '\n', bytes.n);
		size_t n = nl ? (size_t)(nl - bytes.p) : bytes.n, room = SMTP_BOUNCE_LINE - in->line.n;

		mp_buf_add(&in->line, bytes.p, n < room ? n : room);
		if (nl) {
			line_end(in);
			n++;
		}
		bytes = mp_strn(bytes.p + n, bytes.n - n);
	}
}

/* Rotated logs are packed: the program that unpacks this; NULL: it is not. */
static const char *unpacker(const struct input *in)
{
	static const struct {
		const char *magic, *with;
	} packers[] = {
		{"\x1f\x8b", "zcat"}, {"BZh", "bzcat"}, {"\xfd\x37\x7a\x58", "xzcat"}, {"\x28\xb5\x2f\xfd", "zstdcat"}};

	for (size_t i = 0; i < ARRAY_LEN(packers); i++)
		if (in->n_magic >= strlen(packers[i].magic) &&
			memcmp(in->magic, packers[i].magic, strlen(packers[i].magic)) == 0)
			return packers[i].with;
	return NULL;
}

static void input_end(struct input *in)
{
	if (unpacker(in))
		fprintf(stderr, "mailprobe: it is compressed; better: %s FILE | mailprobe explain -\n", unpacker(in));
	if (in->bounce) {
		struct mp_str all = mp_str_trim(mp_buf_str(&in->start));

		smtp_bounce_end(in->bounce);
		while (all.n && strchr("\r\n", all.p[all.n - 1]))
			all = mp_str_trim(mp_strn(all.p, all.n - 1));
		/* The words of a reply without its code are a reply, too. */
		if (!in->e->replies && !in->start.full && all.n && smtp_bounce_is_text(in->bounce))
			explain_text(in->e, all);
	} else if (in->line.n)
		line_end(in);
	smtp_bounce_free(in->bounce);
	mp_buf_release(&in->line);
	mp_buf_release(&in->start);
}

static struct input input_begin(struct explain *e)
{
	return (struct input){
		.e = e,
		.bounce = e->o->lines ? NULL : smtp_bounce_new(explain_reply, e),
		.line = MP_BUF(SMTP_BOUNCE_LINE),
		.start = MP_BUF(REPLY_MAX),
	};
}

static bool read_fd(struct explain *e, int fd)
{
	struct input in = input_begin(e);
	char *chunk = mp_xmalloc(CHUNK);
	ssize_t n;

	while (((n = read(fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR)) && !ferror(stdout))
		if (n > 0)
			feed(&in, mp_strn(chunk, (size_t)n));
	input_end(&in);
	free(chunk);
	return n >= 0;
}

/* A word that is meant as a file, though there is none. */
static bool looks_like_path(const char *arg)
{
	struct mp_str s = mp_str(arg);

	return !strpbrk(arg, " \t\n") && (strchr(arg, '/') || mp_str_iends(s, ".eml") || mp_str_iends(s, ".log") ||
						 mp_str_iends(s, ".txt") || mp_str_iends(s, ".mbox"));
}

static void explain_argument(struct explain *e, const char *arg)
{
	struct input in = input_begin(e);

	feed(&in, !e->o->lines && smtp_found_code(mp_str(arg)) ? with_newlines(e, mp_str(arg)) : mp_str(arg));
	input_end(&in);
	if (!e->replies && (mp_str_trim(mp_str(arg)).n || e->o->format == &rep_json))
		explain_text(e, mp_str_trim(mp_str(arg)));
	if (e->unknown && looks_like_path(arg))
		fprintf(stderr, "mailprobe: there is no file '%s', and nothing in it is like a reply\n",
			rep_clean(&(struct rep_page){.a = e->a}, arg));
}

static int complain(struct explain *e, const char *arg, const char *why)
{
	fprintf(stderr, "mailprobe: cannot read '%s': %s\n", rep_clean(&(struct rep_page){.a = e->a}, arg), why);
	return MP_EXIT_USAGE;
}

/* 0, or the exit status after a line on stderr. */
static int read_input(struct explain *e)
{
	const char *arg = e->o->n_args ? e->o->args[0] : "-";
	struct stat st;
	bool done;
	int fd;

	if (strcmp(arg, "-") == 0) {
		if (!e->o->n_args && isatty(STDIN_FILENO)) {
			fputs("mailprobe: what is to be explained? Give a reply, a file, or - for standard input\n",
				stderr);
			return MP_EXIT_USAGE;
		}
		return read_fd(e, STDIN_FILENO) ? 0 : complain(e, "-", strerror(errno));
	}
	fd = open(arg, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && (errno == EACCES || errno == EPERM) && stat(arg, &st) == 0)
		return complain(e, arg, strerror(errno));
	if (fd < 0) {
		explain_argument(e, arg);
		return 0;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return complain(e, arg, "it is a directory");
	}
	done = read_fd(e, fd);
	close(fd);
	return done ? 0 : complain(e, arg, strerror(errno));
}

static void explain_release(struct explain *e)
{
	for (size_t i = 0; i < MEMO_SLOTS; i++)
		memo_release(&e->memo[i]);
	for (size_t i = 0; i < e->n_groups; i++)
		free(e->groups[i].domain);
	for (size_t i = 0; i < SMTP_CAUSE__COUNT; i++)
		free(e->json_tail[i]);
	for (size_t i = 0; i < MEMO_SLOTS; i++)
		free(e->hosts[i].host);
	free(e->memo);
	free(e->hosts);
	free(e->groups);
	free(e->slots);
	mp_buf_release(&e->out);
	mp_buf_release(&e->key);
	mp_arena_free(e->a);
}

int mp_explain(const struct mp_options *o, const json_t *checks)
{
	struct explain e = {
		.o = o, .checks = checks, .out = MP_BUF(OUT_MAX), .key = MP_BUF(CHUNK * 2), .exact = o->lines};
	bool json = o->format == &rep_json;
	int rc;

	if ((o->format != &rep_text && !json) || o->n_outputs) {
		fprintf(stderr, "mailprobe: 'explain' writes text or json, on standard output\n");
		return MP_EXIT_USAGE;
	}
	e.a = mp_arena_new();
	if (o->raw->rules) {
		e.own = &o->raw->rules->made;
		e.exact = true; /* they may name any word */
	}
	e.memo = mp_xcalloc(MEMO_SLOTS, sizeof(*e.memo));
	e.hosts = mp_xcalloc(MEMO_SLOTS, sizeof(*e.hosts));
	e.groups = mp_xcalloc(GROUPS_MAX, sizeof(*e.groups));
	e.slots = mp_xcalloc(GROUP_SLOTS, sizeof(*e.slots));
	rc = read_input(&e);
	if (rc == 0) {
		if (o->summary) {
			qsort(e.groups, e.n_groups, sizeof(*e.groups), by_count);
			if (json)
				summary_json(&e);
			else
				summary_text(&e);
		}
		if (json)
			mp_buf_adds(&e.out, e.begun ? "\n]\n" : "[]\n");
		else if (checks)
			text_checks(&e);
		flush_out(&e, 0);
		if (!e.replies)
			fputs("mailprobe: there is nothing like an SMTP reply in it\n", stderr);
		rc = e.unknown || !e.replies ? UNCLASSIFIED : 0;
	}
	explain_release(&e);
	return rc;
}
