/* tests/unit/test_redact.c - what becomes of a text of the evidence when the sender is made nobody */
#include "probe/redact.h"
#include "tests/unit/row.h"

/* The sender: acme.de and acme.com (a near miss: acmee.com), one address in two networks each, a host in a provider's zone. */
static const char evidence[] =
	"{\"case\": {\"command\": \"probe\", \"hostname\": \"bert\", \"fqdn\": \"bert.acme.com\", \"ehlo\": \"mx7.acme.com\","
	" \"mail_from\": \"kim.list@news.acme.com\", \"header_from\": \"kim@acme.com\", \"domain\": \"acme.com\","
	" \"sources\": [{\"address\": \"10.1.2.3\", \"public_ip\": \"93.184.216.34\"},"
	" {\"address\": \"93.184.99.7\", \"public_ip\": null},"
	" {\"address\": \"2a01:4f8:c0c:1234::1\", \"public_ip\": null}],"
	" \"hosts\": [{\"address\": \"127.0.1.1\", \"name\": \"bert\"}],"
	" \"selectors\": [{\"selector\": \"s2026\", \"domain\": \"acmee.com\", \"origin\": \"--selector\"}],"
	" \"targets\": [{\"target\": \"you@example.net\", \"rcpt\": \"you@example.net\","
	" \"message\": {\"subject\": \"Layoffs at Acme\", \"size\": 3}},"
	" {\"message\": {\"subject\": \"Test message of mailprobe, run 0123\"}}],"
	" \"rspamd_url\": \"http://10.9.8.7:11333/\", \"spamd\": \"scan.initech.org:783\","
	" \"mailboxes\": [{\"name\": \"kims\", \"address\": \"kim.private@example.net\"}],"
	" \"argv\": [\"/home/kim/bin/mailprobe\", \"--to\", \"you@example.net\", \"-o\", \"/home/kim/acme/one.html\","
	" \"--config=/etc/mailprobe.conf\"]},"
	" \"dns\": [{\"name\": \"34.216.184.93.in-addr.arpa\", \"type\": \"PTR\", \"records\":"
	" [{\"owner\": \"34.216.184.93.in-addr.arpa\", \"type\": \"PTR\", \"target\": \"static.34.216.184.93.isp.example\"}]},"
	" {\"name\": \"7.99.184.93.in-addr.arpa\", \"type\": \"PTR\", \"records\":"
	" [{\"owner\": \"7.99.184.93.in-addr.arpa\", \"type\": \"PTR\", \"target\": \"mail.acme.de\"}]},"
	" {\"name\": \"184.93.in-addr.arpa\", \"type\": \"NS\", \"records\": []},"
	" {\"name\": \"acme.com\", \"type\": \"TXT\", \"records\":"
	" [{\"owner\": \"acme.com\", \"type\": \"TXT\", \"text\": \"google-site-verification=c0ffee\"},"
	" {\"owner\": \"acme.com\", \"type\": \"TXT\", \"text\": \"v=spf1 ip4:93.184.216.32/29 ip4:93.184.0.0/16 "
	"ip4:5.9.1.1 include:spf.example.org -all\"}]}],"
	" \"mailbox\": [{\"header\": [\"Authentication-Results: mx.example.net;\", \"\\tspf=pass smtp.mailfrom=acme.com\","
	" \"From: Kim List <kim@acme.com>\", \"To: Bob\", \" Brown <bob@acme.com>\", \"SUBJECT: Layoffs\", \"\\tat Acme\","
	" \"Cc:you@example.net\", \"Subject: Test message of mailprobe, run 0123\", \"no field\"]}],"
	" \"smtp\": [{\"ehlo\": \"mx7.acme.com\", \"seen_as\": \"93.184.216.34\", \"transcript\": [{\"line\": \"%s\"}]}]}";

static json_t *redact_with(const char *line)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_err err = {.msg = ""};
	const char *text = mp_printf(a, evidence, line);
	json_t *j = mp_json_parse(mp_str(text), &err), *out;

	if (!j)
		fail_msg("the row is no JSON: %s", err.msg);
	out = mp_redact(j);
	json_decref(j);
	mp_arena_free(a);
	return out;
}

static void lines(void **state)
{
	static const struct {
		const char *label, *line, *want;
	} rows[] = {
		{"an address in brackets", "helo [93.184.216.34]:25", "helo [192.0.2.34]:25"},
		{"another network of it", "93.184.99.7", "198.51.100.7"},
		{"a private one", "from 10.1.2.3", "from 10.0.0.3"},
		{"the filter's", "to 10.9.8.7 port 11333", "to 10.0.1.7 port 11333"},
		{"the other filter's name", "scan.initech.org:783", "host2.example2.org:783"},
		{"a neighbour that is not ours", "93.184.216.35", "93.184.216.35"},
		{"no address but its beginning", "93.184.216.345", "93.184.216.345"},
		{"an IPv6 address", "[IPv6:2a01:4f8:c0c:1234::1]", "[IPv6:2001:db8:1::1]"},
		{"written otherwise", "<2A01:04F8:0C0C:1234:0:0:0:1>", "<2001:db8:1::1>"},
		{"a reverse name", "34.216.184.93.in-addr.arpa", "34.2.0.192.in-addr.arpa"},
		{"its zone", "zone 216.184.93.in-addr.arpa.", "zone 2.0.192.in-addr.arpa."},
		{"a part of a zone", "34.32-39.216.184.93.in-addr.arpa", "34.32-39.2.0.192.in-addr.arpa"},
		{"a look-up at a list", "34.216.184.93.zen.spamhaus.org", "34.2.0.192.zen.spamhaus.org"},
		{"a link", "https://list.example.org/q?ip=93.184.216.34&x",
			"https://list.example.org/q?ip=192.0.2.34&x"},
		{"spelled with hyphens", "host-93-184-216-34.pool.isp.example", "host-192-0-2-34.pool.isp.example"},
		{"spelled in hexadecimal", "5db8d822.pool.isp.example", "c0000222.pool.isp.example"},
		{"spelled backwards", "static.34.216.184.93.isp.example", "static.34.2.0.192.isp.example"},
		{"the domain", "acme.com", "example.com"},
		{"a near miss of it", "acmee.com", "exapmle.com"},
		{"the same under another suffix", "mail.acme.de", "mail.example.de"},
		{"capitals and a last dot", "MX7.ACME.COM.", "mx7.example.com."},
		{"a host's own name", "bert.acme.com says", "host1.example.com says"},
		{"another one a typo away", "bret.acme.com", "hots1.example.com"},
		{"a longer name", "notacme.community", "notacme.community"},
		{"below a list", "acme.com.dbl.spamhaus.org", "example.com.dbl.spamhaus.org"},
		{"at a hoster", "acme-com.mail.protection.outlook.com", "example-com.mail.protection.outlook.com"},
		{"a customer's name", "acme.onmicrosoft.com", "example.onmicrosoft.com"},
		{"a permit for reports", "acme.com._report._dmarc.example.org",
			"example.com._report._dmarc.example.org"},
		{"a selector stays", "s2026._domainkey.acme.com", "s2026._domainkey.example.com"},
		{"a mail address", "MAIL FROM:<kim.list@news.acme.com>", "MAIL FROM:<user2@news.example.com>"},
		{"one nobody named", "rua=mailto:bob@acme.com", "rua=mailto:user5@example.com"},
		{"the recipient", "550 <you@example.net>: no such user", "550 <user4@example.net>: no such user"},
		{"a role", "postmaster@acme.com", "postmaster@example.com"},
		{"another's mailbox", "see help@example.org", "see help@example.org"},
		{"a local part alone", "550 kim.list unknown", "550 user2 unknown"},
		{"behind a name", "smtp.mailfrom=kim@acme.com", "smtp.mailfrom=user1@example.com"},
		{"VERP", "bounce+kim=acme.com@example.org", "bounce+user1=example.com@example.org"},
		{"after an escape", "\\\\x0aacme.com", "\\x0aexample.com"},
		{"nothing of ours", "220 mx1.example.net ESMTP 3.14", "220 mx1.example.net ESMTP 3.14"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *j = redact_with(rows[i].line);
		const json_t *s = json_array_get(mp_jget_array(j, "smtp"), 0);

		row_str(rows[i].label, mp_jget_str(json_array_get(mp_jget_array(s, "transcript"), 0), "line", NULL),
			rows[i].want);
		json_decref(j);
	}
}

static const char *text_at(const json_t *j, const char *list, size_t i)
{
	return json_string_value(json_array_get(mp_jget_array(j, list), i));
}

static void the_case(void **state)
{
	json_t *j = redact_with("");
	const json_t *c = mp_jget(j, "case");

	(void)state;
	row_str("hostname", mp_jget_str(c, "hostname", NULL), "host1");
	row_str("fqdn", mp_jget_str(c, "fqdn", NULL), "host1.example.com");
	row_str("hosts file", mp_jget_str(json_array_get(mp_jget_array(c, "hosts"), 0), "name", NULL), "host1");
	row_str("program", text_at(c, "argv", 0), "mailprobe");
	row_str("target", text_at(c, "argv", 2), "user4@example.net");
	row_str("a path", text_at(c, "argv", 4), "FILE.html");
	row_str("the system's", text_at(c, "argv", 5), "--config=/etc/mailprobe.conf");
	row_str("a mailbox", mp_jget_str(json_array_get(mp_jget_array(c, "mailboxes"), 0), "name", NULL), "mailbox1");
	row_str("its address", mp_jget_str(json_array_get(mp_jget_array(c, "mailboxes"), 0), "address", NULL),
		"user3@example.net");
	row_str("command", mp_jget_str(c, "command", NULL), "probe");
	json_decref(j);
}

/* What people wrote into a message, and their names. */
static void messages(void **state)
{
	static const char *const want[] = {"Authentication-Results: mx.example.net;",
		"\tspf=pass smtp.mailfrom=example.com", "From: <user1@example.com>", "To: redacted",
		"Subject: redacted", "Cc: redacted", "Subject: Test message of mailprobe, run 0123", "no field"};
	json_t *j = redact_with("");
	const json_t *targets = mp_jget_array(mp_jget(j, "case"), "targets");
	const json_t *found = json_array_get(mp_jget_array(j, "mailbox"), 0);

	(void)state;
	row_str("the user's", mp_jget_str(mp_jget(json_array_get(targets, 0), "message"), "subject", NULL), "redacted");
	row_str("ours", mp_jget_str(mp_jget(json_array_get(targets, 1), "message"), "subject", NULL),
		"Test message of mailprobe, run 0123");
	row_int("lines", (long long)json_array_size(mp_jget_array(found, "header")), (long long)ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		row_str(want[i], text_at(found, "header", i), want[i]);
	json_decref(j);
}

static const json_t *question(const json_t *j, const char *name)
{
	const json_t *list = mp_jget_array(j, "dns");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(mp_jget_str(json_array_get(list, i), "name", ""), name) == 0)
			return json_array_get(list, i);
	fail_msg("no question about %s", name);
	return NULL;
}

/* The bytes of a certificate stay where it names nobody of ours. */
static void certificates(void **state)
{
	static const struct {
		const char *label, *names;
		bool stays;
	} rows[] = {
		{"of a receiver", "\"mx.example.net\"", true},
		{"of our own", "\"mx.example.net\", \"mail.acme.com\"", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		const char *head = strstr(evidence, ", \"smtp\":");
		const char *text = mp_printf(a,
			"%.*s, \"smtp\": [{\"der\": [\"MAA=\"], \"tls\": {\"certificate\": {\"names\": [%s]}, \"chain\": []}}]}",
			(int)(head - evidence), evidence, rows[i].names);
		json_t *j = mp_json_parse(mp_str(text), &err), *out;

		if (!j)
			fail_msg("the row is no JSON: %s", err.msg);
		out = mp_redact(j);
		row_bool(rows[i].label, mp_jget(json_array_get(mp_jget_array(out, "smtp"), 0), "der") != NULL,
			rows[i].stays);
		json_decref(out);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void look_ups(void **state)
{
	json_t *j = redact_with("");
	const json_t *q = question(j, "34.2.0.192.in-addr.arpa"), *records;

	(void)state;
	row_str("PTR", mp_jget_str(json_array_get(mp_jget_array(q, "records"), 0), "target", NULL),
		"static.34.2.0.192.isp.example");
	/* One zone above two addresses of ours, which are now in two. */
	question(j, "0.192.in-addr.arpa");
	question(j, "51.198.in-addr.arpa");
	records = mp_jget_array(question(j, "example.com"), "records");
	row_str("a token", mp_jget_str(json_array_get(records, 0), "text", NULL), "redacted");
	/* /29 holds the first; /16 both, as a range that holds both still; the third address is of the record alone. */
	row_str("ranges", mp_jget_str(json_array_get(records, 1), "text", NULL),
		"v=spf1 ip4:192.0.2.32/29 ip4:192.0.0.0/5 ip4:203.0.113.1 include:spf.example.org -all");
	json_decref(j);
}

static void the_same_again(void **state)
{
	json_t *once = redact_with("mx7.acme.com 93.184.216.34 bert.acme.com kim@acme.com"),
	       *again = redact_with("mx7.acme.com 93.184.216.34 bert.acme.com kim@acme.com");

	(void)state;
	assert_true(json_equal(once, again));
	json_decref(once);
	json_decref(again);
}

static void says_what_changed(void **state)
{
	struct mp_err err = {.msg = ""};
	json_t *was = mp_json_parse(
		MP_LIT("{\"verdict\": {\"status\": \"blocked\"}, \"checks\": [{\"id\": \"a\", \"status\": "
		       "\"fail\", \"subject\": \"x\"}]}"),
		&err);
	json_t *is = mp_json_parse(
		MP_LIT("{\"verdict\": {\"status\": \"unknown\"}, \"checks\": [{\"id\": \"a\", \"status\": "
		       "\"error\", \"subject\": \"y\"}]}"),
		&err);
	struct mp_buf lines_of = MP_BUF(4096);

	(void)state;
	row_int("the same", (long long)mp_redact_changed(was, was, &lines_of), 0);
	row_int("another", (long long)mp_redact_changed(was, is, &lines_of), 2);
	row_str("lines", mp_buf_cstr(&lines_of), "the verdict: unknown, not blocked\na (y): error, not fail\n");
	mp_buf_release(&lines_of);
	json_decref(was);
	json_decref(is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(the_case),
		cmocka_unit_test(messages),
		cmocka_unit_test(certificates),
		cmocka_unit_test(look_ups),
		cmocka_unit_test(the_same_again),
		cmocka_unit_test(says_what_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
