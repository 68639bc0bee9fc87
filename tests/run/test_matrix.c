/*
 * tests/run/test_matrix.c - every faulty sender before every receiver that cares, in the loopback world
 *
 * Two tables and no third: a row is a scenario's sender (its zone, name and addresses, and which faults it has), a column
 * a receiver's policy. Whatever the receiver makes of it, the sender's own fault comes first, nothing else is said to be
 * one, and how sure that is follows from what the receiver did.
 */
#include <uv.h>

#include "probe/compose.h"
#include "probe/live.h"
#include "probe/options.h"
#include "probe/run.h"
#include "tests/world/world.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct {
	const char *scenario; /* whose sender */
	const char *
		causes; /* of all findings of status fail or warn; the first is the root, "*" before the list: any is */
} senders[] = {
	{"healthy", ""},
	{"rfc2317", ""},
	{"no-ptr", "ptr-missing"},
	{"ptr-no-forward", "fcrdns-mismatch"},
	{"ptr-forward-mismatch", "fcrdns-mismatch"},
	{"generic-ptr", "rdns-generic"},
	{"several-ptr", "fcrdns-mismatch"},
	{"ptr-bare-domain", "rdns-generic"},
	{"ptr-bad-syntax", "rdns-generic"},
	{"ehlo-mismatch", "helo-rejected"},
	{"ehlo-localhost", "helo-rejected"},
	{"ehlo-unresolvable", "helo-rejected"},
	{"ehlo-typo", "helo-rejected"},
	{"two-faults", "* helo-rejected ptr-missing"},
	{"dnsbl-listed", "dnsbl-listed"},
	{"sender-nxdomain", "sender-domain-dns"},
	{"sender-nowhere", "sender-domain-dns"},
	{"spf-fail", "spf-fail"},
	{"spf-softfail", "spf-fail"},
	{"spf-twice", "spf-fail"},
	{"ipv6-no-ptr", "ptr-missing"},
	{"one-of-pool", "ptr-missing"},
	{"own-reverse-zone", "ptr-missing"},
	{"spf-ipv6", "spf-fail"},
	{"dns-loops", "spf-fail"},
	{"domain-on-hold", "sender-domain-dns"},
	{"new-domain", "domain-reputation"},
	{"unauthenticated", "sender-unauthenticated"},
	{"no-dmarc", "dmarc-fail"},
};

static const char *const receivers[] = {"postfix", "postfix-ptr", "postfix-fcrdns", "postfix-helo", "postfix-access",
	"postfix-spf", "postfix-dnsbl", "postfix-zen", "sender-dns", "sendmail", "exim", "exim-helo",
	"exim-prohibition", "haraka", "spamdyke", "gmx", "t-online", "comcast", "gmail", "outlook", "yahoo",
	/* judged after the message: with --send */
	"gmail --send", "outlook --send", "yahoo --send"};

/* What is said of a run. */
struct told {
	const char *outcome, *verdict, *first, *certainty;
	char causes[256];
};

static const char *text(const json_t *j, const char *name)
{
	return mp_jget_str(j, name, "");
}

static void read_report(const json_t *report, struct told *t)
{
	const json_t *sessions = json_object_get(json_array_get(json_object_get(report, "targets"), 0), "sessions"), *f;
	size_t i, n = 0;

	*t = (struct told){.first = "", .certainty = "", .outcome = text(json_array_get(sessions, 0), "outcome")};
	json_array_foreach(sessions, i, f) if (strcmp(text(f, "outcome"), "accepted") != 0) t->outcome =
		text(f, "outcome");
	t->verdict = text(json_object_get(report, "verdict"), "status");
	json_array_foreach(json_object_get(report, "findings"), i, f)
	{
		const char *cause = text(f, "cause");

		if (strcmp(text(f, "status"), "info") == 0)
			continue;
		if (!*t->first) {
			t->first = cause;
			t->certainty = text(f, "certainty");
		}
		n += (size_t)snprintf(t->causes + n, sizeof(t->causes) - n, "%s%s", n ? " " : "", cause);
		assert_true(n < sizeof(t->causes));
	}
}

static bool has_word(const char *list, const char *word)
{
	struct mp_str rest = mp_str(list), w;

	while (mp_str_split(&rest, ' ', &w))
		if (mp_str_eq(w, mp_str(word)))
			return true;
	return false;
}

/* Each word of `list` is in `of`. */
static bool all_in(const char *list, const char *of)
{
	struct mp_str rest = mp_str(list), w;

	while (mp_str_split(&rest, ' ', &w)) {
		char word[64];

		snprintf(word, sizeof(word), "%.*s", (int)w.n, w.p);
		if (w.n && *word != '*' && !has_word(of, word))
			return false;
	}
	return true;
}

/* Why what was told is wrong, or NULL. */
static const char *wrong(const struct told *t, const char *causes)
{
	bool any_root = *causes == '*', accepted = strcmp(t->outcome, "accepted") == 0;
	const char *root = any_root ? causes + 2 : causes;

	if (!*t->outcome)
		return "no session was decided";
	if (!*causes)
		return *t->causes                               ? "a healthy sender has a fault"
		       : !accepted                              ? "a healthy sender is refused"
		       : strcmp(t->verdict, "deliverable") != 0 ? "a healthy sender is not deliverable"
								: NULL;
	if (!all_in(t->causes, root))
		return "something false is said beside the root";
	if (!all_in(root, t->causes))
		return "a fault is not said";
	if (!any_root && (strncmp(root, t->first, strlen(t->first)) != 0 || !*t->first))
		return "the root is not first";
	if (accepted && strcmp(t->certainty, "latent") != 0)
		return "nobody refused, and the finding is more than latent";
	if (!accepted && strcmp(t->certainty, "confirmed") != 0 && strcmp(t->certainty, "likely") != 0)
		return "a refusal for a fault that the checks show is neither confirmed nor likely";
	if (strcmp(t->verdict, strcmp(t->outcome, "rejected") == 0 ? "blocked" : "at-risk") != 0)
		return "the verdict is not what the outcome makes it";
	return NULL;
}

static void stop_world(void *w)
{
	world_stop(w);
}

/* One run, as the program makes it, within this process. NULL: this system lacks an address of the scenario. */
static json_t *run(struct mp_arena *a, const struct world_scenario *s)
{
	char *argv[64] = {(char[]){"mailprobe"}, (char[]){"--config"}, (char[]){"/dev/null"}};
	uv_loop_t loop;
	struct mp_err err = {.msg = ""};
	struct world *w;
	const char *const *args;
	size_t n = 3, n_args;
	struct mp_options o;
	struct mp_case c;
	struct mp_run_facts facts = {0};
	struct mp_live live = {.loop = &loop, .at_end = stop_world};
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_run *r;
	json_t *report;

	assert_int_equal(uv_loop_init(&loop), 0);
	w = world_start(&loop, s, &err);
	if (!w) {
		uv_run(&loop, UV_RUN_DEFAULT);
		uv_loop_close(&loop);
		mp_evidence_free(ev);
		return NULL;
	}
	live.data = w;
	n_args = world_argv(w, &args);
	for (size_t i = 0; i < n_args && n + 1 < ARRAY_LEN(argv); i++)
		argv[n++] = mp_dup(a, args[i]);
	if (mp_options_parse(a, (int)n, argv, &o, &err) != MP_OK || mp_case_build(a, &o, &c, &err) != MP_OK ||
		mp_compose(a, &o, &c, &live.messages, &live.n_messages, &err) != MP_OK)
		fail_msg("%s: %s", s->id, err.msg);
	live.ca_file = o.ca_file;
	r = mp_run_new(&c, ev, mp_run_scope(&c));
	if (mp_live_run(r, ev, &live, &facts, &err) != MP_OK)
		fail_msg("%s: %s", s->id, err.msg);
	report = mp_report_build(r, ev, &facts);
	mp_run_free(r);
	mp_evidence_free(ev);
	world_free(w);
	assert_int_equal(uv_loop_close(&loop), 0);
	return report;
}

static void test_column(void **state)
{
	const char *column = *state;
	struct mp_arena *a = mp_arena_new(), *names = mp_arena_new();
	const char *policy = mp_dupn(names, column, strcspn(column, " "));
	size_t failures = 0, skipped = 0;

	assert_non_null(world_policy_by_name(policy));
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		const struct world_scenario *sender = world_scenario_by_id(senders[i].scenario);
		struct world_scenario s;
		struct told told;
		json_t *report;
		const char *why;

		assert_non_null(sender);
		s = *sender;
		for (size_t k = 0; s.receivers[k].host; k++)
			s.receivers[k].policy = policy;
		for (size_t k = 0; strchr(column, ' ') && k < ARRAY_LEN(s.extra); k++)
			if (!s.extra[k]) {
				s.extra[k] = strchr(column, ' ') + 1;
				break;
			}
		report = run(a, &s);
		if (!report) {
			skipped++;
			continue;
		}
		read_report(report, &told);
		why = wrong(&told, senders[i].causes);
		if (why) {
			print_message("%s before %s: %s (%s; findings: %s; first %s; verdict %s)\n",
				senders[i].scenario, column, why, told.outcome, told.causes, told.certainty,
				told.verdict);
			failures++;
		}
		json_decref(report);
		mp_arena_reset(a);
	}
	mp_arena_free(a);
	mp_arena_free(names);
	if (skipped)
		print_message("%zu senders before %s cannot be had on this system\n", skipped, column);
	assert_int_equal(failures, 0);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(receivers)];

	for (size_t i = 0; i < ARRAY_LEN(receivers); i++)
		tests[i] = (struct CMUnitTest){.name = receivers[i],
			.test_func = test_column,
			.initial_state = (void *)(uintptr_t)receivers[i]};
	return cmocka_run_group_tests_name("every sender before each receiver", tests, NULL, NULL);
}
