/*
 * probe/tell.h - a settled run to the forms and files that the user wants
 *
 * Owns:   nothing. Uses: stdout, stderr, the files of -o, the size of the terminal.
 * Fails:  a report that cannot be written: a line on stderr and MP_EXIT_IO.
 */
#ifndef MP_TELL_H
#define MP_TELL_H

#include "probe/options.h"
#include "probe/report.h"

/* Write all reports wanted. Returns the exit status of the run, or MP_EXIT_IO. */
int mp_tell(const struct mp_run *r, const struct mp_evidence *ev, const struct mp_run_facts *facts,
	const struct mp_options *o);

/* For whom a form is written: the terminal, where it goes to stdout. `single`: see reports/report.h. */
struct rep_style mp_style(const struct mp_options *o, bool single, bool to_stdout);

#endif
