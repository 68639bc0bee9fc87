/* probe/checks/placement.c - message.placement: where the message that was sent landed, and what the receiver noted on it */
#include "probe/checks/checks.h"
#include "probe/findings.h"
#include "probe/mailbox.h"
#include "probe/message.h"
#include "probe/run.h"

enum { SHOWN_MAX = 4, NOTES_MAX = 8 };

/* What the receiver noted, in words; NULL: nothing. */
static const char *noted(struct mp_judge *j, const struct mp_mailbox_answer *ans)
{
	struct mp_case *c = mp_alloc(j->a, sizeof(*c));
	struct mp_judge sub = *j;
	struct mp_said said;
	const char *all = NULL;

	*c = *j->c;
	c->mail = mp_mailbox_header(j->a, ans);
	sub.c = c;
	mp_message_said(&sub, &said);
	for (size_t i = 0; i < said.n && i < NOTES_MAX; i++)
		all = mp_printf(j->a, "%s%s%s", all ? all : "", all ? "; " : "", said.words[i]);
	return all;
}

/* The faults of the sender that other checks show, the roots before what follows from them. */
static size_t faults(struct mp_judge *j, const struct mp_result *out[static SHOWN_MAX])
{
	size_t n = 0;

	for (size_t root = 0; root < mp_n_roots; root++)
		for (size_t i = 0; i < mp_run_n_results(j->run) && n < SHOWN_MAX; i++) {
			const struct mp_result *r = mp_run_result(j->run, i);

			if (mp_roots[root].own && r->check != j->check && mp_is_faulty(r) && mp_root_of(r) == (int)root)
				out[n++] = r;
		}
	return n;
}

/* Accepted and not seen: what the receiver noted, what our checks show, and what to change first. */
static void report_junk(
	struct mp_judge *j, const struct mp_target *t, const struct mp_mailbox_answer *ans, const char *what)
{
	const struct mp_result *shown[SHOWN_MAX];
	size_t n = faults(j, shown);
	const char *ours = NULL;
	struct mp_result *r = mp_report(j, t->mailbox, MP_FAIL,
		"%s took the message and put it into the spam folder (%s) of %s.", t->domain, ans->folder, t->rcpt);

	for (size_t i = 0; i < n; i++)
		ours = mp_printf(j->a, "%s%s%s", ours ? ours : "", ours ? " " : "", shown[i]->summary);
	mp_detail(j, r, "The receiver noted: %s.\nOur checks show: %s", what ? what : "nothing that could be read",
		ours ? ours : "nothing wrong with the sender's DNS, names and signatures.");
	if (n)
		mp_fix(j, r, "Change first (%s): %s%s", shown[0]->check->id, shown[0]->fix ? shown[0]->fix : "",
			" Then send again: what the receiver notes tells whether it was that.");
	else
		mp_fix(j, r,
			"The address or the domain has no reputation yet, or a bad one, or the text looks like spam: send little, "
			"to people who expect it, ask them to mark it as no spam, and have the message scored (--rspamd, --spamd).");
}

/* What its owner does about a mailbox that cannot be looked into: behind "The mailbox NAME of the configuration: ". */
static const char *const mends[] = {
	[MP_MAILBOX_NO_LOGIN] =
		"look at its user and its secret. A provider with two-step sign-in wants an app password, or "
		"a token (token-command).",
	[MP_MAILBOX_NO_FOLDER] = "name its folders (inbox, junk) as its server spells them.",
	[MP_MAILBOX_UNREACHABLE] = "look at its url, and whether this host may connect there.",
	[MP_MAILBOX_TLS_FAILED] =
		"have the TLS of its server fixed, or name the host that the certificate is for in its url; an authority of "
		"your own goes into --ca-file.",
	[MP_MAILBOX_PROTOCOL_ERROR] = "look at its url, and with another mail program whether IMAP is served there.",
	[MP_MAILBOX_UNKNOWN] = "give the run more time (--timeout) to look into it.",
};

static struct mp_result *report_unknown(
	struct mp_judge *j, const struct mp_target *t, const struct mp_mailbox_answer *ans)
{
	struct mp_result *r = mp_report(
		j, t->mailbox, MP_ERROR, "Where the message to %s landed is not known: %s.", t->rcpt, ans->reason);

	mp_detail(j, r, "It was sent and taken: look for the Message-ID %s there by other means.",
		t->message ? t->message->id : "of this report");
	mp_fix(j, r, "The mailbox %s of the configuration: %s", t->mailbox, mends[ans->outcome]);
	return r;
}

static void report(struct mp_judge *j, const struct mp_target *t, const struct mp_mailbox_answer *ans)
{
	const char *seconds = mp_printf(j->a, "%.1f s", ans->seconds), *what = ans->n_header ? noted(j, ans) : NULL;
	struct mp_result *r;

	switch (ans->outcome) {
	case MP_MAILBOX_FOUND:
		if (ans->junk) {
			report_junk(j, t, ans, what);
			r = &j->results[j->n_results - 1];
		} else if (ans->tab) {
			r = mp_report(j, t->mailbox, MP_INFO,
				"The message landed in the inbox of %s, in its category %s, after %s.", t->rcpt,
				ans->tab, seconds);
		} else {
			r = mp_report(j, t->mailbox, MP_PASS, "The message landed in the inbox of %s after %s.",
				t->rcpt, seconds);
		}
		if (what && !ans->junk)
			mp_detail(j, r, "The receiver noted: %s.", what);
		break;
	case MP_MAILBOX_MISSING:
		r = mp_report(j, t->mailbox, MP_WARN,
			"%s took the message, and it was in neither inbox nor spam folder of %s "
			"within %g s.",
			t->domain, t->rcpt, j->c->timeout_ms / 2000.0);
		mp_detail(j, r,
			"What a receiver has accepted may still wait in its queue, be held by a filter, or be moved or dropped by "
			"a rule of the recipient's.");
		mp_fix(j, r,
			"Look into the mailbox later: some receivers take minutes (--timeout gives more). If it never comes, "
			"ask the receiver's postmaster with the reply and the Message-ID %s.",
			t->message ? t->message->id : "of this report");
		break;
	default:
		r = report_unknown(j, t, ans);
		break;
	}
	json_object_set_new(r->values, "mailbox", mp_j(t->mailbox));
	json_object_set_new(r->values, "outcome", mp_j(mp_mailbox_outcome_name(ans->outcome)));
	if (ans->folder)
		json_object_set_new(r->values, "folder", mp_j(ans->folder));
	if (ans->clean_reason)
		mp_detail(j, r, "%s%sIt was not removed again: %s.", r->detail ? r->detail : "", r->detail ? "\n" : "",
			ans->clean_reason);
	if (ans->clean_reason)
		json_object_set_new(r->values, "not_removed", mp_j(ans->clean_reason));
}

static enum mp_judged judge_placement(struct mp_judge *j)
{
	const struct mp_target *t = &j->c->targets[j->target];
	const struct mp_target_result *tr;

	if (!t->mailbox)
		return MP_SETTLED;
	tr = mp_target_outcome(j, j->target);
	if (!tr)
		return MP_PENDING;
	if (tr->placement)
		report(j, t, tr->placement);
	else
		mp_report(j, t->mailbox, MP_SKIP, "No message was taken, so none was looked for.");
	return MP_SETTLED;
}

const struct mp_check mp_check_message_placement = {
	.id = "message.placement",
	.title = "The message that was sent landed in the inbox",
	.ref = "RFC 9051",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE,
	.after = true,
	.judge = judge_placement,
};
