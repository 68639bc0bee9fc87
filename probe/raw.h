/*
 * probe/raw.h - what the command line and the configuration said, before the case is made of it
 *
 * Every value passed the check of its option's row; it is kept as text, with the place it came from for messages.
 *
 * Owns:   all texts live in the arena of mp_options_parse().
 * Fails:  lookups give NULL. Uses: no I/O, no clock.
 */
#ifndef MP_RAW_H
#define MP_RAW_H

#include "dns/dns.h"
#include "probe/options.h"

enum mp_opt {
	MP_OPT_TO,
	MP_OPT_RCPT,
	MP_OPT_PORT,
	MP_OPT_TLS,
	MP_OPT_ALL_MX,
	MP_OPT_DIAGNOSE,
	MP_OPT_RETRY,
	MP_OPT_IPV4,
	MP_OPT_IPV6,
	MP_OPT_FROM,
	MP_OPT_HEADER_FROM,
	MP_OPT_EHLO,
	MP_OPT_SOURCE,
	MP_OPT_PUBLIC_IP,
	MP_OPT_SELECTOR,
	MP_OPT_DKIM_KEY,
	MP_OPT_IP,
	MP_OPT_HELO,
	MP_OPT_SPF_DOMAIN,
	MP_OPT_SPF_RESULT,
	MP_OPT_DKIM_DOMAIN,
	MP_OPT_DKIM_RESULT,
	MP_OPT_SEND,
	MP_OPT_MESSAGE,
	MP_OPT_DRY_RUN,
	MP_OPT_LIST_UNSUBSCRIBE,
	MP_OPT_DKIM_CANON,
	MP_OPT_RSPAMD,
	MP_OPT_RSPAMD_PASSWORD_FILE,
	MP_OPT_SPAMD,
	MP_OPT_MAILBOX,
	MP_OPT_CLEAN,
	MP_OPT_RESOLVER,
	MP_OPT_TRUST_AD,
	MP_OPT_NS_PORT,
	MP_OPT_MTA_STS_PORT,
	MP_OPT_TIMEOUT,
	MP_OPT_CA_FILE,
	MP_OPT_RDAP_URL,
	MP_OPT_FORMAT,
	MP_OPT_OUTPUT,
	MP_OPT_REQUEST,
	MP_OPT_REDACT,
	MP_OPT_QUIET,
	MP_OPT_VERBOSE,
	MP_OPT_COLOR,
	MP_OPT_CONFIG,
	MP_OPT_PROFILE,
	MP_OPT_RULES,
	MP_OPT_INTERVAL,
	MP_OPT_THEN,
	MP_OPT_LIST,
	MP_OPT_LINES,
	MP_OPT_SUMMARY,
	MP_OPT_CHECK,
	MP_OPT_VERSION,
	MP_OPT_HELP,
	MP_OPT__COUNT
};

/* Where a value comes from: a later one goes before all earlier ones. */
enum mp_layer { MP_LAYER_DEFAULT, MP_LAYER_PROFILE, MP_LAYER_ARGV };

struct mp_value {
	const char *text;  /* "yes" or "no" for options without an argument */
	const char *where; /* "--ehlo", or "FILE:LINE: ehlo" */
};

struct mp_values {
	enum mp_layer layer; /* all of them come from there */
	struct mp_value *v;
	size_t n, cap;
};

/* A [target NAME] of the configuration. */
struct mp_own_target {
	const char *name;
	struct mp_value server, domain; /* one of them has a text */
	struct mp_value rcpt;           /* text NULL when not given */
};

/* A [mailbox NAME] of the configuration. A value's text is NULL when it was not given. */
struct mp_own_mailbox {
	const char *name, *where;
	struct mp_value address, url, user, password_file, password_command, token_command, inbox, junk;
};

struct mp_raw {
	struct mp_values opt[MP_OPT__COUNT];
	struct mp_own_target *targets;
	size_t n_targets, cap_targets;
	struct mp_own_mailbox *mailboxes;
	size_t n_mailboxes, cap_mailboxes;
	struct mp_own_list *lists; /* [dnsbl ZONE] */
	size_t n_lists, cap_lists;
	const struct mp_own_rules *rules; /* of --rules, or NULL */
	struct dns_secret *secrets;       /* the keys of lists */
	size_t n_secrets, cap_secrets;
	const char *config;   /* path of the file read, or NULL */
	const char *root;     /* stands before every path of the system; "" but in tests */
	const char *hostname; /* instead of gethostname(), in tests; else NULL */
	int argc;
	char **argv;
};

/* The value that counts: the last; NULL when there is none. */
const struct mp_value *mp_raw_value(const struct mp_raw *raw, enum mp_opt opt);
bool mp_raw_flag(const struct mp_raw *raw, enum mp_opt opt);

/* mp_options_parse() with another root directory. */
int mp_options_parse_at(
	struct mp_arena *a, const char *root, int argc, char **argv, struct mp_options *out, struct mp_err *err);

/*
 * Add the values of a configuration (its bytes; `path` for messages) that the command line did not give; `profile` may be
 * NULL. As mp_options_parse() does with the file.
 */
int mp_raw_config(struct mp_arena *a, const char *path, struct mp_str bytes, const struct mp_value *profile,
	struct mp_raw *raw, struct mp_err *err);

#endif
