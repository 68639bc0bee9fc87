/*
 * smtp/match.h - phrases found in the text of a reply
 *
 * A small pattern language for tables of data: whole words, gaps and alternatives, matched without compiling anything
 * first, so that a table of a thousand rows costs nothing until a text is there.
 *
 *     pattern = alternative *( " | " alternative )        any of them
 *     alternative = term *( " & " term )                  all of them, anywhere and in any order
 *     term    = [ "!" ] phrase                            "!": must not be there
 *     phrase  = [ "^" | "*" ] 1*element [ "$" ]           "^", "$": start and end of the text
 *     element = word characters                           themselves; a phrase begins and ends at word limits
 *             / " "                                       one or more characters that belong to no word
 *             / " .. "                                    up to SMTP_GAP bytes within the sentence, ending where a word begins
 *             / "*"                                       the rest of the word (at the start: no limit on the left)
 *             / "(" phrase *( "|" phrase ) ")"            one of them; may be empty
 *             / "%d" / "%w"                               digits; anything up to the next blank
 *             / "%<" low "-" high ">"                     a decimal number within the range
 *             / "\" character / other punctuation         itself
 *
 * Patterns are lower case; texts are folded by smtp_fold(). Word characters are ASCII letters and digits and all
 * non-ASCII letters; "_" is none, so that the parts of a_b are words.
 *
 * Owns:   nothing; a text borrows its bytes.
 * Fails:  never. A pattern is trusted (it is a table row), a text is not: matching is bounded by a budget of steps for
 *         each text, and finds nothing more when that is used up.
 * Uses:   no I/O, no clock, no locale, no allocation.
 */
#ifndef SMTP_MATCH_H
#define SMTP_MATCH_H

#include "base/base.h"

enum {
	SMTP_GAP = 60,
	SMTP_WORD_BITS = 4096, /* room for the hashes of words, and as much for those of their first letters */
	SMTP_TEXT_BITS = 2 * SMTP_WORD_BITS + 256, /* and for single bytes */
	SMTP_INDEX_ALTS = 4096,                    /* alternatives in an index */
	SMTP_INDEX_WORDS = 1 << 15,                /* words of all their conditions */
};

static inline bool smtp_is_word(char c)
{
	return mp_isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

struct smtp_text {
	const char *p;
	size_t n;
	uint64_t words[SMTP_TEXT_BITS / 64]; /* which words, beginnings of words, and bytes occur */
	uint32_t steps;                      /* what is left of the budget */
};

/* Make folded bytes ready for matching. */
void smtp_text_init(struct smtp_text *t, const char *p, size_t n);

/*
 * Fold `in` to `out` (room for in.n bytes; no NUL is added): ASCII and common non-ASCII letters to lower case,
 * typographic punctuation to ASCII, every run of blanks, controls and NUL to one blank. Bytes that are not UTF-8 are taken
 * for ISO 8859-1, which old servers of Western Europe write: letters without their accents, '?' for the rest. Returns the
 * length.
 */
size_t smtp_fold(struct mp_str in, char *out);

/* The ASCII letter, in lower case, below the accents of a letter from U+00C0 to U+017F; 0: it has none, or two. */
char smtp_plain_letter(uint32_t c);

/* One pattern, unprepared: for few. */
bool smtp_match(struct smtp_text *t, const char *pattern);

/*
 * Many patterns, prepared once: each alternative with the words without which it cannot match, so that a text is held
 * against the few that may. Alternatives keep the order in which they were added; `owner` is the caller's.
 */
struct smtp_alt {
	const char *p;
	uint16_t n, owner;
	uint16_t conditions; /* how many, all of which must hold */
	uint16_t at;   /* of the first in smtp_index.words: a count, then so many hashes, one of which must occur */
	uint16_t key;  /* a bit of smtp_text.words that must be set, checked first; 0: none */
	bool one_term; /* no " & ", no "!" */
};

struct smtp_index {
	size_t n, n_words;
	struct smtp_alt alts[SMTP_INDEX_ALTS];
	uint16_t words[SMTP_INDEX_WORDS];
};

/* Add the alternatives of a pattern (NULL: one that matches any text). False when the index is full. */
bool smtp_index_add(struct smtp_index *ix, const char *pattern, uint16_t owner);
/* Are all conditions of alternative `i` met? */
bool smtp_index_meets(const struct smtp_index *ix, size_t i, const struct smtp_text *t);
bool smtp_index_match(const struct smtp_index *ix, size_t i, struct smtp_text *t);

/* Can alternative `i` match? Cheap. */
static inline bool smtp_index_possible(const struct smtp_index *ix, size_t i, const struct smtp_text *t)
{
	const struct smtp_alt *a = &ix->alts[i];

	return (!a->key || t->words[a->key / 64] >> (a->key % 64) & 1) &&
	       (!a->conditions || smtp_index_meets(ix, i, t));
}

#endif
