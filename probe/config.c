/* probe/config.c - see probe/config.h */
#include <unistd.h>

#include "base/text.h"
#include "probe/config.h"
#include "probe/lines.h"
#include "probe/names.h"

struct reader {
	struct mp_arena *a;
	const struct mp_config_kind *kinds;
	size_t n_kinds;
	struct mp_config *out;
	struct mp_lines *lines;
	size_t n_lines; /* sections and entries */
	struct mp_err *err;
};

static int fault(struct reader *r, struct mp_str key)
{
	return mp_lines_at(r->lines, key, r->err);
}

static int section(struct reader *r, struct mp_str s)
{
	struct mp_str inner = mp_strn(s.p + 1, s.n - 1), kind, name;
	struct mp_nearest near;
	struct mp_config_section *made;
	const char *close = memchr(inner.p, ']', inner.n);
	size_t at = 0;

	if (!close || close != s.p + s.n - 1) {
		mp_fail(r->err, MP_EINVAL, "'%s' should look like [default] or [profile NAME]", mp_shown(r->a, s));
		return fault(r, MP_LIT(""));
	}
	inner = mp_str_trim(mp_strn(inner.p, (size_t)(close - inner.p)));
	while (at < inner.n && !mp_isblank(inner.p[at]))
		at++;
	kind = mp_strn(inner.p, at);
	name = mp_str_trim(mp_strn(inner.p + at, inner.n - at));
	near = (struct mp_nearest){.word = kind};
	for (size_t i = 0; i < r->n_kinds; i++) {
		const struct mp_config_kind *k = &r->kinds[i];
		const struct mp_config_section *old;

		mp_nearest_try(&near, k->name);
		if (!mp_str_ieq(kind, mp_str(k->name)))
			continue;
		if (k->what && (name.n == 0 || name.n > MP_CONFIG_NAME_MAX)) {
			mp_fail(r->err, MP_EINVAL, "[%s] needs a name of at most %d characters: [%s %s]", k->name,
				MP_CONFIG_NAME_MAX, k->name, k->what);
			return fault(r, MP_LIT(""));
		}
		if (!k->what && name.n) {
			mp_fail(r->err, MP_EINVAL, "[%s] takes no name: '%s'", k->name, mp_shown(r->a, name));
			return fault(r, MP_LIT(""));
		}
		old = mp_config_section(r->out, k->name, mp_dupstr(r->a, name));
		if (old) {
			mp_fail(r->err, MP_EINVAL, "[%.*s] stands there twice, first at %s", (int)inner.n, inner.p,
				old->where);
			return fault(r, MP_LIT(""));
		}
		made = MP_PUSH(r->a, r->out->sections, r->out->n, r->out->cap);
		*made = (struct mp_config_section){
			.kind = k, .name = mp_dupstr(r->a, name), .where = mp_lines_where(r->lines, MP_LIT(""))};
		return MP_OK;
	}
	mp_fail(r->err, MP_EINVAL, "unknown section '%s'%s", mp_shown(r->a, inner), mp_did_you_mean(r->a, &near, ""));
	return fault(r, MP_LIT(""));
}

static const struct mp_config_key *known_key(
	const struct mp_config_kind *kind, struct mp_str key, struct mp_nearest *near)
{
	for (size_t i = 0; i < kind->n_keys; i++) {
		const struct mp_config_key *k = &kind->keys[i];
		size_t n = strlen(k->name);

		if (mp_str_ieq(key, mp_str(k->name)) ||
			(k->name[n - 1] == '*' && key.n >= n &&
				mp_str_ieq(mp_strn(key.p, n - 1), mp_strn(k->name, n - 1))))
			return k;
		mp_nearest_try(near, k->name);
	}
	return NULL;
}

static int entry(struct reader *r, struct mp_str s)
{
	const char *equals = memchr(s.p, '=', s.n);
	struct mp_config_section *sec;
	const struct mp_config_key *k;
	const struct mp_config_entry *old;
	struct mp_config_entry *e;
	struct mp_str key, value, rest, part;
	struct mp_nearest near;
	const char *at;

	if (!equals) {
		/* The line is not shown: it may be the rest of a password. */
		mp_fail(r->err, MP_EINVAL, "the line is neither a [section] nor KEY = VALUE");
		return fault(r, MP_LIT(""));
	}
	key = mp_str_trim(mp_strn(s.p, (size_t)(equals - s.p)));
	value = mp_str_trim(mp_strn(equals + 1, s.n - (size_t)(equals - s.p) - 1));
	if (key.n == 0) {
		mp_fail(r->err, MP_EINVAL, "the line has no key before the '='");
		return fault(r, MP_LIT(""));
	}
	if (r->out->n == 0) {
		mp_fail(r->err, MP_EINVAL, "stands before the first section; put a line [default] above it");
		return fault(r, key);
	}
	sec = &r->out->sections[r->out->n - 1];
	near = (struct mp_nearest){.word = key};
	k = known_key(sec->kind, key, &near);
	if (!k) {
		mp_fail(r->err, MP_EINVAL, "unknown key in [%s]%s", sec->kind->name, mp_did_you_mean(r->a, &near, ""));
		return fault(r, key);
	}
	rest = part = value;
	if (value.n == 0) {
		mp_fail(r->err, MP_EINVAL, "is empty; give a value, or take the line out");
		return fault(r, key);
	}
	old = mp_config_entry(sec, mp_dupstr(r->a, key));
	if (old && !k->list) {
		mp_fail(r->err, MP_EINVAL, "stands there twice, first at %s", old->where);
		return fault(r, key);
	}
	at = mp_lines_where(r->lines, key);
	do {
		if (k->list)
			mp_list_next(&rest, &part);
		if (k->check(r->a, part, r->err) != MP_OK) {
			if (mp_str_ifind(value, " #") >= 0 || mp_str_ifind(value, " ;") >= 0)
				mp_fail(r->err, MP_EINVAL, "'%s': a comment needs a line of its own",
					mp_shown(r->a, value));
			return fault(r, key);
		}
		e = MP_PUSH(r->a, sec->entries, sec->n, sec->cap);
		*e = (struct mp_config_entry){
			mp_str_iends(mp_str(k->name), "*") ? mp_dupstr(r->a, key) : k->name, mp_dupstr(r->a, part), at};
	} while (k->list && rest.p);
	return MP_OK;
}

static int read_lines(struct mp_arena *a, struct mp_lines *lines, const struct mp_config_kind *kinds, size_t n_kinds,
	struct mp_config *out, struct mp_err *err)
{
	struct mp_config made = {.path = lines->path};
	struct reader r = {.a = a, .kinds = kinds, .n_kinds = n_kinds, .out = &made, .lines = lines, .err = err};
	struct mp_str line;

	for (;;) {
		if (mp_lines_next(lines, &line, err) != MP_OK)
			return MP_EINVAL;
		if (!line.p)
			break;
		if (r.n_lines++ == MP_CONFIG_ENTRIES_MAX)
			return mp_fail(err, MP_EINVAL, "%s: more than %d sections and entries", made.path,
				MP_CONFIG_ENTRIES_MAX);
		if ((line.p[0] == '[' ? section(&r, line) : entry(&r, line)) != MP_OK)
			return MP_EINVAL;
	}
	*out = made;
	return MP_OK;
}

int mp_config_parse(struct mp_arena *a, const char *path, struct mp_str bytes, const struct mp_config_kind *kinds,
	size_t n_kinds, struct mp_config *out, struct mp_err *err)
{
	struct mp_lines lines;

	if (mp_lines_of(a, path, bytes, &lines, err) != MP_OK)
		return MP_EINVAL;
	return read_lines(a, &lines, kinds, n_kinds, out, err);
}

int mp_config_read(struct mp_arena *a, const char *root, const char *path, const struct mp_config_kind *kinds,
	size_t n_kinds, struct mp_config *out, struct mp_err *err)
{
	struct mp_lines lines;

	if (mp_lines_read(a, root, path, &lines, err) != MP_OK)
		return MP_EINVAL;
	return read_lines(a, &lines, kinds, n_kinds, out, err);
}

const char *mp_config_find(struct mp_arena *a, const char *root)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *candidates[2] = {NULL, "/etc/mailprobe.conf"};

	/* The XDG specification: a relative path there is to be ignored. */
	if (xdg && xdg[0] == '/')
		candidates[0] = mp_printf(a, "%s/mailprobe/mailprobe.conf", xdg);
	else if (home && home[0] == '/')
		candidates[0] = mp_printf(a, "%s/.config/mailprobe/mailprobe.conf", home);
	for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
		/* One that is there and cannot be read is not passed over: that is told. */
		if (candidates[i] && access(mp_printf(a, "%s%s", root, candidates[i]), F_OK) == 0)
			return candidates[i];
	}
	return NULL;
}

const struct mp_config_section *mp_config_section(const struct mp_config *c, const char *kind, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->sections[i].kind->name, kind) == 0 && mp_ieq(c->sections[i].name, name))
			return &c->sections[i];
	return NULL;
}

const struct mp_config_entry *mp_config_entry(const struct mp_config_section *s, const char *key)
{
	for (size_t i = s->n; i-- > 0;)
		if (mp_ieq(s->entries[i].key, key))
			return &s->entries[i];
	return NULL;
}
