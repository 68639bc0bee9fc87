/* tests/unit/test_filters.c - rspamd and spamd on loopback, right and wrong: what each way to answer comes to */
#include <uv.h>

#include "probe/fetcher.h"
#include "probe/filters.h"
#include "tests/unit/row.h"
#include "tests/world/filter_server.h"

#define MESSAGE "From: a@example.com\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nHello\r\n"
static const struct smtp_message message = {.id = "1@example.com", .bytes = {.p = MESSAGE, .n = sizeof(MESSAGE) - 1}};

static const char *const to_rspamd[] = {"IP: 203.0.113.10", "Hostname: mail.example.com", "Helo: mail.example.com",
	"From: <a@example.com>", "Rcpt: <b@example.net>"};
static const char *const to_spamd[] = {"Return-Path: <a@example.com>",
	"Received: from mail.example.com (unknown [203.0.113.10])", " by example.net with ESMTP id 1"};

struct filter_row {
	const char *label;
	struct world_filter filter;
	const char *about; /* NULL: the message that there is */
	enum mp_fetch_outcome outcome;
	int status;
	const char *has; /* in reason or body */
};

#define RSPAMD(h) .filter = {.address = "127.0.0.1", .how = (h)}
#define SPAMD(h) .filter = {.address = "127.0.0.1", .kind = WORLD_SPAMD, .how = (h)}

static const struct filter_row rows[] = {
	{"rspamd", RSPAMD(WORLD_FILTER_ANSWERS), NULL, MP_FETCHED, 200,
		"{\"score\":3.5,\"threshold\":15.0,\"action\":\"no action\",\"spam\":false,\"rules\":[{\"name\":\"MISSING_MID\","
		"\"score\":2.5,\"words\":\"Message id is missing\"},{\"name\":\"R_DKIM_NA\",\"score\":1.0,"
		"\"words\":\"Missing DKIM signature\"}]}"},
	{"rspamd, not there", RSPAMD(WORLD_FILTER_CLOSED), NULL, MP_FETCH_UNREACHABLE, 0, "connection refused"},
	{"rspamd, silent", RSPAMD(WORLD_FILTER_HANGS), NULL, MP_FETCH_TIMEOUT, 0, "no whole answer"},
	{"rspamd, half an answer", RSPAMD(WORLD_FILTER_HANGS_MID), NULL, MP_FETCH_TIMEOUT, 200, "no whole answer"},
	{"rspamd, cut", RSPAMD(WORLD_FILTER_CUT), NULL, MP_FETCH_PROTOCOL_ERROR, 200, "middle of the answer"},
	{"rspamd, huge", RSPAMD(WORLD_FILTER_HUGE), NULL, MP_FETCH_TOO_LARGE, 200, "larger than 512 KiB"},
	{"rspamd, no HTTP", RSPAMD(WORLD_FILTER_NO_PROTOCOL), NULL, MP_FETCH_PROTOCOL_ERROR, 0, "no HTTP"},
	{"rspamd, binary", RSPAMD(WORLD_FILTER_BINARY), NULL, MP_FETCHED, 200, NULL},
	{"rspamd, escapes", RSPAMD(WORLD_FILTER_ESCAPES), NULL, MP_FETCHED, 200, NULL},
	{"rspamd, fails", RSPAMD(WORLD_FILTER_FAILS), NULL, MP_FETCHED, 200, "cannot process message"},
	{"rspamd, wants a password", .filter = {.address = "127.0.0.1", .password = "x"}, NULL, MP_FETCHED, 403,
		"Unauthorized"},
	{"rspamd, has its password", .filter = {.address = "127.0.0.1", .password = "open sesame"}, NULL, MP_FETCHED,
		200, "\"score\":3.5"},
	{"rspamd, no such message", RSPAMD(WORLD_FILTER_ANSWERS), "2@example.com", MP_FETCH_UNKNOWN, 0,
		"no such message"},
	{"spamd", SPAMD(WORLD_FILTER_ANSWERS), NULL, MP_FETCHED, 200,
		"{\"score\":2.7,\"threshold\":6.0,\"action\":null,\"spam\":false,\"rules\":[{\"name\":\"RDNS_NONE\",\"score\":1.3,"
		"\"words\":\"Delivered to internal network by a host with no rDNS\"},{\"name\":\"WORLD_WITHOUT_ANY_SIGNATURE\","
		"\"score\":0.9,\"words\":\"A rule of its owner's with a name that is longer than its column\"},"
		"{\"name\":\"MISSING_MID\",\"score\":0.5,\"words\":\"Missing Message-Id: header [more]\"}]}"},
	{"spamd, not there", SPAMD(WORLD_FILTER_CLOSED), NULL, MP_FETCH_UNREACHABLE, 0, "connection refused"},
	{"spamd, silent", SPAMD(WORLD_FILTER_HANGS), NULL, MP_FETCH_TIMEOUT, 0, "connected, but no whole answer"},
	{"spamd, half an answer", SPAMD(WORLD_FILTER_HANGS_MID), NULL, MP_FETCH_TIMEOUT, 0, "no whole answer"},
	{"spamd, huge", SPAMD(WORLD_FILTER_HUGE), NULL, MP_FETCH_TOO_LARGE, 0, "too large"},
	{"spamd, another protocol", SPAMD(WORLD_FILTER_NO_PROTOCOL), NULL, MP_FETCHED, 200, "220 mx.example.net"},
	{"spamd, binary", SPAMD(WORLD_FILTER_BINARY), NULL, MP_FETCHED, 200, NULL},
	{"spamd, escapes", SPAMD(WORLD_FILTER_ESCAPES), NULL, MP_FETCHED, 200, NULL},
	{"spamd, fails", SPAMD(WORLD_FILTER_FAILS), NULL, MP_FETCHED, 200, "SPAMD/1.1 69 EX_UNAVAILABLE"},
	{"spamd, no such message", SPAMD(WORLD_FILTER_ANSWERS), "2@example.com", MP_FETCH_UNKNOWN, 0,
		"no such message"},
};

static const struct mp_fetch_answer *ask(
	uv_loop_t *loop, struct mp_evidence *ev, struct mp_fetcher *f, const struct mp_fetch_question *q)
{
	const struct mp_fetch_answer *ans;
	struct mp_question *wanted;

	while (!(ans = mp_fetch_ask(ev, q))) {
		while ((wanted = mp_evidence_next_wanted(ev)))
			mp_fetcher_observe(f, wanted);
		uv_run(loop, UV_RUN_ONCE);
	}
	return ans;
}

/* Saved and read back it is the same, and in it is neither password nor text of the message. */
static void hold_saved(
	const struct filter_row *row, const struct mp_fetch_question *q, const struct mp_fetch_answer *ans)
{
	struct mp_arena *a = mp_arena_new();
	json_t *j = mp_fetch_kind.to_json(q, ans), *again;
	const void *q2, *ans2;
	char *text = json_dumps(j, 0), *text2;

	row_int(row->label, mp_fetch_kind.from_json(j, a, &q2, &ans2, NULL), MP_OK);
	again = mp_fetch_kind.to_json(q2, ans2);
	text2 = json_dumps(again, 0);
	row_str(row->label, text2, text);
	row_bool(row->label, strstr(text, "open sesame") || strstr(text, "Hello"), false);
	free(text);
	free(text2);
	json_decref(j);
	json_decref(again);
	mp_arena_free(a);
}

static void hold_row(const struct filter_row *row)
{
	static const struct mp_ip local[] = {{.family = MP_IPV4, .b = {127, 0, 0, 1}}};
	bool rspamd = row->filter.kind == WORLD_RSPAMD;
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_err err = {.msg = ""};
	struct world_filter_server *s;
	struct mp_fetcher *f;
	const struct mp_fetch_answer *ans;
	struct mp_score score;
	struct mp_arena *a = mp_arena_new();
	uv_loop_t loop;

	assert_int_equal(uv_loop_init(&loop), 0);
	s = world_filter_start(&loop, &row->filter, &err);
	if (!s)
		fail_msg("%s", err.msg);
	f = mp_fetcher_new(&loop, ev,
		&(struct mp_fetcher_config){.start_ms = uv_now(&loop),
			.timeout_ms = row->outcome == MP_FETCH_TIMEOUT ? 200 : 10000,
			.messages = &message,
			.n_messages = 1,
			.rspamd_password = "open sesame"});
	const struct mp_fetch_question q = {.use = rspamd ? "rspamd" : "spamd",
		.http = true,
		.host = "127.0.0.1",
		.port = world_filter_port(s),
		.path = rspamd ? "/checkv2" : "/",
		.n_addresses = 1,
		.addresses = local,
		.about = row->about ? row->about : message.id,
		.n_lines = rspamd ? ARRAY_LEN(to_rspamd) : ARRAY_LEN(to_spamd),
		.lines = rspamd ? to_rspamd : to_spamd};
	ans = ask(&loop, ev, f, &q);
	if (ans->outcome != row->outcome)
		fail_msg("row '%s': %s", row->label, ans->reason ? ans->reason : "fetched");
	row_str(row->label, mp_fetch_outcome_name(ans->outcome), mp_fetch_outcome_name(row->outcome));
	row_int(row->label, ans->status, row->status);
	if (row->has && !strstr(ans->outcome == MP_FETCHED ? mp_dupstr(a, ans->body) : ans->reason, row->has))
		fail_msg("row '%s': got '%s', want '%s' in it", row->label,
			ans->outcome == MP_FETCHED ? mp_dupstr(a, ans->body) : ans->reason, row->has);
	/* a judgement, or no more of it than its beginning */
	if (ans->outcome == MP_FETCHED && mp_score_read(a, ans->body, &score, NULL) != MP_OK)
		row_bool(row->label, ans->body.n <= 256, true);
	if (row->filter.how == WORLD_FILTER_ESCAPES) {
		row_int(row->label, mp_score_read(a, ans->body, &score, NULL), MP_OK);
		row_bool(row->label, memchr(ans->body.p, '\x1b', ans->body.n) != NULL, false);
	}
	hold_saved(row, &q, ans);
	mp_fetcher_stop(f);
	world_filter_stop(s);
	uv_run(&loop, UV_RUN_DEFAULT);
	mp_fetcher_free(f);
	world_filter_free(s);
	assert_int_equal(uv_loop_close(&loop), 0);
	mp_evidence_free(ev);
	mp_arena_free(a);
}

static void answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		hold_row(&rows[i]);
}

/* Ended while it waits: nothing is left open. */
static void ended(void **state)
{
	static const struct mp_ip local[] = {{.family = MP_IPV4, .b = {127, 0, 0, 1}}};

	(void)state;
	for (int kind = WORLD_RSPAMD; kind <= WORLD_SPAMD; kind++) {
		const struct world_filter row = {
			.address = "127.0.0.1", .kind = (enum world_filter_kind)kind, .how = WORLD_FILTER_HANGS};
		struct mp_evidence *ev = mp_evidence_new();
		struct world_filter_server *s;
		struct mp_fetcher *f;
		uv_loop_t loop;

		assert_int_equal(uv_loop_init(&loop), 0);
		s = world_filter_start(&loop, &row, NULL);
		assert_non_null(s);
		f = mp_fetcher_new(&loop, ev, &(struct mp_fetcher_config){.messages = &message, .n_messages = 1});
		assert_null(
			mp_fetch_ask(ev, &(struct mp_fetch_question){.use = kind == WORLD_RSPAMD ? "rspamd" : "spamd",
						 .http = true,
						 .host = "127.0.0.1",
						 .port = world_filter_port(s),
						 .path = "/checkv2",
						 .n_addresses = 1,
						 .addresses = local,
						 .about = message.id}));
		mp_fetcher_observe(f, mp_evidence_next_wanted(ev));
		uv_run(&loop, UV_RUN_ONCE);
		assert_int_equal(mp_fetcher_active(f), 1);
		mp_fetcher_stop(f);
		world_filter_stop(s);
		uv_run(&loop, UV_RUN_DEFAULT);
		assert_int_equal(mp_fetcher_active(f), 0);
		mp_fetcher_free(f);
		world_filter_free(s);
		assert_int_equal(uv_loop_close(&loop), 0);
		mp_evidence_free(ev);
	}
}

/* Questions that may not be asked. */
static void refused(void **state)
{
	static const struct mp_ip local[] = {{.family = MP_IPV4, .b = {127, 0, 0, 1}}},
				  outside[] = {{.family = MP_IPV4, .b = {203, 0, 113, 1}}};
	static const char *const two_lines[] = {"IP: 1\r\nPassword: x"}, *const empty[] = {""};
	static const struct {
		const char *label, *about;
		const struct mp_ip *address;
		bool https;
		const char *const *lines;
		bool want;
	} questions[] = {
		{"right", "1@example.com", local, false, to_rspamd, true},
		{"https, outside", "1@example.com", outside, true, to_rspamd, true},
		{"http, outside", "1@example.com", outside, false, to_rspamd, false},
		{"about nothing", NULL, local, false, to_rspamd, false},
		{"two lines in one", "1@example.com", local, false, two_lines, false},
		{"an empty line", "1@example.com", local, false, empty, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		row_bool(questions[i].label,
			mp_fetch_valid(&(struct mp_fetch_question){.use = "rspamd",
				.http = !questions[i].https,
				.host = "rspamd.example",
				.port = 11333,
				.path = "/checkv2",
				.n_addresses = 1,
				.addresses = questions[i].address,
				.about = questions[i].about,
				.n_lines = 1,
				.lines = questions[i].lines}),
			questions[i].want);
}

static void places(void **state)
{
	static const struct {
		const char *url, *want;
	} urls[] = {
		{"http://127.0.0.1:11333/", "http://127.0.0.1:11333/checkv2"},
		{"http://127.0.0.1:11333", "http://127.0.0.1:11333/checkv2"},
		{"http://127.0.0.1:11333/checkv2", "http://127.0.0.1:11333/checkv2"},
		{"https://Filter.Example/rspamd", "https://filter.example/rspamd/checkv2"},
		{"http://[::1]:11333/", "http://[::1]:11333/checkv2"},
		{"http://192.168.1.2/", "http://192.168.1.2/checkv2"},
		{"http://198.51.100.1/", NULL},
		{"https://198.51.100.1/", "https://198.51.100.1/checkv2"},
		{"ftp://127.0.0.1/", NULL},
		{"http://user:secret@127.0.0.1/", NULL},
		{"http://127.0.0.1/?password=secret", NULL},
		{"127.0.0.1:11333", NULL},
		{"", NULL},
	};
	static const struct {
		const char *text, *host;
		int port;
	} spamds[] = {{"localhost", "localhost", 783}, {"Filter.Example:1783", "filter.example", 1783},
		{"::1", "::1", 783}, {"[2001:db8::1]:99", "2001:db8::1", 99}, {"127.0.0.1", "127.0.0.1", 783},
		{"a:b:c", NULL, 0}, {"host:0", NULL, 0}, {"", NULL, 0}};
	struct mp_arena *a = mp_arena_new();
	struct mp_fetch_question q;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++)
		row_str(urls[i].url,
			mp_rspamd_parse(a, mp_str(urls[i].url), &q, NULL) == MP_OK ? mp_fetch_url(a, &q) : NULL,
			urls[i].want);
	for (size_t i = 0; i < ARRAY_LEN(spamds); i++) {
		int rc = mp_spamd_parse(a, mp_str(spamds[i].text), &q, NULL);

		row_str(spamds[i].text, rc == MP_OK ? q.host : NULL, spamds[i].host);
		row_int(spamds[i].text, rc == MP_OK ? q.port : 0, spamds[i].port);
	}
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(ended),
		cmocka_unit_test(refused),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
