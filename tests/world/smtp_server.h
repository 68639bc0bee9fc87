/*
 * tests/world/smtp_server.h - receivers on loopback: SMTP servers that judge as their policy says
 *
 * A receiver judges as a real one does: it looks the client's address, its PTR, and the EHLO name up in the world's
 * zone, so that a zone that is put right makes it accept. The address that it believes the client to have is what the
 * world's NAT makes of the loopback address it sees.
 *
 * A policy is a row: how the receiver greets, what it offers, which rules it judges by at which stage, and what it says
 * then. A row with a script is no SMTP server but a play: see below.
 *
 * Owns:   its sockets and timers. Zone, policy, PKI and NAT table must outlive it.
 * Fails:  world_smtp_start() with what could not be had. An address that is not loopback is refused.
 * Uses:   network (loopback alone), the loop's thread, OpenSSL.
 * RFC:    5321, 2920 (PIPELINING), 3207 (STARTTLS).
 */
#ifndef WORLD_SMTP_SERVER_H
#define WORLD_SMTP_SERVER_H

#include "smtp/session.h"
#include "tests/world/pki.h"
#include "tests/world/zone.h"

/* What a rule looks at; it strikes where that is so. "Unknown" is a look-up that the DNS did not answer. */
enum world_test {
	WORLD_NO_RULE,     /* ends the list */
	WORLD_ALWAYS,      /* strikes everybody */
	WORLD_NO_PTR,      /* the client has no PTR; unknown: `unsure` is said */
	WORLD_NO_FCRDNS,   /* no PTR, or its name does not lead back; unknown: `unsure` */
	WORLD_PTR_GENERIC, /* the first PTR name spells the client's address */
	WORLD_HELO_NOT_FQDN,
	WORLD_HELO_NOT_FOUND,   /* the EHLO name has neither address nor MX; unknown: `unsure` */
	WORLD_HELO_NOT_CLIENT,  /* the EHLO name's addresses are others than the client's */
	WORLD_SENDER_NOT_FOUND, /* the domain of MAIL FROM has neither MX nor address */
	WORLD_SPF_FAIL,    /* SPF of the domain of MAIL FROM refuses the client (ip4, ip6 and all alone are heeded) */
	WORLD_SPF_NO_PASS, /* it does not name the client */
	WORLD_NO_DMARC,    /* the domain of MAIL FROM has no DMARC record of its own */
	WORLD_LISTED,      /* the client is on the list `with`, a DNSBL zone */
	WORLD_PLAINTEXT,   /* no TLS */
	WORLD_NOT_LOCAL,   /* the recipient is in no domain of this receiver */
	WORLD_NO_USER,     /* the recipient's local part is none of those that `with` names, blanks between */
	WORLD_FIRST_TIME, /* this client, sender and recipient were not met before, or less than `number` seconds ago */
};

/*
 * Replies: lines joined by '\n'; each line begins with the code, the server sets '-' or ' '. Inserted are: %i the
 * client's address, %I the same reversed for a list, %n its verified name or "unknown", %p the first PTR name or
 * "unknown", %e the EHLO name, %f sender, %r recipient, %d the recipient's domain, %h the receiver's host name, %%.
 */
struct world_rule {
	enum smtp_stage at; /* SMTP_AT_BANNER: instead of the greeting; _EHLO, _STARTTLS, _MAIL, _RCPT, _MESSAGE */
	enum world_test test;
	const char *reply;
	const char *unsure; /* said where the DNS did not answer; NULL: then the rule does not strike */
	const char *with;
	unsigned number;
	bool close; /* hang up after the reply */
};

enum world_tls {
	WORLD_TLS_OFFERED,
	WORLD_TLS_NONE,   /* not offered, 502 when asked for */
	WORLD_TLS_HANGUP, /* closes in the handshake */
	WORLD_TLS_NO_TLS, /* says 220, then goes on in plaintext */
};

/*
 * A play: one step a line, done in order for each connection.
 *     > TEXT         send the text and CRLF; >> TEXT without CRLF. \r \n \t \\ \0 \xNN
 *     < TEXT         wait for a line that begins so (any line where there is no text); another line hangs up
 *     sleep MS       wait; repeat N STEP    do a > or >> step so often (as fast as the peer reads)
 *     tls            the TLS handshake, as server; renegotiate  ask for another (TLS 1.2)
 *     raw TEXT       the bytes past TLS; bytes    wait for any bytes, and drop them
 *     close          hang up; reset hang up with RST; hold    say nothing more until the peer goes
 *     serve          from here on be a server (the greeting is not sent again)
 * After the last step the connection closes. %-insertions as in replies.
 */
struct world_policy {
	const char *name;
	const char *like;     /* whose wording it is, for people: "Postfix, reject_unknown_reverse_client_hostname" */
	const char *greeting; /* the 220 line's text: "%h ESMTP Postfix"; more lines by '\n' */
	unsigned pause_ms;    /* before the greeting; with several lines after the first of them */
	const char *ehlo;     /* the first EHLO line's text: "%h", "%h Hello %p [%i]" */
	const char *keywords; /* EHLO keywords, blanks inside as they are, '\n' between: "PIPELINING\nSIZE 10240000" */
	enum world_tls tls;
	int min_version, max_version; /* of TLS; 0: OpenSSL's own */
	const char *groups;           /* of TLS, in OpenSSL's words; NULL: its own */
	bool asks_cert, demands_cert; /* of the client */
	enum world_cert cert;         /* in place of the receiver's own, where that is the valid one */
	bool ehlo_refused;            /* 502 to EHLO, knows HELO only */
	const char *script;
	struct world_rule rules[8];
};

/* The rows of policies.c. NULL when there is none of this name. */
extern const struct world_policy world_policies[];
extern const size_t world_n_policies;
const struct world_policy *world_policy_by_name(const char *name);

/* The world's NAT: who comes from `inside` is seen as `outside`. */
struct world_nat {
	struct mp_ip inside, outside;
};

struct world_smtp_config {
	const struct world_zone *zone;
	const struct world_pki *pki;
	const struct world_nat *nat;
	size_t n_nat;
	const char *host;
	const char *const *domains; /* recipient domains, NULL-ended; NULL: all are local */
	const struct world_policy *policy;
	enum world_cert cert;
	struct mp_ip address;
	uint16_t port; /* 0: the kernel's choice */
};

struct uv_loop_s;
struct world_smtp;

struct world_smtp *world_smtp_start(struct uv_loop_s *loop, const struct world_smtp_config *cfg, struct mp_err *err);
uint16_t world_smtp_port(const struct world_smtp *s);

enum { WORLD_TAKEN_MAX = 8 };

struct world_smtp_counts {
	size_t sessions, open, most_open; /* conversations: ever, now, at once at most; QUIT ends one */
	size_t early;                     /* clients that sent something before the greeting was complete */
	size_t quits;                     /* sessions ended by QUIT */
	size_t messages;                  /* taken */
	size_t mails;                     /* MAIL commands */
	size_t turns; /* of the session that is over last: times that the client went on after it was sent something */
};
struct world_smtp_counts world_smtp_counts(const struct world_smtp *s);
/* The message that came last, taken or not, as it was meant: without doubled dots. "" without any; cut at a MiB. */
const char *world_smtp_message(const struct world_smtp *s);
/* Of those that were taken the one with this text in it, or NULL; of the first WORLD_TAKEN_MAX. */
const char *world_smtp_taken(const struct world_smtp *s, const char *text);

void world_smtp_stop(struct world_smtp *s); /* close all handles; run the loop until idle, then free */
void world_smtp_free(struct world_smtp *s); /* NULL is fine */

#endif
