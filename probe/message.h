/*
 * probe/message.h - what several checks make of a received message: its signatures, its way, who is believed
 *
 * The message is in the case (smtp/mail.h). Everything is judged as of the time at which its last hop noted it, where that
 * is told: a signature that has ended since was good when it counted.
 *
 * Who is believed: the uppermost Received line was written by the receiver that the message was fetched from. Lines below
 * it are believed as long as the one above says that it was handed over within: from a private address, or from a host
 * of the same domain. The last believed line is the border: it names the client that SPF is about.
 * Authentication-Results count only above the first line that is not believed, with an authserv-id of the receiver's.
 *
 * Owns:   results live in the judge's arena.
 * Fails:  never. False means pending.
 * Uses:   no I/O, no clock.
 * RFC:    6376 6.1, 8617 5.2, 8601 4 and 5 (whom to believe), 5321 4.4.
 */
#ifndef MP_MESSAGE_H
#define MP_MESSAGE_H

#include "dns/dkim_key.h"
#include "probe/check.h"
#include "smtp/arc.h"
#include "smtp/authres.h"
#include "smtp/mail.h"
#include "smtp/noted.h"
#include "smtp/received.h"

/* ---- signatures */

struct mp_signature {
	size_t field; /* index in the header */
	struct smtp_sig sig;
	const char *name;    /* of the key; NULL where the signature does not tell */
	const char *result;  /* RFC 8601 2.7.1: "pass", "fail", "permerror", "temperror", "neutral", "policy" */
	const char *reason;  /* to stand behind the signature's name: "the body hash is not right"; NULL: pass */
	const char *changed; /* what changed on the way, sentences; NULL: nothing, or not told */
	bool body_changed, header_changed;
	uint64_t unsigned_bytes; /* behind l= */
	unsigned bits;           /* of the key */
	bool testing;            /* t=y */
	bool no_key;             /* the DNS has none */
	bool barred;             /* its key is not for domains below its own (t=s), and it is for one (i=) */
};

/*
 * Every DKIM-Signature field, in the order of the header; those beyond SMTP_MAIL_SIGNATURES are not verified. `explain`:
 * look for what changed, which takes a while. False: pending.
 */
bool mp_message_signatures(struct mp_judge *j, bool explain, struct mp_signature **out, size_t *n);
bool mp_signature_passes(const struct mp_signature *s);

/* ---- ARC */

struct mp_chain {
	struct smtp_arc arc;
	const char *result; /* "none", "pass", "fail"; "temperror" */
	const char *reason; /* to stand behind "the chain"; NULL: none */
	const char *changed;
	const char *sealer; /* domain of the newest seal, or NULL */
};

bool mp_message_chain(struct mp_judge *j, struct mp_chain *out);

/* ---- its way */

enum { MP_HOPS_MAX = 64 };

struct mp_trail {
	size_t n;
	struct smtp_hop hop[MP_HOPS_MAX]; /* the uppermost field, and so the last hop, first */
	size_t field[MP_HOPS_MAX];
	size_t border;     /* the hop that took it from outside; n: not known */
	size_t trusted;    /* how many are believed */
	const char *owner; /* the receiver's registrable domain; NULL: not told */
};

const struct mp_trail *mp_message_trail(struct mp_judge *j);

/* When it arrived: of the uppermost hop; else of the run. Milliseconds since 1970. */
int64_t mp_message_arrived(struct mp_judge *j);

/* ---- who it is from */

/* The mailboxes of all From fields. */
size_t mp_message_authors(struct mp_judge *j, struct smtp_mailbox out[static SMTP_MAILBOXES_MAX]);
/* The one domain of them all, in A-labels; NULL when there is none, or several, or it is no possible name. */
const char *mp_message_author(struct mp_judge *j);
/* Both of one registrable domain. */
bool mp_same_owner(const char *a, const char *b);

/* What SPF is about. */
struct mp_envelope {
	struct mp_ip ip;       /* MP_IPNONE: not known */
	const char *helo;      /* or NULL */
	const char *mail_from; /* "" is the null sender */
	bool assumed;          /* nothing tells it: it is the author's address */
	const char *origin;    /* "--ip", "its Received line of mx.example.net" */
};
void mp_message_envelope(struct mp_judge *j, struct mp_envelope *out);

/* ---- what receivers noted */

struct mp_noted_results {
	size_t field;
	struct smtp_authres said;
	bool believed;
};

size_t mp_message_results(struct mp_judge *j, struct mp_noted_results **out);

/* All that the receiver wrote, in words. */
struct mp_said {
	const char *who; /* the last hop's name, or "the receiver" */
	size_t n, n_bad;
	const char **words; /* what is believed, a field each */
	const char **bad;   /* of these, what speaks against the message */
	size_t n_results, n_noted;
	struct mp_noted_results *results;
	struct smtp_noted *noted;
};
void mp_message_said(struct mp_judge *j, struct mp_said *out);

#endif
