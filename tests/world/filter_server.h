/*
 * tests/world/filter_server.h - rspamd and spamd on loopback: they read the whole request and judge by simple rules
 *
 * rspamd: POST .../checkv2 over plain HTTP, with the headers that say who sends. spamd: REPORT SPAMC/1.x with
 * Content-length; who sends is read from the Received line. What has not this form is refused as the real ones do. They
 * miss fields of the header, a signature, the sending host's reverse name.
 *
 * Owns:   its sockets and timers. The row must outlive it.
 * Fails:  world_filter_start() with what could not be had. An address that is not loopback is refused.
 * Uses:   network (loopback alone), the loop's thread.
 */
#ifndef WORLD_FILTER_SERVER_H
#define WORLD_FILTER_SERVER_H

#include "base/ip.h"

struct uv_loop_s;

enum world_filter_kind { WORLD_RSPAMD, WORLD_SPAMD };

enum world_filter_how {
	WORLD_FILTER_ANSWERS,
	WORLD_FILTER_CLOSED,      /* nobody listens */
	WORLD_FILTER_HANGS,       /* reads, says nothing */
	WORLD_FILTER_HANGS_MID,   /* stops in the middle of its answer */
	WORLD_FILTER_CUT,         /* ends the connection there */
	WORLD_FILTER_HUGE,        /* an answer of 700 KiB */
	WORLD_FILTER_NO_PROTOCOL, /* greets as a mail server does */
	WORLD_FILTER_BINARY,      /* its protocol, and in it bytes of all values */
	WORLD_FILTER_ESCAPES,     /* rules with names and words that a terminal or a page must not get */
	WORLD_FILTER_FAILS,       /* says that it cannot judge */
};

struct world_filter {
	const char *address; /* loopback; NULL: the scenario has none */
	enum world_filter_kind kind;
	enum world_filter_how how;
	double spam_at;       /* points from which on it is spam; 0: 6 */
	const char *password; /* that rspamd wants; NULL: none */
	const char *given;    /* that the client is given; NULL: the right one */
};

struct world_filter_server;

struct world_filter_server *world_filter_start(
	struct uv_loop_s *loop, const struct world_filter *row, struct mp_err *err);
uint16_t world_filter_port(const struct world_filter_server *s);
size_t world_filter_requests(const struct world_filter_server *s); /* that were whole and right */
void world_filter_stop(struct world_filter_server *s); /* close all handles; run the loop until idle, then free */
void world_filter_free(struct world_filter_server *s); /* NULL is fine */

#endif
