/* smtp/middlebox.c - see smtp/middlebox.h */
#include "smtp/middlebox.h"

enum { LEAST_X = 3, LEAST_STARS = 5 };

static struct mp_str first_word(const char *line)
{
	struct mp_str rest = mp_str(line), word = {0};

	mp_str_split(&rest, ' ', &word);
	return word;
}

/* XXXXXXXA, XXXB: X from end to end, but for a last letter that tells one such keyword from the next. */
static bool all_x(struct mp_str word)
{
	size_t n = 0;

	while (n < word.n && word.p[n] == 'X')
		n++;
	return n >= LEAST_X && (n == word.n || (n + 1 == word.n && mp_isupper(word.p[n])));
}

/* STARTTLS with some of its letters written over: XTARTTLS, STARTXXX. */
static bool spoilt_starttls(struct mp_str word)
{
	static const char whole[] = "STARTTLS";
	size_t same = 0;

	if (word.n != sizeof(whole) - 1)
		return false;
	for (size_t i = 0; i < word.n; i++)
		same += mp_toupper(word.p[i]) == whole[i];
	return same >= word.n / 2 && same < word.n;
}

static bool stars(const struct smtp_reply *banner)
{
	const char *p = banner && banner->n_lines ? strstr(banner->lines[0], "*****") : NULL;

	return p && strspn(p, "*0123456789 ") == strlen(p) && strspn(p, "*") >= LEAST_STARS;
}

const char *smtp_middlebox_words(struct mp_arena *a, const struct smtp_session *s, const char **keyword_out)
{
	const char *masked = stars(s->banner) ? "its greeting is asterisks" : NULL;

	*keyword_out = NULL;
	for (size_t i = 0; i < s->n_extensions && !*keyword_out; i++) {
		struct mp_str word = first_word(s->extensions[i]);

		if (all_x(word) || spoilt_starttls(word))
			*keyword_out = mp_dupstr(a, word);
	}
	if (!*keyword_out)
		return masked;
	return mp_printf(a, "its EHLO reply has \"%s\" in the place of a keyword%s%s", *keyword_out,
		masked ? ", and " : "", masked ? masked : "");
}
