/*
 * probe/checks/checks.h - the entries of the table of checks, and what several checks share
 *
 * Owns:   texts live in the arena given.
 * Fails:  never.
 * Uses:   no I/O, no clock.
 * RFC:    5321 2.3.5, 4.1.2, 4.1.3 (what may be announced), 1123 2.1 (host names), 6761, 6762, 8375, 9476 (special names).
 */
#ifndef MP_CHECKS_H
#define MP_CHECKS_H

#include "dns/spf.h"
#include "probe/check.h"

/* ---- resolver.c, host.c, ehlo.c, ptr.c */
extern const struct mp_check mp_check_resolver_health;
extern const struct mp_check mp_check_host_witness, mp_check_host_fqdn;
extern const struct mp_check mp_check_ehlo_syntax, mp_check_ehlo_resolves, mp_check_ehlo_matches_source;
extern const struct mp_check mp_check_ptr_exists, mp_check_ptr_single, mp_check_ptr_fcrdns, mp_check_ptr_matches_ehlo;
extern const struct mp_check mp_check_ptr_generic, mp_check_ptr_syntax, mp_check_ptr_propagation;
/* ---- owner.c */
extern const struct mp_check mp_check_ptr_owner, mp_check_age_sender, mp_check_registration_sender;
/* ---- domain.c */
extern const struct mp_check mp_check_mx_sender, mp_check_soa_sender, mp_check_tls_rpt_sender, mp_check_dane_sender;
extern const struct mp_check mp_check_bimi_sender, mp_check_dnssec_sender;
/* ---- dnsbl.c */
extern const struct mp_check mp_check_dnsbl_ip, mp_check_dnsbl_domain;
/* ---- spf.c */
extern const struct mp_check mp_check_spf_record, mp_check_spf_mail_from, mp_check_spf_helo, mp_check_spf_limits;
/* ---- egress.c */
extern const struct mp_check mp_check_egress_port25, mp_check_smtp_greeting;
/* ---- session.c */
extern const struct mp_check mp_check_mx_target;
extern const struct mp_check mp_check_smtp_session, mp_check_smtp_starttls;
extern const struct mp_check mp_check_tls_certificate, mp_check_tls_version;

/* ---- dane.c */
extern const struct mp_check mp_check_tls_dane;
/* ---- dkim.c, dmarc.c */
extern const struct mp_check mp_check_dkim_key, mp_check_dkim_strength, mp_check_dkim_pair;
extern const struct mp_check mp_check_dmarc_record, mp_check_dmarc_policy, mp_check_dmarc_alignment;

/* ---- policy.c */
extern const struct mp_check mp_check_policy_gmail, mp_check_policy_yahoo, mp_check_policy_microsoft;
extern const struct mp_check mp_check_policy_apple;

/* ---- ptr.c: what others look at too */

struct dns_generic;
struct dns_reverse;
/* All of an address's reverse name, as the checks on the PTR see it. False: pending. */
bool mp_reverse_ask(struct mp_judge *j, const struct mp_ip *ip, struct dns_reverse *out);
/* Its zone is on name servers of the sender's own registered domain: who runs them sets the PTR, not the holder. */
bool mp_own_reverse_zone(struct mp_judge *j, const struct dns_reverse *r);

/* ---- what one check finds out for others */

/* SPF of MAIL FROM (for the null reverse-path postmaster at the EHLO name) for a source. */
struct mp_spf {
	const char *domain;         /* whose record */
	struct mp_seen seen;        /* the client, as receivers see it */
	enum spf_result result;     /* temperror where that address is not known */
	struct spf_verdict verdict; /* where it is */
};
bool mp_spf_of_source(struct mp_judge *j, size_t source, struct mp_spf *out); /* false: pending */

/* Can receivers verify what is signed with a selector? */
enum mp_verifies { MP_VERIFIES_PENDING, MP_VERIFIES_YES, MP_VERIFIES_NO, MP_VERIFIES_UNKNOWN };
enum mp_verifies mp_dkim_verifies(struct mp_judge *j, const struct mp_selector *s);

/* ---- mta_sts.c */
extern const struct mp_check mp_check_mta_sts_sender, mp_check_tls_mta_sts;

/* ---- bounce.c */
extern const struct mp_check mp_check_mx_answers;

/* ---- placement.c */
extern const struct mp_check mp_check_content_rspamd;
extern const struct mp_check mp_check_content_spamd;
extern const struct mp_check mp_check_message_placement;

/* ---- message.c, message_form.c: a received message (probe/message.h) */
extern const struct mp_check mp_check_message_dkim, mp_check_message_arc, mp_check_message_spf, mp_check_message_dmarc;
extern const struct mp_check mp_check_message_receiver, mp_check_message_headers, mp_check_message_format;
extern const struct mp_check mp_check_message_unsubscribe, mp_check_message_transport;

/* Another check's judge over another case; its results become those of this one. */
enum mp_judged mp_ask_as(struct mp_judge *j, const struct mp_check *other, const struct mp_case *c);

/* ---- arrived.c: the message that was sent, as its mailbox has it */
extern const struct mp_check mp_check_message_arrived, mp_check_message_seen_spf, mp_check_message_seen_dkim,
	mp_check_message_seen_dmarc;

/* ---- words.c: names judged by their text */

/* What is wrong with a name as the full name of a host on the Internet. */
struct mp_name_fault {
	const char *words; /* "is one label", to stand behind the name; NULL: nothing */
	bool in_dns;       /* faulty or not, a look-up of it in the DNS makes sense */
};
struct mp_name_fault mp_name_fault(struct mp_arena *a, const char *name);

enum mp_ehlo_kind {
	MP_EHLO_NONE, /* the command needs none and none was given */
	MP_EHLO_NAME, /* a name, faulty or not */
	MP_EHLO_LITERAL,
	MP_EHLO_BAD_LITERAL,
};

struct mp_ehlo {
	enum mp_ehlo_kind kind;
	struct mp_name_fault fault; /* of a name */
	struct mp_ip ip;            /* of a literal */
	const char *literal_fault;  /* of a bad one: "has no closing bracket" */
};
void mp_ehlo_read(struct mp_arena *a, const char *ehlo, struct mp_ehlo *out);

/*
 * Two names that somebody wanted to be the same: one slip of the fingers apart. Numbered siblings (mx1, mx2) are not.
 * `part` (may be NULL): where they differ, of x and of y: "mial", "mail"; the whole names when that is no one label.
 */
bool mp_likely_typo(struct mp_arena *a, const char *x, const char *y, const char *part[2]);

/* ---- words.c: parts of sentences */

/* "a", "a and b", "a, b and c", "a, b, c and 4 more" */
char *mp_list(struct mp_arena *a, const char *const *items, size_t n);
/* A DNS name as a word of a sentence: an odd one in quotes, a very long odd one cut. */
const char *mp_name_words(struct mp_arena *a, const char *name);
char *mp_name_list(struct mp_arena *a, const char *const *names, size_t n);
/* The addresses of an answer, in order of value; "no address" without any. */
char *mp_address_list(struct mp_arena *a, const struct dns_answer *answer);
/* JSON arrays of strings. New references. */
json_t *mp_json_list(const char *const *items, size_t n);
json_t *mp_json_addresses(const struct dns_answer *answer);

/* As dns_generic_name(), save for what the owner of the sender's domain numbers himself. */
bool mp_name_generated(struct mp_judge *j, const char *name, const struct mp_ip *ip, struct dns_generic *out);
/* The registered domain alone, without a host below it. */
bool mp_name_is_bare(const char *name);
/* A full host name that nobody holds against its bearer. `ip`: whose generated name it must not be; may be NULL. */
bool mp_name_will_do(struct mp_judge *j, const char *name, const struct mp_ip *ip);

/* ---- words.c: the name that a host should have */

/*
 * The answer to the PTR look-up of what receivers see of source `i`, which `seen` gets; NULL: no such address is known. False:
 * pending.
 */
bool mp_ptr_of_source(struct mp_judge *j, size_t i, struct mp_seen *seen, const struct dns_answer **out);

/* What a name's A or AAAA record makes of an address. */
enum mp_leads {
	MP_LEADS_PENDING,
	MP_LEADS_HERE,
	MP_LEADS_ELSEWHERE,
	MP_LEADS_NOWHERE, /* no record of the address's family */
	MP_LEADS_UNKNOWN, /* could not be looked up */
};
enum mp_leads mp_name_leads(struct mp_judge *j, const char *name, const struct mp_ip *ip);

/* The name that PTR, EHLO and forward record of an address should have: never one that leads elsewhere. */
struct mp_wanted {
	const char *name; /* NULL: none is known */
	bool leads;       /* it has its forward record already */
	bool announced;   /* it is the EHLO name */
};
/*
 * The EHLO name where it will do and leads to the address; else the host's own full name where that does; else the first
 * of them that leads nowhere yet; else one in the sender's domain that leads to the address, or that nobody has yet.
 * False: pending.
 */
bool mp_name_wanted(struct mp_judge *j, const struct mp_ip *ip, struct mp_wanted *out);
/* The PTR name of a source that will do and leads back to it, or NULL. False: pending. */
bool mp_name_proven(struct mp_judge *j, const char **out);
/* The name to announce, for a sentence: the proven one, else the wanted one, else words. False: pending. */
bool mp_name_to_announce(struct mp_judge *j, const char **out);

/* Steps for `fix`, each whole sentences. `name` may be any words that fit. */
char *mp_step_announce(struct mp_judge *j, const char *name);                        /* in the MTA */
char *mp_step_ptr(struct mp_judge *j, const struct mp_ip *ip, const char *name);     /* by the holder of the address */
char *mp_step_forward(struct mp_judge *j, const struct mp_ip *ip, const char *name); /* in the zone of the name */
/* "Or, <condition>: <step>", for one that may be done in the place of those before. */
char *mp_step_or(struct mp_judge *j, const char *condition, const char *step);

#endif
