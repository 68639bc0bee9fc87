/*
 * reports/wrap.h - lines that fit a page: prefixes, words wrapped by columns, colours
 *
 * Text given here may be anything: control characters, broken UTF-8 and, on an ASCII page, all characters beyond ASCII
 * are shown as escapes (mp_text()), so no text can move the cursor or colour a line. Colours come from prefixes alone.
 *
 * Owns:   nothing; bytes go to the caller's buffer, scratch to the page's arena.
 * Fails:  never; a full buffer is the buffer's sticky state.
 * Uses:   no I/O, no clock.
 */
#ifndef REP_WRAP_H
#define REP_WRAP_H

#include "base/arena.h"
#include "base/buf.h"

struct rep_page {
	struct mp_arena *a;
	struct mp_buf *out;
	unsigned width; /* columns; no line is longer */
	bool color, unicode;
};

enum rep_ink { REP_PLAIN, REP_BOLD, REP_DIM, REP_RED, REP_GREEN, REP_YELLOW, REP_BLUE, REP_MAGENTA };

struct rep_para {
	const char *first; /* before the first line: made by rep_cell(), rep_inked() or literal. NULL: as rest */
	const char *rest;  /* before the others. NULL: blanks as wide as first */
	enum rep_ink ink;  /* of the text, not of the prefixes */
	bool raw;      /* a line of a protocol: blanks stay as they are, and a word that is cut ends in a backslash */
	bool one_line; /* cut at the end of the page, with dots */
};

/*
 * Write `text`: one line for each of its lines, each wrapped at blanks. Further lines of a wrapped one get its leading
 * blanks. Only a word that fits on no line of its own is cut. No blanks at line ends.
 */
void rep_wrap(struct rep_page *pg, const struct rep_para *para, const char *text);

/* One paragraph with `indent` blanks before each line, formatted. */
void rep_print(struct rep_page *pg, unsigned indent, const char *fmt, ...) MP_PRINTF(3, 4);

/* An empty line, unless the page is empty or ends in one. */
void rep_blank(struct rep_page *pg);

/* `text` safe to show on this page: one line, escapes for what it must not hold. */
char *rep_clean(struct rep_page *pg, const char *text);
/* Cleaned, and cut with dots when it is wider than `cols`. */
char *rep_cut(struct rep_page *pg, const char *text, unsigned cols);
/* Cleaned, cut, filled with blanks to `cols`, in ink. A negative number: to the right. */
char *rep_cell(struct rep_page *pg, enum rep_ink ink, const char *text, int cols);
/* Cleaned, in ink. */
char *rep_inked(struct rep_page *pg, enum rep_ink ink, const char *text);
/* Columns of a prefix, ink not counted. */
unsigned rep_cols(const char *prefix);
char *rep_blanks(struct rep_page *pg, unsigned n);

#endif
