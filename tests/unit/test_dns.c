/* tests/unit/test_dns.c - names, words, asking, and the saved form of questions and answers */
#include "dns/msg.h"
#include "tests/unit/row.h"

#define L63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
#define L61 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy"

/* ---- names */

static void canonical_names(void **state)
{
	static const struct {
		const char *label, *in, *want; /* NULL: impossible */
	} rows[] = {
		{"plain", "mail.example.org", "mail.example.org"},
		{"case and last dot", "Mail.EXAMPLE.Org.", "mail.example.org"},
		{"root", ".", "."},
		{"one label", "localhost", "localhost"},
		{"underscores", "_25._tcp.Mx", "_25._tcp.mx"},
		{"escaped dot", "Host\\.Master.example", "host\\.master.example"},
		{"escaped dot as number", "a\\046b.example", "a\\.b.example"},
		{"escaped backslash", "a\\\\b", "a\\\\b"},
		{"needless escapes", "\\m\\097il", "mail"},
		{"escaped upper case", "\\065", "a"},
		{"blank", "a b", "a\\032b"},
		{"bytes above ASCII", "b\xc3\xbc.example", "b\\195\\188.example"},
		{"NUL byte", "a\\000b", "a\\000b"},
		{"escaped last dot", "a\\.", "a\\."},
		{"label of 63", L63 ".x", L63 ".x"},
		{"name of 255 bytes", L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61},
		{"name of 255 bytes, last dot", L63 "." L63 "." L63 "." L61 ".", L63 "." L63 "." L63 "." L61},
		{"label of 64", L63 "a.x", NULL},
		{"name of 256 bytes", L63 "." L63 "." L63 "." L61 "a", NULL},
		{"name of 256 bytes, last dot", L63 "." L63 "." L63 "." L61 "a.", NULL},
		{"name of 257 bytes by labels", L63 "." L63 "." L63 "." L61 ".a", NULL},
		{"nothing", "", NULL},
		{"empty label", "a..b", NULL},
		{"empty first label", ".a", NULL},
		{"two dots", "..", NULL},
		{"two last dots", "a..", NULL},
		{"escape at the end", "a\\", NULL},
		{"short number", "a\\12", NULL},
		{"number out of range", "a\\256", NULL},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *got = dns_name_canonical(a, rows[i].in);

		row_str(rows[i].label, got, rows[i].want);
		if (got)
			row_str(rows[i].label, dns_name_canonical(a, got), got);
	}
	mp_arena_free(a);
}

static void compared_names(void **state)
{
	static const struct {
		const char *label, *a, *b;
		bool eq, under; /* a below or equal to b */
	} rows[] = {
		{"same", "example.org", "example.org", true, true},
		{"case", "Example.ORG", "eXample.org", true, true},
		{"last dot", "example.org.", "example.org", true, true},
		{"root", ".", ".", true, true},
		{"below", "mail.example.org", "example.org", false, true},
		{"far below, last dots", "a.b.c.example.org", "org.", false, true},
		{"all is below the root", "example.org", ".", false, true},
		{"the root is below nothing", ".", "org", false, false},
		{"above", "org", "example.org", false, false},
		{"same ending inside a label", "badexample.org", "example.org", false, false},
		{"escaped dot is no cut", "mail\\.example.org", "example.org", false, false},
		{"two spellings", "a\\046b", "A\\.B", true, true},
		{"prefix", "example.org", "example.orgx", false, false},
		{"escaped last dot", "a\\.", "a", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		row_bool(rows[i].label, dns_name_eq(rows[i].a, rows[i].b), rows[i].eq);
		row_bool(rows[i].label, dns_name_eq(rows[i].b, rows[i].a), rows[i].eq);
		row_bool(rows[i].label, dns_name_under(rows[i].a, rows[i].b), rows[i].under);
	}
}

static void parents(void **state)
{
	static const struct {
		const char *label, *name, *parent;
		size_t labels;
	} rows[] = {
		{"three", "mail.example.org", "example.org", 3},
		{"one", "org", ".", 1},
		{"one, last dot", "org.", ".", 1},
		{"root", ".", NULL, 0},
		{"escaped dot", "a\\.b.example", "example", 2},
		{"escaped backslash before a dot", "a\\\\.example", "example", 2},
		{"number", "a\\046.example", "example", 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		row_str(rows[i].label, dns_name_parent(rows[i].name), rows[i].parent);
		row_int(rows[i].label, (long long)dns_name_labels(rows[i].name), (long long)rows[i].labels);
	}
}

static void host_names(void **state)
{
	static const struct {
		const char *label, *name;
		bool want;
	} rows[] = {
		{"plain", "mail.example.org", true},
		{"one label", "localhost", true},
		{"digit first", "1.example.org", true},
		{"A-label", "xn--bcher-kva.example", true},
		{"label of 63", L63 ".example", true},
		{"253", L63 "." L63 "." L63 "." L61, true},
		{"254", L63 "." L63 "." L63 "." L61 "a", false},
		{"label of 64", L63 "a.example", false},
		{"underscore", "mail_1.example.org", false},
		{"hyphen first", "-mail.example.org", false},
		{"hyphen last", "mail-.example.org", false},
		{"last dot", "mail.example.org.", false},
		{"empty label", "mail..org", false},
		{"empty first label", ".org", false},
		{"last label all digits", "192.0.2.1", false},
		{"blank", "mail example.org", false},
		{"address literal", "[192.0.2.1]", false},
		{"UTF-8", "b\xc3\xbc.example", false},
		{"escape", "a\\.b.example", false},
		{"root", ".", false},
		{"nothing", "", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_bool(rows[i].label, dns_is_hostname(rows[i].name), rows[i].want);
	assert_false(dns_is_hostname(NULL));
}

static void servers(void **state)
{
	static const struct {
		const char *label, *in, *want; /* NULL: none */
	} rows[] = {
		{"IPv4", "192.0.2.1:53", "192.0.2.1:53"},
		{"IPv6", "[2001:DB8::0:1]:5353", "[2001:db8::1]:5353"},
		{"mapped", "[::ffff:192.0.2.1]:53", "192.0.2.1:53"},
		{"highest port", "192.0.2.1:65535", "192.0.2.1:65535"},
		{"port too high", "192.0.2.1:65536", NULL},
		{"port 0", "192.0.2.1:0", NULL},
		{"no port", "192.0.2.1", NULL},
		{"empty port", "192.0.2.1:", NULL},
		{"signed port", "192.0.2.1:+53", NULL},
		{"name", "ns.example:53", NULL},
		{"IPv6 without brackets", "2001:db8::1:53", NULL},
		{"IPv4 in brackets", "[192.0.2.1]:53", NULL},
		{"bracket missing", "[2001:db8::1:53", NULL},
		{"text behind", "192.0.2.1:53 ", NULL},
		{"only brackets", "[]:53", NULL},
		{"only a colon", ":53", NULL},
		{"nothing", "", NULL},
		{"null", NULL, NULL},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_ip ip;
		uint16_t port;
		bool ok = dns_server_parse(rows[i].in, &ip, &port);

		row_str(rows[i].label, ok ? dns_server_text(a, &ip, port) : NULL, rows[i].want);
	}
	mp_arena_free(a);
}

static void words(void **state)
{
	static const enum dns_outcome order[] = {DNS_ANSWERED, DNS_NXDOMAIN, DNS_NODATA, DNS_SERVFAIL, DNS_REFUSED,
		DNS_OTHER, DNS_MALFORMED, DNS_TIMEOUT, DNS_UNREACHABLE};
	const char *t257, *t65280;

	(void)state;
	for (size_t i = 1; i < ARRAY_LEN(order); i++)
		assert_true(dns_outcome_rank(order[i - 1]) < dns_outcome_rank(order[i]));
	for (int o = DNS_ANSWERED; o <= DNS_BADNAME; o++) {
		assert_true(strlen(dns_outcome_name((enum dns_outcome)o)) > 0);
		assert_true(strlen(dns_outcome_words((enum dns_outcome)o)) > 0);
		for (int p = DNS_ANSWERED; p < o; p++)
			assert_string_not_equal(
				dns_outcome_name((enum dns_outcome)o), dns_outcome_name((enum dns_outcome)p));
	}
	assert_string_equal(dns_type_name(DNS_TLSA), "TLSA");
	t257 = dns_type_name(257);
	t65280 = dns_type_name(65280);
	assert_string_equal(t257, "TYPE257");
	assert_string_equal(t65280, "TYPE65280");
}

/* ---- asking */

static void asking(void **state)
{
	struct mp_evidence *ev = mp_evidence_new();
	const struct dns_answer *ans;
	const struct dns_question *q;
	struct mp_question *wanted;

	(void)state;
	assert_null(dns_ask(ev, "Mail.Example.ORG.", DNS_A));
	assert_null(dns_ask(ev, "mail.example.org", DNS_A));
	assert_int_equal(mp_evidence_waiting(ev), 1);
	wanted = mp_evidence_next_wanted(ev);
	q = wanted->params;
	assert_string_equal(q->name, "mail.example.org");
	assert_int_equal(q->type, DNS_A);
	assert_null(q->server);
	assert_false(q->norecurse);

	assert_null(dns_ask(ev, "mail.example.org", DNS_AAAA));
	assert_null(dns_ask_server(ev, "192.0.2.1:53", "mail.example.org", DNS_A, true));
	assert_null(dns_ask_server(ev, "192.0.2.1:53", "mail.example.org", DNS_A, false));
	assert_null(dns_ask_server(ev, "192.0.2.1:5353", "mail.example.org", DNS_A, false));
	assert_int_equal(mp_evidence_waiting(ev), 5);

	ans = dns_ask(ev, "mail..example.org", DNS_A);
	assert_non_null(ans);
	assert_int_equal(ans->outcome, DNS_BADNAME);
	assert_false(dns_known(ans->outcome));
	assert_int_equal(mp_evidence_waiting(ev), 5);

	mp_evidence_close(ev);
	ans = dns_ask(ev, "mail.example.org", DNS_A);
	assert_int_equal(ans->outcome, DNS_TIMEOUT);
	assert_string_equal(ans->detail, "not known in time");
	mp_evidence_free(ev);
}

/* ---- the saved form */

#define HEAD(outcome)                                                                                 \
	"\"outcome\":\"" outcome "\",\"rcode\":0,\"ad\":true,\"aa\":false,\"ra\":true,\"tcp\":false," \
	"\"by\":\"127.0.0.1:53\",\"detail\":null,\"at_ms\":12.3,\"ms\":0.1,\"ttl\":300,\"negative_ttl\":0,"
#define ONE(type, record)                                                                            \
	"{\"name\":\"example.org\",\"type\":\"" type "\",\"server\":null,\"norecurse\":false," HEAD( \
		"answered") "\"cname\":[],\"records\":[{\"owner\":\"Example.org\",\"type\":\"" type  \
			    "\",\"ttl\":300," record "}],\"ns\":[],\"glue\":[]}"

static void saved_forms(void **state)
{
	static const struct {
		const char *label, *json;
	} rows[] = {
		{"A", ONE("A", "\"address\":\"192.0.2.1\"")},
		{"AAAA", ONE("AAAA", "\"address\":\"2001:db8::1\"")},
		{"AAAA with a mapped address", ONE("AAAA", "\"address\":\"::ffff:192.0.2.1\"")},
		{"PTR", ONE("PTR", "\"target\":\"Mail.Example.org\"")},
		{"NS", ONE("NS", "\"target\":\".\"")},
		{"CNAME", ONE("CNAME", "\"target\":\"a\\\\.b.example\"")},
		{"null MX", ONE("MX", "\"preference\":0,\"exchange\":\".\"")},
		{"TXT", ONE("TXT", "\"text\":\"v=spf1 -all\",\"strings\":1")},
		{"TXT of odd bytes",
			ONE("TXT", "\"text\":\"\\\\000\\\\195\\\\188\\\\\\\\ \\\\127\\\\009\",\"strings\":2")},
		{"TXT, empty", ONE("TXT", "\"text\":\"\",\"strings\":0")},
		{"SPF", ONE("SPF", "\"text\":\"v=spf1 -all\",\"strings\":1")},
		{"SOA", ONE("SOA", "\"mname\":\"ns.example\",\"rname\":\"root.example\",\"serial\":4294967295,"
				   "\"refresh\":1,\"retry\":2,\"expire\":3,\"minimum\":4")},
		{"TLSA", ONE("TLSA", "\"usage\":3,\"selector\":1,\"matching\":1,\"data\":\"00ff7f\"")},
		{"TLSA, empty", ONE("TLSA", "\"usage\":255,\"selector\":255,\"matching\":255,\"data\":\"\"")},
		{"DS", ONE("DS", "\"data\":\"0102\"")},
		{"unnamed type", ONE("TYPE257", "\"data\":\"\"")},
		{"referral of an asked server",
			"{\"name\":\"2.0.192.in-addr.arpa\",\"type\":\"PTR\",\"server\":\"[2001:db8::53]:5353\","
			"\"norecurse\":true,\"outcome\":\"nodata\",\"rcode\":0,\"ad\":false,\"aa\":false,\"ra\":false,"
			"\"tcp\":true,\"by\":\"[2001:db8::53]:5353\",\"detail\":null,\"at_ms\":0.0,\"ms\":812.5,"
			"\"ttl\":0,\"negative_ttl\":0,\"cname\":[],\"records\":[],\"ns\":[{\"owner\":\"x\","
			"\"type\":\"NS\",\"ttl\":2147483647,\"target\":\"ns.x\"}],\"glue\":[{\"owner\":\"ns.x\","
			"\"type\":\"AAAA\",\"ttl\":0,\"address\":\"::\"},{\"owner\":\"ns.x\",\"type\":\"A\",\"ttl\":0,"
			"\"address\":\"0.0.0.0\"}]}"},
		{"chain that ends in NXDOMAIN",
			"{\"name\":\"example.org\",\"type\":\"A\",\"server\":null,\"norecurse\":false," HEAD(
				"nxdomain") "\"cname\":[\"A.example\",\"b.example\"],\"records\":[],\"soa\":{\"owner\":\"example\","
					    "\"type\":\"SOA\",\"ttl\":1,\"mname\":\".\",\"rname\":\".\",\"serial\":0,\"refresh\":0,"
					    "\"retry\":0,\"expire\":0,\"minimum\":0},\"ns\":[],\"glue\":[]}"},
		{"nobody answered",
			"{\"name\":\"example.org\",\"type\":\"A\",\"server\":null,\"norecurse\":false,"
			"\"outcome\":\"timeout\",\"rcode\":0,\"ad\":false,\"aa\":false,\"ra\":false,\"tcp\":false,"
			"\"by\":null,\"detail\":\"no answer from 127.0.0.1:53 within 10 s\",\"at_ms\":1.5,"
			"\"ms\":10000.1,\"ttl\":0,\"negative_ttl\":0,\"cname\":[],\"records\":[],\"ns\":[],"
			"\"glue\":[]}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_buf out = MP_BUF(1 << 20);
		struct mp_err err = {0};
		const void *params, *answer;
		json_t *j = mp_json_parse(mp_str(rows[i].json), &err), *again;

		row_str(rows[i].label, err.msg, "");
		if (dns_kind.from_json(j, a, &params, &answer, &err) != MP_OK)
			fail_msg("row '%s': %s", rows[i].label, err.msg);
		again = dns_kind.to_json(params, answer);
		mp_json_write(again, 0, &out);
		out.p[out.n - 1] = '\0'; /* the newline */
		row_str(rows[i].label, out.p, rows[i].json);
		mp_buf_release(&out);
		json_decref(again);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void saved_with_defaults(void **state)
{
	static const char text[] = "{\"name\":\"example.org\",\"type\":\"A\",\"outcome\":\"servfail\"}";
	struct mp_arena *a = mp_arena_new();
	json_t *j = mp_json_parse(MP_LIT(text), NULL);
	const void *params, *answer;
	const struct dns_answer *ans;

	(void)state;
	assert_int_equal(dns_kind.from_json(j, a, &params, &answer, NULL), MP_OK);
	ans = answer;
	assert_int_equal(ans->outcome, DNS_SERVFAIL);
	assert_null(ans->server);
	assert_int_equal(ans->n_rr, 0);
	json_decref(j);
	mp_arena_free(a);
}

static void malformed_saves(void **state)
{
	static const struct {
		const char *label, *json, *why; /* `why`: what the error must name */
	} rows[] = {
		{"no object", "[]", "not an object"},
		{"no name", "{\"type\":\"A\",\"outcome\":\"timeout\"}", "\"name\""},
		{"name of another type", "{\"name\":1,\"type\":\"A\",\"outcome\":\"timeout\"}", "\"name\""},
		{"impossible name", "{\"name\":\"a..b\",\"type\":\"A\",\"outcome\":\"timeout\"}", "\"name\""},
		{"name with last dot", "{\"name\":\"a.\",\"type\":\"A\",\"outcome\":\"timeout\"}", "\"name\""},
		{"name in upper case", "{\"name\":\"A\",\"type\":\"A\",\"outcome\":\"timeout\"}", "\"name\""},
		{"name with NUL", "{\"name\":\"a\\u0000b\",\"type\":\"A\",\"outcome\":\"timeout\"}", ""},
		{"no type", "{\"name\":\"a\",\"outcome\":\"timeout\"}", "\"type\""},
		{"unknown type", "{\"name\":\"a\",\"type\":\"XYZ\",\"outcome\":\"timeout\"}", "\"type\""},
		{"second name of a type", "{\"name\":\"a\",\"type\":\"TYPE1\",\"outcome\":\"timeout\"}", "\"type\""},
		{"type out of range", "{\"name\":\"a\",\"type\":\"TYPE65536\",\"outcome\":\"timeout\"}", "\"type\""},
		{"unknown outcome", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"fine\"}", "\"outcome\""},
		{"outcome that is never saved", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"badname\"}",
			"\"outcome\""},
		{"server that is none", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"server\":\"x\"}",
			"\"server\""},
		{"norecurse as number", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"norecurse\":1}",
			"\"norecurse\""},
		{"rcode out of range", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"other\",\"rcode\":4096}",
			"\"rcode\""},
		{"negative ttl", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"other\",\"ttl\":-1}", "\"ttl\""},
		{"negative time", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"other\",\"at_ms\":-0.1}", "\"at_ms\""},
		{"time as text", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"other\",\"ms\":\"1\"}", "\"ms\""},
		{"answered without records",
			"{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"answered\",\"by\":\"127.0.0.1:53\"}",
			"\"records\""},
		{"known by nobody", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"nxdomain\"}", "\"by\""},
		{"17 links",
			"{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"cname\":[\"a\",\"a\",\"a\",\"a\","
			"\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]}",
			"\"cname\""},
		{"link that is no text", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"cname\":[{}]}",
			"\"cname\""},
		{"records as object", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"records\":{}}",
			"\"records\""},
		{"record that is none", "{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"ns\":[1]}",
			"a record"},
		{"SOA of another type",
			"{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"soa\":{\"owner\":\"a\",\"type\":\"A\","
			"\"ttl\":1,\"address\":\"192.0.2.1\"}}",
			"\"type\""},
		{"glue of another type",
			"{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\",\"glue\":[{\"owner\":\"a\","
			"\"type\":\"NS\",\"ttl\":1,\"target\":\"b\"}]}",
			"\"type\""},
		{"IPv6 in A", ONE("A", "\"address\":\"2001:db8::1\""), "\"address\""},
		{"IPv4 in AAAA", ONE("AAAA", "\"address\":\"192.0.2.1\""), "\"address\""},
		{"unusual form of an address", ONE("AAAA", "\"address\":\"2001:DB8::1\""), "\"address\""},
		{"preference out of range", ONE("MX", "\"preference\":65536,\"exchange\":\"a\""), "\"preference\""},
		{"preference as real", ONE("MX", "\"preference\":1.0,\"exchange\":\"a\""), "\"preference\""},
		{"MX without host", ONE("MX", "\"preference\":1"), "\"exchange\""},
		{"wrong escape", ONE("TXT", "\"text\":\"\\\\1\",\"strings\":1"), "\"text\""},
		{"escape out of range", ONE("TXT", "\"text\":\"\\\\256\",\"strings\":1"), "\"text\""},
		{"needless escape", ONE("TXT", "\"text\":\"\\\\065\",\"strings\":1"), "\"text\""},
		{"bytes without escape", ONE("TXT", "\"text\":\"\\u00fc\",\"strings\":1"), "\"text\""},
		{"text longer than its strings", ONE("TXT", "\"text\":\"x\",\"strings\":0"), "\"strings\""},
		{"odd number of digits", ONE("DS", "\"data\":\"123\""), "\"data\""},
		{"upper-case digits", ONE("DS", "\"data\":\"FF\""), "\"data\""},
		{"no digits", ONE("DS", "\"data\":\"zz\""), "\"data\""},
		{"usage out of range", ONE("TLSA", "\"usage\":256,\"selector\":0,\"matching\":0,\"data\":\"\""),
			"\"usage\""},
		{"serial out of range",
			ONE("SOA", "\"mname\":\"a\",\"rname\":\"a\",\"serial\":4294967296,"
				   "\"refresh\":1,\"retry\":2,\"expire\":3,\"minimum\":4"),
			"\"serial\""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};
		const void *params = NULL, *answer = NULL;
		/* a NUL inside a text is refused by the JSON parser already */
		json_t *j = mp_json_parse(mp_str(rows[i].json), &err);

		row_int(rows[i].label, j ? dns_kind.from_json(j, a, &params, &answer, &err) : MP_EPARSE, MP_EPARSE);
		if (!strstr(err.msg, rows[i].why) || !*err.msg)
			fail_msg("row '%s': got \"%s\", want it to name %s", rows[i].label, err.msg, rows[i].why);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void bounded_saves(void **state)
{
	struct mp_arena *a = mp_arena_new();
	json_t *j = mp_json_parse(MP_LIT("{\"name\":\"a\",\"type\":\"A\",\"outcome\":\"timeout\"}"), NULL);
	json_t *rr = mp_json_parse(MP_LIT("{\"owner\":\"a\",\"type\":\"NS\",\"ttl\":1,\"target\":\"b\"}"), NULL);
	json_t *list = json_array();
	const void *params, *answer;
	struct mp_err err = {0};
	char *big = mp_xmalloc(70000);

	(void)state;
	for (size_t i = 0; i < DNS_RR_MAX; i++)
		mp_jpush(list, json_incref(rr));
	mp_jset(j, "ns", json_incref(list));
	assert_int_equal(dns_kind.from_json(j, a, &params, &answer, &err), MP_OK);
	assert_int_equal(((const struct dns_answer *)answer)->n_ns, DNS_RR_MAX);
	mp_jpush(list, json_incref(rr));
	assert_int_equal(dns_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
	json_object_del(j, "ns");

	memset(big, 'x', 70000);
	big[69999] = '\0';
	mp_jset_str(j, "detail", big);
	assert_int_equal(dns_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
	json_object_del(j, "detail");

	json_decref(list);
	list = json_array();
	mp_jset_str(rr, "type", "TXT");
	mp_jset_str(rr, "text", big);
	mp_jset_int(rr, "strings", 300);
	mp_jpush(list, json_incref(rr));
	mp_jset_str(j, "type", "TXT");
	mp_jset_str(j, "outcome", "answered");
	mp_jset_str(j, "by", "127.0.0.1:53");
	mp_jset(j, "records", json_incref(list));
	assert_int_equal(dns_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
	big[65535] = '\0';
	mp_jset_str(rr, "text", big);
	assert_int_equal(dns_kind.from_json(j, a, &params, &answer, &err), MP_OK);
	assert_int_equal(((const struct dns_answer *)answer)->rr[0].txt.n, 65535);

	json_decref(list);
	json_decref(rr);
	json_decref(j);
	free(big);
	mp_arena_free(a);
}

static void evidence_round_trip(void **state)
{
	static const struct mp_kind *const kinds[] = {&dns_kind};
	static const char text[] = "{\"dns\":[" ONE("A", "\"address\":\"192.0.2.1\"") "]}";
	static const char twice[] =
		"{\"dns\":[" ONE("A", "\"address\":\"192.0.2.1\"") "," ONE("A", "\"address\":\"192.0.2.2\"") "]}";
	struct mp_evidence *ev = mp_evidence_new();
	json_t *j = mp_json_parse(MP_LIT(text), NULL), *again;
	const struct dns_answer *ans;
	struct mp_err err = {0};

	(void)state;
	assert_int_equal(mp_evidence_from_json(ev, kinds, 1, j, &err), MP_OK);
	ans = dns_ask(ev, "EXAMPLE.org.", DNS_A);
	assert_non_null(ans);
	assert_string_equal(ans->rr[0].owner, "Example.org");
	assert_true(ans->at_ms == 12.3);
	again = mp_evidence_to_json(ev, kinds, 1);
	assert_true(json_equal(j, again));
	json_decref(again);
	json_decref(j);
	mp_evidence_free(ev);

	ev = mp_evidence_new();
	j = mp_json_parse(MP_LIT(twice), NULL);
	assert_int_equal(mp_evidence_from_json(ev, kinds, 1, j, &err), MP_EPARSE);
	json_decref(j);
	mp_evidence_free(ev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_names),
		cmocka_unit_test(compared_names),
		cmocka_unit_test(parents),
		cmocka_unit_test(host_names),
		cmocka_unit_test(servers),
		cmocka_unit_test(words),
		cmocka_unit_test(asking),
		cmocka_unit_test(saved_forms),
		cmocka_unit_test(saved_with_defaults),
		cmocka_unit_test(malformed_saves),
		cmocka_unit_test(bounded_saves),
		cmocka_unit_test(evidence_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
