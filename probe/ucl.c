/* probe/ucl.c - see probe/ucl.h */
#include "probe/ucl.h"

struct level {
	bool array;
	size_t path; /* keys of the path that are outside of it */
	size_t next; /* the number of the next element of an array */
};

struct reading {
	struct mp_arena *a;
	const char *p, *end;
	struct mp_ucl *out;
	const char *path[MP_UCL_DEPTH];
	size_t depth; /* keys of the path; may be more than are kept */
	struct level level[MP_UCL_DEPTH];
	size_t n_levels;
};

static bool at(const struct reading *r, char c)
{
	return r->p < r->end && *r->p == c;
}

static bool ends_word(char c)
{
	return mp_isblank(c) || c == '\n' || c == '\r' || strchr("{}[],;=:#\"'", c);
}

/* Past a comment in C's form, which may hold others. */
static void skip_comment(struct reading *r)
{
	size_t open = 0;

	while (r->end - r->p >= 2) {
		if (r->p[0] == '/' && r->p[1] == '*') {
			open++;
			r->p += 2;
		} else if (r->p[0] == '*' && r->p[1] == '/') {
			r->p += 2;
			if (--open == 0)
				return;
		} else {
			r->p++;
		}
	}
	r->p = r->end;
}

static void skip_line(struct reading *r)
{
	while (r->p < r->end && *r->p != '\n')
		r->p++;
}

/* Past blanks and comments, and with `more` past line ends and what separates values. */
static void skip(struct reading *r, bool more)
{
	while (r->p < r->end) {
		if (mp_isblank(*r->p) || *r->p == '\r' || (more && (*r->p == '\n' || *r->p == ';' || *r->p == ',')))
			r->p++;
		else if (*r->p == '#')
			skip_line(r);
		else if (r->end - r->p >= 2 && r->p[0] == '/' && r->p[1] == '*')
			skip_comment(r);
		else
			return;
	}
}

/* A text in quotes; \c is c, but for \n and \t. */
static const char *quoted(struct reading *r)
{
	char quote = *r->p++, *out;
	const char *close = r->p;
	size_t n = 0;

	while (close < r->end && *close != quote)
		close += *close == '\\' && r->end - close > 1 ? 2 : 1;
	out = mp_alloc(r->a, (size_t)(close - r->p) + 1);
	while (r->p < close) {
		char c = *r->p++;

		if (c == '\\' && r->p < close) {
			c = *r->p++;
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		out[n++] = c;
	}
	if (r->p < r->end)
		r->p++;
	out[n] = '\0';
	return out;
}

/* An unquoted value goes on to the end of the line, or to what ends it. */
static const char *bare(struct reading *r, bool key)
{
	const char *begin = r->p;
	size_t n;

	while (r->p < r->end && (key ? !ends_word(*r->p) : !strchr("\n;,]}#{", *r->p)))
		r->p++;
	n = (size_t)(r->p - begin);
	while (n && (mp_isblank(begin[n - 1]) || begin[n - 1] == '\r'))
		n--;
	return mp_dupn(r->a, begin, n);
}

static const char *word(struct reading *r, bool key)
{
	return at(r, '"') || at(r, '\'') ? quoted(r) : bare(r, key);
}

static void push(struct reading *r, const char *key)
{
	if (r->depth < MP_UCL_DEPTH)
		r->path[r->depth] = key;
	r->depth++;
}

static void keep(struct reading *r, const char *text)
{
	struct mp_ucl_value *v;

	if (r->depth > MP_UCL_DEPTH || r->out->n == MP_UCL_MAX)
		return;
	v = MP_PUSH(r->a, r->out->value, r->out->n, r->out->cap);
	*v = (struct mp_ucl_value){.depth = r->depth, .text = text};
	memcpy(v->path, r->path, r->depth * sizeof(*v->path));
}

/* `outside`: how much of the path belongs to what the brackets stand in. False: too deep, the rest is not read. */
static bool enter(struct reading *r, bool array, size_t outside)
{
	r->p++;
	if (r->n_levels == MP_UCL_DEPTH)
		return false;
	r->level[r->n_levels++] = (struct level){.array = array, .path = outside};
	return true;
}

static void leave(struct reading *r)
{
	r->p++;
	if (r->n_levels)
		r->depth = r->level[--r->n_levels].path;
}

/* What stands behind a key: more keys and an object, an array, or a value. False: the rest is not read. */
static bool member(struct reading *r)
{
	size_t outside = r->depth;
	bool array = r->n_levels && r->level[r->n_levels - 1].array;

	if (array) {
		push(r, mp_printf(r->a, "%zu", r->level[r->n_levels - 1].next++));
	} else {
		push(r, word(r, true));
		skip(r, false);
		if (at(r, '=') || at(r, ':')) {
			r->p++;
			skip(r, true);
		}
	}
	if (at(r, '{') || at(r, '['))
		return enter(r, at(r, '['), outside);
	if (r->end - r->p >= 2 && r->p[0] == '<' && r->p[1] == '<')
		return false;
	if (r->p < r->end && !strchr("\n;,]}", *r->p)) {
		const char *text = word(r, false);

		skip(r, false);
		if (at(r, '{') && !array) { /* name "sub" { */
			push(r, text);
			return enter(r, false, outside);
		}
		keep(r, text);
	}
	r->depth = outside;
	return true;
}

void mp_ucl_read(struct mp_arena *a, struct mp_str text, struct mp_ucl *out)
{
	struct reading r = {.a = a, .p = text.p, .end = text.p + text.n, .out = out};

	for (;;) {
		const char *before;

		skip(&r, true);
		before = r.p;
		if (r.p == r.end)
			return;
		if (*r.p == '}' || *r.p == ']')
			leave(&r);
		else if (*r.p == '.' && !(r.n_levels && r.level[r.n_levels - 1].array))
			skip_line(&r);
		else if (!member(&r))
			return;
		if (r.p == before) /* a stray character */
			r.p++;
	}
}

const char *mp_ucl_get(const struct mp_ucl *u, const char *const *path, size_t depth)
{
	const char *found = NULL;

	for (size_t i = 0; i < u->n; i++) {
		bool same = u->value[i].depth == depth;

		for (size_t k = 0; same && k < depth; k++)
			same = mp_ieq(u->value[i].path[k], path[k]);
		if (same)
			found = u->value[i].text;
	}
	return found;
}
