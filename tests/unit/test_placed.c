/* tests/unit/test_placed.c - rows of the placement table, and what was predicted beside what was seen (reports/placed.h) */
#include "reports/placed.h"
#include "tests/unit/row.h"

static json_t *target_of(const char *label, const char *placement)
{
	json_error_t error;
	json_t *list = json_loads(placement, 0, &error), *target = json_object();

	if (!list)
		fail_msg("row '%s': %s", label, error.text);
	mp_jset(target, "placement", list);
	return target;
}

static void placements(void **state)
{
	static const struct {
		const char *label, *placement;
		struct rep_placed want;
		const char *landed;
	} rows[] = {
		{"inbox",
			"[{\"mailbox\": \"a\", \"kind\": \"inbox\", \"folder\": \"INBOX\", \"seconds\": 3.1, \"seen\": ["
			"{\"method\": \"SPF\", \"seen\": \"pass\"}, {\"method\": \"DKIM\", \"seen\": \"pass\"},"
			"{\"method\": \"DKIM\", \"seen\": \"pass\"}, {\"method\": \"DMARC\", \"seen\": null}]}]",
			{"a", "inbox", "INBOX", "3.10 s", "pass", "pass", NULL, NULL, true, false},
			"taken, and in the inbox"},
		{"junk, one signature of two",
			"[{\"mailbox\": \"a\", \"kind\": \"junk\", \"folder\": \"[Gmail]/Spam\", \"score\": \"rspamd: 7 of 5\","
			"\"reason\": null, \"seen\": [{\"method\": \"DKIM\", \"seen\": \"neutral\"},"
			"{\"method\": \"DKIM\", \"seen\": \"pass\"}]}]",
			{"a", "JUNK", "[Gmail]/Spam", NULL, NULL, "1 of 2", NULL, "rspamd: 7 of 5", false, true},
			"taken, and in the spam folder ([Gmail]/Spam)"},
		{"a category",
			"[{\"mailbox\": \"a\", \"kind\": \"tab\", \"tab\": \"promotions\", \"folder\": \"INBOX\"}]",
			{"a", "promotions", "INBOX", NULL, NULL, NULL, NULL, NULL, false, false},
			"taken, and in the inbox"},
		{"not removed",
			"[{\"mailbox\": \"a\", \"kind\": \"inbox\", \"folder\": \"INBOX\", \"score\": \"x: 1\","
			"\"clean_reason\": \"it cannot\"}]",
			{"a", "inbox", "INBOX", NULL, NULL, NULL, NULL, "x: 1; not removed again: it cannot", true,
				false},
			"taken, and in the inbox"},
		{"missing", "[{\"mailbox\": \"a\", \"kind\": \"missing\", \"folder\": null}]",
			{"a", "MISSING", NULL, NULL, NULL, NULL, NULL, NULL, false, true},
			"taken, and not found in the mailbox"},
		{"locked",
			"[{\"mailbox\": \"a\", \"kind\": null, \"reason\": \"the server refused user and password\"}]",
			{"a", "unknown", NULL, NULL, NULL, NULL, NULL, "the server refused user and password", false,
				false},
			"taken; where it landed is not known"},
		{"of another program", "[{\"kind\": \"moon\", \"seen\": [7, {\"method\": 3}]}]",
			{"?", "moon", NULL, NULL, NULL, NULL, NULL, NULL, false, false}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *target = target_of(rows[i].label, rows[i].placement);
		const struct rep_placed *want = &rows[i].want;
		struct mp_arena *a = mp_arena_new();
		struct rep_placed got;

		row_bool(rows[i].label, rep_placed(a, target, 0, &got), true);
		row_str(rows[i].label, got.mailbox, want->mailbox);
		row_str(rows[i].label, got.kind, want->kind);
		row_str(rows[i].label, got.folder, want->folder);
		row_str(rows[i].label, got.took, want->took);
		row_str(rows[i].label, got.spf, want->spf);
		row_str(rows[i].label, got.dkim, want->dkim);
		row_str(rows[i].label, got.dmarc, want->dmarc);
		row_str(rows[i].label, got.note, want->note);
		row_bool(rows[i].label, got.good, want->good);
		row_bool(rows[i].label, got.bad, want->bad);
		row_str(rows[i].label, rep_landed(a, target), rows[i].landed);
		row_bool(rows[i].label, rep_placed(a, target, 1, &got), false);
		mp_arena_free(a);
		json_decref(target);
	}
}

static void nowhere(void **state)
{
	static const char *const rows[] = {"[]", "{}", "[7]", "null"};
	struct mp_arena *a = mp_arena_new();
	struct rep_placed got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *target = json_object();

		mp_jset(target, "placement", json_loads(rows[i], JSON_DECODE_ANY, NULL));
		row_bool(rows[i], rep_placed(a, target, 0, &got), false);
		row_str(rows[i], rep_landed(a, target), NULL);
		json_decref(target);
	}
	mp_arena_free(a);
}

static void predictions(void **state)
{
	static const struct {
		const char *label, *seen, *what, *predicted, *got;
		bool same, differs;
	} rows[] = {
		{"same", "{\"subject\": \"a: SPF\", \"method\": \"SPF\", \"predicted\": \"pass\", \"seen\": \"pass\"}",
			"a: SPF", "pass", "pass", true, false},
		{"differs",
			"{\"subject\": \"a: SPF\", \"method\": \"SPF\", \"predicted\": \"pass\", \"seen\": \"fail\"}",
			"a: SPF", "pass", "fail", false, true},
		{"not noted", "{\"subject\": \"a: SPF\", \"predicted\": \"pass\", \"seen\": null}", "a: SPF", "pass",
			"not noted", false, false},
		{"not predicted", "{\"subject\": \"a: SPF\", \"predicted\": null, \"seen\": \"pass\"}", "a: SPF",
			"unknown", "pass", false, false},
		{"nothing", "{}", "?", "unknown", "not noted", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *placement = json_object(), *list = json_array();
		struct rep_seen s;

		mp_jpush(list, json_loads(rows[i].seen, 0, NULL));
		mp_jset(placement, "seen", list);
		row_bool(rows[i].label, rep_seen(placement, 0, &s), true);
		row_str(rows[i].label, s.what, rows[i].what);
		row_str(rows[i].label, s.predicted, rows[i].predicted);
		row_str(rows[i].label, s.seen, rows[i].got);
		row_bool(rows[i].label, s.same, rows[i].same);
		row_bool(rows[i].label, s.differs, rows[i].differs);
		row_bool(rows[i].label, rep_seen(placement, 1, &s), false);
		json_decref(placement);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placements),
		cmocka_unit_test(nowhere),
		cmocka_unit_test(predictions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
