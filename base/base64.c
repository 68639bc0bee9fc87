/* base/base64.c - see base/base64.h */
#include "base/base64.h"

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

const char *mp_base64_decode(struct mp_arena *a, struct mp_str s, struct mp_bytes *out, size_t *at)
{
	uint32_t group = 0;
	size_t digits = 0, padding = 0;

	*out = (struct mp_bytes){mp_alloc(a, s.n / 4 * 3 + 3), 0};
	for (size_t i = 0; i < s.n; i++) {
		int v = base64_value(s.p[i]);

		*at = i;
		if (mp_isblank(s.p[i]) || s.p[i] == '\r' || s.p[i] == '\n')
			continue;
		if (s.p[i] == '=') {
			if (++padding > 2)
				return "has too many '=' at the end";
			continue;
		}
		if (v < 0)
			return "has a character that base64 does not have";
		if (padding)
			return "goes on behind its end ('=')";
		group = group << 6 | (uint32_t)v;
		if (++digits % 4 == 0) {
			out->p[out->n++] = (uint8_t)(group >> 16);
			out->p[out->n++] = (uint8_t)(group >> 8);
			out->p[out->n++] = (uint8_t)group;
		}
	}
	*at = s.n;
	if (digits % 4 == 1 || (padding && (digits + padding) % 4 != 0))
		return "ends in the middle of a group of four characters";
	if (digits % 4 == 2) {
		out->p[out->n++] = (uint8_t)(group >> 4);
	} else if (digits % 4 == 3) {
		out->p[out->n++] = (uint8_t)(group >> 10);
		out->p[out->n++] = (uint8_t)(group >> 2);
	}
	return NULL;
}

char *mp_base64_encode(struct mp_arena *a, const uint8_t *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = mp_alloc(a, (n + 2) / 3 * 4 + 1), *to = out;

	for (size_t i = 0; i < n; i += 3) {
		size_t have = n - i;
		uint32_t group = (uint32_t)p[i] << 16;

		if (have > 1)
			group |= (uint32_t)p[i + 1] << 8;
		if (have > 2)
			group |= p[i + 2];
		*to++ = digits[group >> 18];
		*to++ = digits[group >> 12 & 63];
		*to++ = have > 1 ? digits[group >> 6 & 63] : '=';
		*to++ = have > 2 ? digits[group & 63] : '=';
	}
	return out;
}
