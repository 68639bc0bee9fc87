/* base/text.c - see base/text.h */
#include <time.h>

#include "base/text.h"

size_t mp_utf8_len(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t len;
	uint32_t c;

	if (!n)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	c = mp_utf8_code(s, len);
	if ((len == 3 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))) || (len == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	return len;
}

uint32_t mp_utf8_code(const char *s, size_t len)
{
	static const uint8_t lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c = p[0] & lead[len];

	for (size_t i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3fU);
	return c;
}

bool mp_utf8_valid(struct mp_str s)
{
	for (size_t i = 0, len; i < s.n; i += len) {
		len = mp_utf8_len(s.p + i, s.n - i);
		if (!len)
			return false;
	}
	return true;
}

/* Characters that change how their neighbours are shown: a peer could make a report read differently with them. */
static bool deceptive(uint32_t c)
{
	return (c >= 0x80 && c <= 0x9f) || c == 0xad || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

char *mp_text(struct mp_arena *a, struct mp_str s)
{
	struct mp_buf out = MP_BUF(SIZE_MAX / 4);
	char *text;

	for (size_t i = 0, len; i < s.n; i += len) {
		unsigned char b = (unsigned char)s.p[i];

		len = mp_utf8_len(s.p + i, s.n - i);
		if (len == 0 || (len == 1 && ((b < 0x20 && b != '\t') || b == 0x7f))) {
			mp_buf_addf(&out, "\\x%02x", b);
			len = 1;
		} else if (len > 1 && deceptive(mp_utf8_code(s.p + i, len))) {
			mp_buf_addf(&out, "\\u{%04x}", (unsigned)mp_utf8_code(s.p + i, len));
		} else {
			mp_buf_add(&out, s.p + i, len);
		}
	}
	text = mp_dupn(a, mp_buf_cstr(&out), out.n);
	mp_buf_release(&out);
	return text;
}

static size_t code_width(uint32_t c)
{
	/* Not wcwidth(): its answer depends on the locale, and a report must not. */
	if ((c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x20d0 && c <= 0x20ff) ||
		(c >= 0xfe00 && c <= 0xfe0f))
		return 0;
	if ((c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0x303e) || (c >= 0x3041 && c <= 0xa4cf) ||
		(c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
		(c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
		(c >= 0x20000 && c <= 0x3fffd))
		return 2;
	return 1;
}

bool mp_reply_coded(const char *line)
{
	return mp_isdigit(line[0]) && mp_isdigit(line[1]) && mp_isdigit(line[2]) &&
	       (line[3] == ' ' || line[3] == '-' || line[3] == '\0');
}

char *mp_reply_flowed(struct mp_arena *a, const char *const *lines, size_t n, const char *status)
{
	struct mp_buf b = MP_BUF(SIZE_MAX / 4);
	size_t enhanced = 0;
	char *text;

	for (size_t i = 0; i < n; i++) {
		const char *s = lines[i];

		if (i > 0 && mp_reply_coded(s) && strncmp(s, lines[0], 3) == 0)
			s += s[3] ? 4 : 3;
		if (i > 0 && enhanced && strncmp(s, status, enhanced) == 0 && (s[enhanced] == ' ' || !s[enhanced]))
			s += enhanced;
		if (i == 0 && status && mp_reply_coded(s) && s[3] && strncmp(s + 4, status, strlen(status)) == 0)
			enhanced = strlen(status);
		while (*s == ' ')
			s++;
		mp_buf_addf(&b, "%s%s", b.n && *s && b.p[b.n - 1] != ' ' ? " " : "", s);
		if (i == 0 && mp_reply_coded(s) && s[3] == '-')
			b.p[3] = ' ';
	}
	text = mp_dup(a, mp_buf_cstr(&b));
	mp_buf_release(&b);
	return text;
}

size_t mp_text_width(struct mp_str s)
{
	size_t w = 0;

	for (size_t i = 0, len; i < s.n; i += len) {
		len = mp_utf8_len(s.p + i, s.n - i);
		if (!len) {
			len = 1;
			w++;
			continue;
		}
		w += code_width(mp_utf8_code(s.p + i, len));
	}
	return w;
}

char *mp_time_text(struct mp_arena *a, int64_t ms, bool fraction)
{
	int64_t sec = ms / 1000, rest = ms % 1000;
	struct tm tm;
	time_t t;
	char *day;

	if (rest < 0) {
		rest += 1000;
		sec--;
	}
	t = (time_t)sec;
	/* RFC 3339 has four digits for the year */
	if (t != sec || !gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
		return mp_dup(a, "1970-01-01T00:00:00Z");
	day = mp_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
	return fraction ? mp_printf(a, "%s.%03dZ", day, (int)rest) : mp_printf(a, "%sZ", day);
}

/* Exactly n digits at s, or -1. */
static int digits(struct mp_str s, size_t at, size_t n)
{
	int v = 0;

	if (s.n < at + n)
		return -1;
	for (size_t i = at; i < at + n; i++) {
		if (!mp_isdigit(s.p[i]))
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

static int64_t days_from_civil(int y, int m, int d)
{
	int era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return (int64_t)era * 146097 + doe - 719468;
}

static int days_in_month(int y, int m)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 29 : days[m - 1];
}

bool mp_time_parse(struct mp_str s, int64_t *ms)
{
	int y = digits(s, 0, 4), mo = digits(s, 5, 2), d = digits(s, 8, 2);
	int h = digits(s, 11, 2), mi = digits(s, 14, 2), sec = digits(s, 17, 2), frac = 0, offset = 0;
	size_t at = 19;

	if (y < 0 || mo < 1 || mo > 12 || d < 1 || d > days_in_month(y, mo) || h < 0 || h > 23 || mi < 0 || mi > 59 ||
		sec < 0 || sec > 60)
		return false;
	if (s.p[4] != '-' || s.p[7] != '-' || (s.p[10] != 'T' && s.p[10] != 't' && s.p[10] != ' ') || s.p[13] != ':' ||
		s.p[16] != ':')
		return false;
	if (at < s.n && s.p[at] == '.') {
		int scale = 100;

		if (digits(s, at + 1, 1) < 0)
			return false;
		for (at++; at < s.n && mp_isdigit(s.p[at]); at++, scale /= 10)
			frac += (s.p[at] - '0') * scale;
	}
	if (at >= s.n)
		return false;
	if (s.p[at] == 'Z' || s.p[at] == 'z') {
		at++;
	} else if (s.p[at] == '+' || s.p[at] == '-') {
		int oh = digits(s, at + 1, 2), om = digits(s, at + 4, 2);

		if (oh < 0 || oh > 23 || om < 0 || om > 59 || s.p[at + 3] != ':')
			return false;
		offset = (oh * 60 + om) * (s.p[at] == '-' ? -60 : 60);
		at += 6;
	} else {
		return false;
	}
	if (at != s.n)
		return false;
	*ms = ((days_from_civil(y, mo, d) * 24 + h) * 60 + mi) * 60000 + (int64_t)sec * 1000 + frac -
	      (int64_t)offset * 1000;
	return true;
}

size_t mp_typo_distance(struct mp_str a, struct mp_str b)
{
	size_t rows[3][256], *before = rows[0], *prev = rows[1], *cur = rows[2];

	if (a.n > 255 || b.n > 255)
		return SIZE_MAX;
	memset(rows, 0, sizeof(rows));
	for (size_t j = 0; j <= b.n; j++)
		prev[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *t;

		cur[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			char ca = mp_tolower(a.p[i - 1]), cb = mp_tolower(b.p[j - 1]);
			size_t best = prev[j - 1] + (ca != cb);

			if (prev[j] + 1 < best)
				best = prev[j] + 1;
			if (cur[j - 1] + 1 < best)
				best = cur[j - 1] + 1;
			if (i > 1 && j > 1 && ca == mp_tolower(b.p[j - 2]) && cb == mp_tolower(a.p[i - 2]) &&
				before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			cur[j] = best;
		}
		t = before;
		before = prev;
		prev = cur;
		cur = t;
	}
	return prev[b.n];
}

const char *mp_shell_word(struct mp_arena *a, const char *arg)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
	const char *text = "'", *quote;

	if (*arg && arg[strspn(arg, plain)] == '\0')
		return arg;
	while ((quote = strchr(arg, '\''))) {
		text = mp_printf(a, "%s%.*s'\\''", text, (int)(quote - arg), arg);
		arg = quote + 1;
	}
	return mp_printf(a, "%s%s'", text, arg);
}
