/*
 * probe/case.h - the case: who sends, from where, to whom
 *
 * Options, configuration, the local MTA and the host's own facts make the case, before anything is asked of the
 * network. Judges read it and never change it. It is saved with the evidence, so that a replay judges the same case.
 *
 * Owns:   nothing; everything lives in the arena it was made in.
 * Fails:  reading a saved case fails with the member that is wrong.
 * Uses:   no I/O, no clock (see probe/identity.h and probe/options.h for what fills it).
 */
#ifndef MP_CASE_H
#define MP_CASE_H

#include "base/ip.h"
#include "base/json.h"
#include "probe/ownrules.h"
#include "smtp/mail.h"
#include "smtp/session.h"

struct mp_source {
	struct mp_ip address;   /* the local address that sessions are sent from */
	struct mp_ip public_ip; /* what receivers see, as the user said (--public-ip); MP_IPNONE when not said */
};

/* A mailbox of the user's that a message is looked for in. What opens it is no part of the case. */
struct mp_mailbox {
	const char *name;    /* in the configuration */
	const char *address; /* local@domain that mail for it is sent to */
	const char *host;    /* of its IMAP server: a name or the text of an address */
	uint16_t port;
	bool imaps;
	const char *inbox, *junk; /* folders */
};

/* The message that is composed for a target (probe/compose.h). Its bytes are no part of the case. */
struct mp_message {
	const char *id;      /* what stands in Message-ID, without the angle brackets */
	const char *subject; /* NULL where the message has none */
	size_t size;         /* bytes */
	size_t n_signatures;
	const char *const *signatures; /* by us, for a person: "d=example.com s=mail rsa-sha256" */
};

enum mp_target_kind {
	MP_TARGET_DOMAIN, /* its MX hosts are looked up */
	MP_TARGET_SERVER, /* mx:HOST[:PORT]: this one server */
};

struct mp_target {
	const char *text; /* as the user gave it */
	enum mp_target_kind kind;
	const char *domain;   /* A-label form; for a server its host name or the text of its address */
	const char *host;     /* MP_TARGET_SERVER: host name, or NULL when the address was given */
	struct mp_ip address; /* MP_TARGET_SERVER given by address; else MP_IPNONE */
	uint16_t port;
	const char *rcpt;                 /* RCPT TO, never NULL */
	bool rcpt_assumed;                /* nobody named a recipient: postmaster, weaker evidence */
	const char *mailbox;              /* name of the one that it is looked for in, or NULL */
	const struct mp_message *message; /* NULL: none is composed, nothing can be sent */
};

/* A DKIM selector that mail of this sender is signed with. */
struct mp_selector {
	const char *selector, *domain;
	const char *origin; /* "--selector", "opendkim (/etc/opendkim.conf)" */
	const char *
		public_key; /* of the private key that signs (dns/dkim_key.h), or NULL. The private one is never kept. */
	const char *key_origin; /* where the private key is, or NULL */
};

/* What an authentication method said of a message, for a single check of DMARC. */
struct mp_auth {
	const char *method; /* "spf", "dkim" */
	const char *domain, *result;
};

/* An entry of the hosts file that concerns a name or address of ours. */
struct mp_hosts_entry {
	struct mp_ip address;
	const char *name;
};

/* What the configuration says of a public list, or adds: [dnsbl ZONE]. */
struct mp_own_code {
	struct mp_ip code; /* 127.x.y.z */
	const char *words;
};

struct mp_own_list {
	const char *zone;
	bool disabled;
	bool keyed; /* there is a key for it; which one, nothing that is saved says */
	size_t n_codes;
	const struct mp_own_code *codes;
};

struct mp_case {
	/* the run */
	const char *command; /* "probe", "check", "ptr", "mx", ... */
	const char *run_id;  /* 16 hex digits */
	const char *nonce;   /* 12 lower-case letters and digits, for names that nobody has */
	int64_t started_ms;  /* wall clock at the start, since 1970 UTC */
	size_t n_argv;
	const char *const *argv; /* secrets never come by argument */
	/* the sender */
	const char *hostname; /* gethostname() */
	const char *fqdn;     /* what the host's own look-up makes of it, or NULL */
	const char *ehlo;     /* A-label form, or an address literal in brackets; NULL where a command needs none */
	const char *
		ehlo_origin; /* where it comes from: "--ehlo", "postfix (myhostname in /etc/postfix/main.cf)", "hostname" ... */
	const char *mail_from;        /* "" is the null reverse-path */
	const char *mail_from_origin; /* begins with MP_FROM_EHLO where nobody gave a sender */
	const char *header_from;
	const char *domain; /* of the header From */
	const char *mta;    /* "postfix", "exim", "opensmtpd", "sendmail", or NULL */
	const char
		*relayhost; /* where that MTA hands all mail on to, as it is configured; NULL: it delivers by itself */
	const char *relayhost_origin; /* "postfix (relayhost in /etc/postfix/main.cf)" */
	size_t n_sources;
	const struct mp_source *sources;
	const char *sources_origin;
	size_t n_hosts;
	const struct mp_hosts_entry *hosts;
	size_t n_lists;
	const struct mp_own_list *lists;
	const struct mp_own_rules *rules; /* the user's own, from replies to causes; NULL: none */
	size_t n_selectors;
	const struct mp_selector *selectors;
	size_t n_mailboxes;
	const struct mp_mailbox *mailboxes;
	bool clean; /* remove the message from them again */
	size_t n_auths;
	const struct mp_auth *auths;
	/* to whom */
	size_t n_targets;
	const struct mp_target *targets;
	/* how */
	size_t n_resolvers;
	const char *const *resolvers; /* "IP:PORT" */
	bool trust_ad;
	enum smtp_tls_policy tls;
	enum mp_family family; /* -4, -6, or MP_IPNONE: both */
	bool all_mx;
	bool send;              /* send each target its message, once; without it all ends at RCPT */
	bool diagnose, retry;   /* further sessions: see probe/diagnose.h, probe/target.h */
	uint16_t ns_port;       /* port of authoritative name servers (53; another one in private networks) */
	uint16_t mta_sts_port;  /* port of MTA-STS policy hosts (443; another one in private networks) */
	uint32_t timeout_ms;    /* the whole run */
	const char *rspamd_url; /* the user's filters, which score the message (probe/filters.h); or NULL */
	const char *spamd;
	const char *rdap_url; /* asked in the place of the registries (--rdap-url), or NULL */
	/* subject of a single check */
	const char *arg;              /* mailprobe ptr ARG, mx ARG ...; NULL otherwise */
	const struct smtp_mail *mail; /* of "message": what was read; NULL otherwise */
};

#define MP_FROM_EHLO "the EHLO name"

/* Bounds of a case: a built one keeps to them, a saved one is refused beyond. */
enum {
	MP_CASE_TEXT_MAX = 4096,
	MP_CASE_ARGV_MAX = 1024,
	MP_CASE_SOURCES_MAX = 64,
	MP_CASE_TARGETS_MAX = 64,
	MP_CASE_RESOLVERS_MAX = 64,
	MP_CASE_HOSTS_MAX = 64,
	MP_CASE_LISTS_MAX = 64,
	MP_CASE_CODES_MAX = 8, /* of one list */
	MP_CASE_SELECTORS_MAX = 64,
	MP_CASE_AUTHS_MAX = 65,
	MP_HTTPS_PORT = 443,
	MP_CASE_SIGNATURES_MAX = 64, /* of one message */
	MP_CASE_MAILBOXES_MAX = 64,
};

/* What is said of a message in a case and in a report. New reference. */
json_t *mp_message_json(const struct mp_message *m);
/* The saved form ("evidence.case"). New reference. */
json_t *mp_case_to_json(const struct mp_case *c);
/* MP_OK, or MP_EPARSE with the member that is wrong. Strict: every member is checked and bounded. */
int mp_case_from_json(const json_t *j, struct mp_arena *a, struct mp_case *out, struct mp_err *err);

#endif
