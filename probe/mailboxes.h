/*
 * probe/mailboxes.h - the mailboxes that --mailbox names: from the configuration into the case, with what opens them
 *
 * Owns:   all of it lives in the arena given, secrets too: mp_mailbox_secrets_wipe() ends them.
 * Fails:  MP_EINVAL with the line to print (exit 64), which never holds a secret.
 * Uses:   files (password-file), commands (password-command, token-command: sh -c). No network.
 */
#ifndef MP_MAILBOXES_H
#define MP_MAILBOXES_H

#include "probe/options.h"

/* What opens a mailbox. Never part of evidence, report or message. */
struct mp_mailbox_secret {
	const char *mailbox; /* its name */
	const char *user;
	const char *password, *token; /* one of them; the token is for XOAUTH2 */
};

/* imaps://HOST[:PORT][/] or imap://...; the usual ports are 993 and 143. *host is the text of an address too. */
int mp_mailbox_url(struct mp_arena *a, struct mp_str url, const char **host, struct mp_ip *ip, uint16_t *port,
	bool *imaps, struct mp_err *err);

/* What --mailbox names, into the case. Before its targets are found. */
int mp_mailboxes_find(struct mp_arena *a, const struct mp_options *o, struct mp_case *c, struct mp_err *err);

/* What opens them: files are read, commands run. After the case was built. */
int mp_mailbox_secrets(struct mp_arena *a, const struct mp_options *o, const struct mp_case *c,
	struct mp_mailbox_secret **out, size_t *n_out, struct mp_err *err);
void mp_mailbox_secrets_wipe(struct mp_mailbox_secret *secrets, size_t n);

#endif
