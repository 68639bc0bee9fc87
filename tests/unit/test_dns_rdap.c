/* tests/unit/test_dns_rdap.c - answers in the style of each registry, and the lists of registries */
#include "base/buf.h"
#include "dns/rdap.h"
#include "tests/unit/row.h"

/* ---- answers */

#define CARD(properties) "\"vcardArray\":[\"vcard\",[[\"version\",{},\"text\",\"4.0\"]" properties "]]"
#define P(name, value) ",[\"" name "\",{},\"text\",\"" value "\"]"
#define NET(members) "{\"objectClassName\":\"ip network\"" members "}"
#define DOM(members) "{\"objectClassName\":\"domain\",\"ldhName\":\"example.com\"" members "}"
#define RANGE ",\"startAddress\":\"203.0.113.0\",\"endAddress\":\"203.0.113.255\""
#define ENTITY(roles, more) "{\"objectClassName\":\"entity\",\"handle\":\"H\",\"roles\":[" roles "]," more "}"

/* Nested contacts, the organization as registrant: ARIN. */
static const char arin[] = NET(
	",\"handle\":\"NET-203-0-113-0-1\",\"name\":\"EXAMPLE-HOST\",\"ipVersion\":\"v4\"" RANGE
	",\"events\":[{\"eventAction\":\"last changed\",\"eventDate\":\"2021-12-14T20:08:59-05:00\"},"
	"{\"eventAction\":\"registration\",\"eventDate\":\"2010-05-04T10:09:33-04:00\"}],\"status\":[\"active\"]"
	",\"links\":[{\"rel\":\"self\",\"type\":\"application/rdap+json\",\"href\":\"https://rdap.example/ip/203.0.113.0\"}]"
	",\"entities\":[" ENTITY("\"registrant\"",
		CARD(P("fn",
			"Example Hosting, Inc.") ",[\"adr\",{\"label\":\"1 Road\\nTown\\nUnited States\"},\"text\",["
						 "\"\",\"\",\"\",\"\",\"\",\"\",\"\"]]" P(
							 "kind", "org")) ",\"entities\":[" ENTITY("\"abuse\"",
			CARD(P("fn", "Abuse Desk") P("org", "Abuse Desk") P("kind", "group")
					P("email", "abuse@host.example"))) "," ENTITY("\"technical\",\"noc\"",
			CARD(P("fn", "Network Operations") P("email", "noc@host.example"))) "]") "]");

/* Flat contacts, the holder an organization with role registrant, country a member: RIPE NCC. */
static const char ripe[] = NET(
	",\"handle\":\"203.0.113.0 - 203.0.113.130\",\"name\":\"DE-EXAMPLE\",\"country\":\"DE\",\"type\":\"ASSIGNED PA\","
	"\"startAddress\":\"203.0.113.0\",\"endAddress\":\"203.0.113.130\",\"entities\":[" ENTITY(
		"\"administrative\"", CARD(P("fn", "Erika Muster") P("kind", "individual"))) "," ENTITY("\"technical\"",
		CARD(P("fn", "Rechenzentrum") P("kind", "group")
				P("email", "tech@host.example"))) "," ENTITY("\"registrant\"",
		CARD(P("fn", "Beispiel GmbH") P("kind", "org"))) "," ENTITY("\"abuse\"",
		CARD(P("fn",
			"Abuse") ",[\"email\",{\"type\":\"abuse\"},\"text\",\"abuse@host.example\"]")) "]"
												       ",\"remarks\":[{\"description\":[\"Customer nets\"]}],\"notices\":[{\"title\":\"Filtered\",\"description\":[\"Filtered.\"]}]");

/* No registrant: who it is stands in a remark: APNIC, AFRINIC. */
static const char apnic[] = NET(RANGE
	",\"handle\":\"203.0.113.0 - 203.0.113.255\",\"name\":\"EXAMPLE-AP\",\"country\":\"AU\",\"remarks\":["
	"{\"title\":\"description\",\"description\":[\"Example Pty Ltd\\nLevel 1\",\"Brisbane\"]},"
	"{\"title\":\"remarks\",\"description\":[\"Abuse to abuse@host.example\"]}],\"entities\":[" ENTITY("\"abuse\"",
		CARD(P("fn", "IRT-EXAMPLE-AU") P("email",
			"irt@host.example") ",[\"email\",{\"pref\":\"1\"},\"text\","
					    "\"abuse@host.example\"]")) "," ENTITY("\"administrative\",\"technical\"",
		CARD(P("fn", "Example Role"))) "]");

/* One contact of several roles, an org of two parts: LACNIC. */
static const char lacnic[] = NET(
	",\"startAddress\":\"2001:db8::\",\"endAddress\":\"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\",\"handle\":\"2001:db8::/32\""
	",\"entities\":[" ENTITY(
		"\"registrant\"", CARD(P("fn", "Fulano") ",[\"org\",{},\"text\",[\"\",\"Exemplo Ltda\",\"TI\"]]" P(
					  "email", "not an address"))) "," ENTITY("\"abuse\",\"technical\"",
		CARD(P("fn", "Fulano") P("email", "fulano@host.example") ",[\"contact-uri\",{},\"uri\","
									 "\"https://host.example/contact\"]")) "]");

/* A registry of domains, with the registrar and its abuse desk; the registrant is left out. */
static const char gtld[] = DOM(
	",\"handle\":\"2336799_DOMAIN_COM-VRSN\",\"status\":[\"client delete prohibited\",\"client hold\",\"auto renew period\"]"
	",\"events\":[{\"eventAction\":\"registration\",\"eventDate\":\"1995-08-14T04:00:00Z\"},"
	"{\"eventAction\":\"expiration\",\"eventDate\":\"2027-08-13T04:00:00Z\"},"
	"{\"eventAction\":\"last changed\",\"eventDate\":\"2026-08-14T07:01:31Z\"},"
	"{\"eventAction\":\"last update of RDAP database\",\"eventDate\":\"2026-11-28T00:00:00Z\"}]"
	",\"links\":[{\"rel\":\"related\",\"type\":\"text/html\",\"href\":\"https://registrar.example/\"},"
	"{\"rel\":\"related\",\"type\":\"application/rdap+json\",\"href\":\"https://rdap.registrar.example/domain/EXAMPLE.COM\"}]"
	",\"secureDNS\":{\"delegationSigned\":true},\"nameservers\":[{\"objectClassName\":\"nameserver\",\"ldhName\":\"A.NS.EXAMPLE\"}]"
	",\"redacted\":[{\"name\":{\"description\":\"Registrant Name\"},\"prePath\":\"$.x\",\"method\":\"removal\"}]"
	",\"entities\":[" ENTITY(
		"\"registrar\"", CARD(P("fn", "Registrar Ltd")) ",\"entities\":[" ENTITY("\"abuse\"",
					 CARD(P("fn", "") P("email", "abuse@registrar.example"))) "]") "]");

static const struct {
	const char *label, *body;
	const char *holder, *name, *range, *country;
	const char *tech, *abuse; /* mail addresses */
	int64_t registered, expires;
	unsigned status;
	const char *related, *fails; /* part of the reason */
	bool redacted, truncated;
} answers[] = {
	{"nested contacts", arin, .holder = "Example Hosting, Inc.", .name = "EXAMPLE-HOST", .range = "203.0.113.0/24",
		.tech = "noc@host.example", .abuse = "abuse@host.example", .registered = INT64_C(1272982173000)},
	{"flat contacts", ripe, .holder = "Beispiel GmbH", .name = "DE-EXAMPLE", .range = "203.0.113.0 - 203.0.113.130",
		.country = "DE", .tech = "tech@host.example", .abuse = "abuse@host.example"},
	{"a remark for a holder", apnic, .holder = "Example Pty Ltd Level 1", .name = "EXAMPLE-AP",
		.range = "203.0.113.0/24", .country = "AU", .abuse = "irt@host.example"},
	{"an org of parts", lacnic, .holder = "Exemplo Ltda", .range = "2001:db8::/32", .tech = "fulano@host.example",
		.abuse = "fulano@host.example"},
	{"a gTLD", gtld, .name = "example.com", .abuse = "abuse@registrar.example", .registered = INT64_C(808372800000),
		.expires = INT64_C(1818129600000), .status = RDAP_ON_HOLD | RDAP_AUTO_RENEW,
		.related = "https://rdap.registrar.example/domain/EXAMPLE.COM", .redacted = true},
	{"no contact at all", NET(RANGE ",\"name\":\"LONELY\""), .holder = "LONELY", .name = "LONELY",
		.range = "203.0.113.0/24"},
	{"nothing at all", NET(""), .holder = NULL},
	{"one address", NET(",\"startAddress\":\"203.0.113.10\",\"endAddress\":\"203.0.113.10\""),
		.range = "203.0.113.10/32"},
	{"everything", NET(",\"startAddress\":\"0.0.0.0\",\"endAddress\":\"255.255.255.255\""), .range = "0.0.0.0/0"},
	{"ends in the wrong order", NET(",\"startAddress\":\"203.0.113.9\",\"endAddress\":\"203.0.113.1\""),
		.holder = NULL},
	{"ends of two families", NET(",\"startAddress\":\"203.0.113.9\",\"endAddress\":\"2001:db8::\""),
		.holder = NULL},
	{"an abuse desk is no holder", NET(",\"entities\":[" ENTITY("\"abuse\"", CARD(P("org", "Desk"))) "]"),
		.holder = NULL},
	{"EPP's words", DOM(",\"status\":[\"pendingDelete\",\"SERVER HOLD\",\"inactive\"]"), .name = "example.com",
		.status = RDAP_PENDING_DELETE | RDAP_ON_HOLD | RDAP_INACTIVE},
	{"registered anew",
		DOM(",\"events\":[{\"eventAction\":\"registration\",\"eventDate\":\"1970-01-02T00:00:00Z\"},"
		    "{\"eventAction\":\"reregistration\",\"eventDate\":\"1970-01-03T00:00:00.5Z\"}]"),
		.name = "example.com", .registered = 172800500},
	{"dates that are none",
		DOM(",\"events\":[{\"eventAction\":\"registration\",\"eventDate\":\"yesterday\"},"
		    "{\"eventAction\":\"expiration\",\"eventDate\":\"0001-01-01T00:00:00Z\"},7,{\"eventAction\":1}]"),
		.name = "example.com"},
	{"truncated",
		DOM(",\"notices\":[{\"type\":\"object truncated due to authorization\",\"description\":[\"Less.\"]}]"),
		.name = "example.com", .truncated = true},
	{"redacted by a remark", DOM(",\"remarks\":[{\"title\":\"REDACTED FOR PRIVACY\",\"description\":[\"Some.\"]}]"),
		.name = "example.com", .redacted = true},
	{"every type wrong",
		NET(",\"handle\":7,\"name\":[],\"country\":{},\"startAddress\":1,\"status\":\"active\",\"events\":{},"
		    "\"links\":[\"x\",{\"href\":3}],\"remarks\":[0,{\"description\":\"x\",\"title\":\"description\"}],"
		    "\"redacted\":true,\"entities\":[1,[],{\"roles\":\"abuse\",\"vcardArray\":{}},{\"roles\":[3],"
		    "\"vcardArray\":[\"vcard\",[[],[1],[\"fn\"],[\"fn\",{},\"text\",{}],[\"email\",{},\"text\",[]]]]}]"),
		.holder = NULL},
	{"control characters", NET(",\"name\":\"  A\\u001b[31m\\nB\\t \""), .holder = "A\\x1b[31m B",
		.name = "A\\x1b[31m B"},
	{"an error answer", "{\"errorCode\":404,\"title\":\"Not Found\",\"description\":[\"No such.\"]}",
		.fails = "error 404: Not Found"},
	{"another class", "{\"objectClassName\":\"autnum\"}", .fails = "neither a network nor a domain"},
	{"a search", "{\"domainSearchResults\":[]}", .fails = "neither"},
	{"no object", "[]", .fails = "neither"},
	{"a member twice", "{\"objectClassName\":\"domain\",\"handle\":\"a\",\"handle\":\"b\"}", .fails = "duplicate"},
	{"a page", "<!DOCTYPE html><html>Sign in</html>", .fails = "line 1"},
	{"nothing", "", .fails = "line 1"},
};

static const char *email(const struct rdap_object *o, unsigned roles)
{
	const struct rdap_entity *e = rdap_contact(o, roles, true);

	return e ? e->email : NULL;
}

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		const char *label = answers[i].label;
		struct rdap_object o;
		int rc = rdap_parse(a, mp_str(answers[i].body), &o, &err);

		if (answers[i].fails) {
			row_int(label, rc, MP_EPARSE);
			if (!strstr(err.msg, answers[i].fails))
				fail_msg("row '%s': the reason is \"%s\"", label, err.msg);
			mp_arena_free(a);
			continue;
		}
		if (rc != MP_OK)
			fail_msg("row '%s': %s", label, err.msg);
		row_str(label, rdap_holder(&o), answers[i].holder);
		row_str(label, o.name, answers[i].name);
		row_str(label, o.range, answers[i].range);
		row_str(label, o.country, answers[i].country);
		row_str(label, email(&o, RDAP_TECHNICAL | RDAP_NOC), answers[i].tech);
		row_str(label, email(&o, RDAP_ABUSE), answers[i].abuse);
		row_int(label, o.registered, answers[i].registered);
		row_int(label, o.expires, answers[i].expires);
		row_int(label, o.status, answers[i].status);
		row_str(label, o.related, answers[i].related);
		row_bool(label, o.redacted, answers[i].redacted);
		row_bool(label, o.truncated, answers[i].truncated);
		mp_arena_free(a);
	}
}

/* Cut anywhere, an answer is an error and nothing worse. */
static void test_cut_answers(void **state)
{
	(void)state;
	for (size_t n = 0; n + 1 < sizeof(arin); n++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		struct rdap_object o;

		row_int("cut", rdap_parse(a, mp_strn(arin, n), &o, &err), MP_EPARSE);
		mp_arena_free(a);
	}
}

static void test_bounds(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = MP_BUF((size_t)4 * 1024 * 1024);
	struct mp_err err = {.msg = ""};
	struct rdap_object o;

	(void)state;
	/* contacts in contacts, deeper than anyone nests them */
	mp_buf_adds(&b, "{\"objectClassName\":\"ip network\"");
	for (int i = 0; i < 200; i++)
		mp_buf_adds(&b, ",\"entities\":[{\"roles\":[\"abuse\"]");
	for (int i = 0; i < 200; i++)
		mp_buf_adds(&b, "}]");
	mp_buf_adds(&b, "}");
	row_int("deep", rdap_parse(a, mp_buf_str(&b), &o, &err), MP_OK);
	row_int("deep", (long long)o.n_entities, RDAP_DEPTH_MAX);
	/* many of them, each with many */
	mp_buf_reset(&b);
	mp_buf_adds(&b, "{\"objectClassName\":\"ip network\",\"entities\":[0");
	for (int i = 0; i < 500; i++)
		mp_buf_addf(&b, ",{\"handle\":\"%d\",\"roles\":[\"x\"],\"entities\":[{},{},{}]}", i);
	mp_buf_adds(&b, "]}");
	row_int("wide", rdap_parse(a, mp_buf_str(&b), &o, &err), MP_OK);
	row_int("wide", (long long)o.n_entities, RDAP_ENTITIES_MAX);
	row_int("wide", (long long)o.entities[RDAP_ENTITIES_MAX - 1].depth, 0);
	/* a long text is cut at a character */
	mp_buf_reset(&b);
	mp_buf_adds(&b, "{\"objectClassName\":\"ip network\",\"name\":\"x");
	for (int i = 0; i < 5000; i++)
		mp_buf_adds(&b, "\xc3\xa9");
	mp_buf_adds(&b, "\"}");
	row_int("long", rdap_parse(a, mp_buf_str(&b), &o, &err), MP_OK);
	row_int("long", (long long)strlen(o.name), RDAP_TEXT_MAX - 1);
	/* more bytes than are read */
	mp_buf_reset(&b);
	mp_buf_adds(&b, "{\"objectClassName\":\"ip network\",\"name\":\"");
	for (int i = 0; i <= RDAP_BODY_MAX; i++)
		mp_buf_addc(&b, 'x');
	mp_buf_adds(&b, "\"}");
	row_int("large", rdap_parse(a, mp_buf_str(&b), &o, &err), MP_ELIMIT);
	mp_buf_release(&b);
	mp_arena_free(a);
}

static void test_covers(void **state)
{
	static const struct {
		const char *label, *body, *ip;
		bool covers;
	} rows[] = {
		{"first", NET(RANGE), "203.0.113.0", true},
		{"last", NET(RANGE), "203.0.113.255", true},
		{"before", NET(RANGE), "203.0.112.255", false},
		{"behind", NET(RANGE), "203.0.114.0", false},
		{"another family", NET(RANGE), "2001:db8::1", false},
		{"no ends", NET(""), "203.0.113.0", true},
		{"a domain", DOM(""), "203.0.113.0", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct rdap_object o;
		struct mp_ip ip;

		row_int(rows[i].label, rdap_parse(a, mp_str(rows[i].body), &o, NULL), MP_OK);
		row_bool(rows[i].label, mp_ip_parse(mp_str(rows[i].ip), &ip), true);
		row_bool(rows[i].label, rdap_covers(&o, &ip), rows[i].covers);
		mp_arena_free(a);
	}
}

/* ---- lists of registries */

#define IPV4                                                                               \
	"{\"version\":\"1.0\",\"publication\":\"2026-11-01T00:00:00Z\",\"services\":["     \
	"[[\"203.0.0.0/8\",\"1.0.0.0/8\"],[\"http://a.example/\",\"https://b.example\"]]," \
	"[[\"203.0.113.0/24\"],[\"https://c.example/rdap/\"]],"                            \
	"[[\"2001:db8::/32\"],[\"https://d.example/\"]]]}"
#define DNS                                                                                                       \
	"{\"services\":[[[\"com\",\"net\"],[\"https://v.example/com/v1/\"]],[[\"uk\"],[\"https://u.example/\"]]," \
	"[[\"co.uk\"],[\"https://cu.example/\"]],[[\"xn--p1ai\"],[\"https://rf.example/\"]],"                     \
	"[[\"odd\"],[\"ftp://x.example/\",\"https://sp ace.example/\",7,\"\"]],[[],[]],[7],8,[[\"\",1],[]]]}"

static const struct {
	const char *label, *body, *subject;
	const char *entry, *first; /* base URL */
	size_t n;
	const char *fails;
} lists[] = {
	{"a network", IPV4, "1.2.3.4", "1.0.0.0/8", "https://b.example/", 2, NULL},
	{"the longest match", IPV4, "203.0.113.10", "203.0.113.0/24", "https://c.example/rdap/", 1, NULL},
	{"beside it", IPV4, "203.0.114.10", "203.0.0.0/8", "https://b.example/", 2, NULL},
	{"IPv6", IPV4, "2001:db8:1::1", "2001:db8::/32", "https://d.example/", 1, NULL},
	{"no network", IPV4, "192.0.2.1", NULL, NULL, 0, NULL},
	{"a domain", DNS, "example.com", "com", "https://v.example/com/v1/", 1, NULL},
	{"any case", DNS, "EXAMPLE.NET", "net", "https://v.example/com/v1/", 1, NULL},
	{"the longest suffix", DNS, "example.co.uk", "co.uk", "https://cu.example/", 1, NULL},
	{"a shorter one", DNS, "example.org.uk", "uk", "https://u.example/", 1, NULL},
	{"an internationalized one", DNS, "xn--e1afmkfd.xn--p1ai", "xn--p1ai", "https://rf.example/", 1, NULL},
	{"whole labels alone", DNS, "telecom", NULL, NULL, 0, NULL},
	{"no registry", DNS, "host.example", NULL, NULL, 0, NULL},
	{"no usable URL", DNS, "x.odd", "odd", NULL, 0, NULL},
	{"no services", "{\"version\":\"1.0\"}", "example.com", .fails = "no services"},
	{"an array", "[]", "example.com", .fails = "no services"},
	{"a page", "<html>", "example.com", .fails = "line 1"},
};

static void test_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		const char *label = lists[i].label,
			   *cut = rdap_bootstrap_cut(a, mp_str(lists[i].body), lists[i].subject);
		struct rdap_servers s;
		int rc = rdap_bootstrap_find(a, mp_str(lists[i].body), lists[i].subject, &s, &err);

		if (lists[i].fails) {
			row_int(label, rc, MP_EPARSE);
			row_str(label, cut, NULL);
			if (!strstr(err.msg, lists[i].fails))
				fail_msg("row '%s': the reason is \"%s\"", label, err.msg);
			mp_arena_free(a);
			continue;
		}
		/* the whole list, and what is kept of it */
		for (int k = 0; k < 2; k++) {
			row_int(label, rc, MP_OK);
			row_str(label, s.entry, lists[i].entry);
			row_int(label, (long long)s.n, (long long)lists[i].n);
			if (s.n)
				row_str(label, s.url[0], lists[i].first);
			assert_non_null(cut);
			rc = rdap_bootstrap_find(a, mp_str(cut), lists[i].subject, &s, &err);
		}
		mp_arena_free(a);
	}
}

/* ---- for the public */

static void test_redacted(void **state)
{
	static const struct {
		const char *label, *body, *subject, *has, *lacks[4];
	} rows[] = {
		{"a network", arin, "192.0.2.10", "\"endAddress\":\"192.0.2.10\"",
			{"203.0.113", "Example", "host.example", "NET-"}},
		{"a domain", gtld, "example2.com", "\"ldhName\":\"example2.com\"",
			{"example.com", "EXAMPLE.COM", "2336799", "abuse@"}},
		{"its registrar", gtld, "example2.com", "Registrar Ltd", {NULL}},
		{"its end", gtld, "example2.com", "2027-08-13T04:00:00Z", {NULL}},
		{"its status", gtld, "example2.com", "client hold", {NULL}},
		{"a list", "{\"services\":[[[\"203.0.0.0/8\"],[\"https://c.example/rdap/\"]]]}", "192.0.2.10",
			"[[\"192.0.2.10/32\"],[\"https://c.example/rdap/\"]]", {"203.0"}},
		{"a list of IPv6", "{\"services\":[[[\"2001::/16\"],[\"https://c.example/\"]]]}", "2001:db8::1",
			"2001:db8::1/128", {"2001::"}},
		{"a list without the subject", "{\"services\":[]}", "192.0.2.10", "{\"services\":[]}", {NULL}},
		{"an error answer", "{\"errorCode\":404}", "192.0.2.10", NULL, {NULL}},
		{"garbage", "<html>", "192.0.2.10", NULL, {NULL}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		const char *text = rdap_redacted(a, mp_str(rows[i].body), rows[i].subject);
		struct mp_err err = {.msg = ""};
		struct rdap_servers s;
		struct rdap_object o;

		row_bool(rows[i].label, text != NULL, rows[i].has != NULL);
		if (text && !strstr(text, rows[i].has))
			fail_msg("row '%s': %s lacks %s", rows[i].label, text, rows[i].has);
		for (size_t k = 0; text && k < ARRAY_LEN(rows[i].lacks) && rows[i].lacks[k]; k++)
			if (strstr(text, rows[i].lacks[k]))
				fail_msg("row '%s': %s has %s", rows[i].label, text, rows[i].lacks[k]);
		/* what comes of it is one again */
		if (text && rdap_parse(a, mp_str(text), &o, &err) != MP_OK)
			row_int(rows[i].label, rdap_bootstrap_find(a, mp_str(text), rows[i].subject, &s, &err), MP_OK);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_cut_answers),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_covers),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_redacted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
