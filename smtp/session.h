/*
 * smtp/session.h - an SMTP session as evidence: what was asked for, and the record of what happened
 *
 * Owns:   nothing; all of it lives in the evidence's arena and never changes.
 * Fails:  a session always has an outcome and the stage where it was decided.
 * Uses:   no I/O, no clock.
 * RFC:    5321, 3207 (STARTTLS), 2920 (PIPELINING), 2034/3463/5248 (enhanced status codes).
 */
#ifndef SMTP_SESSION_H
#define SMTP_SESSION_H

#include "base/evidence.h"
#include "base/ip.h"

enum smtp_tls_policy { SMTP_TLS_MAY, SMTP_TLS_REQUIRE, SMTP_TLS_OFF };

enum smtp_stage {
	SMTP_AT_CONNECT, /* no TCP connection */
	SMTP_AT_BANNER,  /* connected, up to and with the greeting */
	SMTP_AT_EHLO,
	SMTP_AT_STARTTLS, /* 4yz/5yz to STARTTLS, or not offered under require */
	SMTP_AT_TLS,      /* the handshake */
	SMTP_AT_EHLO_TLS,
	SMTP_AT_MAIL,
	SMTP_AT_RCPT,
	SMTP_AT_DATA,
	SMTP_AT_MESSAGE,
	SMTP_AT_QUIT,
};

enum smtp_outcome {
	SMTP_ACCEPTED, /* 2yz to RCPT (or to the message, where one was sent) */
	SMTP_REJECTED, /* 5yz */
	SMTP_DEFERRED, /* 4yz */
	SMTP_UNREACHABLE,
	SMTP_TLS_FAILED,
	SMTP_PROTOCOL_ERROR, /* bytes that are no SMTP, or break a bound */
	SMTP_ABORTED,        /* silence, a cut line, our deadline, an interrupt */
};

/* Why there is no connection, as the system tells it. */
enum smtp_no_way {
	SMTP_WAY_OPEN,       /* there was one, or none was tried */
	SMTP_WAY_SILENT,     /* no answer to the SYN: dropped on the way, or nobody there */
	SMTP_WAY_REFUSED,    /* RST: the host, or a firewall that answers for it */
	SMTP_WAY_NO_HOST,    /* ICMP: host unreachable, or filtered by a router */
	SMTP_WAY_NO_NETWORK, /* this host has no route there */
	SMTP_WAY_FORBIDDEN,  /* this host's own firewall, or ICMP: administratively prohibited */
	SMTP_WAY_NO_SOURCE,  /* the source address is not this host's, or out of ports */
	SMTP_WAY_OTHER,
};

struct smtp_question {
	const char *mx; /* host name, for SNI and the record; the address's text where there is no name */
	struct mp_ip address;
	uint16_t port;
	struct mp_ip source; /* bound before connecting; family MP_IPNONE: the system chooses */
	const char *ehlo;
	const char *mail_from; /* without angle brackets; "" is the null reverse-path */
	const char *rcpt;      /* without angle brackets */
	enum smtp_tls_policy tls;
	bool only_connect; /* connect and wait for the banner, QUIT: is there a way at all? */
	const char
		*message_id; /* of the message to be sent when RCPT is accepted (struct smtp_message); NULL: none is */
	uint32_t pause_ms;   /* from being asked to the connection: who comes back does not come at once */
	const char
		*purpose; /* "baseline", "fallback:plain", "retry", "vary:<factor>", "egress"; part of the question */
};

/* A message as it goes out: whole lines, each ending in CRLF. Not part of the evidence, which holds its id alone. */
struct smtp_message {
	const char *id; /* what stands in Message-ID, without the angle brackets */
	struct mp_str bytes;
	bool eight_bit;    /* the body holds bytes beyond ASCII: needs 8BITMIME */
	bool utf8_headers; /* the header does: needs SMTPUTF8 */
};

struct smtp_reply {
	int code;             /* 200..599 */
	const char *enhanced; /* "5.7.1", or NULL */
	size_t n_lines;
	const char *const *lines; /* as received, without CRLF, by mp_text()'s rules */
};

enum smtp_from { SMTP_FROM_SERVER, SMTP_FROM_CLIENT, SMTP_FROM_TLS, SMTP_FROM_NOTE };

struct smtp_line {
	double t_ms; /* since the start of the session */
	enum smtp_from from;
	const char *line; /* one line, by mp_text()'s rules */
};

/* Where a certificate's times are cut, so that their text has four digits of year: 1000-01-01 and 9999-12-31T23:59:59. */
#define SMTP_CERT_TIME_MIN INT64_C(-30610224000000)
#define SMTP_CERT_TIME_MAX INT64_C(253402300799000)

struct smtp_cert {
	const char *subject, *issuer; /* RFC 2253 form */
	size_t n_names;
	const char *const *names;            /* dNSName entries of subjectAltName, else the CN */
	int64_t not_before_ms, not_after_ms; /* since 1970 */
	const char *key;                     /* "RSA 2048", "EC P-256", "Ed25519" */
	const char *signature;               /* "RSA-SHA256" ... */
	const char *sha256, *spki_sha256;    /* hex, lower case */
	const uint8_t *der; /* the certificate itself, kept in the evidence alone; NULL: a saved report may lack it */
	size_t n_der;
};

struct smtp_tls {
	const char *version;                         /* "TLSv1.3" */
	const char *cipher, *group, *peer_signature; /* NULL where the library does not tell */
	const char *alpn, *sni;
	bool resumed;
	bool hello_retried; /* the server wanted another key share: a round trip more */
	bool client_cert_asked;
	bool ticket_given; /* the session could be resumed by a ticket */
	size_t n_chain;
	const struct smtp_cert *chain; /* leaf first, as the server sent it */
	/* PKIX, each part told apart. NULL: good. Else the reason in words. */
	const char *chain_error; /* no path to a trusted root, bad signature, self-signed ...; never the time */
	const char *name_error;  /* no name of the leaf covers mx */
	const char *time_error;  /* expired, or not valid yet, anywhere in the chain */
	bool roots_loaded;       /* false: no trust anchors on this machine; chain_error then says so */
};

struct smtp_session {
	struct smtp_question q; /* what was asked, as it was done */
	enum smtp_outcome outcome;
	enum smtp_stage stage;    /* where the outcome was decided */
	const char *reason;       /* one line: why, where no reply tells ("connection refused", "no answer for 30 s") */
	enum smtp_no_way no_way;  /* of SMTP_UNREACHABLE; SMTP_WAY_OPEN in reports that do not tell */
	struct smtp_reply *reply; /* the deciding reply, or NULL */
	struct smtp_reply *banner;     /* NULL until there was one */
	const char *banner_host;       /* the name in the greeting, or NULL */
	struct smtp_reply *ehlo_reply; /* the last EHLO's or HELO's, or NULL */
	bool helo;                     /* EHLO was refused, HELO was used */
	size_t n_extensions;
	const char *const *extensions; /* EHLO lines after the first, of the last EHLO: "SIZE 10240000" */
	bool starttls_offered;
	struct smtp_reply *starttls_reply; /* when STARTTLS was sent */
	const char *tls_error;             /* the handshake's failure in words, or NULL */
	size_t injected_bytes;             /* plaintext bytes behind the 220 to STARTTLS: discarded, never used */
	struct smtp_tls *tls;              /* NULL unless the handshake succeeded */
	const char *seen_as;    /* address of ours that the server named in its EHLO reply or rejection, or NULL */
	const char *message_id; /* of a message that was sent whole, be it accepted or not; or NULL */
	int turnarounds;        /* times the client waited for the server before it could go on, up to the decision */
	double at_ms;           /* start, since the start of the run */
	/* milliseconds each part took; negative: did not happen */
	double ms_connect, ms_banner, ms_ehlo, ms_starttls, ms_tls, ms_ehlo_tls, ms_mail, ms_rcpt, ms_data, ms_message,
		ms_total;
	size_t n_transcript;
	const struct smtp_line *transcript;
};

extern const struct mp_kind smtp_kind;

/* Ask for a session. NULL: pending. The parameters are copied. */
const struct smtp_session *smtp_ask(struct mp_evidence *ev, const struct smtp_question *q);

const char *smtp_stage_name(enum smtp_stage s);
const char *smtp_outcome_name(enum smtp_outcome o);
const char *smtp_tls_policy_name(enum smtp_tls_policy p);
const char *smtp_no_way_name(enum smtp_no_way w); /* "silent", "refused" ...; NULL for an open one */

/* True when the receiver gave its verdict on us: accepted, rejected or deferred. */
static inline bool smtp_decided(enum smtp_outcome o)
{
	return o == SMTP_ACCEPTED || o == SMTP_REJECTED || o == SMTP_DEFERRED;
}

/* "HOST [ADDRESS]:PORT", the subject of checks on a server. */
char *smtp_server_name(struct mp_arena *a, const struct smtp_question *q);

/*
 * The SESSION object of the report, without its "cause". Everything a report shows of a session is in it, and
 * smtp_kind's from_json reads the same form (plus the members of the question) back. New reference.
 */
json_t *smtp_session_json(const struct smtp_session *s);

#endif
