/* tests/unit/test_options.c - the command line and what the configuration adds: accepted, refused, and in which words */
#include "base/text.h"
#include "probe/raw.h"
#include "probe/usage.h"
#include "tree.h"

enum { ARGS = 12 };

static int count(const char *const *args)
{
	int n = 0;

	while (n < ARGS && args[n])
		n++;
	return n;
}

/* Parse below a root without files, so that no configuration of this machine is read. */
static int parse(
	struct mp_arena *a, const char *root, const char *const *args, struct mp_options *o, struct mp_err *err)
{
	char **argv = mp_allocn(a, ARGS + 2, sizeof(*argv));
	int argc = count(args) + 1;

	argv[0] = mp_dup(a, "mailprobe");
	for (int i = 1; i < argc; i++)
		argv[i] = mp_dup(a, args[i - 1]);
	return mp_options_parse_at(a, root, argc, argv, o, err);
}

/* All values of an option, joined by blanks. */
static const char *values(struct mp_arena *a, const struct mp_raw *raw, enum mp_opt opt)
{
	const char *text = "";

	for (size_t i = 0; i < raw->opt[opt].n; i++)
		text = mp_printf(a, "%s%s%s", text, i ? " " : "", raw->opt[opt].v[i].text);
	return text;
}

static void accepts(void **state)
{
	static const struct {
		const char *label;
		const char *args[ARGS];
		enum mp_command command;
		enum mp_opt opt;
		const char *want;
	} rows[] = {
		{"value in the next argument", {"--to", "gmail-mx"}, MP_CMD_PROBE, MP_OPT_TO, "gmail-mx"},
		{"value behind =", {"--to=gmail-mx"}, MP_CMD_PROBE, MP_OPT_TO, "gmail-mx"},
		{"= inside a value", {"--to=a=b@example.com"}, MP_CMD_PROBE, MP_OPT_TO, "a=b@example.com"},
		{"several", {"--to", "a.example", "--to", "b.example"}, MP_CMD_PROBE, MP_OPT_TO, "a.example b.example"},
		{"a list", {"--to", "a.example,b.example, c.example"}, MP_CMD_PROBE, MP_OPT_TO,
			"a.example b.example c.example"},
		{"comma in quotes", {"--to", "\"a,b\"@example.com,c.example"}, MP_CMD_PROBE, MP_OPT_TO,
			"\"a,b\"@example.com c.example"},
		{"the last one counts", {"--to", "a", "--ehlo", "x.example", "--ehlo", "y.example"}, MP_CMD_PROBE,
			MP_OPT_EHLO, "x.example y.example"},
		{"command", {"check"}, MP_CMD_CHECK, MP_OPT_TO, ""},
		{"option before the command", {"--tls", "off", "check"}, MP_CMD_CHECK, MP_OPT_TLS, "off"},
		{"option behind the argument", {"ptr", "192.0.2.1", "--resolver", "127.0.0.1:5353"}, MP_CMD_PTR,
			MP_OPT_RESOLVER, "127.0.0.1:5353"},
		{"end of options", {"mx", "--", "example.com"}, MP_CMD_MX, MP_OPT_TO, ""},
		{"dnsbl", {"dnsbl", "192.0.2.1"}, MP_CMD_DNSBL, MP_OPT_TO, ""},
		{"letter", {"-4", "check"}, MP_CMD_CHECK, MP_OPT_IPV4, "yes"},
		{"letters", {"check", "-q6v"}, MP_CMD_CHECK, MP_OPT_IPV6, "yes"},
		{"demo", {"demo"}, MP_CMD_DEMO, MP_OPT_LIST, ""},
		{"demo --list", {"demo", "--list"}, MP_CMD_DEMO, MP_OPT_LIST, "yes"},
		{"demo of one scenario", {"demo", "no-ptr"}, MP_CMD_DEMO, MP_OPT_TO, ""},
		{"replay", {"replay", "r.json", "--format", "json"}, MP_CMD_REPLAY, MP_OPT_FORMAT, "json"},
		{"targets", {"targets"}, MP_CMD_TARGETS, MP_OPT_TO, ""},
		{"help", {"help"}, MP_CMD_HELP, MP_OPT_TO, ""},
		{"help for a cause", {"help", "ptr-missing"}, MP_CMD_HELP, MP_OPT_TO, ""},
		{"--help beside anything", {"--help", "nonsense"}, MP_CMD_HELP, MP_OPT_TO, ""},
		{"-h", {"-h"}, MP_CMD_HELP, MP_OPT_TO, ""},
		{"--version", {"--version"}, MP_CMD_VERSION, MP_OPT_TO, ""},
		{"null sender", {"check", "--from", "<>"}, MP_CMD_CHECK, MP_OPT_FROM, "<>"},
		{"sources in one argument", {"check", "--source", "192.0.2.1,2001:db8::1"}, MP_CMD_CHECK, MP_OPT_SOURCE,
			"192.0.2.1 2001:db8::1"},
		{"ports at the edges", {"--to", "a", "--port=1", "--ns-port=65535"}, MP_CMD_PROBE, MP_OPT_NS_PORT,
			"65535"},
		{"longest time", {"--to", "a", "--timeout", "86400"}, MP_CMD_PROBE, MP_OPT_TIMEOUT, "86400"},
		{"spf", {"spf", "--ip", "192.0.2.1", "--helo", "x y", "--from", "a@b@c"}, MP_CMD_SPF, MP_OPT_FROM,
			"a@b@c"},
		{"spf of the null sender", {"spf", "--ip", "192.0.2.1", "--helo", "mail.example.com", "--from", ""},
			MP_CMD_SPF, MP_OPT_FROM, ""},
		{"spf without a sender", {"spf", "--ip", "::1", "--helo", "ubuntu"}, MP_CMD_SPF, MP_OPT_HELO, "ubuntu"},
		{"EHLO name be it wrong", {"check", "--ehlo", "local_host"}, MP_CMD_CHECK, MP_OPT_EHLO, "local_host"},
	};
	struct mp_options o;
	char root[256];

	(void)state;
	tree_make(root, NULL);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};
		int rc = parse(a, root, rows[i].args, &o, &err);

		if (rc != MP_OK)
			fail_msg("row '%s': %s", rows[i].label, err.msg);
		row_int(rows[i].label, o.command, rows[i].command);
		row_str(rows[i].label, values(a, o.raw, rows[i].opt), rows[i].want);
		mp_arena_free(a);
	}
	tree_remove(root);
}

static void refuses(void **state)
{
	static const struct {
		const char *label;
		const char *args[ARGS];
		const char *want; /* the whole line */
	} rows[] = {
		{"nothing", {NULL},
			"whom to ask? Give --to TARGET, such as --to gmail-mx ('mailprobe --help' tells more)"},
		/* unknown words, with the nearest known one */
		{"unknown option", {"--too", "x"}, "unknown option '--too' (did you mean '--to'?)"},
		{"unknown option, swapped", {"--elho", "x"}, "unknown option '--elho' (did you mean '--ehlo'?)"},
		{"unknown option, cut short", {"--time", "5"}, "unknown option '--time' (did you mean '--timeout'?)"},
		{"unknown option, nothing near", {"--nonsense"}, "unknown option '--nonsense'"},
		{"unknown option with a value", {"--form=x"}, "unknown option '--form' (did you mean '--from'?)"},
		{"one dash too few", {"-to", "x"}, "unknown option '-to' (did you mean '--to'?)"},
		{"unknown letter", {"-z"}, "unknown option '-z'"},
		{"unknown letter among known", {"-4z"}, "unknown option '-4z'"},
		{"unknown command", {"chekc"},
			"unknown command 'chekc' (did you mean 'check'?); 'mailprobe --help' lists them"},
		{"a target for a command", {"gmail-mx"},
			"unknown command 'gmail-mx'; to ask that receiver: mailprobe --to gmail-mx"},
		{"a domain for a command", {"example.com"},
			"unknown command 'example.com'; to ask that receiver: mailprobe --to example.com"},
		{"an escape in a command", {"\x1b[31m"}, "unknown command '\\x1b[31m'; 'mailprobe --help' lists them"},
		/* what comes later */
		{"message without a word", {"--to", "a", "--message", "f.eml"},
			"--message belongs to --send: nothing is sent without that word"},
		{"dry run of nothing", {"check", "--dry-run"},
			"--dry-run belongs to --send: nothing is sent without that word"},
		{"send to nobody", {"check", "--send"}, "--send needs a receiver: mailprobe --to TARGET --send"},
		{"unsubscribe from a message of one's own",
			{"--to", "a", "--send", "--message", "f.eml", "--list-unsubscribe", "https://example.com/u"},
			"--list-unsubscribe is for our own message; write it into that of --message"},
		{"unsubscribe by another way", {"--to", "a", "--send", "--list-unsubscribe", "http://example.com/u"},
			"--list-unsubscribe: 'http://example.com/u' should be an https: or mailto: URL, such as https://example.com/unsubscribe?u=1"},
		{"unsubscribe at two places", {"--list-unsubscribe", "https://example.com/u>,<https://example.com/v"},
			"--list-unsubscribe: 'https://example.com/u>,<https://example.com/v' should be an https: or mailto: URL, such as https://example.com/unsubscribe?u=1"},
		{"a canonicalization that is none",
			{"--to", "a", "--send", "--dkim-canonicalization", "relaxed/strict"},
			"--dkim-canonicalization: 'relaxed/strict' should be relaxed or simple, or one for the header and one for the body: relaxed/simple"},
		{"a canonicalization of nothing", {"--to", "a", "--dkim-canonicalization", "simple"},
			"--dkim-canonicalization belongs to --send: nothing is sent without that word"},
		{"clean nothing", {"--to", "a", "--send", "--clean"}, "--clean belongs to --mailbox NAME"},
		{"rspamd without a message", {"--to=gmail-mx", "--rspamd=http://127.0.0.1:11333/"},
			"--rspamd scores the message of --send, --dry-run or 'mailprobe message': give one of them"},
		{"spamd without a message", {"--to=gmail-mx", "--spamd=localhost"},
			"--spamd scores the message of --send, --dry-run or 'mailprobe message': give one of them"},
		{"rspamd that is no URL", {"--to=gmail-mx", "--send", "--rspamd=localhost"},
			"--rspamd: 'localhost' should be the URL of an rspamd, such as http://127.0.0.1:11333/, without user or query"},
		{"rspamd with a password in its URL",
			{"--to=gmail-mx", "--send", "--rspamd=http://127.0.0.1/?password=x"},
			"--rspamd: 'http://127.0.0.1/?password=x' should be the URL of an rspamd, such as http://127.0.0.1:11333/, without user or query"},
		{"rspamd over the Internet in the clear", {"--to=gmail-mx", "--send", "--rspamd=http://8.8.8.8/"},
			"--rspamd: 'http://8.8.8.8/': over the Internet the message would go in the clear: use https"},
		{"spamd without its bracket", {"--to=gmail-mx", "--send", "--spamd=[::1"},
			"--spamd: '[::1' has no ']'; it should look like [2001:db8::1]:25"},
		/* registries */
		{"an RDAP server without a scheme", {"--rdap-url=rdap.example.net"},
			"--rdap-url: 'rdap.example.net' should be an https URL without a query, such as https://rdap.example.net/"},
		{"an RDAP server without TLS", {"--rdap-url=http://rdap.example.net/"},
			"--rdap-url: 'http://rdap.example.net/' should be an https URL without a query, such as https://rdap.example.net/"},
		{"an RDAP server with a query", {"--rdap-url=https://a.example/?q="},
			"--rdap-url: 'https://a.example/?q=' should be an https URL without a query, such as https://rdap.example.net/"},
		/* DKIM and DMARC */
		{"no selector", {"--selector=a..b"},
			"--selector: 'a..b' is no DKIM selector; it should be letters, digits, hyphens, such as mail2026 or s1@example.com"},
		{"a selector without a domain behind it", {"--selector=s1@"},
			"--selector: is empty; it should be a host name such as mail.example.com"},
		{"one argument of two", {"dkim", "s1"}, "'dkim' needs an argument: mailprobe dkim SELECTOR DOMAIN"},
		{"results elsewhere", {"check", "--dkim-result", "pass"}, "--dkim-result belongs to 'mailprobe dmarc'"},
		{"no result", {"dmarc", "example.com", "--spf-result=maybe"},
			"--spf-result: 'maybe' is not known; it should be none, neutral, pass, fail, softfail, policy, temperror or permerror"},
		/* values that are missing, empty, too many */
		{"no value", {"--to"}, "--to needs a value: --to TARGET"},
		{"an option for a value", {"--to", "--ehlo", "x"}, "--to needs a value: --to TARGET"},
		{"no value for a letter", {"-o"}, "-o needs a value: -o FILE"},
		{"a value too many", {"--all-mx=yes"}, "--all-mx takes no value"},
		{"empty target", {"--to", ""},
			"--to: is empty; it should be an alias, a domain, an address or mx:HOST[:PORT]"},
		{"empty target in a list", {"--to", "a,"},
			"--to: is empty; it should be an alias, a domain, an address or mx:HOST[:PORT]"},
		{"spf without an address", {"spf", "--helo", "x"}, "which client? Give its address: --ip IP"},
		{"spf of nobody", {"spf", "--ip", "192.0.2.1"}, "which sender? Give --from ADDR, --helo NAME, or both"},
		{"--ip elsewhere", {"check", "--ip", "192.0.2.1"},
			"--ip belongs to 'mailprobe spf' and 'mailprobe message'"},
		{"a message without its file", {"message"}, "'message' needs an argument: mailprobe message FILE|-"},
		{"a redacted message", {"message", "x.eml", "--redact"},
			"a message cannot be redacted: its signatures are for the very text; leave --redact out"},
		{"empty sender elsewhere", {"check", "--from", ""}, "--from: is empty; the null sender is written <>"},
		{"empty sender", {"--from="}, "--from: is empty; the null sender is written <>"},
		{"empty EHLO name", {"--ehlo", ""},
			"--ehlo: is empty; it should be a host name such as mail.example.com"},
		{"empty source", {"--source", ""},
			"--source: is empty; it should be an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"empty port", {"--port", ""}, "--port: is empty; a port is a number from 1 to 65535"},
		{"empty file", {"-o", ""}, "-o: is empty; it should be a file such as report.json"},
		{"empty resolver", {"--resolver="},
			"--resolver: is empty; it should be IP[:PORT], such as 192.0.2.53, 127.0.0.1:5353 or [2001:db8::53]:53"},
		{"argument missing", {"ptr"}, "'ptr' needs an argument: mailprobe ptr IP"},
		{"one report alone", {"diff", "x"}, "'diff' needs an argument: mailprobe diff OLD NEW"},
		{"a comparison as a page", {"diff", "x", "y", "--format", "html"},
			"'diff' tells in text or json (--format, or -o FILE.txt, FILE.json), not in html"},
		{"a comparison redacted", {"diff", "x", "y", "--redact"},
			"'diff' compares reports as they are; redact both before: mailprobe replay REPORT --redact -o "
			"FILE"},
		{"rules for a saved report", {"replay", "x", "--rules", "/dev/null"},
			"a report holds the rules that it was judged by: leave --rules out"},
		{"a saved report watched", {"watch", "replay", "x"},
			"'replay' cannot be watched: only what is looked up or asked can"},
		{"watched twice", {"watch", "watch", "check"}, "'watch' cannot be watched"},
		{"a command after no watch", {"check", "--then", "true"}, "--then belongs to 'mailprobe watch'"},
		{"messages without end", {"watch", "--to", "a@example.net", "--send"},
			"'watch' sends no message: it would send one again and again"},
		{"argument too many", {"mx", "a.example", "b.example"},
			"'b.example' is one argument too many: mailprobe mx DOMAIN"},
		{"argument where none is", {"check", "x"}, "'x' is one argument too many: mailprobe check"},
		/* values that break their form */
		{"line feed", {"--ehlo", "a\nb"},
			"--ehlo: 'a\\x0ab' holds a line break; it should be a host name such as mail.example.com"},
		{"carriage return", {"--from", "a@b.example\r\nRCPT TO:<c@d.example>"},
			"--from: 'a@b.example\\x0d\\x0aRCPT TO:<c@d.example>' holds a line break; it should be a mail address such as postmaster@example.com"},
		{"control character", {"--rcpt", "a\x07@b.example"},
			"--rcpt: 'a\\x07@b.example' holds a control character; it should be a mail address such as postmaster@example.com"},
		{"text direction override", {"--to", "a\xe2\x80\xae.example"},
			"--to: 'a\\u{202e}.example' holds a control character; it should be an alias, a domain, an address or mx:HOST[:PORT]"},
		{"not UTF-8", {"--ehlo", "m\xfcller.example"},
			"--ehlo: 'm\\xfcller.example' is not UTF-8 text; it should be a host name such as mail.example.com"},
		{"blank in an EHLO name", {"--ehlo", "a b"},
			"--ehlo: 'a b' holds a blank; it should be a host name such as mail.example.com"},
		{"port 0", {"--port", "0"}, "--port: '0' is out of range: a port is a number from 1 to 65535"},
		{"port too high", {"--port", "65536"},
			"--port: '65536' is out of range: a port is a number from 1 to 65535"},
		{"port below", {"--port=-1"}, "--port: '-1' is out of range: a port is a number from 1 to 65535"},
		{"port in words", {"--ns-port", "smtp"},
			"--ns-port: 'smtp' is out of range: a port is a number from 1 to 65535"},
		{"port with a rest", {"--port", "25x"},
			"--port: '25x' is out of range: a port is a number from 1 to 65535"},
		{"port of many digits", {"--port", "4294967321"},
			"--port: '4294967321' is out of range: a port is a number from 1 to 65535"},
		{"time 0", {"--timeout", "0"},
			"--timeout: '0' is out of range: a time in seconds is a number from 1 to 86400"},
		{"time too long", {"--timeout", "86401"},
			"--timeout: '86401' is out of range: a time in seconds is a number from 1 to 86400"},
		{"no address", {"--source", "mail.example.com"},
			"--source: 'mail.example.com' is not an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"unspecified address", {"--source", "0.0.0.0"},
			"--source: '0.0.0.0' is an address that no host can have; it should be an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"address with a zone", {"--source", "fe80::1%eth0"},
			"--source: 'fe80::1%eth0' is not an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"multicast", {"--public-ip", "224.0.0.1"},
			"--public-ip: '224.0.0.1' is an address that no host can have; it should be an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"resolver by name", {"--resolver", "dns.example"},
			"--resolver: 'dns.example' is not IP[:PORT], such as 192.0.2.53, 127.0.0.1:5353 or [2001:db8::53]:53"},
		{"resolver's port", {"--resolver", "127.0.0.1:0"},
			"--resolver: '0' is out of range: a port is a number from 1 to 65535"},
		{"sender without @", {"--from", "root"},
			"--from: 'root' has no '@'; it should be a mail address such as postmaster@example.com"},
		{"sender with two @", {"--from", "a@b@c.example"},
			"--from: 'a@b@c.example' has two '@'; it should be a mail address such as postmaster@example.com"},
		{"sender without a local part", {"--from", "@example.com"},
			"--from: '@example.com' has nothing before its '@'; it should be a mail address such as postmaster@example.com"},
		{"sender without a domain", {"--from", "a@"},
			"--from: 'a@' has nothing behind its '@'; it should be a mail address such as postmaster@example.com"},
		{"null header sender", {"--header-from", "<>"},
			"--header-from: '<>' is no address here; it should be a mail address such as postmaster@example.com"},
		{"display name", {"--header-from", "Post Master <a@b.example>"},
			"--header-from: 'Post Master <a@b.example>' holds ' ' outside quotes; it should be a mail address such as postmaster@example.com"},
		{"unknown word", {"--tls", "always"}, "--tls: 'always' is not known; it should be may, require or off"},
		{"word with a slip", {"--tls", "requrie"},
			"--tls: 'requrie' is not known (did you mean 'require'?); it should be may, require or off"},
		{"unknown format", {"--format", "jsno"},
			"--format: 'jsno' is not known (did you mean 'json'?); it should be text, json, html, markdown, jsonl, prometheus or junit"},
		{"unknown colour", {"--color", "blue"},
			"--color: 'blue' is not known; it should be auto, always or never"},
		{"unknown request", {"--request", "prt"},
			"--request: 'prt' is not known (did you mean 'ptr'?); it should be ptr, zone, port25, delisting, postmaster, mx or registrar"},
		{"unknown ending", {"-o", "report.doc"},
			"-o: 'report.doc': the ending tells the form of the report; it should be one of .txt .json .html .htm .md .jsonl .prom .xml"},
		{"no ending", {"-o", "-"},
			"-o: '-': the ending tells the form of the report; it should be one of .txt .json .html .htm .md .jsonl .prom .xml"},
		/* options that do not go together */
		{"both families", {"--to", "a", "-4", "-6"},
			"-4 and -6 exclude each other; without both, both families are asked"},
		{"target for the sender's side", {"check", "--to", "gmail-mx"},
			"'check' asks no receiver: leave --to out, or the word 'check'"},
		{"scenarios of no demo", {"--to", "a", "--list"}, "--list belongs to 'mailprobe demo'"},
		{"checks of no reply", {"--to", "a", "--check"}, "--check belongs to 'mailprobe explain'"},
		{"a single check's, after watch", {"watch", "check", "--helo", "x"},
			"--helo belongs to 'mailprobe spf' and 'mailprobe message'"},
		/* files */
		{"configuration that is not there", {"--to", "a", "--config", "/nonexistent/x.conf"},
			"--config: cannot read /nonexistent/x.conf: No such file or directory"},
		{"profile without a configuration", {"--to", "a", "--profile", "bulk"},
			"--profile: there is no configuration file; give one with --config FILE"},
		{"trust anchors that are not there", {"--to", "a", "--ca-file", "/nonexistent/ca.pem"},
			"--ca-file: cannot read '/nonexistent/ca.pem': No such file or directory"},
		{"trust anchors that are a directory", {"--to", "a", "--ca-file", "/"},
			"--ca-file: cannot read '/': it is a directory"},
	};
	struct mp_options o;
	char root[256];

	(void)state;
	tree_make(root, NULL);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};

		row_int(rows[i].label, parse(a, root, rows[i].args, &o, &err), MP_EINVAL);
		row_str(rows[i].label, err.msg, rows[i].want);
		mp_arena_free(a);
	}
	tree_remove(root);
}

/* Over-long values, each one longer than the bound of its kind. */
static void refuses_the_over_long(void **state)
{
	static const struct {
		const char *option, *head;
		size_t n;
		const char *tail, *want; /* part of the line */
	} rows[] = {
		{"--ehlo", "", 64, ".example.com", "has a part of more than 63 characters"},
		{"--ehlo", "a.", 2000, "", "is 2002 bytes long, at most 1024 are possible"},
		{"--from", "", 65, "@example.com", "has more than 64 bytes before its '@'"},
		{"--from", "a@", 64, ".example", "has a part of more than 63 characters"},
		{"--rcpt", "\"", 70, "\"@example.com", "has more than 64 bytes before its '@'"},
		{"--rcpt", "a@b.", 1100, "", "is 1104 bytes long, at most 1024 are possible"},
		{"--source", "192.0.2.", 500, "", "is not an IP address"},
		{"--resolver", "127.0.0.1:5", 500, "", "is out of range"},
		{"--to", "", 5000, ".example", "is 5008 bytes long, at most 4096 are possible"},
		{"--ca-file", "/", 4096, "", "is 4097 bytes long, at most 4096 are possible"},
		{"--", "", 4097, "", "argument 3 is longer than 4096 bytes"},
	};
	struct mp_options o;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		char *value = mp_alloc(a, rows[i].n + 64);
		const char *args[ARGS] = {"check", rows[i].option, value};
		struct mp_err err = {0};

		memcpy(value, rows[i].head, strlen(rows[i].head));
		memset(value + strlen(rows[i].head), 'a', rows[i].n);
		memcpy(value + strlen(rows[i].head) + rows[i].n, rows[i].tail, strlen(rows[i].tail));
		row_int(rows[i].want, parse(a, "", args, &o, &err), MP_EINVAL);
		if (!strstr(err.msg, rows[i].want))
			fail_msg("row '%s %s': got \"%s\"", rows[i].option, rows[i].want, err.msg);
		/* One line, and of a length that a person reads. */
		assert_true(strlen(err.msg) < 220);
		assert_null(strchr(err.msg, '\n'));
		mp_arena_free(a);
	}
}

/* ---- the configuration, and what goes before what */

static const char config[] = "[default]\n"
			     "ehlo = default.example\n"
			     "resolver = 127.0.0.1, 127.0.0.2\n"
			     "source = 192.0.2.1\n"
			     "public-ip = 198.51.100.1\n"
			     "from = root@default.example\n"
			     "ipv6 = yes\n"
			     "selector = s1\n"
			     "dkim-key = /etc/dkim.pem\n"
			     "all-mx = off\n"
			     "[profile Bulk]\n"
			     "ehlo = bulk.example\n"
			     "resolver = [::1]:5353\n"
			     "to = gmail-mx, yahoo-mx\n"
			     "trust-ad = true\n"
			     "[profile plain]\n"
			     "source = 192.0.2.2\n"
			     "[target partner]\n"
			     "mx = mx.partner.example:2525\n"
			     "rcpt = you@partner.example\n"
			     "[target club]\n"
			     "domain = club.example\n"
			     "[mailbox own]\n"
			     "address = me@example.com\n"
			     "url = imaps://imap.example.com:993/\n"
			     "password-command = pass show mail ; true\n"
			     "[dnsbl list.example]\n"
			     "enabled = no\n"
			     "127.0.0.4 = exploited hosts\n";

static void layers(void **state)
{
	static const struct {
		const char *label;
		const char *args[ARGS];
		enum mp_opt opt;
		const char *want;
	} rows[] = {
		{"default", {"--to", "a"}, MP_OPT_EHLO, "default.example"},
		{"list of the default", {"--to", "a"}, MP_OPT_RESOLVER, "127.0.0.1 127.0.0.2"},
		{"profile over default", {"--profile", "bulk"}, MP_OPT_EHLO, "bulk.example"},
		{"a list of the profile replaces the default's", {"--profile", "bulk"}, MP_OPT_RESOLVER, "[::1]:5353"},
		{"default where the profile is silent", {"--profile", "bulk"}, MP_OPT_FROM, "root@default.example"},
		{"profile's targets", {"--profile", "bulk"}, MP_OPT_TO, "gmail-mx yahoo-mx"},
		{"command line over profile", {"--profile", "bulk", "--ehlo", "x.example"}, MP_OPT_EHLO, "x.example"},
		{"command line's targets over profile's", {"--profile", "bulk", "--to", "aol"}, MP_OPT_TO, "aol"},
		{"command line over default", {"--to", "a", "--resolver", "127.0.0.9"}, MP_OPT_RESOLVER, "127.0.0.9"},
		{"-4 over the default's -6", {"--to", "a", "-4"}, MP_OPT_IPV6, ""},
		{"public address with its source", {"--to", "a"}, MP_OPT_PUBLIC_IP, "198.51.100.1"},
		{"public address without its source", {"--to", "a", "--source", "127.0.0.1"}, MP_OPT_PUBLIC_IP, ""},
		{"public address under another profile's source", {"--to", "a", "--profile", "plain"}, MP_OPT_PUBLIC_IP,
			""},
	};
	char root[256], path[300];
	const char *args[ARGS];
	struct mp_options o;

	(void)state;
	tree_make(root, NULL);
	tree_add(root, "/x.conf", config);
	snprintf(path, sizeof(path), "--config=%s/x.conf", root);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};

		memcpy(args, rows[i].args, sizeof(args));
		args[count(args)] = path;
		if (parse(a, "", args, &o, &err) != MP_OK)
			fail_msg("row '%s': %s", rows[i].label, err.msg);
		row_str(rows[i].label, values(a, o.raw, rows[i].opt), rows[i].want);
		row_int(rows[i].label, (long long)o.raw->n_targets, 2);
		mp_arena_free(a);
	}
	tree_remove(root);
}

/* Keys of lists: from a file, else from the environment; never in a message. */
static void keys(void **state)
{
	static const struct {
		const char *label, *section, *key, *environment;
		const char *want;   /* "ZONE KEY ..." of the secrets */
		const char *refuse; /* or the end of the message */
	} rows[] = {
		{"none", "", "", NULL, "", NULL},
		{"of a file", "[dnsbl zen.spamhaus.org]\nkey-file = %s/key\n", "s3cr3t\n", NULL,
			"zen.dq.spamhaus.net s3cr3t", NULL},
		{"of a list of one's own", "[dnsbl bl.example]\nkey-file = %s/key\n", "s3cr3t", NULL,
			"bl.example s3cr3t", NULL},
		{"of the environment", "", "", "fromenv", "zen.dq.spamhaus.net fromenv dbl.dq.spamhaus.net fromenv",
			NULL},
		{"the file before the environment", "[dnsbl zen.spamhaus.org]\nkey-file = %s/key\n", "s3cr3t\r\n",
			"fromenv", "zen.dq.spamhaus.net s3cr3t dbl.dq.spamhaus.net fromenv", NULL},
		{"a list left out needs none", "[dnsbl zen.spamhaus.org]\nenabled = no\n", "", "fromenv",
			"dbl.dq.spamhaus.net fromenv", NULL},
		{"two words", "[dnsbl bl.example]\nkey-file = %s/key\n", "s3cr3t word\n", NULL, NULL,
			"key-file: a key should be 1 to 63 letters, digits and hyphens"},
		{"a dot", "[dnsbl bl.example]\nkey-file = %s/key\n", "s3cr3t.example\n", NULL, NULL,
			"digits and hyphens"},
		{"empty", "[dnsbl bl.example]\nkey-file = %s/key\n", "\n", NULL, NULL, "digits and hyphens"},
		{"too long", "[dnsbl bl.example]\nkey-file = %s/key\n",
			"s3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3t", NULL, NULL,
			"digits and hyphens"},
		{"no such file", "[dnsbl bl.example]\nkey-file = %s/none\n", "", NULL, NULL,
			"No such file or directory"},
		{"a wrong one in the environment", "", "", "s3cr3t word", NULL,
			"MAILPROBE_DQS_KEY: a key should be 1 to 63 letters, digits and hyphens"},
		{"a section twice", "[dnsbl bl.example]\n127.0.0.2 = x\n[dnsbl BL.example.]\n127.0.0.2 = y\n", "", NULL,
			NULL, "there is a second section [dnsbl bl.example]"},
		{"a code that is none", "[dnsbl bl.example]\n127.0.0 = x\n", "", NULL, NULL, "such as 127.0.0.2"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_buf text = MP_BUF(1024), got = MP_BUF(1024);
		struct mp_str rest = mp_str(rows[i].section), part = {0};
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		const char *args[ARGS] = {"dnsbl", "192.0.2.1"};
		struct mp_options o;
		char root[256], path[300];
		bool first = true;
		int rc;

		tree_make(root, NULL);
		/* "%s" is the directory. */
		while (mp_str_split(&rest, '%', &part)) {
			mp_buf_addf(&text, "%s%.*s", first ? "" : root, (int)(first ? part.n : part.n - 1),
				first ? part.p : part.p + 1);
			first = false;
		}
		tree_add(root, "/x.conf", mp_buf_cstr(&text));
		tree_add(root, "/key", rows[i].key);
		snprintf(path, sizeof(path), "--config=%s/x.conf", root);
		args[2] = path;
		unsetenv("MAILPROBE_DQS_KEY");
		if (rows[i].environment)
			setenv("MAILPROBE_DQS_KEY", rows[i].environment, 1);
		rc = parse(a, "", args, &o, &err);
		unsetenv("MAILPROBE_DQS_KEY");
		row_int(rows[i].label, rc, rows[i].refuse ? MP_EINVAL : MP_OK);
		row_bool(rows[i].label, strstr(err.msg, "s3cr3t") != NULL, false);
		if (rows[i].refuse && !strstr(err.msg, rows[i].refuse))
			fail_msg("row '%s': got '%s', want '%s'", rows[i].label, err.msg, rows[i].refuse);
		for (size_t k = 0; rc == MP_OK && k < o.raw->n_secrets; k++)
			mp_buf_addf(&got, "%s%s %s", k ? " " : "", o.raw->secrets[k].zone, o.raw->secrets[k].key);
		if (rows[i].want)
			row_str(rows[i].label, mp_buf_cstr(&got), rows[i].want);
		mp_buf_release(&text);
		mp_buf_release(&got);
		mp_arena_free(a);
		tree_remove(root);
	}
}

static void refuses_configurations(void **state)
{
	static const struct {
		const char *label, *text, *profile, *want; /* the line behind "FILE" */
	} rows[] = {
		{"unknown key", "[default]\nelho = x\n", NULL,
			":2: elho: unknown key in [default] (did you mean 'ehlo'?)"},
		{"an option that is no key", "[default]\nprofile = x\n", NULL, ":2: profile: unknown key in [default]"},
		{"value out of range", "[default]\n\nport = 0\n", NULL,
			":3: port: '0' is out of range: a port is a number from 1 to 65535"},
		{"no address", "[default]\nsource = 192.0.2.1, eth0\n", NULL,
			":2: source: 'eth0' is not an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"a fault in a profile that is not used", "[profile x]\ntls = maybe\n", NULL,
			":2: tls: 'maybe' is not known (did you mean 'may'?); it should be may, require or off"},
		{"neither yes nor no", "[default]\nall-mx = perhaps\n", NULL,
			":2: all-mx: 'perhaps' is not known; it should be yes, no, true, false, on, off, 1 or 0"},
		{"target without a place", "[target x]\nrcpt = a@b.example\n", NULL,
			":1: [target x] needs one of the two: domain = DOMAIN or mx = HOST[:PORT]"},
		{"target with two places", "[target x]\ndomain = a.example\nmx = b.example\n", NULL,
			":1: [target x] needs one of the two, not both: domain = DOMAIN or mx = HOST[:PORT]"},
		{"target with a comma", "[target a,b]\ndomain = a.example\n", NULL,
			":1: [target a,b]: a comma in --to stands between two targets; choose another name"},
		{"target's port", "[target x]\nmx = b.example:99999\n", NULL,
			":2: mx: '99999' is out of range: a port is a number from 1 to 65535"},
		{"target's unknown key", "[target x]\nrctp = a@b.example\n", NULL,
			":2: rctp: unknown key in [target] (did you mean 'rcpt'?)"},
		{"unknown key of a mailbox", "[mailbox x]\npasword-file = y\n", NULL,
			":2: pasword-file: unknown key in [mailbox] (did you mean 'password-file'?)"},
	};
	char root[256], path[300], option[320];
	struct mp_options o;

	(void)state;
	tree_make(root, NULL);
	snprintf(path, sizeof(path), "%s/x.conf", root);
	snprintf(option, sizeof(option), "--config=%s", path);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *args[ARGS] = {"--to", "a", option, rows[i].profile ? "--profile" : NULL, rows[i].profile};
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};

		tree_add(root, "/x.conf", rows[i].text);
		row_int(rows[i].label, parse(a, "", args, &o, &err), MP_EINVAL);
		row_str(rows[i].label, err.msg, mp_printf(a, "%s%s", path, rows[i].want));
		mp_arena_free(a);
	}
	tree_remove(root);
}

static void names_the_nearest_profile(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_raw raw = {.root = ""};
	const struct mp_value profile = {"buld", "--profile"};
	struct mp_err err;

	(void)state;
	assert_int_equal(mp_raw_config(a, "f.conf", mp_str(config), &profile, &raw, &err), MP_EINVAL);
	assert_string_equal(err.msg, "--profile: f.conf has no [profile buld] (did you mean 'Bulk'?)");
	mp_arena_free(a);
}

static void needs_no_configuration_for_help(void **state)
{
	static const struct tree_file files[] = {{"/etc/mailprobe.conf", "nonsense\n"}, {NULL, NULL}};
	static const struct {
		const char *args[ARGS];
		int want;
	} rows[] = {
		{{"--help"}, MP_OK},
		{{"--version"}, MP_OK},
		{{"help"}, MP_OK},
		{{"demo"}, MP_OK},
		{{"replay", "x"}, MP_OK},
		{{"diff", "x", "y"}, MP_OK},
		{{"check"}, MP_EINVAL},
		{{"targets"}, MP_EINVAL},
	};
	struct mp_options o;
	char root[256];

	(void)state;
	unsetenv("HOME");
	unsetenv("XDG_CONFIG_HOME");
	tree_make(root, files);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};

		row_int(rows[i].args[0], parse(a, root, rows[i].args, &o, &err), rows[i].want);
		if (rows[i].want != MP_OK)
			assert_string_equal(
				err.msg, "/etc/mailprobe.conf:1: the line is neither a [section] nor KEY = VALUE");
		mp_arena_free(a);
	}
	tree_remove(root);
}

/* ---- report files */

static void finds_out_what_cannot_be_written(void **state)
{
	static const struct tree_file files[] = {{"/there.json", "old"}, {"/dir.json/x", ""}, {NULL, NULL}};
	static const struct {
		const char *path; /* below the root */
		int want;
		const char *reason;
	} rows[] = {
		{"/new.json", MP_OK, NULL},
		{"/NEW.TXT", MP_OK, NULL},
		{"/there.json", MP_OK, NULL},
		{"/dir.json", MP_EIO, "Is a directory"},
		{"/gone/x.json", MP_EIO, "No such file or directory"},
		{"/there.json/x.json", MP_EIO, "Not a directory"},
	};
	char root[256], path[300];
	struct mp_options o;
	struct stat st;

	(void)state;
	tree_make(root, files);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		const char *args[ARGS] = {"check", "-o", path};
		struct mp_err err = {0};

		snprintf(path, sizeof(path), "%s%s", root, rows[i].path);
		row_int(rows[i].path, parse(a, root, args, &o, &err), rows[i].want);
		if (rows[i].reason)
			row_str(rows[i].path, err.msg, mp_printf(a, "cannot write %s: %s", path, rows[i].reason));
		else
			row_str(rows[i].path, o.outputs[0].path, path);
		mp_arena_free(a);
	}
	/* Looking leaves no trace. */
	snprintf(path, sizeof(path), "%s/new.json", root);
	assert_int_not_equal(stat(path, &st), 0);
	snprintf(path, sizeof(path), "%s/there.json", root);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 3);
	tree_remove(root);
}

static void knows_formats_by_their_endings(void **state)
{
	const char *args[ARGS] = {"check", "-o", NULL, NULL, "--format", "json", "--color", "never", "-qv"};
	struct mp_arena *a = mp_arena_new();
	struct mp_options o;
	struct mp_err err;
	char root[256];

	(void)state;
	tree_make(root, NULL);
	args[2] = mp_printf(a, "%s/a.txt", root);
	args[3] = mp_printf(a, "-o%s/b,c.json", root);
	assert_int_equal(parse(a, root, args, &o, &err), MP_OK);
	assert_int_equal(o.n_outputs, 2);
	assert_ptr_equal(o.outputs[0].format, &rep_text);
	assert_ptr_equal(o.outputs[1].format, &rep_json);
	assert_string_equal(o.outputs[1].path, args[3] + 2);
	assert_ptr_equal(o.format, &rep_json);
	assert_int_equal(o.color, MP_NEVER);
	assert_true(o.quiet);
	assert_true(o.verbose);
	assert_false(o.redact);
	tree_remove(root);
	mp_arena_free(a);
}

/* ---- help */

/* No line over 80 columns, none that ends in a blank, and at most `lines` of them; `what` is for messages. */
static void page(const char *what, const char *text, size_t lines)
{
	struct mp_str rest = mp_str(text), line;
	size_t n = 0;

	for (; mp_str_split(&rest, '\n', &line); n++) {
		if (mp_text_width(line) > 80)
			fail_msg("%s: too wide: \"%.*s\"", what, (int)line.n, line.p);
		if (line.n && line.p[line.n - 1] == ' ')
			fail_msg("%s: a blank at the end: \"%.*s\"", what, (int)line.n, line.p);
	}
	if (n > lines + 1) /* what stands behind the last line's end is none */
		fail_msg("%s: %zu lines, not %zu", what, n - 1, lines);
}

static char *printed(void (*print)(FILE *f))
{
	char *text = NULL, *copy;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	print(f);
	fclose(f);
	/* gcc 12 takes what open_memstream() gives for the address of `text` itself */
	copy = mp_xstrdup(text);
	free(text);
	return copy;
}

/* --help: all commands and the most used options on a page, and where the others are. */
static void helps_on_a_page(void **state)
{
	static const char *const must[] = {"--to TARGET", "-o, ", "check ", "demo [SCENARIO]", "replay REPORT",
		"help options", "COMMAND --help", "Exit status: 0 deliverable"};
	char *text = printed(mp_usage);

	(void)state;
	page("--help", text, 50);
	for (size_t i = 0; i < ARRAY_LEN(must); i++)
		if (!strstr(text, must[i]))
			fail_msg("the help does not tell of '%s'", must[i]);
	for (size_t i = 1; i < mp_n_commands; i++)
		if (!strstr(text, mp_commands[i].help))
			fail_msg("%s is not told in one line", mp_commands[i].name);
	for (size_t i = 0; i < MP_OPT__COUNT; i++)
		row_bool(mp_options[i].name, strstr(text, mp_options[i].help) != NULL,
			mp_options[i].flags & MP_OPTION_COMMON);
	free(text);
}

/* help options: every option; those of one group stand together, and every one says something to a command. */
static void helps_with_all_options(void **state)
{
	struct mp_arena *a = mp_arena_new();
	char *text = printed(mp_usage_options);

	(void)state;
	page("help options", text, 160);
	for (size_t i = 0; i < MP_OPT__COUNT; i++) {
		const struct mp_option_row *o = &mp_options[i];
		const char *group = strstr(text, mp_printf(a, "\n%s:\n", o->group));

		if (!strstr(text, mp_printf(a, "--%s%s%s", o->name, o->arg ? " " : "\n", o->arg ? o->arg : "")) &&
			!strstr(text, mp_printf(a, "--%s ", o->name)))
			fail_msg("--%s is not told", o->name);
		if (!group || strstr(group + 1, mp_printf(a, "\n%s:\n", o->group)))
			fail_msg("%s: not one group", o->group);
		row_bool(o->name, o->of != 0, true);
	}
	free(text);
	mp_arena_free(a);
}

/* COMMAND --help, wherever it stands: what concerns that command, on less than a page. */
static void helps_with_each_command(void **state)
{
	(void)state;
	for (size_t i = 1; i < mp_n_commands; i++) {
		const struct mp_command_row *c = &mp_commands[i];
		const char *args[ARGS] = {c->name, "--help", NULL};
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		struct mp_options o;
		char *text = NULL;
		size_t n = 0;
		FILE *f = open_memstream(&text, &n);

		assert_int_equal(parse(a, "/nonexistent", args, &o, &err), MP_OK);
		row_int(c->name, o.command, MP_CMD_HELP);
		row_int(c->name, (long long)o.n_args, 1);
		row_str(c->name, o.args[0], c->name);
		assert_ptr_equal(mp_command_by_name(o.args[0]), c);
		assert_non_null(f);
		mp_usage_command(f, c);
		fclose(f);
		page(c->name, text, 55);
		if (!strstr(text, mp_printf(a, "Usage: mailprobe %s", c->name)) || !strstr(text, c->example) ||
			!strstr(c->example, mp_printf(a, "mailprobe %s", c->name)))
			fail_msg("%s: not its usage and an example", c->name);
		for (size_t k = 0; k < MP_OPT__COUNT; k++)
			if (mp_options[k].flags & MP_OPTION_ONLY)
				row_bool(mp_options[k].name,
					strstr(text, mp_printf(a, "\n      --%s ", mp_options[k].name)) != NULL,
					mp_options[k].of & MP_OF(c->id));
		free(text);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_the_over_long),
		cmocka_unit_test(layers),
		cmocka_unit_test(keys),
		cmocka_unit_test(refuses_configurations),
		cmocka_unit_test(names_the_nearest_profile),
		cmocka_unit_test(needs_no_configuration_for_help),
		cmocka_unit_test(finds_out_what_cannot_be_written),
		cmocka_unit_test(knows_formats_by_their_endings),
		cmocka_unit_test(helps_on_a_page),
		cmocka_unit_test(helps_with_all_options),
		cmocka_unit_test(helps_with_each_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
