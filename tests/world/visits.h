/*
 * tests/world/visits.h - connections on which one request is answered, and that is all: what the web servers and the
 * filters of the world share
 *
 * Bytes are gathered until the server has answered; what is more than it takes ends the connection, and so does the time
 * that the server lets pass (world_conn_wait()).
 *
 * Owns:   its visits, each until its connection is gone.
 * Fails:  never.
 * Uses:   network (tests/world/conn.h), the loop's thread.
 */
#ifndef WORLD_VISITS_H
#define WORLD_VISITS_H

#include "base/buf.h"
#include "tests/world/conn.h"

struct world_visits;

struct world_visit {
	struct world_visit *prev, *next;
	struct world_visits *all;
	struct world_conn *c;
	struct mp_buf in; /* what came so far */
	bool answered;    /* set by the server: nothing more is read */
	size_t flood;     /* the server's: bytes that it still has to send */
};

/* A server has one of these; it sets what is not ours. */
struct world_visits {
	struct world_visit *first; /* ours */
	void *server;
	size_t request_max;                        /* bytes */
	void (*on_request)(struct world_visit *v); /* there are more bytes in v->in */
	void (*on_drained)(struct world_visit *v); /* all that was said is with the system; or NULL */
};

struct world_visit *world_visits_accept(struct world_visits *all, struct uv_stream_s *listener);
void world_visits_close(struct world_visits *all); /* all at once; run the loop until idle before it goes */

#endif
