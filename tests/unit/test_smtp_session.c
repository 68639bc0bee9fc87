/* tests/unit/test_smtp_session.c - the record of a session: names, the question's key, JSON there and back */
#include "base/json.h"
#include "smtp/session.h"
#include "tests/unit/row.h"

static const char *const no_lines[] = {"550-5.7.1 Client host rejected:", "550 5.7.1 no PTR, [203.0.113.5]"};
static const char *const banner_lines[] = {"220 mx1.example.net ESMTP"};
static const char *const ehlo_lines[] = {"250-mx1.example.net", "250-PIPELINING", "250 SIZE 10240000"};
static const char *const go_lines[] = {"220 2.0.0 go"};
static const char *const extensions[] = {"PIPELINING", "SIZE 10240000"};
static const char *const names[] = {"mx1.example.net", "*.example.net"};
static struct smtp_reply no = {550, "5.7.1", 2, no_lines};
static struct smtp_reply banner = {220, NULL, 1, banner_lines};
static struct smtp_reply ehlo = {250, NULL, 3, ehlo_lines};
static struct smtp_reply go = {220, "2.0.0", 1, go_lines};
static const uint8_t leaf_der[] = {0x30, 0x03, 0x00, 0xff, 0x7f}, ca_der[] = {0x30, 0x00};
static const struct smtp_cert certs[] = {
	{"CN=mx1.example.net", "CN=Test CA,O=Tests", 2, names, INT64_C(1700000000000), INT64_C(1900000000000),
		"EC P-256", "ecdsa-with-SHA256", "00ff", "11ee", leaf_der, sizeof(leaf_der)},
	{"CN=Test CA,O=Tests", "CN=Test CA,O=Tests", 0, NULL, SMTP_CERT_TIME_MIN, SMTP_CERT_TIME_MAX, "RSA 2048",
		"RSA-SHA256", "22", "33", ca_der, sizeof(ca_der)},
};
static struct smtp_tls tls = {.version = "TLSv1.3",
	.cipher = "TLS_AES_256_GCM_SHA384",
	.group = "X25519",
	.peer_signature = "ECDSA-SHA256",
	.sni = "mx1.example.net",
	.hello_retried = true,
	.client_cert_asked = true,
	.ticket_given = true,
	.n_chain = 2,
	.chain = certs,
	.name_error = "the certificate does not cover it",
	.roots_loaded = true};
static const struct smtp_line lines[] = {
	{0.1, SMTP_FROM_NOTE, "a note"},
	{12.3, SMTP_FROM_SERVER, "220 mx1.example.net ESMTP \\x01 \xc3\xbc"},
	{12.4, SMTP_FROM_CLIENT, "EHLO mail.example.com"},
	{55555.5, SMTP_FROM_TLS, "TLSv1.3"},
};

static struct smtp_session full(void)
{
	struct smtp_session s = {
		.q = {.mx = "mx1.example.net",
			.port = 25,
			.ehlo = "mail.example.com",
			.mail_from = "",
			.rcpt = "postmaster@example.net",
			.tls = SMTP_TLS_REQUIRE,
			.purpose = "vary:ehlo"},
		.outcome = SMTP_REJECTED,
		.stage = SMTP_AT_RCPT,
		.reply = &no,
		.banner = &banner,
		.banner_host = "mx1.example.net",
		.ehlo_reply = &ehlo,
		.n_extensions = 2,
		.extensions = extensions,
		.starttls_offered = true,
		.starttls_reply = &go,
		.injected_bytes = 17,
		.tls = &tls,
		.seen_as = "203.0.113.5",
		.turnarounds = 7,
		.at_ms = 31.7,
		.ms_connect = 80.1,
		.ms_banner = 0,
		.ms_ehlo = 1.1,
		.ms_starttls = 2.2,
		.ms_tls = 3.3,
		.ms_ehlo_tls = 4.4,
		.ms_mail = 5.5,
		.ms_rcpt = 6.6,
		.ms_total = 123456.7,
		.n_transcript = ARRAY_LEN(lines),
		.transcript = lines,
	};

	mp_ip_parse(MP_LIT("198.51.100.25"), &s.q.address);
	mp_ip_parse(MP_LIT("203.0.113.10"), &s.q.source);
	return s;
}

/* ---- JSON */

static json_t *through_text(json_t *j)
{
	struct mp_buf text = MP_BUF(1 << 20);
	struct mp_err err;
	json_t *again;

	mp_json_write(j, 2, &text);
	again = mp_json_parse(mp_buf_str(&text), &err);
	if (!again)
		fail_msg("%s", err.msg);
	mp_buf_release(&text);
	return again;
}

static void round_trip_of(const char *label, const struct smtp_question *q, const struct smtp_session *s)
{
	struct mp_arena *a = mp_arena_new();
	json_t *j = smtp_kind.to_json(q, s), *read = through_text(j), *again;
	struct mp_buf key = MP_BUF(65536), key_again = MP_BUF(65536);
	const void *params, *answer;
	struct mp_err err;

	if (!json_equal(j, read))
		fail_msg("row '%s': writing changes it", label);
	if (smtp_kind.from_json(read, a, &params, &answer, &err) != MP_OK)
		fail_msg("row '%s': %s", label, err.msg);
	again = smtp_kind.to_json(params, answer);
	if (!json_equal(j, again)) {
		char *was = json_dumps(j, JSON_COMPACT), *is = json_dumps(again, JSON_COMPACT);

		fail_msg("row '%s': was %s, is %s", label, was, is);
	}
	smtp_kind.key(q, &key);
	smtp_kind.key(params, &key_again);
	row_str(label, mp_buf_cstr(&key_again), mp_buf_cstr(&key));
	mp_buf_release(&key);
	mp_buf_release(&key_again);
	json_decref(j);
	json_decref(read);
	json_decref(again);
	mp_arena_free(a);
}

static void round_trips(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct smtp_session s = full();
	struct smtp_question left_open;

	(void)state;
	round_trip_of("full", &s.q, &s);
	left_open = s.q;
	left_open.source = (struct mp_ip){0};
	round_trip_of("source left to the system", &left_open, &s);
	round_trip_of("unknown", &s.q, smtp_kind.unknown(&s.q, a));
	round_trip_of("unknown, source left open", &left_open, smtp_kind.unknown(&left_open, a));
	s.outcome = SMTP_TLS_FAILED;
	s.stage = SMTP_AT_TLS;
	s.reply = NULL;
	s.reason = s.tls_error = "the handshake failed";
	s.tls = NULL;
	s.helo = true;
	round_trip_of("TLS failed", &s.q, &s);
	s.tls = &(struct smtp_tls){.version = "TLSv1.2", .chain_error = "the server sent no certificate"};
	round_trip_of("no certificate", &s.q, &s);
	s.q.only_connect = true;
	s.outcome = SMTP_ACCEPTED;
	s.stage = SMTP_AT_BANNER;
	s.reply = &banner;
	round_trip_of("only connected", &s.q, &s);
	mp_ip_parse(MP_LIT("2001:db8::25"), &s.q.address);
	mp_ip_parse(MP_LIT("2001:db8::1"), &s.q.source);
	round_trip_of("IPv6", &s.q, &s);
	s.q.pause_ms = 5000;
	round_trip_of("after a pause", &s.q, &s);
	s.outcome = SMTP_UNREACHABLE;
	s.stage = SMTP_AT_CONNECT;
	s.reply = NULL;
	s.reason = "connection refused";
	for (enum smtp_no_way w = SMTP_WAY_OPEN; w <= SMTP_WAY_OTHER; w++) {
		s.no_way = w;
		round_trip_of("no way", &s.q, &s);
	}
	mp_arena_free(a);
}

/* What the interface promises by name. */
static void members(void **state)
{
	struct smtp_session s = full();
	json_t *j = smtp_session_json(&s), *part;

	(void)state;
	assert_string_equal(mp_jget_str(j, "mx", NULL), "mx1.example.net");
	assert_string_equal(mp_jget_str(j, "address", NULL), "198.51.100.25");
	assert_int_equal(mp_jget_int(j, "port", 0), 25);
	assert_string_equal(mp_jget_str(j, "source", NULL), "203.0.113.10");
	assert_string_equal(mp_jget_str(j, "ehlo", NULL), "mail.example.com");
	assert_string_equal(mp_jget_str(j, "purpose", NULL), "vary:ehlo");
	assert_string_equal(mp_jget_str(j, "outcome", NULL), "rejected");
	assert_string_equal(mp_jget_str(j, "stage", NULL), "rcpt-to");
	assert_string_equal(mp_jget_str(j, "seen_as", NULL), "203.0.113.5");
	assert_true(json_is_null(json_object_get(j, "message_id")));
	part = mp_jget(j, "reply");
	assert_int_equal(mp_jget_int(part, "code", 0), 550);
	assert_string_equal(mp_jget_str(part, "enhanced", NULL), "5.7.1");
	assert_string_equal(json_string_value(json_array_get(mp_jget_array(part, "lines"), 1)), no_lines[1]);
	part = mp_jget(j, "banner");
	assert_string_equal(mp_jget_str(part, "host", NULL), "mx1.example.net");
	assert_string_equal(json_string_value(json_array_get(mp_jget_array(j, "extensions"), 0)), "PIPELINING");
	part = mp_jget(j, "tls");
	assert_string_equal(mp_jget_str(part, "version", NULL), "TLSv1.3");
	assert_string_equal(mp_jget_str(part, "cipher", NULL), "TLS_AES_256_GCM_SHA384");
	assert_string_equal(mp_jget_str(part, "group", NULL), "X25519");
	assert_string_equal(mp_jget_str(part, "verified", NULL), "none");
	part = mp_jget(part, "certificate");
	assert_string_equal(mp_jget_str(part, "subject", NULL), "CN=mx1.example.net");
	assert_string_equal(mp_jget_str(part, "not_before", NULL), "2023-11-14T22:13:20Z");
	assert_int_equal(json_array_size(mp_jget_array(mp_jget(j, "tls"), "chain")), 1);
	part = mp_jget(j, "timings_ms");
	assert_true(mp_jget_num(part, "connect", -1) == 80.1);
	assert_true(mp_jget_num(part, "banner", -1) == 0);
	assert_true(mp_jget_num(part, "total", -1) == 123456.7);
	part = json_array_get(mp_jget_array(j, "transcript"), 2);
	assert_true(mp_jget_num(part, "t_ms", -1) == 12.4);
	assert_string_equal(mp_jget_str(part, "from", NULL), "client");
	assert_string_equal(mp_jget_str(part, "line", NULL), "EHLO mail.example.com");
	json_decref(j);

	tls.name_error = NULL;
	s.ms_tls = -1;
	j = smtp_session_json(&s);
	assert_string_equal(mp_jget_str(mp_jget(j, "tls"), "verified", NULL), "pkix");
	assert_null(json_object_get(mp_jget(j, "timings_ms"), "tls"));
	json_decref(j);
	tls.name_error = "the certificate does not cover it";
}

/* One member of a good document put wrong; the error must name it. */
static void refused(void **state)
{
	static const struct {
		const char *in, *key, *value; /* `in`: the object that holds it, "" the top; value NULL: taken out */
		const char *named;            /* where that is another than key */
	} rows[] = {
		{"", "mx", NULL, NULL},
		{"", "mx", "1", NULL},
		{"", "address", "\"198.51.100\"", NULL},
		{"", "address", "null", NULL},
		{"", "port", "65536", NULL},
		{"", "port", "-1", NULL},
		{"", "port", "\"25\"", NULL},
		{"", "port", "25.0", NULL},
		{"", "source", "\"here\"", NULL},
		{"", "source", "null", NULL},
		{"", "bound", NULL, NULL},
		{"", "ehlo", "[]", NULL},
		{"", "mail_from", "null", NULL},
		{"", "rcpt", "{}", NULL},
		{"", "tls_policy", "\"maybe\"", NULL},
		{"", "only_connect", "0", NULL},
		{"", "purpose", NULL, NULL},
		{"", "outcome", "\"fine\"", NULL},
		{"", "outcome", "\"accepted\"", "reply"},
		{"", "outcome", "\"deferred\"", "reply"},
		{"", "outcome", "3", NULL},
		{"", "stage", "\"dinner\"", NULL},
		{"", "reason", "7", NULL},
		{"", "reply", "null", NULL},
		{"", "reply", "{}", "code"},
		{"reply", "code", "199", NULL},
		{"reply", "code", "600", NULL},
		{"reply", "enhanced", "5.7", NULL},
		{"reply", "lines", "[]", "reply"},
		{"reply", "lines", "[1]", NULL},
		{"reply", "lines", "\"550 no\"", NULL},
		{"", "banner", "\"220\"", "code"},
		{"", "ehlo_reply", "7", "code"},
		{"", "helo", NULL, NULL},
		{"", "extensions", "{}", NULL},
		{"", "extensions", "[null]", NULL},
		{"", "starttls", NULL, NULL},
		{"starttls", "offered", "1", NULL},
		{"starttls", "reply", "[]", "code"},
		{"", "tls_error", "true", NULL},
		{"", "injected_bytes", "-1", NULL},
		{"", "tls", "\"TLSv1.3\"", "version"},
		{"tls", "version", NULL, NULL},
		{"tls", "cipher", "1", NULL},
		{"tls", "certificate", "null", "chain"},
		{"tls", "chain", "{}", NULL},
		{"tls", "chain", "[1]", "subject"},
		{"tls", "chain_error", "1", NULL},
		{"tls", "roots_loaded", NULL, NULL},
		{"tls", "resumed", "null", NULL},
		{"tls", "hello_retried", "1", NULL},
		{"tls", "client_certificate_asked", "\"no\"", NULL},
		{"tls", "ticket", "[]", NULL},
		{"", "der", "{}", NULL},
		{"", "der", "[]", NULL},
		{"", "der", "[\"MAA=\"]", NULL},
		{"", "der", "[\"MAA=\", 1]", NULL},
		{"", "der", "[\"MAA=\", \"\"]", NULL},
		{"", "der", "[\"MAA=\", \"no base64!\"]", NULL},
		{"", "seen_as", "\"[203.0.113.5]\"", NULL},
		{"", "turnarounds", "-7", NULL},
		{"", "at_ms", "-1", NULL},
		{"", "at_ms", "1e300", NULL},
		{"", "timings_ms", "[]", NULL},
		{"timings_ms", "connect", "-0.5", NULL},
		{"timings_ms", "tls", "\"1\"", NULL},
		{"", "transcript", "{}", NULL},
		{"", "transcript", "[{}]", "t_ms"},
		{"", "transcript", "[{\"t_ms\":1,\"from\":\"nobody\",\"line\":\"x\"}]", "from"},
		{"", "transcript", "[{\"t_ms\":-1,\"from\":\"note\",\"line\":\"x\"}]", "t_ms"},
		{"", "transcript", "[{\"t_ms\":1,\"from\":\"note\",\"line\":1}]", "line"},
	};
	struct smtp_session s = full();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		json_t *j = smtp_kind.to_json(&s.q, &s), *in = *rows[i].in ? mp_jget(j, rows[i].in) : j;
		const void *params = NULL, *answer = NULL;
		struct mp_err err = {.code = MP_OK};
		const char *label = mp_printf(
			a, "%s.%s: %s", rows[i].in, rows[i].key, rows[i].value ? rows[i].value : "(taken out)");

		if (rows[i].value) {
			json_t *v = json_loads(rows[i].value, JSON_DECODE_ANY, NULL);

			assert_non_null(v);
			mp_jset(in, rows[i].key, v);
		} else {
			json_object_del(in, rows[i].key);
		}
		row_int(label, smtp_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
		assert_null(answer);
		if (!strstr(err.msg, mp_printf(a, "\"%s\"", rows[i].named ? rows[i].named : rows[i].key)))
			fail_msg("row '%s': the error is \"%s\"", label, err.msg);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void bounded(void **state)
{
	static const struct {
		const char *key;
		size_t n;
		const char *element;
	} rows[] = {
		{"extensions", 513, "\"x\""},
		{"transcript", 5000, "{\"t_ms\":1,\"from\":\"note\",\"line\":\"x\"}"},
	};
	struct smtp_session s = full();
	struct mp_arena *a = mp_arena_new();
	const void *params, *answer;
	struct mp_err err;
	char *big = mp_alloc(a, 70000);
	json_t *j;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *list = json_array();

		j = smtp_kind.to_json(&s.q, &s);
		for (size_t k = 0; k < rows[i].n; k++)
			mp_jpush(list, json_loads(rows[i].element, JSON_DECODE_ANY, NULL));
		mp_jset(j, rows[i].key, list);
		row_int(rows[i].key, smtp_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
		json_decref(j);
	}
	memset(big, 'x', 69999);
	j = smtp_kind.to_json(&s.q, &s);
	mp_jset_str(j, "reason", big);
	row_int("text", smtp_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
	json_decref(j);
	row_int("no object", smtp_kind.from_json(NULL, a, &params, &answer, &err), MP_EPARSE);
	mp_arena_free(a);
}

/* Text of a saved report is foreign: no control reaches whoever shows it. */
static void text_is_made_safe(void **state)
{
	struct smtp_session s = full();
	struct mp_arena *a = mp_arena_new();
	json_t *j = smtp_kind.to_json(&s.q, &s);
	const struct smtp_session *read;
	const void *params, *answer;
	struct mp_err err;

	(void)state;
	json_object_set_new(
		j, "banner", json_loads("{\"code\":220,\"lines\":[\"220 \\u001b[2J\\n\\u202e\"]}", 0, NULL));
	assert_int_equal(smtp_kind.from_json(j, a, &params, &answer, &err), MP_OK);
	read = answer;
	assert_string_equal(read->banner->lines[0], "220 \\x1b[2J\\x0a\\u{202e}");
	json_decref(j);
	mp_arena_free(a);
}

/* ---- the question */

static void keys_differ(void **state)
{
	struct smtp_question q[14];
	struct mp_buf keys[ARRAY_LEN(q)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(q); i++)
		q[i] = full().q;
	q[1].mx = "mx2.example.net";
	q[2].address.b[3] = 26;
	q[3].port = 26;
	q[4].source.b[3] = 11;
	q[5].source = (struct mp_ip){0};
	q[6].ehlo = "mail";
	q[7].mail_from = "a@b";
	q[8].rcpt = "a@b";
	q[9].tls = SMTP_TLS_OFF;
	q[10].only_connect = true;
	q[11].purpose = "baseline";
	q[12].mail_from = " 22:postmaster@example.net"; /* what the next member would add */
	q[13].mail_from = "a";
	q[13].rcpt = "@b";
	for (size_t i = 0; i < ARRAY_LEN(q); i++) {
		keys[i] = MP_BUF(65536);
		smtp_kind.key(&q[i], &keys[i]);
		for (size_t k = 0; k < i; k++)
			if (strcmp(mp_buf_cstr(&keys[i]), mp_buf_cstr(&keys[k])) == 0)
				fail_msg("questions %zu and %zu have one key", i, k);
	}
	for (size_t i = 0; i < ARRAY_LEN(q); i++)
		mp_buf_release(&keys[i]);
}

static void asking(void **state)
{
	struct mp_evidence *ev = mp_evidence_new(), *again = mp_evidence_new();
	const struct mp_kind *kinds[] = {&smtp_kind};
	struct smtp_session s = full(), *kept;
	const struct smtp_session *read;
	struct mp_question *q;
	char mx[] = "mx1.example.net";
	struct mp_err err;
	json_t *j;

	(void)state;
	s.q.mx = mx;
	assert_null(smtp_ask(ev, &s.q));
	mx[0] = 'X'; /* it was copied */
	s.q.mx = "mx1.example.net";
	assert_null(smtp_ask(ev, &s.q));
	assert_int_equal(mp_evidence_waiting(ev), 1);
	q = mp_evidence_next_wanted(ev);
	assert_ptr_equal(q->kind, &smtp_kind);
	assert_string_equal(((const struct smtp_question *)q->params)->mx, "mx1.example.net");
	kept = mp_memdup(mp_evidence_arena(ev), &s, sizeof(s));
	mp_evidence_answer(ev, q, kept);
	assert_ptr_equal(smtp_ask(ev, &s.q), kept);

	j = mp_evidence_to_json(ev, kinds, 1);
	assert_int_equal(mp_evidence_from_json(again, kinds, 1, j, &err), MP_OK);
	read = smtp_ask(again, &s.q);
	assert_non_null(read);
	assert_int_equal(read->outcome, SMTP_REJECTED);
	assert_string_equal(read->reply->lines[1], no_lines[1]);
	assert_string_equal(read->tls->chain[0].names[1], "*.example.net");
	json_decref(j);

	s.q.purpose = "another";
	mp_evidence_close(again);
	read = smtp_ask(again, &s.q);
	assert_int_equal(read->outcome, SMTP_ABORTED);
	assert_int_equal(read->stage, SMTP_AT_CONNECT);
	assert_non_null(read->reason);
	assert_true(read->ms_total < 0);
	mp_evidence_free(ev);
	mp_evidence_free(again);
}

static void words(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct smtp_session s = full();

	(void)state;
	assert_string_equal(smtp_server_name(a, &s.q), "mx1.example.net [198.51.100.25]:25");
	mp_ip_parse(MP_LIT("2001:db8::25"), &s.q.address);
	s.q.port = 2525;
	assert_string_equal(smtp_server_name(a, &s.q), "mx1.example.net [2001:db8::25]:2525");
	assert_string_equal(smtp_stage_name(SMTP_AT_EHLO_TLS), "ehlo-tls");
	assert_string_equal(smtp_stage_name(SMTP_AT_QUIT), "quit");
	assert_string_equal(smtp_outcome_name(SMTP_PROTOCOL_ERROR), "protocol-error");
	assert_string_equal(smtp_tls_policy_name(SMTP_TLS_REQUIRE), "require");
	assert_true(smtp_decided(SMTP_DEFERRED));
	assert_false(smtp_decided(SMTP_UNREACHABLE));
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(members),
		cmocka_unit_test(refused),
		cmocka_unit_test(bounded),
		cmocka_unit_test(text_is_made_safe),
		cmocka_unit_test(keys_differ),
		cmocka_unit_test(asking),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("smtp_session", tests, NULL, NULL);
}
