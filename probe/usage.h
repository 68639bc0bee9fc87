/*
 * probe/usage.h - the rows of commands and options, and the help that is printed from them
 *
 * Owns:   nothing; the rows are constant, in probe/options.c.
 * Fails:  a word that is no command has no row: NULL.
 * Uses:   the stream given.
 */
#ifndef MP_USAGE_H
#define MP_USAGE_H

#include "probe/raw.h"

enum {
	MP_COMMAND_CONFIG = 1, /* reads the configuration */
	MP_COMMAND_TEXT = 2,   /* its argument is any text */
};

struct mp_command_row {
	const char *name; /* NULL: without a command word */
	enum mp_command id;
	const char *usage; /* arguments */
	size_t min, max;
	unsigned flags;
	const char *help;    /* a line of the page of all commands */
	const char *more;    /* what its own page adds, or NULL */
	const char *exits;   /* what its exit status says */
	const char *example; /* one that works as it stands, or with names of the user's own */
};

enum {
	MP_OPTION_LIST = 1,   /* may be given several times; commas split too */
	MP_OPTION_CONFIG = 2, /* is a key of the configuration */
	MP_OPTION_COMMON = 4, /* is on the first page */
	MP_OPTION_ONLY = 8,   /* is wrong usage with other commands than its own */
};

struct mp_option_row {
	const char *name; /* without "--"; NULL: a letter only */
	char letter;      /* 0: none */
	const char *arg;  /* its name in the help; NULL: takes none */
	const char *group;
	unsigned flags;
	unsigned of; /* the commands that it says something to: bits of MP_OF() */
	int (*check)(struct mp_arena *a, struct mp_str s, struct mp_err *err);
	const char *help; /* a line */
	const char *more; /* what the page of all options adds, or NULL */
};

#define MP_OF(command) (1u << (command))

extern const struct mp_command_row mp_commands[]; /* the first is the main job, which has no word */
extern const size_t mp_n_commands;
extern const struct mp_option_row mp_options[MP_OPT__COUNT];

/* The row of a word; NULL when it is no command. */
const struct mp_command_row *mp_command_by_name(const char *name);

void mp_usage(FILE *f);         /* --help: a page of the most used */
void mp_usage_options(FILE *f); /* help options: all */
void mp_usage_command(FILE *f, const struct mp_command_row *c);

#endif
