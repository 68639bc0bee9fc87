/* tests/unit/test_dns_msg.c - queries as bytes, answers out of bytes */
#include "tests/unit/dns_packet.h"
#include "tests/unit/row.h"

/* ---- queries */

static void queries(void **state)
{
	static const uint8_t want[] = {0xab, 0xcd, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1,       /* RD, AD */
		4, 'M', 'a', 'i', 'l', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 52, 0, 1, /* question */
		0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0};                                  /* OPT: 1232, DO */
	struct dns_question q = {.name = "Mail.example", .type = DNS_TLSA};
	uint8_t out[DNS_QUERY_MAX];

	(void)state;
	assert_int_equal(dns_query_build(&q, 0xabcd, true, out), sizeof(want));
	assert_memory_equal(out, want, sizeof(want));

	assert_int_equal(dns_query_build(&q, 0xabcd, false, out), sizeof(want) - DNS_OPT_SIZE);
	assert_int_equal(out[11], 0);
	assert_memory_equal(out + 12, want + 12, sizeof(want) - DNS_OPT_SIZE - 12);

	q.norecurse = true;
	dns_query_build(&q, 1, true, out);
	assert_int_equal(out[2], 0);
	assert_int_equal(out[3], 0x20);

	q.name = "a..b";
	assert_int_equal(dns_query_build(&q, 1, true, out), 0);
	q.name = ".";
	assert_int_equal(dns_query_build(&q, 1, true, out), 12 + 1 + 4 + DNS_OPT_SIZE);
}

/* ---- answers. Each row makes a packet for its question, and says what must come of it. */

#define NAME "www.example"

static void one_address(struct packet *p)
{
	pk_start(p, 1, QR | RD | RA | AD, NAME, DNS_A);
	pk_raw(p, ANSWER, NULL, DNS_A, 300, "\xc0\0\2\1", 4);
	pk_opt(p, 0, 0, NULL);
}

static void case_of_the_server(struct packet *p)
{
	pk_start(p, 1, QR | RA, "wWw.Example", DNS_A);
	pk_raw(p, ANSWER, "WWW.eXample", DNS_A, 300, "\xc0\0\2\1", 4);
}

static void two_addresses_and_a_signature_between(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ANSWER, NULL, DNS_A, 300, "\xc0\0\2\1", 4);
	pk_raw(p, ANSWER, NULL, 46, 7, "signature", 9);
	pk_raw(p, ANSWER, NULL, DNS_A, 200, "\xc0\0\2\2", 4);
}

static void somebody_elses_record(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ANSWER, "other.example", DNS_A, 300, "\xc0\0\2\1", 4);
}

static void another_class(struct packet *p)
{
	one_address(p);
	p->b[12 + 13 + 4 + 2 + 3] = 3; /* CH */
}

static void chain_in_reverse_order(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ANSWER, "c.example", DNS_A, 300, "\xc0\0\2\1", 4);
	pk_target(p, ANSWER, "B.example", DNS_CNAME, 100, "C.example");
	pk_raw(p, ANSWER, "b.example", 46, 1, "signature", 9);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "b.Example");
}

static void chain_to_nothing(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "b.example");
	pk_soa(p, AUTHORITY, "example", 900, 7, 600);
}

static void chain_to_no_name(struct packet *p)
{
	pk_start(p, 1, QR | RA | 3, NAME, DNS_A);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "b.example");
	pk_soa(p, AUTHORITY, "example", 60, 7, 600);
}

static void cname_asked(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_CNAME);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "b.example");
	pk_target(p, ANSWER, "b.example", DNS_CNAME, 100, "c.example");
}

static void cname_to_itself(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "WWW.example");
}

static void cname_asked_to_itself(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_CNAME);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "www.example");
}

static void loop_of_three(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "b.example");
	pk_target(p, ANSWER, "b.example", DNS_CNAME, 200, "c.example");
	pk_target(p, ANSWER, "c.example", DNS_CNAME, 200, "B.example");
}

static void long_chain(struct packet *p, int links)
{
	char from[32], to[32];

	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_target(p, ANSWER, NULL, DNS_CNAME, 200, "n1.example");
	for (int i = 1; i < links; i++) {
		snprintf(from, sizeof(from), "n%d.example", i);
		snprintf(to, sizeof(to), "n%d.example", i + 1);
		pk_target(p, ANSWER, from, DNS_CNAME, 200, to);
	}
	snprintf(from, sizeof(from), "n%d.example", links);
	pk_raw(p, ANSWER, from, DNS_A, 300, "\xc0\0\2\1", 4);
}

static void chain_of_16(struct packet *p)
{
	long_chain(p, 16);
}

static void chain_of_17(struct packet *p)
{
	long_chain(p, 17);
}

static void no_such_name(struct packet *p)
{
	pk_start(p, 1, QR | AA | 3, NAME, DNS_A);
	pk_soa(p, AUTHORITY, "example", 900, 7, 600);
}

static void no_such_name_with_records(struct packet *p)
{
	pk_start(p, 1, QR | RA | 3, NAME, DNS_A);
	pk_raw(p, ANSWER, NULL, DNS_A, 300, "\xc0\0\2\1", 4);
}

static void no_data(struct packet *p)
{
	pk_start(p, 1, QR | AA, NAME, DNS_A);
	pk_soa(p, AUTHORITY, "example", 300, 7, 600);
}

static void no_data_without_soa(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
}

static void referral(struct packet *p)
{
	pk_start(p, 1, QR, NAME, DNS_A);
	pk_target(p, AUTHORITY, "example", DNS_NS, 3600, "ns1.example");
	pk_target(p, AUTHORITY, "example", DNS_NS, 3600, "ns2.example");
	pk_raw(p, AUTHORITY, "example", DNS_DS, 3600, "ds", 2);
	pk_raw(p, ADDITIONAL, "ns1.example", DNS_A, 3600, "\xc0\0\2\65", 4);
	pk_raw(p, ADDITIONAL, "ns1.example", DNS_AAAA, 3600, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\65", 16);
	pk_opt(p, 0, 0, NULL);
}

static void servfail(struct packet *p)
{
	pk_start(p, 1, QR | RA | 2, NAME, DNS_A);
}

static void servfail_explained(struct packet *p)
{
	pk_start(p, 1, QR | RA | 2, NAME, DNS_A);
	pk_opt(p, 0, 6, "no\nDS \xff");
}

static void servfail_of_unknown_kind(struct packet *p)
{
	pk_start(p, 1, QR | RA | 2, NAME, DNS_A);
	pk_opt(p, 0, 4711, "");
}

static void refused(struct packet *p)
{
	pk_start(p, 1, QR | 5, NAME, DNS_A);
}

static void refused_without_question(struct packet *p)
{
	pk_start(p, 1, QR | 5, NAME, DNS_A);
	pk_count(p, QUESTION, -1);
	p->n = 12;
}

static void not_implemented(struct packet *p)
{
	pk_start(p, 1, QR | 4, NAME, DNS_A);
}

static void bad_version(struct packet *p)
{
	pk_start(p, 1, QR, NAME, DNS_A);
	pk_opt(p, 1, 0, NULL);
}

static void answer_without_question(struct packet *p)
{
	one_address(p);
	pk_count(p, QUESTION, -1);
}

static void two_questions(struct packet *p)
{
	one_address(p);
	pk_count(p, QUESTION, 1);
}

static void another_question(struct packet *p)
{
	pk_start(p, 1, QR | RA, "wwv.example", DNS_A);
	pk_raw(p, ANSWER, NULL, DNS_A, 300, "\xc0\0\2\1", 4);
}

static void another_type(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_AAAA);
}

static void a_query(struct packet *p)
{
	one_address(p);
	p->b[2] = 0x01;
}

static void another_opcode(struct packet *p)
{
	one_address(p);
	p->b[2] |= 0x20;
}

static void truncated(struct packet *p)
{
	one_address(p);
	p->b[2] |= 0x02;
}

static void shorter_than_a_header(struct packet *p)
{
	one_address(p);
	p->n = 11;
}

static void more_records_counted(struct packet *p)
{
	one_address(p);
	pk_count(p, ADDITIONAL, 1);
}

static void bytes_behind(struct packet *p)
{
	one_address(p);
	pk_u16(p, 0xffff);
}

static void long_data(struct packet *p)
{
	one_address(p);
	p->b[12 + 13 + 4 + 2 + 8] = 0xff;
}

static void short_address(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ANSWER, NULL, DNS_A, 300, "\xc0\0\2", 3);
}

static void long_ipv6(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ADDITIONAL, NULL, DNS_AAAA, 300, "01234567890123456", 17);
}

static void pointer_forward(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_count(p, ANSWER, 1);
	pk_u16(p, 0xc000 | (unsigned)(p->n + 4));
	pk_bytes(p, "\0\1\0\1\0\0\1\54\0\4\xc0\0\2\1", 14);
}

static void pointer_to_itself(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_count(p, ANSWER, 1);
	pk_u16(p, 0xc000 | (unsigned)p->n);
	pk_bytes(p, "\0\1\0\1\0\0\1\54\0\4\xc0\0\2\1", 14);
}

static void label_and_pointer_to_it(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_count(p, ANSWER, 1);
	pk_u16(p, 0x0161);
	pk_u16(p, 0xc000 | (unsigned)(p->n - 2));
	pk_bytes(p, "\0\1\0\1\0\0\1\54\0\4\xc0\0\2\1", 14);
}

static void pointer_into_header(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_count(p, ANSWER, 1);
	pk_u16(p, 0xc004);
	pk_bytes(p, "\0\1\0\1\0\0\1\54\0\4\xc0\0\2\1", 14);
}

static void label_of_unknown_kind(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_count(p, ANSWER, 1);
	pk_bytes(p, "\x41\0\0\1\0\1\0\0\1\54\0\4\xc0\0\2\1", 16);
}

static void name_too_long(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_count(p, ANSWER, 1);
	for (int i = 0; i < 125; i++)
		pk_u16(p, 0x0161);
	pk_u16(p, 0xc00c);
	pk_bytes(p, "\0\1\0\1\0\0\1\54\0\4\xc0\0\2\1", 14);
}

static void name_past_the_data(struct packet *p)
{
	size_t at;

	pk_start(p, 1, QR | RA, NAME, DNS_PTR);
	at = pk_open(p, ANSWER, NULL, DNS_PTR, 300);
	pk_bytes(p, "\3abc", 4);
	pk_close(p, at);
	pk_opt(p, 0, 0, NULL);
}

static void data_behind_the_name(struct packet *p)
{
	size_t at;

	pk_start(p, 1, QR | RA, NAME, DNS_PTR);
	at = pk_open(p, ANSWER, NULL, DNS_PTR, 300);
	pk_name(p, NULL);
	pk_u8(p, 0);
	pk_close(p, at);
}

static void mx_without_name(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_MX);
	pk_raw(p, ANSWER, NULL, DNS_MX, 300, "\0\12", 2);
}

static void short_soa(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, AUTHORITY, NULL, DNS_SOA, 300, "\0\0\1\1\1\1", 6);
}

static void text_past_the_data(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_TXT);
	pk_raw(p, ANSWER, NULL, DNS_TXT, 300, "\4abc", 4);
}

static void short_tlsa(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_TLSA);
	pk_raw(p, ANSWER, NULL, DNS_TLSA, 300, "\3\1", 2);
}

static void two_opts(struct packet *p)
{
	one_address(p);
	pk_opt(p, 0, 0, NULL);
}

static void opt_as_answer(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ANSWER, ".", 41, 0, "", 0);
}

static void short_option(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ADDITIONAL, ".", 41, 0, "\0\17\0\5\0", 5);
}

static void too_many_records(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	for (int i = 0; i < DNS_RR_MAX + 1; i++)
		pk_raw(p, AUTHORITY, ".", 65280, 0, "", 0);
}

static void highest_ttl(struct packet *p)
{
	pk_start(p, 1, QR | RA, NAME, DNS_A);
	pk_raw(p, ANSWER, NULL, DNS_A, 0x80000000, "\xc0\0\2\1", 4);
}

static const struct {
	const char *label;
	void (*make)(struct packet *);
	uint16_t type;
	bool norecurse;
	enum dns_outcome outcome;
	uint16_t rcode;
	size_t n_rr;
	uint32_t ttl, negative_ttl;
	const char *chain; /* joined by blanks, "" without one */
	const char *detail;
} rows[] = {
	{"one address", one_address, DNS_A, false, DNS_ANSWERED, 0, 1, 300, 0, "", NULL},
	{"case of the server", case_of_the_server, DNS_A, false, DNS_ANSWERED, 0, 1, 300, 0, "", NULL},
	{"signature between", two_addresses_and_a_signature_between, DNS_A, false, DNS_ANSWERED, 0, 2, 200, 0, "",
		NULL},
	{"somebody else's record", somebody_elses_record, DNS_A, false, DNS_NODATA, 0, 0, 0, 0, "", NULL},
	{"another class", another_class, DNS_A, false, DNS_NODATA, 0, 0, 0, 0, "", NULL},
	{"chain in reverse order", chain_in_reverse_order, DNS_A, false, DNS_ANSWERED, 0, 1, 100, 0,
		"b.Example C.example", NULL},
	{"chain to nothing", chain_to_nothing, DNS_A, false, DNS_NODATA, 0, 0, 200, 600, "b.example", NULL},
	{"chain to no name", chain_to_no_name, DNS_A, false, DNS_NXDOMAIN, 3, 0, 200, 60, "b.example", NULL},
	{"CNAME asked", cname_asked, DNS_CNAME, false, DNS_ANSWERED, 0, 1, 200, 0, "", NULL},
	{"CNAME to itself", cname_to_itself, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "CNAME loop"},
	{"CNAME asked, to itself", cname_asked_to_itself, DNS_CNAME, false, DNS_ANSWERED, 0, 1, 200, 0, "", NULL},
	{"loop of three", loop_of_three, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "CNAME loop"},
	{"chain of 16", chain_of_16, DNS_A, false, DNS_ANSWERED, 0, 1, 200, 0,
		"n1.example n2.example n3.example n4.example n5.example n6.example n7.example n8.example n9.example "
		"n10.example n11.example n12.example n13.example n14.example n15.example n16.example",
		NULL},
	{"chain of 17", chain_of_17, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "CNAME chain of more than 16 links"},
	{"no such name", no_such_name, DNS_A, false, DNS_NXDOMAIN, 3, 0, 0, 600, "", NULL},
	{"no such name, with records", no_such_name_with_records, DNS_A, false, DNS_NXDOMAIN, 3, 0, 300, 0, "", NULL},
	{"no data", no_data, DNS_A, false, DNS_NODATA, 0, 0, 0, 300, "", NULL},
	{"no data, no SOA", no_data_without_soa, DNS_A, false, DNS_NODATA, 0, 0, 0, 0, "", NULL},
	{"referral", referral, DNS_A, true, DNS_NODATA, 0, 0, 0, 0, "", NULL},
	{"referral instead of recursion", referral, DNS_A, false, DNS_REFUSED, 0, 0, 0, 0, "",
		"does not offer recursion"},
	{"SERVFAIL", servfail, DNS_A, false, DNS_SERVFAIL, 2, 0, 0, 0, "", NULL},
	{"SERVFAIL, explained", servfail_explained, DNS_A, false, DNS_SERVFAIL, 2, 0, 0, 0, "",
		"DNSSEC bogus: no\\x0aDS \\xff"},
	{"SERVFAIL of unknown kind", servfail_of_unknown_kind, DNS_A, false, DNS_SERVFAIL, 2, 0, 0, 0, "",
		"extended error 4711"},
	{"REFUSED", refused, DNS_A, false, DNS_REFUSED, 5, 0, 0, 0, "", NULL},
	{"REFUSED, a header alone", refused_without_question, DNS_A, false, DNS_REFUSED, 5, 0, 0, 0, "", NULL},
	{"NOTIMP", not_implemented, DNS_A, false, DNS_OTHER, 4, 0, 0, 0, "", NULL},
	{"BADVERS", bad_version, DNS_A, false, DNS_OTHER, 16, 0, 0, 0, "", NULL},
	{"no question", answer_without_question, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "not one question"},
	{"two questions", two_questions, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "not one question"},
	{"another question", another_question, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"the question is not the one asked"},
	{"another type", another_type, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"the question is not the one asked"},
	{"a query", a_query, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "no response to a query"},
	{"another opcode", another_opcode, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "no response to a query"},
	{"truncated", truncated, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "truncated, over TCP too"},
	{"shorter than a header", shorter_than_a_header, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"the message is shorter than its header"},
	{"more records counted", more_records_counted, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a name is cut short"},
	{"bytes behind", bytes_behind, DNS_A, false, DNS_ANSWERED, 0, 1, 300, 0, "", NULL},
	{"data past the end", long_data, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "a record is cut short"},
	{"short address", short_address, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "an address of the wrong length"},
	{"long address, unasked", long_ipv6, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"an address of the wrong length"},
	{"pointer forward", pointer_forward, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a compressed name does not point backwards"},
	{"pointer to itself", pointer_to_itself, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a compressed name does not point backwards"},
	{"label and pointer to it", label_and_pointer_to_it, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a compressed name does not point backwards"},
	{"pointer into the header", pointer_into_header, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a compressed name does not point backwards"},
	{"label of unknown kind", label_of_unknown_kind, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a name has a label of unknown kind"},
	{"name too long", name_too_long, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a name is longer than 255 bytes"},
	{"name past the data", name_past_the_data, DNS_PTR, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a name is cut short"},
	{"data behind the name", data_behind_the_name, DNS_PTR, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a record's data has the wrong length"},
	{"MX without name", mx_without_name, DNS_MX, false, DNS_MALFORMED, 0, 0, 0, 0, "", "a name is cut short"},
	{"short SOA", short_soa, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "a record's data has the wrong length"},
	{"text past the data", text_past_the_data, DNS_TXT, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a text string is cut short"},
	{"short TLSA", short_tlsa, DNS_TLSA, false, DNS_MALFORMED, 0, 0, 0, 0, "",
		"a record's data has the wrong length"},
	{"two OPT records", two_opts, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "two OPT records"},
	{"OPT as an answer", opt_as_answer, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "an OPT record out of place"},
	{"short option", short_option, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "an OPT record is cut short"},
	{"too many records", too_many_records, DNS_A, false, DNS_MALFORMED, 0, 0, 0, 0, "", "too many records"},
	{"highest bit of a TTL", highest_ttl, DNS_A, false, DNS_ANSWERED, 0, 1, 0, 0, "", NULL},
};

/* The saved form must read back to itself, whatever was decoded. */
static void check_saved_form(const char *label, const struct dns_question *q, const struct dns_answer *decoded)
{
	struct dns_answer ans = *decoded;
	struct mp_arena *a = mp_arena_new();
	struct mp_err err = {0};
	const void *params, *answer;
	json_t *j, *again;

	ans.server = "127.0.0.1:53"; /* the observer adds it */
	j = dns_kind.to_json(q, &ans);
	if (dns_kind.from_json(j, a, &params, &answer, &err) != MP_OK)
		fail_msg("row '%s': reading back: %s", label, err.msg);
	again = dns_kind.to_json(params, answer);
	row_bool(label, json_equal(j, again), true);
	json_decref(again);
	json_decref(j);
	mp_arena_free(a);
}

static void answers(void **state)
{
	struct packet *p = mp_xmalloc(sizeof(*p));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dns_question q = {.name = NAME, .type = rows[i].type, .norecurse = rows[i].norecurse};
		struct mp_arena *a = mp_arena_new();
		struct mp_buf chain = MP_BUF(4096);
		struct dns_reply r;
		uint8_t *bytes;

		rows[i].make(p);
		bytes = mp_memdup(a, p->b, p->n);
		dns_reply_parse(a, &q, bytes, p->n, &r);
		memset(bytes, 0xff, p->n); /* nothing may point into the message */
		row_str(rows[i].label, dns_outcome_name(r.answer.outcome), dns_outcome_name(rows[i].outcome));
		row_str(rows[i].label, r.answer.detail, rows[i].detail);
		row_int(rows[i].label, r.answer.rcode, rows[i].rcode);
		row_int(rows[i].label, (long long)r.answer.n_rr, (long long)rows[i].n_rr);
		row_int(rows[i].label, r.answer.ttl, rows[i].ttl);
		row_int(rows[i].label, r.answer.negative_ttl, rows[i].negative_ttl);
		for (size_t k = 0; k < r.answer.n_cname; k++)
			mp_buf_addf(&chain, "%s%s", k ? " " : "", r.answer.cname[k]);
		row_str(rows[i].label, mp_buf_cstr(&chain), rows[i].chain);
		check_saved_form(rows[i].label, &q, &r.answer);
		mp_buf_release(&chain);
		mp_arena_free(a);
	}
	free(p);
}

/* Every answer cut at every length, in a block of just that size, so that a read past the end is seen. */
static void cut_answers(void **state)
{
	struct packet *p = mp_xmalloc(sizeof(*p));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dns_question q = {.name = NAME, .type = rows[i].type, .norecurse = rows[i].norecurse};

		rows[i].make(p);
		for (size_t n = 0; n < p->n && n < 600; n++) {
			struct mp_arena *a = mp_arena_new();
			uint8_t *bytes = mp_xmalloc(n ? n : 1);
			struct dns_reply r;

			memcpy(bytes, p->b, n);
			dns_reply_parse(a, &q, bytes, n, &r);
			if (rows[i].make != bytes_behind && rows[i].make != refused_without_question)
				row_str(rows[i].label, dns_outcome_name(r.answer.outcome), "malformed");
			check_saved_form(rows[i].label, &q, &r.answer);
			free(bytes);
			mp_arena_free(a);
		}
	}
	free(p);
}

static void flags(void **state)
{
	static const struct {
		const char *label;
		unsigned flags;
		bool aa, ad, ra;
	} flag_rows[] = {
		{"none", QR, false, false, false},
		{"AA", QR | AA, true, false, false},
		{"AD", QR | AD, false, true, false},
		{"RA", QR | RA | RD, false, false, true},
	};
	struct packet *p = mp_xmalloc(sizeof(*p));
	struct dns_question q = {.name = NAME, .type = DNS_A};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(flag_rows); i++) {
		struct dns_reply r;

		pk_start(p, 1, flag_rows[i].flags, NAME, DNS_A);
		dns_reply_parse(a, &q, p->b, p->n, &r);
		row_bool(flag_rows[i].label, r.answer.aa, flag_rows[i].aa);
		row_bool(flag_rows[i].label, r.answer.ad, flag_rows[i].ad);
		row_bool(flag_rows[i].label, r.answer.ra, flag_rows[i].ra);
		row_bool(flag_rows[i].label, r.edns, false);
	}
	mp_arena_free(a);
	free(p);
}

/* ---- what records hold */

static struct dns_reply parse(struct mp_arena *a, const struct packet *p, const char *name, uint16_t type)
{
	struct dns_question q = {.name = name, .type = type, .norecurse = true};
	struct dns_reply r;

	dns_reply_parse(a, &q, p->b, p->n, &r);
	check_saved_form(name, &q, &r.answer);
	return r;
}

static void records(void **state)
{
	struct packet *p = mp_xmalloc(sizeof(*p));
	struct mp_arena *a = mp_arena_new();
	char ip[MP_IP_TEXT];
	struct dns_reply r;
	size_t at;

	(void)state;
	one_address(p);
	r = parse(a, p, NAME, DNS_A);
	assert_true(r.edns);
	assert_string_equal(r.answer.rr[0].owner, NAME);
	assert_int_equal(r.answer.rr[0].type, DNS_A);
	assert_int_equal(r.answer.rr[0].ttl, 300);
	assert_string_equal(mp_ip_text(&r.answer.rr[0].ip, ip), "192.0.2.1");

	pk_start(p, 1, QR, NAME, DNS_AAAA);
	pk_raw(p, ANSWER, NULL, DNS_AAAA, 1, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16);
	r = parse(a, p, NAME, DNS_AAAA);
	assert_int_equal(r.answer.rr[0].ip.family, MP_IPV6);
	assert_string_equal(mp_ip_text(&r.answer.rr[0].ip, ip), "::ffff:192.0.2.1");

	pk_start(p, 1, QR, NAME, DNS_MX);
	pk_mx(p, NULL, 60, 10, "Mx\\.1.Example");
	pk_mx(p, NULL, 60, 0, ".");
	pk_mx(p, NULL, 60, 65535, NULL);
	r = parse(a, p, NAME, DNS_MX);
	assert_int_equal(r.answer.n_rr, 3);
	assert_int_equal(r.answer.rr[0].mx.preference, 10);
	assert_string_equal(r.answer.rr[0].mx.exchange, "Mx\\.1.Example");
	assert_string_equal(r.answer.rr[1].mx.exchange, ".");
	assert_int_equal(r.answer.rr[2].mx.preference, 65535);
	assert_string_equal(r.answer.rr[2].mx.exchange, NAME);

	pk_start(p, 1, QR, NAME, DNS_TXT);
	pk_raw(p, ANSWER, NULL, DNS_TXT, 60, "\7v=spf1 \0\4-a\0l", 14);
	pk_raw(p, ANSWER, NULL, DNS_TXT, 60, "", 0);
	r = parse(a, p, NAME, DNS_TXT);
	assert_int_equal(r.answer.n_rr, 2);
	assert_int_equal(r.answer.rr[0].txt.n_strings, 3);
	assert_int_equal(r.answer.rr[0].txt.n, 11);
	assert_memory_equal(r.answer.rr[0].txt.p, "v=spf1 -a\0l", 11);
	assert_int_equal(r.answer.rr[1].txt.n_strings, 0);
	assert_int_equal(r.answer.rr[1].txt.n, 0);

	pk_start(p, 1, QR, NAME, DNS_SOA);
	pk_soa(p, ANSWER, NULL, 60, 4000000000U, 300);
	r = parse(a, p, NAME, DNS_SOA);
	assert_string_equal(r.answer.rr[0].soa.mname, "ns.example");
	assert_string_equal(r.answer.rr[0].soa.rname, "host\\.master.example");
	assert_int_equal(r.answer.rr[0].soa.serial, 4000000000U);
	assert_int_equal(r.answer.rr[0].soa.refresh, 7200);
	assert_int_equal(r.answer.rr[0].soa.retry, 3600);
	assert_int_equal(r.answer.rr[0].soa.expire, 1209600);
	assert_int_equal(r.answer.rr[0].soa.minimum, 300);
	assert_null(r.answer.soa);

	pk_start(p, 1, QR, NAME, DNS_TLSA);
	pk_raw(p, ANSWER, NULL, DNS_TLSA, 60, "\3\1\2\xff\0", 5);
	pk_raw(p, ANSWER, NULL, DNS_TLSA, 60, "\0\0\0", 3);
	r = parse(a, p, NAME, DNS_TLSA);
	assert_int_equal(r.answer.rr[0].tlsa.usage, 3);
	assert_int_equal(r.answer.rr[0].tlsa.selector, 1);
	assert_int_equal(r.answer.rr[0].tlsa.matching, 2);
	assert_int_equal(r.answer.rr[0].tlsa.n, 2);
	assert_memory_equal(r.answer.rr[0].tlsa.p, "\xff\0", 2);
	assert_int_equal(r.answer.rr[1].tlsa.n, 0);

	pk_start(p, 1, QR, NAME, 257);
	pk_raw(p, ANSWER, NULL, 257, 60, "\0\5issue;", 8);
	r = parse(a, p, NAME, 257);
	assert_int_equal(r.answer.rr[0].raw.n, 8);
	assert_memory_equal(r.answer.rr[0].raw.p, "\0\5issue;", 8);

	/* a PTR whose target holds odd bytes, compressed in its data */
	pk_start(p, 1, QR, NAME, DNS_PTR);
	at = pk_open(p, ANSWER, NULL, DNS_PTR, 60);
	pk_bytes(p, "\4A.\\\n\xc0\x10", 7);
	pk_close(p, at);
	r = parse(a, p, NAME, DNS_PTR);
	assert_string_equal(r.answer.rr[0].name, "A\\.\\\\\\010.example");

	referral(p);
	r = parse(a, p, NAME, DNS_A);
	assert_true(dns_is_referral(&r.answer));
	assert_int_equal(r.answer.n_ns, 2);
	assert_string_equal(r.answer.ns[1].name, "ns2.example");
	assert_int_equal(r.answer.n_glue, 2);
	assert_int_equal(r.answer.glue[0].type, DNS_A);
	assert_int_equal(r.answer.glue[1].type, DNS_AAAA);
	no_data(p);
	r = parse(a, p, NAME, DNS_A);
	assert_false(dns_is_referral(&r.answer));
	assert_string_equal(r.answer.soa->owner, "example");

	mp_arena_free(a);
	free(p);
}

/* A root question, the longest name, and a hostile answer full of long names: bounded and in time. */
static void extremes(void **state)
{
	static const char longest[] =
		"\\000\\001\\002\\003\\004\\005\\006\\007\\008\\009\\010\\011\\012\\013\\014\\015\\016\\017\\018\\019\\020"
		"\\021\\022\\023\\024\\025\\026\\027\\028\\029\\030\\031.example";
	struct packet *p = mp_xmalloc(sizeof(*p));
	struct mp_arena *a = mp_arena_new();
	struct dns_reply r;
	size_t at;

	(void)state;
	pk_start(p, 1, QR, ".", DNS_NS);
	pk_target(p, ANSWER, ".", DNS_NS, 60, "a.root-servers.net");
	r = parse(a, p, ".", DNS_NS);
	assert_int_equal(r.answer.outcome, DNS_ANSWERED);
	assert_string_equal(r.answer.rr[0].owner, ".");

	pk_start(p, 1, QR, longest, DNS_A);
	pk_raw(p, ANSWER, NULL, DNS_A, 60, "\xc0\0\2\1", 4);
	r = parse(a, p, longest, DNS_A);
	assert_int_equal(r.answer.outcome, DNS_ANSWERED);
	assert_string_equal(r.answer.rr[0].owner, longest);

	pk_start(p, 1, QR, longest, DNS_MX);
	for (int i = 0; i < 4000; i++) {
		at = pk_open(p, ANSWER, NULL, DNS_MX, 60);
		pk_u16(p, 1);
		pk_name(p, NULL);
		pk_close(p, at);
	}
	r = parse(a, p, longest, DNS_MX);
	assert_int_equal(r.answer.n_rr, 4000);
	assert_string_equal(r.answer.rr[3999].mx.exchange, longest);
	assert_ptr_equal(r.answer.rr[3999].owner, r.answer.rr[0].owner);

	mp_arena_free(a);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries),
		cmocka_unit_test(answers),
		cmocka_unit_test(cut_answers),
		cmocka_unit_test(flags),
		cmocka_unit_test(records),
		cmocka_unit_test(extremes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
