/* tests/unit/test_report_diff.c - what two reports differ in, and whether that is better or worse */
#include "reports/diff.h"
#include "tests/unit/row.h"

static json_t *tree(const char *text)
{
	struct mp_err err = {.msg = ""};
	json_t *j = mp_json_parse(mp_str(text), &err);

	if (!j)
		fail_msg("%s: %s", text, err.msg);
	return j;
}

/* A check of an address, in a report of nothing else. */
#define CHECK(status)                                                                              \
	"{\"checks\": [{\"id\": \"ptr.exists\", \"subject\": \"192.0.2.1\", \"status\": \"" status \
	"\", \"summary\": \"s\", \"values\": {\"ip\": \"192.0.2.1\"}}]}"
#define NOTHING "{\"checks\": []}"
#define TARGET(status, outcome)                                                                                    \
	"{\"verdict\": {\"status\": \"" status "\"}, \"targets\": [{\"target\": \"t\", \"status\": \"" status      \
	"\", \"sessions\": [{\"mx\": \"m\", \"address\": \"192.0.2.2\", \"port\": 25, \"source\": \"192.0.2.1\", " \
	"\"purpose\": \"baseline\", \"outcome\": \"" outcome "\", \"stage\": \"rcpt-to\"}]}]}"
#define FINDING(check_status, more)                                                                      \
	"{\"checks\": [{\"id\": \"ptr.exists\", \"subject\": \"192.0.2.1\", \"status\": \"" check_status \
	"\", \"summary\": \"s\", \"values\": {}}], \"findings\": [" more "]}"
#define A_FINDING                                                                                                           \
	"{\"id\": \"ptr-missing\", \"status\": \"fail\", \"title\": \"no PTR\", \"because\": [{\"check\": \"ptr.exists\", " \
	"\"subject\": \"192.0.2.1\"}]}"

static const struct row {
	const char *label, *old, *new;
	int better, worse, other;
} rows[] = {
	{"nothing at all", "{}", "{}", 0, 0, 0},
	{"no reports", "[1]", "\"x\"", 0, 0, 0},
	{"the same", CHECK("fail"), CHECK("fail"), 0, 0, 0},
	{"mended", CHECK("fail"), CHECK("pass"), 1, 0, 0},
	{"half mended", CHECK("fail"), CHECK("warn"), 1, 0, 0},
	{"broken", CHECK("pass"), CHECK("warn"), 0, 1, 0},
	{"news of no fault", CHECK("pass"), CHECK("info"), 0, 0, 1},
	{"a time-out is no fault", CHECK("pass"), CHECK("error"), 0, 0, 1},
	{"nor does it mend one", CHECK("fail"), CHECK("error"), 0, 0, 1},
	{"a fault behind a time-out", CHECK("error"), CHECK("fail"), 0, 1, 0},
	{"a new fault", NOTHING, CHECK("warn"), 0, 1, 0},
	{"a new check that passes", NOTHING, CHECK("pass"), 0, 0, 0},
	{"a fault not looked for again", CHECK("fail"), NOTHING, 0, 0, 1},
	{"a pass not looked for again", CHECK("pass"), NOTHING, 0, 0, 0},
	/* the verdict, the target, and its session */
	{"accepted at last", TARGET("blocked", "rejected"), TARGET("deliverable", "accepted"), 3, 0, 0},
	{"rejected now", TARGET("at-risk", "accepted"), TARGET("blocked", "rejected"), 0, 3, 0},
	{"not reached", TARGET("deliverable", "accepted"), TARGET("unknown", "unreachable"), 0, 0, 3},
	/* the finding, and the check that it rests on */
	{"a finding gone with its fault", FINDING("fail", A_FINDING), FINDING("pass", ""), 2, 0, 0},
	{"a finding gone with its check", FINDING("fail", A_FINDING), FINDING("error", ""), 0, 0, 2},
	{"a new finding", FINDING("pass", ""), FINDING("fail", A_FINDING), 0, 2, 0},
};

static void changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_err err = {.msg = ""};
		json_t *old = tree(rows[i].old[0] == '"' ? "{}" : rows[i].old),
		       *new = tree(rows[i].new[0] == '"' ? "[]" : rows[i].new), *diff = rep_diff(old, new);
		struct mp_buf text = MP_BUF(65536);

		row_int(rows[i].label, mp_jget_int(diff, "better", -1), rows[i].better);
		row_int(rows[i].label, mp_jget_int(diff, "worse", -1), rows[i].worse);
		row_int(rows[i].label, mp_jget_int(diff, "other", -1), rows[i].other);
		row_int(rows[i].label, (long long)json_array_size(mp_jget_array(diff, "changes")),
			rows[i].better + rows[i].worse + rows[i].other);
		row_int(rows[i].label, rep_diff_text(diff, &(struct rep_style){0}, &text, &err), MP_OK);
		row_bool(rows[i].label, strstr(mp_buf_cstr(&text), "\nWORSE\n") != NULL, rows[i].worse > 0);
		row_bool(rows[i].label, strstr(mp_buf_cstr(&text), "\nBETTER\n") != NULL, rows[i].better > 0);
		mp_buf_release(&text);
		json_decref(old);
		json_decref(new);
		json_decref(diff);
	}
}

/* Two of the same kind, in another order and number, are told apart by their place. */
static void several(void **state)
{
	json_t *old = tree("{\"checks\": [{\"id\": \"a\", \"subject\": \"x\", \"status\": \"pass\"},"
			   " {\"id\": \"a\", \"subject\": \"x\", \"status\": \"fail\"}]}");
	json_t *new = tree(
		"{\"checks\": [{\"id\": \"b\", \"status\": \"pass\"}, {\"id\": \"a\", \"subject\": \"x\", \"status\": "
		"\"pass\"}, {\"id\": \"a\", \"subject\": \"x\", \"status\": \"warn\"}]}");
	json_t *diff = rep_diff(old, new);

	(void)state;
	row_int("better", mp_jget_int(diff, "better", -1), 1);
	row_int("all", (long long)json_array_size(mp_jget_array(diff, "changes")), 1);
	json_decref(old);
	json_decref(new);
	json_decref(diff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes),
		cmocka_unit_test(several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
