/* base/json.c - see base/json.h */
#include "base/json.h"
#include "base/text.h"

static json_t *need(json_t *j)
{
	if (!j) {
		fputs("mailprobe: out of memory\n", stderr);
		abort();
	}
	return j;
}

json_t *mp_jstr(struct mp_str s)
{
	struct mp_arena *a;
	json_t *j;
	bool plain = true;

	if (!s.p)
		return json_null();
	for (size_t i = 0; i < s.n && plain; i++)
		plain = mp_isprint((unsigned char)s.p[i]);
	if (plain)
		return need(json_stringn_nocheck(s.p, s.n));
	/* Line ends are ours (request texts, fix steps): they stay. All else goes by mp_text(). */
	a = mp_arena_new();
	{
		struct mp_buf b = MP_BUF(SIZE_MAX / 4);
		struct mp_str line;
		bool first = true;

		while (mp_str_split(&s, '\n', &line)) {
			if (!first)
				mp_buf_addc(&b, '\n');
			first = false;
			mp_buf_adds(&b, mp_text(a, line));
		}
		j = need(json_stringn_nocheck(mp_buf_cstr(&b), b.n));
		mp_buf_release(&b);
	}
	mp_arena_free(a);
	return j;
}

json_t *mp_j(const char *s)
{
	return s ? mp_jstr(mp_str(s)) : json_null();
}

void mp_jset(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, need(value)) != 0)
		need(NULL);
}

void mp_jset_str(json_t *object, const char *key, const char *s)
{
	mp_jset(object, key, mp_j(s));
}

void mp_jset_int(json_t *object, const char *key, int64_t v)
{
	mp_jset(object, key, json_integer(v));
}

void mp_jset_bool(json_t *object, const char *key, bool v)
{
	mp_jset(object, key, json_boolean(v));
}

void mp_jpush(json_t *array, json_t *value)
{
	if (json_array_append_new(array, need(value)) != 0)
		need(NULL);
}

json_t *mp_jget(const json_t *object, const char *key)
{
	json_t *j = json_is_object(object) ? json_object_get(object, key) : NULL;

	return json_is_null(j) ? NULL : j;
}

const char *mp_jget_str(const json_t *object, const char *key, const char *or_else)
{
	const json_t *j = mp_jget(object, key);

	return json_is_string(j) ? json_string_value(j) : or_else;
}

int64_t mp_jget_int(const json_t *object, const char *key, int64_t or_else)
{
	const json_t *j = mp_jget(object, key);

	return json_is_integer(j) ? json_integer_value(j) : or_else;
}

double mp_jget_num(const json_t *object, const char *key, double or_else)
{
	const json_t *j = mp_jget(object, key);

	return json_is_number(j) ? json_number_value(j) : or_else;
}

bool mp_jget_bool(const json_t *object, const char *key, bool or_else)
{
	const json_t *j = mp_jget(object, key);

	return json_is_boolean(j) ? json_is_true(j) : or_else;
}

json_t *mp_jget_array(const json_t *object, const char *key)
{
	json_t *j = mp_jget(object, key);

	return json_is_array(j) ? j : NULL;
}

char *mp_jdup(struct mp_arena *a, const json_t *object, const char *key)
{
	return mp_dup(a, mp_jget_str(object, key, NULL));
}

json_t *mp_json_parse(struct mp_str text, struct mp_err *err)
{
	json_error_t je;
	json_t *j;

	if (text.n > MP_JSON_MAX) {
		mp_fail(err, MP_ELIMIT, "the document is larger than %d MiB", MP_JSON_MAX >> 20);
		return NULL;
	}
	j = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &je);
	if (!j)
		mp_fail(err, MP_EPARSE, "line %d, column %d: %s", je.line, je.column, je.text);
	return j;
}

static int add(const char *p, size_t n, void *data)
{
	return mp_buf_add(data, p, n) ? 0 : -1;
}

void mp_json_write(const json_t *j, int indent, struct mp_buf *out)
{
	size_t flags =
		JSON_ENCODE_ANY | JSON_REAL_PRECISION(12) | (indent ? JSON_INDENT((size_t)indent) : JSON_COMPACT);

	if (json_dump_callback(j, add, out, flags) == 0)
		mp_buf_addc(out, '\n');
}
