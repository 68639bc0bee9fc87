/* tests/unit/test_dns_reverse.c - reverse names followed through their zones; registrable domains */
#include "dns/psl.h"
#include "dns/reverse.h"
#include "tests/unit/row.h"
#include "tests/world/zone.h"

#define REV4 "10.113.0.203.in-addr.arpa"
#define REV6 "a.9.8.7.6.5.e.f.f.f.1.9.c.3.0.f.4.3.0.0.2.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa"

#define ZONES                                                \
	"113.0.203.in-addr.arpa SOA a.ns.test h 1 2 3 4 5\n" \
	"113.0.203.in-addr.arpa NS a.ns.test\n"              \
	"113.0.203.in-addr.arpa NS b.ns.test\n"              \
	"ns.test SOA a.ns.test h 1 2 3 4 5\n"                \
	"a.ns.test A 192.0.2.1\n"                            \
	"a.ns.test AAAA 2001:db8::1\n"                       \
	"b.ns.test AAAA 2001:db8::2\n"                       \
	"test SOA a.ns.test h 1 2 3 4 5\n"

struct row {
	const char *label, *ip, *zone;
	enum mp_family prefer;
	size_t steps;
	/* what comes out */
	const char *last, *in_zone; /* NULL: no zone found */
	enum dns_agreement agreement;
	bool by_authority;
	enum dns_outcome outcome;
	const char *names;   /* that count, blanks between; a "+" behind one that leads back */
	const char *servers; /* host=server:says ..., blanks between */
};

static const struct row rows[] = {
	{"plain", "203.0.113.10", REV4 " PTR m.test\nm.test A 203.0.113.10\n" ZONES, MP_IPV4, 4, REV4,
		"113.0.203.in-addr.arpa", DNS_AGREE, false, DNS_ANSWERED, "m.test+",
		"a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"IPv6 to the servers", "203.0.113.10", REV4 " PTR m.test\n" ZONES, MP_IPV6, 4, REV4, "113.0.203.in-addr.arpa",
		DNS_AGREE, false, DNS_ANSWERED, "m.test",
		"a.ns.test=[2001:db8::1]:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"nothing there", "203.0.113.10", ZONES, MP_IPV4, 4, REV4, "113.0.203.in-addr.arpa", DNS_AGREE, false,
		DNS_NXDOMAIN, "", "a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"the name is a zone of its own", "203.0.113.10",
		REV4 " SOA a.ns.test h 1 2 3 4 5\n" REV4 " NS a.ns.test\n" REV4 " PTR m.test\n" ZONES, MP_IPV4, 4, REV4,
		REV4, DNS_AGREE, false, DNS_ANSWERED, "m.test", "a.ns.test=192.0.2.1:53:says"},
	{"through two aliases", "203.0.113.10",
		REV4 " CNAME x.test\nx.test CNAME y.x2.test\nx2.test SOA a.ns.test h 1 2 3 4 5\nx2.test NS a.ns.test\n"
		     "y.x2.test PTR m.test\n" ZONES,
		MP_IPV4, 4, "y.x2.test", "x2.test", DNS_AGREE, false, DNS_ANSWERED, "m.test",
		"a.ns.test=192.0.2.1:53:says"},
	{"the resolver is behind", "203.0.113.10",
		REV4 " PTR new.test\n@resolver " REV4 " PTR old.test\nnew.test A 203.0.113.10\n" ZONES, MP_IPV4, 5,
		REV4, "113.0.203.in-addr.arpa", DNS_RESOLVER_DIFFERS, true, DNS_ANSWERED, "new.test+",
		"a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"gone at the servers", "203.0.113.10", "@resolver " REV4 " PTR old.test\n" ZONES, MP_IPV4, 4, REV4,
		"113.0.203.in-addr.arpa", DNS_RESOLVER_DIFFERS, true, DNS_NXDOMAIN, "",
		"a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"servers differ", "203.0.113.10", REV4 " PTR a.test\n@2001:db8::2 " REV4 " PTR b.test\n" ZONES, MP_IPV4, 4,
		REV4, "113.0.203.in-addr.arpa", DNS_SERVERS_DIFFER, false, DNS_ANSWERED, "a.test",
		"a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"one lame, one silent", "203.0.113.10",
		REV4 " PTR a.test\n@192.0.2.1 *.in-addr.arpa !REFUSED\n@2001:db8::2 *.in-addr.arpa !TIMEOUT\n" ZONES,
		MP_IPV4, 4, REV4, "113.0.203.in-addr.arpa", DNS_AUTHORITY_UNKNOWN, false, DNS_ANSWERED, "a.test",
		"a.ns.test=192.0.2.1:53:lame b.ns.test=[2001:db8::2]:53:silent"},
	{"the resolver fails, the servers do not", "203.0.113.10",
		REV4 " PTR a.test\n@resolver " REV4 " PTR !SERVFAIL\n" ZONES, MP_IPV4, 4, REV4,
		"113.0.203.in-addr.arpa", DNS_RESOLVER_UNKNOWN, false, DNS_SERVFAIL, "",
		"a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"the resolver is silent: nothing more is asked of it", "203.0.113.10", "*. !TIMEOUT\n" ZONES, MP_IPV4, 1, REV4,
		NULL, DNS_AUTHORITY_UNKNOWN, false, DNS_TIMEOUT, "", ""},
	{"no SOA: the zone by its NS", "203.0.113.10", REV4 " PTR a.test\n@resolver " REV4 " SOA !SERVFAIL\n" ZONES,
		MP_IPV4, 4, REV4, "113.0.203.in-addr.arpa", DNS_AGREE, false, DNS_ANSWERED, "a.test",
		"a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says"},
	{"no SOA, IPv6: by the NS of a /32", "2001:db8:12:34:f03c:91ff:fe56:789a",
		REV6 " PTR a.test\n@resolver " REV6
		     " SOA !SERVFAIL\n8.b.d.0.1.0.0.2.ip6.arpa SOA a.ns.test h 1 2 3 4 5\n"
		     "8.b.d.0.1.0.0.2.ip6.arpa NS a.ns.test\na.test AAAA 2001:db8:12:34:f03c:91ff:fe56:789a\n" ZONES,
		MP_IPV4, 4, REV6, "8.b.d.0.1.0.0.2.ip6.arpa", DNS_AGREE, false, DNS_ANSWERED, "a.test+",
		"a.ns.test=192.0.2.1:53:says"},
	{"a SOA of the root is no zone to ask", "203.0.113.10", ". SOA a.root h 1 2 3 4 5\n", MP_IPV4, 2, REV4, NULL,
		DNS_AUTHORITY_UNKNOWN, false, DNS_NXDOMAIN, "", ""},
	{"a server without address", "203.0.113.10", REV4 " PTR a.test\n113.0.203.in-addr.arpa NS none.ns.test\n" ZONES,
		MP_IPV4, 4, REV4, "113.0.203.in-addr.arpa", DNS_AGREE, false, DNS_ANSWERED, "a.test",
		"a.ns.test=192.0.2.1:53:says b.ns.test=[2001:db8::2]:53:says none.ns.test=-:no-address"},
	{"an alias at the servers alone", "203.0.113.10",
		"@resolver " REV4 " PTR a.test\n@authority " REV4 " CNAME x.elsewhere\n" ZONES, MP_IPV4, 4, REV4,
		"113.0.203.in-addr.arpa", DNS_AUTHORITY_UNKNOWN, false, DNS_ANSWERED, "a.test",
		"a.ns.test=192.0.2.1:53:lame b.ns.test=[2001:db8::2]:53:lame"},
};

static size_t follow(struct mp_arena *a, struct mp_evidence *ev, const struct row *row, struct dns_reverse *out)
{
	struct mp_err err = {0};
	struct world_zone *z = world_zone_parse(mp_evidence_arena(ev), row->zone, &err);
	size_t steps = 0;
	struct mp_ip ip;

	if (!z)
		fail_msg("row '%s': %s", row->label, err.msg);
	assert_true(mp_ip_parse(mp_str(row->ip), &ip));
	while (!dns_reverse_ask(ev, a, &ip, 53, row->prefer, out)) {
		size_t before = mp_evidence_answered(ev);

		assert_null(world_zone_feed(z, ev));
		if (mp_evidence_answered(ev) == before || ++steps > 10)
			fail_msg("row '%s': it does not end", row->label);
	}
	return steps;
}

static void reverse_names(void **state)
{
	static const char *const says[] = {[DNS_SAYS] = "says",
		[DNS_SAYS_LAME] = "lame",
		[DNS_SAYS_SILENT] = "silent",
		[DNS_NO_ADDRESS] = "no-address"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_evidence *ev = mp_evidence_new();
		struct mp_arena *a = mp_arena_new();
		struct mp_buf b = MP_BUF(4096);
		struct dns_reverse r;

		row_int(row->label, (long long)follow(a, ev, row, &r), (long long)row->steps);
		row_str(row->label, r.last, row->last);
		row_str(row->label, r.zone, row->in_zone);
		row_int(row->label, r.agreement, row->agreement);
		row_bool(row->label, r.by_authority, row->by_authority);
		row_str(row->label, dns_outcome_name(r.outcome), dns_outcome_name(row->outcome));
		for (size_t k = 0; k < r.n_names; k++)
			mp_buf_addf(&b, "%s%s%s", k ? " " : "", r.names[k].name, r.names[k].leads_back ? "+" : "");
		row_str(row->label, mp_buf_cstr(&b), row->names);
		mp_buf_reset(&b);
		for (size_t k = 0; k < r.n_servers; k++)
			mp_buf_addf(&b, "%s%s=%s:%s", k ? " " : "", r.servers[k].host,
				r.servers[k].server ? r.servers[k].server : "-", says[r.servers[k].says]);
		row_str(row->label, mp_buf_cstr(&b), row->servers);
		mp_buf_release(&b);
		mp_arena_free(a);
		mp_evidence_free(ev);
	}
}

/* A zone may name as many servers as it likes: eight are asked, the same ones each time. */
static void many_servers(void **state)
{
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_arena *a = mp_arena_new();
	struct mp_buf zone = MP_BUF(65536);
	struct row row = {.label = "many servers", .ip = "203.0.113.10", .prefer = MP_IPV4};
	struct dns_reverse r;

	(void)state;
	mp_buf_adds(&zone, REV4 " PTR m.test\n113.0.203.in-addr.arpa SOA a h 1 2 3 4 5\ntest SOA a h 1 2 3 4 5\n");
	for (int i = 99; i >= 0; i--)
		mp_buf_addf(&zone, "113.0.203.in-addr.arpa NS n%02d.test\nn%02d.test A 192.0.2.%d\n", i, i, i + 1);
	row.zone = mp_buf_cstr(&zone);
	follow(a, ev, &row, &r);
	assert_int_equal(r.n_servers, DNS_REVERSE_SERVERS);
	assert_string_equal(r.servers[0].host, "n00.test");
	assert_string_equal(r.servers[7].server, "192.0.2.8:53");
	assert_int_equal(mp_evidence_answered(ev), 2 + 2 + 2 * DNS_REVERSE_SERVERS + DNS_REVERSE_SERVERS);
	mp_buf_release(&zone);
	mp_arena_free(a);
	mp_evidence_free(ev);
}

static void addresses_in_binary(void **state)
{
	struct dns_rr rr[2] = {{.type = DNS_AAAA}, {.type = DNS_AAAA}};
	const struct dns_answer answer = {.outcome = DNS_ANSWERED, .n_rr = 2, .rr = rr};
	struct mp_ip ip;

	(void)state;
	assert_true(mp_ip_parse(mp_str("2001:DB8:0:0::0010"), &rr[0].ip));
	rr[1].ip = (struct mp_ip){MP_IPV6, {[10] = 0xff, [11] = 0xff, [12] = 203, [14] = 113, [15] = 10}};
	assert_true(mp_ip_parse(mp_str("2001:db8::10"), &ip));
	assert_true(dns_answer_has(&answer, &ip));
	assert_true(mp_ip_parse(mp_str("203.0.113.10"), &ip));
	assert_true(dns_answer_has(&answer, &ip));
	assert_true(mp_ip_parse(mp_str("203.0.113.11"), &ip));
	assert_false(dns_answer_has(&answer, &ip));
}

static void registrable_domains(void **state)
{
	static const struct {
		const char *name, *registries, *all;
	} names[] = {
		{"mail.example.com", "example.com", "example.com"},
		{"example.com", "example.com", "example.com"},
		{"com", NULL, NULL},
		{"a.b.mail.Example.CO.UK", "Example.CO.UK", "Example.CO.UK"},
		{"co.uk", NULL, NULL},
		{"MAIL.Example.COM.", "Example.COM.", "Example.COM."},
		{"mail.example", "mail.example", "mail.example"},
		{"a.mail.example", "mail.example", "mail.example"},
		{"x.y.bar.kawasaki.jp", "y.bar.kawasaki.jp", "y.bar.kawasaki.jp"},
		{"www.city.kawasaki.jp", "city.kawasaki.jp", "city.kawasaki.jp"},
		{"me.github.io", "github.io", "me.github.io"},
		{"github.io", "github.io", NULL},
		{"ec2-203-0-113-10.compute-1.amazonaws.com", "amazonaws.com", NULL},
		{"mail.xn--bcher-kva.example", "xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"", NULL, NULL},
		{".", NULL, NULL},
		{"..", NULL, NULL},
		{".com", NULL, NULL},
		{"a..com", NULL, NULL},
		{"a\\.b.example.com", NULL, NULL},
	};
	char label[64], longest[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(label, sizeof(label), "'%s'", names[i].name);
		row_str(label, dns_registrable_domain(names[i].name, DNS_PSL_REGISTRIES), names[i].registries);
		row_str(label, dns_registrable_domain(names[i].name, DNS_PSL_ALL), names[i].all);
	}
	assert_null(dns_registrable_domain(NULL, DNS_PSL_ALL));
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_null(dns_registrable_domain(longest, DNS_PSL_ALL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reverse_names),
		cmocka_unit_test(many_servers),
		cmocka_unit_test(addresses_in_binary),
		cmocka_unit_test(registrable_domains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
