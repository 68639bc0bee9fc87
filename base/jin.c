/* base/jin.c - see base/jin.h */
#include "base/jin.h"
#include "base/text.h"

static const double MAX_MS = 1e10; /* a third of a year */

void mp_jin_wrong(struct mp_jin *in, const char *key, const char *how)
{
	if (!in->bad)
		mp_fail(in->err, MP_EPARSE, "\"%s\" %s", key, how);
	in->bad = true;
}

/* The member, of whatever type; NULL where it is absent or null, which is wrong where it is needed. */
static const json_t *member(struct mp_jin *in, const char *key, enum mp_jin_need need)
{
	const json_t *v = in->bad ? NULL : mp_jget(in->j, key);

	if (!v && need == MP_JIN_NEEDED)
		mp_jin_wrong(in, key, "is missing");
	return v;
}

static struct mp_str string_of(struct mp_jin *in, const char *key, const json_t *v, size_t max)
{
	struct mp_str s = mp_strn(json_string_value(v), json_string_length(v));

	if (!s.p || s.n > max || memchr(s.p, '\0', s.n)) {
		mp_jin_wrong(in, key, s.p ? "is too long or holds a NUL" : "is not a text");
		return mp_strn(NULL, 0);
	}
	return mp_strn(mp_dupstr(in->a, s), s.n);
}

struct mp_str mp_jin_string(struct mp_jin *in, const char *key, size_t max, enum mp_jin_need need)
{
	const json_t *v = member(in, key, need);

	return v ? string_of(in, key, v, max) : mp_strn(NULL, 0);
}

const char *mp_jin_text(struct mp_jin *in, const char *key, size_t max, enum mp_jin_need need)
{
	struct mp_str s = mp_jin_string(in, key, max, need);

	if (s.p && strcmp(mp_text(in->a, s), s.p) != 0) {
		mp_jin_wrong(in, key, "is not one line without control characters");
		return NULL;
	}
	return s.p;
}

int64_t mp_jin_int(struct mp_jin *in, const char *key, int64_t min, int64_t max)
{
	const json_t *v = member(in, key, MP_JIN_NEEDED);

	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max) {
		mp_jin_wrong(in, key, "is not a number in its range");
		return min;
	}
	return json_integer_value(v);
}

bool mp_jin_bool(struct mp_jin *in, const char *key)
{
	const json_t *v = member(in, key, MP_JIN_NEEDED);

	if (!json_is_boolean(v))
		mp_jin_wrong(in, key, "is not true or false");
	return json_is_true(v);
}

double mp_jin_ms(struct mp_jin *in, const char *key)
{
	const json_t *v = member(in, key, MP_JIN_NEEDED);
	double ms = json_is_number(v) ? json_number_value(v) : -1;

	if (!(ms >= 0 && ms <= MAX_MS)) {
		mp_jin_wrong(in, key, "is not a time in milliseconds");
		return 0;
	}
	return (double)(uint64_t)(ms * 10 + 0.5) / 10;
}

int64_t mp_jin_time(struct mp_jin *in, const char *key, enum mp_jin_need need)
{
	struct mp_str s = mp_jin_string(in, key, 64, need);
	int64_t ms = 0;

	if (!s.p)
		return 0;
	if (!mp_time_parse(s, &ms) || strcmp(mp_time_text(in->a, ms, false), s.p) != 0) {
		mp_jin_wrong(in, key, "is not an RFC 3339 time in UTC");
		return 0;
	}
	return ms;
}

size_t mp_jin_word(struct mp_jin *in, const char *key, const char *const *words, size_t n)
{
	struct mp_str s = mp_jin_string(in, key, 256, MP_JIN_NEEDED);

	for (size_t i = 0; s.p && i < n; i++)
		if (strcmp(s.p, words[i]) == 0)
			return i;
	mp_jin_wrong(in, key, "is none of the known words");
	return 0;
}

static struct mp_ip ip_of(struct mp_jin *in, const char *key, struct mp_str s)
{
	struct mp_ip ip = {0};
	char again[MP_IP_TEXT];

	if (s.p && (!mp_ip_parse(s, &ip) || strcmp(mp_ip_text(&ip, again), s.p) != 0)) {
		mp_jin_wrong(in, key, "is not an IP address in its usual form");
		ip = (struct mp_ip){0};
	}
	return ip;
}

struct mp_ip mp_jin_ip(struct mp_jin *in, const char *key, enum mp_jin_need need)
{
	return ip_of(in, key, mp_jin_string(in, key, MP_IP_TEXT, need));
}

const struct mp_ip *mp_jin_ips(struct mp_jin *in, const char *key, size_t max, size_t *n)
{
	const json_t *list = member(in, key, MP_JIN_NEEDED);
	struct mp_ip *ips;

	*n = 0;
	if (!json_is_array(list) || json_array_size(list) > max) {
		mp_jin_wrong(in, key, "is not a list of possible length");
		return NULL;
	}
	ips = mp_allocn(in->a, json_array_size(list), sizeof(*ips));
	for (size_t i = 0; i < json_array_size(list); i++)
		ips[i] = ip_of(in, key, string_of(in, key, json_array_get(list, i), MP_IP_TEXT));
	*n = json_array_size(list);
	return ips;
}
