/*
 * tests/run/keep.h - what every report, every replay and every run must keep, whatever the sender and the receivers
 *
 * Owns:   nothing.
 * Fails:  the test ends (fail_msg) with what is not kept.
 * Uses:   files, and for the replay the program under test.
 */
#ifndef TESTS_RUN_KEEP_H
#define TESTS_RUN_KEEP_H

#include "base/json.h"

/* A report in JSON, from memory or a file. New reference, never NULL. */
json_t *report_parse(const struct mp_buf *text, const char *what);
json_t *report_read(const char *path);

/*
 * Checks are unique by (id, subject, values.ip) and faulty ones have a fix; sessions begin with the greeting, hold no
 * DATA, and have a reply where they are decided; findings rest on evidence that is there and as their certainty says,
 * and end in an action; the verdict is the worst of the targets'.
 */
void report_keeps(const json_t *report);

/* The judgement of the evidence saved at `path` is the judgement of the run, byte for byte, and the exit status too. */
void replay_agrees(const json_t *report, const char *path, int status);

/* Valid UTF-8, no control bytes, no line over 80 columns. */
void text_fits(const struct mp_buf *text);

/* As world-server counted: one session at a time, nothing before the greeting, so many messages taken in all. */
void client_was_harmless(const struct mp_buf *counts, unsigned messages);

#endif
