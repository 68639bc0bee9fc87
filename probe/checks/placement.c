/* probe/checks/placement.c - message.placement: where the message that was sent landed, and what the receiver noted on it */
#include "probe/checks/checks.h"
#include "probe/mailbox.h"
#include "probe/run.h"

/* Fields in which receivers write their judgement, the telling ones first. */
static const char *const notes[] = {
	"Authentication-Results",
	"X-Spam-Status",
	"X-Spam",
	"X-Spamd-Result",
	"X-Rspamd-Action",
	"X-Forefront-Antispam-Report",
	"X-Microsoft-Antispam",
};

enum { NOTES_MAX = 4, NOTE_BYTES = 400 };

/* "Authentication-Results: ...": what the receiver noted, a line each; NULL: nothing. */
static const char *noted(struct mp_judge *j, const struct mp_mailbox_answer *ans)
{
	const char *all = NULL;

	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		const char *values[NOTES_MAX];
		size_t n = mp_mailbox_field(j->a, ans, notes[i], values, NOTES_MAX);

		for (size_t k = 0; k < n; k++)
			all = mp_printf(j->a, "%s%s%s: %.*s%s", all ? all : "", all ? "\n" : "", notes[i], NOTE_BYTES,
				values[k], strlen(values[k]) > NOTE_BYTES ? " ..." : "");
	}
	return all;
}

static void report(struct mp_judge *j, const struct mp_target *t, const struct mp_mailbox_answer *ans)
{
	const char *seconds = mp_printf(j->a, "%.1f s", ans->seconds), *what = noted(j, ans);
	struct mp_result *r;

	switch (ans->outcome) {
	case MP_MAILBOX_FOUND:
		if (ans->junk) {
			r = mp_report(j, t->mailbox, MP_FAIL,
				"%s took the message and put it into the spam folder (%s) of %s.", t->domain,
				ans->folder, t->rcpt);
			mp_fix(j, r,
				"Mend first what this report finds wrong with the sender's DNS and signatures, then what the "
				"receiver noted on the message. Where nothing is wrong, the address or the domain has no "
				"reputation yet, or a bad one: send little, to people who expect it, and ask them to mark it "
				"as no spam.");
		} else if (ans->tab) {
			r = mp_report(j, t->mailbox, MP_INFO,
				"The message landed in the inbox of %s, in its category %s, after %s.", t->rcpt,
				ans->tab, seconds);
		} else {
			r = mp_report(j, t->mailbox, MP_PASS, "The message landed in the inbox of %s after %s.",
				t->rcpt, seconds);
		}
		if (what)
			mp_detail(j, r, "What the receiver noted on it:\n%s", what);
		break;
	case MP_MAILBOX_MISSING:
		r = mp_report(j, t->mailbox, MP_WARN,
			"%s took the message, and it was in neither inbox nor spam folder of %s "
			"within %u s.",
			t->domain, t->rcpt, j->c->timeout_ms / 2000);
		mp_fix(j, r,
			"Look into the mailbox later: some receivers take minutes (--timeout gives more). If it never comes, "
			"ask the receiver's postmaster with the reply and the Message-ID %s.",
			t->message ? t->message->id : "of this report");
		break;
	default:
		r = mp_report(j, t->mailbox, MP_ERROR, "Where the message landed could not be determined: %s.",
			ans->reason ? ans->reason : "not known");
		break;
	}
	json_object_set_new(r->values, "outcome", mp_j(mp_mailbox_outcome_name(ans->outcome)));
	if (ans->folder)
		json_object_set_new(r->values, "folder", mp_j(ans->folder));
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
	.judge = judge_placement,
};
