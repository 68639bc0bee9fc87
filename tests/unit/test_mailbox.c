/* tests/unit/test_mailbox.c - what IMAP servers say, the header of a found message, and the evidence saved and read back */
#include "probe/mailbox.h"
#include "tests/unit/row.h"

static void searches(void **state)
{
	static const struct {
		const char *label, *in;
		uint32_t want;
	} rows[] = {
		{"one", "* SEARCH 7\r\n", 7},
		{"several: the last to come", "* SEARCH 3 17 5\r\n", 17},
		{"none", "* SEARCH\r\n", 0},
		{"other lines before", "* 3 EXISTS\r\n* SEARCH 2\r\n", 2},
		{"line feeds", "* SEARCH 2\n", 2},
		{"no number", "* SEARCH x\r\n", 0},
		{"too large", "* SEARCH 4294967296\r\n", 0},
		{"nothing", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_int(rows[i].label, mp_imap_search_result(mp_str(rows[i].in)), rows[i].want);
}

static void folders(void **state)
{
	static const struct {
		const char *label, *in, *wanted;
		bool found;
		const char *marked;
	} rows[] = {
		{"an atom", "* LIST (\\HasNoChildren) \"/\" Junk\r\n", "Junk", true, NULL},
		{"quoted", "* LIST () \"/\" \"Junk\"\r\n", "Junk", true, NULL},
		{"marked", "* LIST (\\HasNoChildren \\Junk) \"/\" \"[Gmail]/Spam\"\r\n", "Junk", false, "[Gmail]/Spam"},
		{"marked and wanted", "* LIST (\\Junk) \".\" INBOX.Junk\r\n", "INBOX.Junk", true, "INBOX.Junk"},
		{"quotes inside", "* LIST () \"/\" \"a \\\"b\\\" c\"\r\n", "a \"b\" c", true, NULL},
		{"another case", "* LIST () \"/\" junk\r\n", "Junk", false, NULL},
		{"no hierarchy", "* LIST () NIL Junk\r\n", "Junk", true, NULL},
		{"a part of the name", "* LIST () \"/\" \"Not Junk\"\r\n", "Junk", false, NULL},
		{"no list", "* LSUB () \"/\" Junk\r\n", "Junk", false, NULL},
		{"cut", "* LIST (\\Junk", "Junk", false, NULL},
		{"empty name", "* LIST () \"/\" \"\"\r\n", "", false, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		const char *marked;

		row_bool(rows[i].label, mp_imap_has_folder(a, mp_str(rows[i].in), rows[i].wanted, &marked),
			rows[i].found);
		row_str(rows[i].label, marked, rows[i].marked);
		mp_arena_free(a);
	}
}

static const char *const header[] = {"Authentication-Results: mx.example;", "\tspf=pass;", " dkim=none", "X: y",
	"authentication-results: other.example; none", "X-Authentication-Results: no"};

static void fields(void **state)
{
	struct mp_mailbox_answer ans = {.n_header = ARRAY_LEN(header), .header = header};
	struct mp_arena *a = mp_arena_new();
	const char *got[4];

	(void)state;
	row_int("count", (long long)mp_mailbox_field(a, &ans, "Authentication-Results", got, 4), 2);
	row_str("folded", got[0], "mx.example; spf=pass; dkim=none");
	row_str("second", got[1], "other.example; none");
	row_int("bounded", (long long)mp_mailbox_field(a, &ans, "Authentication-Results", got, 1), 1);
	mp_arena_free(a);
}

static void saved(void **state)
{
	const struct mp_ip ip = {MP_IPV4, {192, 0, 2, 1}};
	const struct mp_mailbox_question plain = {
		"seed", "imap.example.net", 993, true, 1, &ip, "INBOX", "", "i@example.com", 60000, true, false, 3, 4};
	struct mp_mailbox_question before = plain;
	const struct mp_mailbox_answer answers[] = {
		{.outcome = MP_MAILBOX_FOUND,
			.folder = "Junk",
			.junk = true,
			.tab = NULL,
			.seconds = 1.5,
			.n_header = ARRAY_LEN(header),
			.header = header,
			.clean_reason = "no",
			.at_ms = 12.3},
		{.outcome = MP_MAILBOX_MISSING}, {.outcome = MP_MAILBOX_NO_LOGIN, .reason = "refused"},
		{.outcome = MP_MAILBOX_MISSING, .inbox_uid = 7, .junk_uid = 8}, /* of a look before it is sent */
	};

	(void)state;
	before.before = true;
	before.inbox_uid = before.junk_uid = 0;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct mp_arena *a = mp_arena_new();
		const struct mp_mailbox_question *q = answers[i].inbox_uid ? &before : &plain;
		json_t *j = mp_mailbox_kind.to_json(q, &answers[i]), *again;
		const void *params, *answer;
		struct mp_err err = {.msg = ""};

		if (mp_mailbox_kind.from_json(j, a, &params, &answer, &err) != MP_OK)
			fail_msg("answer %zu: %s", i, err.msg);
		again = mp_mailbox_kind.to_json(params, answer);
		assert_true(json_equal(j, again));
		assert_int_equal(((const struct mp_mailbox_answer *)answer)->junk_uid, i == 3 ? 8 : 0);
		json_decref(again);
		/* One that was found is somewhere. */
		mp_jset(j, "outcome", mp_j("found"));
		mp_jset(j, "folder", json_null());
		assert_int_equal(mp_mailbox_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
		json_decref(j);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches),
		cmocka_unit_test(folders),
		cmocka_unit_test(fields),
		cmocka_unit_test(saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
