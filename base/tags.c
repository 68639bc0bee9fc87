/* base/tags.c - see base/tags.h */
#include "base/tags.h"
#include "base/text.h"

enum { SHOWN_MAX = 60 };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct mp_str trim(struct mp_str s)
{
	while (s.n && is_space(s.p[0]))
		s = mp_strn(s.p + 1, s.n - 1);
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

static void fault(struct mp_tags *t, enum mp_tag_trouble trouble, size_t at, struct mp_str where)
{
	if (t->n_faults < MP_TAG_FAULTS_MAX)
		t->fault[t->n_faults++] = (struct mp_tag_fault){trouble, at, where};
}

static bool good_name(struct mp_str s)
{
	if (!s.n || !mp_isalpha(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!mp_isalnum(s.p[i]) && s.p[i] != '_')
			return false;
	return true;
}

/* The offset of the first byte that no value has, or s.n. */
static size_t odd_byte(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_space(s.p[i]) && (s.p[i] < 0x21 || s.p[i] > 0x7e))
			return i;
	return s.n;
}

static const struct mp_tag *find(const struct mp_tags *tags, struct mp_str name)
{
	for (size_t i = 0; i < tags->n; i++)
		if (mp_str_eq(tags->tag[i].name, name))
			return &tags->tag[i];
	return NULL;
}

/* False: there are too many, and the rest is not read. */
static bool add(struct mp_tags *t, struct mp_str record, struct mp_str spec)
{
	size_t at = (size_t)(spec.p - record.p), bad;
	const char *equals = memchr(spec.p, '=', spec.n);
	struct mp_tag tag;

	if (!equals) {
		fault(t, MP_TAG_NO_EQUALS, at, spec);
		return true;
	}
	tag.name = trim(mp_strn(spec.p, (size_t)(equals - spec.p)));
	tag.value = trim(mp_strn(equals + 1, (size_t)(spec.p + spec.n - equals - 1)));
	tag.at = at;
	tag.value_at = (size_t)(tag.value.p - record.p);
	if (!good_name(tag.name)) {
		fault(t, MP_TAG_BAD_NAME, at, spec);
		return true;
	}
	bad = odd_byte(tag.value);
	if (bad < tag.value.n)
		fault(t, MP_TAG_BAD_VALUE, tag.value_at + bad, spec);
	else if (find(t, tag.name))
		fault(t, MP_TAG_TWICE, at, tag.name);
	else if (t->n < MP_TAGS_MAX)
		t->tag[t->n++] = tag;
	else
		fault(t, MP_TAG_TOO_MANY, at, spec);
	return !t->n_faults || t->fault[t->n_faults - 1].trouble != MP_TAG_TOO_MANY;
}

void mp_tags_parse(struct mp_str record, struct mp_tags *out)
{
	const char *p = record.p, *end = record.p + record.n;

	memset(out, 0, sizeof(*out));
	if (!trim(record).n) {
		fault(out, MP_TAG_EMPTY, 0, record);
		return;
	}
	/* Faults end it too: a record of a thousand semicolons has been understood long before its end. */
	while (p < end && out->n_faults < MP_TAG_FAULTS_MAX) {
		const char *semicolon = memchr(p, ';', (size_t)(end - p));
		struct mp_str part = mp_strn(p, (size_t)((semicolon ? semicolon : end) - p));
		struct mp_str spec = trim(part);

		p += part.n + 1;
		if (spec.n && !add(out, record, spec))
			return;
		if (!spec.n && semicolon)
			fault(out, MP_TAG_EMPTY, (size_t)(part.p - record.p), part);
	}
}

const struct mp_tag *mp_tag_find(const struct mp_tags *tags, const char *name)
{
	return find(tags, mp_str(name));
}

const char *mp_tag_shown(struct mp_arena *a, struct mp_str s)
{
	if (s.n <= SHOWN_MAX)
		return mp_text(a, s);
	return mp_printf(a, "%s...", mp_text(a, mp_strn(s.p, SHOWN_MAX)));
}

char *mp_tag_fault_words(struct mp_arena *a, const struct mp_tag_fault *f)
{
	const char *shown = mp_tag_shown(a, f->where);
	size_t byte = f->at + 1;

	switch (f->trouble) {
	case MP_TAG_EMPTY:
		return mp_printf(a, "has an empty tag (byte %zu)", byte);
	case MP_TAG_NO_EQUALS:
		return mp_printf(a, "has no '=' in \"%s\" (byte %zu)", shown, byte);
	case MP_TAG_BAD_NAME:
		return mp_printf(a, "has no valid tag name in \"%s\" (byte %zu)", shown, byte);
	case MP_TAG_BAD_VALUE:
		return mp_printf(a, "has a byte that is not printable ASCII (byte %zu)", byte);
	case MP_TAG_TWICE:
		return mp_printf(a, "has the tag \"%s\" twice (byte %zu)", shown, byte);
	case MP_TAG_TOO_MANY:
		break;
	}
	return mp_printf(a, "has more than %d tags", MP_TAGS_MAX);
}

bool mp_tag_item(struct mp_str *rest, char separator, struct mp_str *item)
{
	if (!mp_str_split(rest, separator, item))
		return false;
	*item = trim(*item);
	return true;
}
