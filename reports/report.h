/*
 * reports/report.h - the forms of a report: from the JSON tree to bytes, and from bytes to a file
 *
 * A report is a JSON tree (mailprobe.report/1). A form is a pure function from that tree to bytes: it shows nothing that
 * is not in the tree, and takes any tree: every member may be missing, null or of another type.
 *
 * A new form is one file with a rep_format, and one row in reports/formats.c.
 *
 * Owns:   nothing; the tree is borrowed, bytes go to the caller's buffer.
 * Fails:  MP_ELIMIT when the buffer's maximum is too small; MP_EIO with one line when a file cannot be written.
 * Uses:   no I/O and no clock in the forms; rep_file_*() alone touch files.
 */
#ifndef REP_REPORT_H
#define REP_REPORT_H

#include "base/json.h"

enum {
	REP_WIDTH = 80,      /* columns where nothing is known of the reader */
	REP_WIDTH_MIN = 40,  /* narrower pages are laid out for this */
	REP_WIDTH_MAX = 100, /* longer lines are hard to read */
};

/* For whom a form is written. Only text heeds it. All zero: plain ASCII, 80 columns. */
struct rep_style {
	bool color;     /* SGR escapes */
	bool unicode;   /* characters beyond ASCII; without it they are shown as \u{NNNN} */
	unsigned width; /* of the terminal; 0: unknown. Clamped to REP_WIDTH_MIN..REP_WIDTH_MAX */
	bool verbose;   /* all details of all checks, EHLO replies line by line, certificates, times */
	bool quiet;     /* the verdict alone, on one line however long */
	bool single; /* of one check or of the sender alone: PASS, WARN, FAIL instead of DELIVERABLE, AT RISK, BLOCKED */
};

struct rep_format {
	const char *name;              /* as --format has it */
	const char *const suffixes[4]; /* file endings with their dot; NULL-ended */
	/* Append the form of `report`. MP_OK, or MP_ELIMIT. */
	int (*write)(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err);
};

extern const struct rep_format *const rep_formats[]; /* NULL-ended */

const struct rep_format *rep_format_by_name(const char *name);   /* NULL when there is none */
const struct rep_format *rep_format_by_ending(const char *path); /* ASCII case folded; NULL when there is none */

extern const struct rep_format rep_text, rep_json, rep_html, rep_markdown, rep_jsonl, rep_prometheus, rep_junit;

/* Whether a saved report looks like a page rather than like JSON. */
bool rep_html_is(struct mp_str file);
/*
 * The JSON of the report within a page that the HTML form wrote: `json` borrows from `file`. Nothing else of the page is
 * read. MP_OK, or MP_EPARSE when there is none, more than one, or one that is cut off.
 */
int rep_html_data(struct mp_str file, struct mp_str *json, struct mp_err *err);

/*
 * Write `bytes` to the file at `path`; "-" is stdout. A new or ordinary file is replaced as a whole (a temporary file
 * beside it, then a rename), so that nobody ever reads half a report; its permissions stay. Devices, FIFOs, files with
 * several names or of another owner, and files in folders where nothing can be made are written in place.
 * MP_OK, or MP_EIO; a new file is then not left behind.
 */
int rep_file_write(const char *path, struct mp_str bytes, struct mp_err *err);

/* Whether rep_file_write() can be expected to work, to be asked before probing. Changes nothing. MP_OK or MP_EIO. */
int rep_file_check(const char *path, struct mp_err *err);

#endif
