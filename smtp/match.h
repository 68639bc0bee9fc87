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
	SMTP_WORD_BITS = 4096,
	SMTP_ANCHORS = 3,
	SMTP_NO_ANCHOR = 0xffff,
};

struct smtp_text {
	const char *p;
	size_t n;
	uint64_t words[SMTP_WORD_BITS / 64]; /* which words occur, by hash */
	uint32_t steps;                      /* what is left of the budget */
};

/* Index folded bytes for matching. */
void smtp_text_init(struct smtp_text *t, const char *p, size_t n);

/*
 * Fold `in` to `out` (room for in.n bytes; no NUL is added): ASCII and common non-ASCII letters to lower case, typographic
 * punctuation to ASCII, every run of blanks, controls and NUL to one blank, bytes that are not UTF-8 to '?'.
 * Returns the length.
 */
size_t smtp_fold(struct mp_str in, char *out);

bool smtp_match(struct smtp_text *t, const char *pattern);

/* One alternative of a pattern, prepared: the words without which it cannot match. */
struct smtp_alt {
	const char *p;
	size_t n;
	uint16_t anchor[SMTP_ANCHORS]; /* places in `words`; SMTP_NO_ANCHOR: none */
};

/* Cut the next alternative off `*pattern` (NULL at the end) and prepare it. False when there was none. */
bool smtp_alt_next(const char **pattern, struct smtp_alt *out);
bool smtp_alt_match(struct smtp_text *t, const struct smtp_alt *a);

/* Can it match at all? Cheap; for scanning a table. */
static inline bool smtp_alt_possible(const struct smtp_text *t, const struct smtp_alt *a)
{
	for (size_t i = 0; i < SMTP_ANCHORS; i++) {
		uint16_t w = a->anchor[i];

		if (w == SMTP_NO_ANCHOR)
			break;
		if (!(t->words[w / 64] >> (w % 64) & 1))
			return false;
	}
	return true;
}

#endif
