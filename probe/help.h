/*
 * probe/help.h - what a check, a cause or a command means, and lists of them, offline
 *
 * Owns: nothing. Fails: an unknown id gives a line with the nearest known one, and MP_EXIT_USAGE. Uses: stdout, stderr.
 */
#ifndef MP_HELP_H
#define MP_HELP_H

#include "base/base.h"

/* `mailprobe help ID`. Returns the exit status. */
int mp_help(const char *id);

#endif
