/*
 * tests/world/https_server.h - web servers on loopback: a path has an answer, or a way to misbehave
 *
 * One request a connection, HTTP/1.1 over TLS of the world's PKI, as far as GET needs it.
 *
 * Owns:   its sockets and timers. PKI and pages must outlive it.
 * Fails:  world_https_start() with what could not be had. An address that is not loopback is refused.
 * Uses:   network (loopback alone), the loop's thread, OpenSSL.
 */
#ifndef WORLD_HTTPS_SERVER_H
#define WORLD_HTTPS_SERVER_H

#include "base/ip.h"
#include "tests/world/pki.h"

struct uv_loop_s;

enum world_web {
	WORLD_WEB_ANSWERS,
	WORLD_WEB_CHUNKS,    /* the body in chunks of one byte */
	WORLD_WEB_HANGS,     /* reads the request, says nothing */
	WORLD_WEB_HANGS_MID, /* stops in the middle of the body */
	WORLD_WEB_CUT,       /* ends the connection in the middle of the body */
	WORLD_WEB_RESETS,    /* RST in the place of an answer */
	WORLD_WEB_HUGE,      /* a body of 8 MiB, with its length declared */
	WORLD_WEB_ENDLESS,   /* a body without a length, as long as it is read (8 MiB at most) */
	WORLD_WEB_NO_HTTP,   /* says something else */
	WORLD_WEB_NO_TLS,    /* (of the first page) answers the ClientHello in plain text */
};

struct world_page {
	const char *path; /* NULL ends the list; what no page has is 404 */
	int status;
	const char *type;    /* Content-Type; NULL: none is sent */
	const char *headers; /* further ones, each with CRLF, or NULL */
	const char *body;
	enum world_web how;
};

struct world_https_config {
	const struct world_pki *pki;
	const char *host; /* for the certificate */
	enum world_cert cert;
	struct mp_ip address;
	uint16_t port; /* 0: any */
	const struct world_page *pages;
};

struct world_https_counts {
	size_t connections, requests;
	char last[512]; /* the last request, up to its blank line */
};

struct world_https;

struct world_https *world_https_start(struct uv_loop_s *loop, const struct world_https_config *cfg, struct mp_err *err);
uint16_t world_https_port(const struct world_https *s);
const struct world_https_counts *world_https_counts(const struct world_https *s);
void world_https_stop(struct world_https *s); /* close all handles; run the loop until idle, then free */
void world_https_free(struct world_https *s); /* NULL is fine */

#endif
