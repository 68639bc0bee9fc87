/*
 * smtp/lexicon.h - the words of other languages that replies are made of, put into English
 *
 * The rows of smtp/rules.c that understand what people write know English. Administrators write in their own language:
 * the same few hundred words (recipient, unknown, blocked, too many ...), in any order and inflection. They are replaced
 * word by word, so that one row serves all languages; grammar is left as it is, since those rows allow gaps.
 *
 * Owns:   a static table and its index, prepared at the first call. Fails: never. Uses: no I/O, no clock, no locale.
 */
#ifndef SMTP_LEXICON_H
#define SMTP_LEXICON_H

#include "base/base.h"

struct smtp_word {
	const char *english;
	const char *
		others; /* alternatives separated by '|': phrases, folded and without accents; "*": the rest of a word */
};

extern const struct smtp_word smtp_lexicon[];
extern const size_t smtp_n_lexicon;

/*
 * Put `in` (folded by smtp_fold()) into English: letters lose their accents, words and phrases of the table are
 * replaced, the longest first; everything else stays. Never longer than `size`. Returns the length.
 */
size_t smtp_to_english(struct mp_str in, char *out, size_t size);

#endif
