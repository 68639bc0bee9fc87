/*
 * probe/options.h - command line, configuration and host identity make the case
 *
 * Owns:   all texts live in the arena given.
 * Fails:  one line that says what is wrong and how it should look; the caller prints it and ends with exit 64
 *         (74 for a report file that cannot be written). Nothing is sent before.
 * Uses:   files (configuration, MTA), the system's facts about the host, the wall clock. No network.
 */
#ifndef MP_OPTIONS_H
#define MP_OPTIONS_H

#include "probe/case.h"
#include "reports/report.h"

enum { MP_EXIT_USAGE = 64, MP_EXIT_INTERNAL = 70, MP_EXIT_IO = 74 };

enum mp_when { MP_AUTO, MP_ALWAYS, MP_NEVER };

enum mp_command {
	MP_CMD_PROBE, /* mailprobe --to TARGET... */
	MP_CMD_CHECK,
	MP_CMD_DEMO,
	MP_CMD_REPLAY,
	MP_CMD_DIFF,
	MP_CMD_PTR,
	MP_CMD_MX,
	MP_CMD_SPF,
	MP_CMD_DKIM,
	MP_CMD_DMARC,
	MP_CMD_DNSBL,
	MP_CMD_MESSAGE,
	MP_CMD_TARGETS,
	MP_CMD_EXPLAIN,
	MP_CMD_WATCH, /* the word; what it repeats is the command */
	MP_CMD_HELP,  /* --help, help; the argument: of what */
	MP_CMD_VERSION,
};

struct mp_output {
	const char *path; /* "-" is stdout */
	const struct rep_format *format;
};

struct mp_options {
	enum mp_command command;
	bool watch; /* repeat it until all is right */
	size_t n_args;
	const char *const *args; /* positional arguments of the command */
	size_t n_outputs;
	const struct mp_output *outputs; /* -o, in order; their formats by ending */
	const struct rep_format *format; /* for stdout */
	enum mp_when color;
	bool quiet, verbose, redact, list; /* list: demo --list */
	bool lines, summary, check;        /* of explain */
	const char *request;               /* --request WHAT, or NULL */
	const char *ca_file;
	/* raw values that the case is made of; NULL or 0 when not given on the command line or in the configuration */
	struct mp_raw *raw;
};

/*
 * Parse argv, read the configuration. MP_OK; or MP_EINVAL with the line to print (exit 64).
 * Options are rows of one table, from which --help prints.
 */
int mp_options_parse(struct mp_arena *a, int argc, char **argv, struct mp_options *out, struct mp_err *err);

/*
 * Make the case: validate and convert every name and address (IDN to A-labels), read the local MTA's configuration,
 * find hostname, EHLO name and source addresses. MP_OK or MP_EINVAL with the line to print.
 */
int mp_case_build(struct mp_arena *a, const struct mp_options *o, struct mp_case *out, struct mp_err *err);

/* `mailprobe targets`: the user's own and the known receivers, in 80 columns; short with --quiet, with notes with --verbose. */
void mp_targets_list(FILE *f, const struct mp_options *o);

#endif
