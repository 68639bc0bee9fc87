/* tests/unit/test_case.c - the case: made of options, configuration, MTA and host; saved and read back */
#include "base/text.h"
#include "probe/raw.h"
#include "probe/sources.h"
#include "tests/unit/dkim_keys.h"
#include "tree.h"

enum { ARGS = 18, FACTS = 10, FILES = 5 };

/* Parse and build below `root`. A resolver is always given: the system's is none of a test's business. */
static int build(struct mp_arena *a, const char *root, const char *hostname, const char *const *args, struct mp_case *c,
	struct mp_err *err)
{
	char **argv = mp_allocn(a, ARGS + 3, sizeof(*argv));
	struct mp_options o;
	int argc = 0;

	argv[argc++] = mp_dup(a, "mailprobe");
	for (int i = 0; i < ARGS && args[i]; i++)
		argv[argc++] = mp_dup(a, args[i]);
	argv[argc++] = mp_dup(a, "--resolver=127.0.0.1:5353");
	if (mp_options_parse_at(a, root, argc, argv, &o, err) != MP_OK)
		return MP_EINVAL;
	o.raw->hostname = hostname;
	return mp_case_build(a, &o, c, err);
}

/* The member at a path such as "targets.0.rcpt", as text; "-" for null and what is not there. */
static const char *member(struct mp_arena *a, const json_t *j, const char *path)
{
	struct mp_str rest = mp_str(path), part;
	uint64_t at;

	while (mp_str_split(&rest, '.', &part))
		j = mp_str_u64(part, 1000, &at) ? json_array_get(j, at) : json_object_get(j, mp_dupstr(a, part));
	if (json_is_string(j))
		return mp_dup(a, json_string_value(j));
	if (json_is_integer(j))
		return mp_printf(a, "%lld", (long long)json_integer_value(j));
	if (json_is_boolean(j))
		return json_is_true(j) ? "true" : "false";
	return "-";
}

struct built {
	const char *label;
	struct tree_file files[FILES];
	const char *hostname; /* NULL: mail.example.com */
	const char *args[ARGS];
	const char *facts[FACTS]; /* "path=value" */
};

static const char *const any_args[ARGS] = {"check"};

static bool has_ipv6_loopback(void)
{
	struct mp_ip ip;
	int sys;

	return mp_ip_parse(mp_str("::1"), &ip) && mp_ip_is_ours(&ip, &sys);
}

static bool mentions_ipv6(const char *const *args)
{
	for (size_t i = 0; i < ARGS && args[i]; i++)
		if (strstr(args[i], "::1"))
			return true;
	return false;
}

static void run_rows(const struct built *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};
		struct mp_case c;
		char root[256];
		json_t *j;

		if (mentions_ipv6(rows[i].args) && !has_ipv6_loopback()) {
			print_message("row '%s': skipped, this machine has no IPv6 loopback\n", rows[i].label);
			mp_arena_free(a);
			continue;
		}
		tree_make(root, rows[i].files);
		if (build(a, root, rows[i].hostname ? rows[i].hostname : "mail.example.com", rows[i].args, &c, &err) !=
			MP_OK)
			fail_msg("row '%s': %s", rows[i].label, err.msg);
		j = mp_case_to_json(&c);
		for (size_t k = 0; k < FACTS && rows[i].facts[k]; k++) {
			struct mp_str rest = mp_str(rows[i].facts[k]), path;

			mp_str_split(&rest, '=', &path);
			row_str(mp_printf(a, "%s: %.*s", rows[i].label, (int)path.n, path.p),
				member(a, j, mp_dupstr(a, path)), rest.p);
		}
		json_decref(j);
		tree_remove(root);
		mp_arena_free(a);
	}
}

#define LO "--source=127.0.0.1"
#define SENDER "--from=a@example.com"

static void selectors(void **state)
{
	static const struct built rows[] = {
		{"given", {{NULL, NULL}}, NULL, {"check", LO, SENDER, "--selector=S1,s2@Example.net"},
			{"selectors.0.selector=s1", "selectors.0.domain=example.com", "selectors.0.origin=--selector",
				"selectors.0.public_key=-", "selectors.1.selector=s2",
				"selectors.1.domain=example.net"}},
		{"none", {{NULL, NULL}}, NULL, {"check", LO, SENDER}, {"selectors.0.selector=-"}},
		{"OpenDKIM, one domain",
			{{"/etc/opendkim.conf",
				 "# Domain x\nDomain\texample.net, example.com\nselector 2026 # this year\nKeyFile /etc/k\n"},
				{"/etc/k", RSA1024_PKCS1}},
			NULL, {"check", LO, SENDER},
			{"selectors.0.selector=2026", "selectors.0.domain=example.com",
				"selectors.0.origin=opendkim (/etc/opendkim.conf)", "selectors.0.key_origin=/etc/k",
				"selectors.0.public_key=" RSA1024_P, "selectors.1.selector=-"}},
		{"OpenDKIM, a table",
			{{"/etc/opendkim.conf", "Selector no\nDomain example.com\nKeyTable refile:/etc/dkim/table\n"},
				{"/etc/dkim/table",
					"\n# keys\na example.org:s0:/k\nb example.com:s1:/nosuch\nc  %:s2:text\nd example.com\n"}},
			NULL, {"check", LO, SENDER},
			{"selectors.0.selector=s1", "selectors.0.origin=opendkim (/etc/dkim/table)",
				"selectors.0.key_origin=-", "selectors.1.selector=s2", "selectors.2.selector=-"}},
		{"OpenDKIM, another domain", {{"/etc/opendkim.conf", "Domain example.org\nSelector s\nKeyFile /k\n"}},
			NULL, {"check", LO, SENDER}, {"selectors.0.selector=-"}},
		{"OpenDKIM, who signs",
			{{"/etc/opendkim.conf", "KeyTable /etc/dkim/keys\nSigningTable refile:/etc/dkim/who\n"},
				{"/etc/dkim/keys", "k1 example.com:s1:/k1\nk2 mail.example.net:s2:/k2\n"},
				{"/etc/dkim/who", "*@example.org k1\nBounce@* k1\n*@EXAMPLE.com k2\n* k1\n"}},
			NULL, {"check", LO, SENDER},
			{"selectors.0.selector=s2", "selectors.0.domain=mail.example.net",
				"selectors.0.origin=opendkim (/etc/dkim/keys)", "selectors.1.selector=-"}},
		{"OpenDKIM, who signs, exactly",
			{{"/etc/opendkim.conf", "KeyTable file:/keys\nSigningTable file:/who\n"},
				{"/keys", "k1 %:s1:/k1\nk2 %:s2:/k2\n"}, {"/who", "*@example.com k1\n.com k2\n"}},
			NULL, {"check", LO, SENDER}, {"selectors.0.selector=s2", "selectors.0.domain=example.com"}},
		{"OpenDKIM, nobody signs",
			{{"/etc/opendkim.conf", "KeyTable /keys\nSigningTable /who\n"},
				{"/keys", "k1 example.com:s1:/k1\n"}, {"/who", "example.net k1\n"}},
			NULL, {"check", LO, SENDER}, {"selectors.0.selector=-"}},
		{"rspamd, a domain",
			{{"/etc/rspamd/local.d/dkim_signing.conf",
				 "# ours\npath = \"/keys/$domain.$selector.key\"; selector = 'other'\n"
				 "domain {\n  example.net { selector = n }\n  example.com { selector: \"2026\"; }\n}\n"},
				{"/keys/example.com.2026.key", RSA1024_PKCS1}},
			NULL, {"check", LO, SENDER},
			{"selectors.0.selector=2026", "selectors.0.domain=example.com",
				"selectors.0.origin=rspamd (/etc/rspamd/local.d/dkim_signing.conf)",
				"selectors.0.key_origin=/keys/example.com.2026.key",
				"selectors.0.public_key=" RSA1024_P, "selectors.1.selector=-"}},
		{"rspamd, several selectors",
			{{"/etc/rspamd/local.d/dkim_signing.conf",
				"domain { example.com { selectors [ { path = \"/k1\"; selector = s1 }, { path = /k2, selector = s2 } "
				"] } }"}},
			NULL, {"check", LO, SENDER},
			{"selectors.0.selector=s1", "selectors.1.selector=s2", "selectors.2.selector=-"}},
		{"rspamd, as it comes",
			{{"/etc/rspamd/modules.d/dkim_signing.conf",
				 "dkim_signing {\n\tselector = \"dkim\";\n\t.include(try=true) \"x\"\n}\n"},
				{"/var/lib/rspamd/dkim/example.com.dkim.key", RSA1024_PKCS1}},
			NULL, {"check", LO, SENDER}, {"selectors.0.selector=dkim", "selectors.0.domain=example.com"}},
		{"rspamd, no key for this domain",
			{{"/etc/rspamd/modules.d/dkim_signing.conf", "dkim_signing { selector = dkim; }\n"}}, NULL,
			{"check", LO, SENDER}, {"selectors.0.selector=-"}},
		{"rspamd, the last file counts",
			{{"/etc/rspamd/modules.d/dkim_signing.conf", "dkim_signing { selector = dkim; }\n"},
				{"/etc/rspamd/local.d/dkim_signing.conf", "selector = mine; path = /k;\n"},
				{"/etc/rspamd/override.d/dkim_signing.conf", "selector = last\n"},
				{"/k", RSA1024_PKCS1}},
			NULL, {"check", LO, SENDER}, {"selectors.0.selector=last", "selectors.0.key_origin=/k"}},
		{"rspamd, switched off",
			{{"/etc/rspamd/local.d/dkim_signing.conf",
				"enabled = false; domain { example.com { selector = s; path = /k } }"}},
			NULL, {"check", LO, SENDER}, {"selectors.0.selector=-"}},
		{"rspamd, maps",
			{{"/etc/rspamd/local.d/dkim_signing.conf",
				 "selector_map = \"file://$LOCAL_CONFDIR/selectors.map\"; path_map = /paths"},
				{"/etc/rspamd/selectors.map", "example.net no\nexample.com s9 # here\n"},
				{"/paths", "example.com /keys/$domain/$selector\n"},
				{"/keys/example.com/s9", RSA1024_PKCS1}},
			NULL, {"check", LO, SENDER},
			{"selectors.0.selector=s9", "selectors.0.key_origin=/keys/example.com/s9"}},
		{"rspamd, tables",
			{{"/etc/rspamd/local.d/dkim_signing.conf", "signing_table = \"/who\"; key_table = \"/keys\""},
				{"/keys", "k example.com:t:/k\n"}, {"/who", "*@example.com k\nexample.com k\n"}},
			NULL, {"check", LO, SENDER}, {"selectors.0.selector=t", "selectors.0.origin=rspamd (/keys)"}},
		{"rspamd, the registered domain",
			{{"/etc/rspamd/local.d/dkim_signing.conf",
				"domain { example.com { selector = s; path = /k } }"}},
			NULL, {"check", LO, "--ehlo=mail.example.com", "--from=a@news.example.com"},
			{"selectors.0.domain=example.com"}},
		{"rspamd, the very domain",
			{{"/etc/rspamd/local.d/dkim_signing.conf",
				"use_esld = false; domain { example.com { selector = s } \n news.example.com { selector = t } }"}},
			NULL, {"check", LO, "--ehlo=mail.example.com", "--from=a@news.example.com"},
			{"selectors.0.selector=t", "selectors.0.domain=news.example.com"}},
		{"given goes before", {{"/etc/opendkim.conf", "Domain example.com\nSelector s\n"}}, NULL,
			{"check", LO, SENDER, "--selector=mine"},
			{"selectors.0.selector=mine", "selectors.1.selector=-"}},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

static void targets(void **state)
{
	static const struct built rows[] = {
		{"alias", {{NULL, NULL}}, NULL, {"--to", "gmail-mx", LO},
			{"targets.0.target=gmail-mx", "targets.0.kind=domain", "targets.0.domain=gmail.com",
				"targets.0.port=25", "targets.0.rcpt=postmaster@gmail.com",
				"targets.0.rcpt_assumed=true"}},
		{"alias, short and in capitals", {{NULL, NULL}}, NULL, {"--to", "HotMail", LO},
			{"targets.0.domain=outlook.com"}},
		{"alias with --rcpt", {{NULL, NULL}}, NULL, {"--to", "aol-mx", "--rcpt", "<you@aol.com>", LO},
			{"targets.0.rcpt=you@aol.com", "targets.0.rcpt_assumed=false"}},
		{"domain", {{NULL, NULL}}, NULL, {"--to", "Example.ORG.", LO},
			{"targets.0.domain=example.org", "targets.0.target=Example.ORG."}},
		{"domain with a port", {{NULL, NULL}}, NULL, {"--to", "example.org", "--port", "2525", LO},
			{"targets.0.port=2525"}},
		{"internationalised domain", {{NULL, NULL}}, NULL,
			{"--to",
				"B\xc3\xbc"
				"cher.example",
				LO},
			{"targets.0.domain=xn--bcher-kva.example", "targets.0.rcpt=postmaster@xn--bcher-kva.example"}},
		{"sharp s stays", {{NULL, NULL}}, NULL,
			{"--to",
				"stra\xc3\x9f"
				"e.example",
				LO},
			{"targets.0.domain=xn--strae-oqa.example"}},
		{"ideographic full stop", {{NULL, NULL}}, NULL,
			{"--to", "\xe4\xbe\x8b\xe3\x80\x82\xe4\xb8\xad\xe5\x9b\xbd", LO},
			{"targets.0.domain=xn--fsq.xn--fiqs8s"}},
		{"address", {{NULL, NULL}}, NULL, {"--to", "You@Example.ORG", LO},
			{"targets.0.domain=example.org", "targets.0.rcpt=You@example.org",
				"targets.0.rcpt_assumed=false"}},
		{"address before --rcpt", {{NULL, NULL}}, NULL, {"--to", "a@b.example", "--rcpt", "c@d.example", LO},
			{"targets.0.rcpt=a@b.example"}},
		{"address in brackets", {{NULL, NULL}}, NULL, {"--to", "<a@b.example>", LO},
			{"targets.0.rcpt=a@b.example"}},
		{"quoted local part", {{NULL, NULL}}, NULL, {"--to", "\"a @,b\"@b.example", LO},
			{"targets.0.rcpt=\"a @,b\"@b.example", "targets.0.domain=b.example"}},
		{"dots in odd places", {{NULL, NULL}}, NULL, {"--to", ".a..b.@b.example", LO},
			{"targets.0.rcpt=.a..b.@b.example"}},
		{"non-ASCII local part", {{NULL, NULL}}, NULL,
			{"--to",
				"j\xc3\xbcrgen@b\xc3\xbc"
				"cher.example",
				LO},
			{"targets.0.rcpt=j\xc3\xbcrgen@xn--bcher-kva.example"}},
		{"address literal", {{NULL, NULL}}, NULL, {"--to", "a@[127.0.0.9]", LO},
			{"targets.0.kind=server", "targets.0.address=127.0.0.9", "targets.0.rcpt=a@[127.0.0.9]"}},
		{"server by name", {{NULL, NULL}}, NULL, {"--to", "mx:MX1.example.net", LO},
			{"targets.0.kind=server", "targets.0.host=mx1.example.net", "targets.0.domain=mx1.example.net",
				"targets.0.address=-", "targets.0.rcpt=postmaster", "targets.0.rcpt_assumed=true",
				"targets.0.port=25"}},
		{"server with a port", {{NULL, NULL}}, NULL, {"--to", "MX:mx1.example.net:2525", "--port", "26", LO},
			{"targets.0.host=mx1.example.net", "targets.0.port=2525"}},
		{"server, --port", {{NULL, NULL}}, NULL, {"--to", "mx:mx1.example.net", "--port", "26", LO},
			{"targets.0.port=26"}},
		{"server by IPv4", {{NULL, NULL}}, NULL, {"--to", "mx:127.0.0.2:2525", LO},
			{"targets.0.host=-", "targets.0.address=127.0.0.2", "targets.0.domain=127.0.0.2",
				"targets.0.port=2525"}},
		{"server by IPv4 in brackets", {{NULL, NULL}}, NULL, {"--to", "mx:[127.0.0.2]", LO},
			{"targets.0.address=127.0.0.2", "targets.0.port=25"}},
		{"server by IPv6", {{NULL, NULL}}, NULL, {"--to", "mx:[::1]:2525", "--source=::1"},
			{"targets.0.address=::1", "targets.0.domain=::1", "targets.0.port=2525"}},
		{"server by bare IPv6", {{NULL, NULL}}, NULL, {"--to", "mx:::1", "--source=::1"},
			{"targets.0.address=::1", "targets.0.port=25"}},
		{"server with --rcpt", {{NULL, NULL}}, NULL, {"--to", "mx:127.0.0.2", "--rcpt", "a@b.example", LO},
			{"targets.0.rcpt=a@b.example", "targets.0.rcpt_assumed=false"}},
		{"several", {{NULL, NULL}}, NULL, {"--to", "gmail,example.org", "--to", "mx:127.0.0.1", LO},
			{"targets.0.domain=gmail.com", "targets.1.domain=example.org", "targets.2.address=127.0.0.1",
				"targets.3.domain=-"}},
		{"the same twice", {{NULL, NULL}}, NULL, {"--to", "gmail-mx,gmail.com,GMAIL", LO},
			{"targets.0.target=gmail-mx", "targets.1.target=-"}},
		{"one domain, two recipients", {{NULL, NULL}}, NULL, {"--to", "a@b.example,c@b.example", LO},
			{"targets.0.rcpt=a@b.example", "targets.1.rcpt=c@b.example"}},
		{"the user's own, a domain", {{"/etc/mailprobe.conf", "[target club]\ndomain = Club.example\n"}}, NULL,
			{"--to", "CLUB", LO}, {"targets.0.domain=club.example", "targets.0.rcpt_assumed=true"}},
		{"the user's own, a server",
			{{"/etc/mailprobe.conf", "[target p]\nmx = mx.p.example:2525\nrcpt = you@p.example\n"}}, NULL,
			{"--to", "p", "--rcpt", "no@p.example", LO},
			{"targets.0.host=mx.p.example", "targets.0.port=2525", "targets.0.rcpt=you@p.example",
				"targets.0.rcpt_assumed=false"}},
		{"the user's own before ours", {{"/etc/mailprobe.conf", "[target gmail-mx]\ndomain = g.example\n"}},
			NULL, {"--to", "gmail-mx", LO}, {"targets.0.domain=g.example"}},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

#define MAIN_CF "/etc/postfix/main.cf"

static void senders(void **state)
{
	static const struct built rows[] = {
		{"host name", {{NULL, NULL}}, NULL, {"check", LO},
			{"command=check", "ehlo=mail.example.com", "ehlo_origin=hostname",
				"mail_from=postmaster@example.com",
				"mail_from_origin=the EHLO name's organizational domain",
				"header_from=postmaster@example.com", "domain=example.com", "mta=-"}},
		{"hosts file", {{"/etc/hosts", "127.0.1.1 out.example.net out\n"}}, "out", {"check", LO},
			{"hostname=out", "fqdn=out.example.net", "ehlo=out.example.net", "ehlo_origin=/etc/hosts",
				"hosts.0.address=127.0.1.1", "hosts.1.name=out"}},
		{"MTA", {{MAIN_CF, "myhostname = mx.example.net\nmyorigin = example.net\nrelayhost = relay.example\n"}},
			NULL, {"check", LO},
			{"mta=postfix", "ehlo=mx.example.net",
				"ehlo_origin=postfix (myhostname in /etc/postfix/main.cf)",
				"mail_from=postmaster@example.net",
				"mail_from_origin=postfix (myorigin in /etc/postfix/main.cf)",
				"relayhost=relay.example",
				"relayhost_origin=postfix (relayhost in /etc/postfix/main.cf)",
				"fqdn=mail.example.com"}},
		{"MTA's name, be it wrong", {{MAIN_CF, "myhostname = localhost\n"}}, NULL, {"check", LO},
			{"ehlo=localhost", "mail_from=postmaster@localhost"}},
		{"option over MTA", {{MAIN_CF, "myhostname = mx.example.net\n"}}, NULL,
			{"check", "--ehlo", "x.example.org", "--from", "a@b.example", LO},
			{"ehlo=x.example.org", "ehlo_origin=--ehlo", "mail_from=a@b.example",
				"mail_from_origin=--from"}},
		{"configuration over MTA",
			{{MAIN_CF, "myhostname = mx.example.net\n"},
				{"/etc/mailprobe.conf", "[default]\nehlo = c.example.org\n"}},
			NULL, {"check", LO}, {"ehlo=c.example.org", "ehlo_origin=/etc/mailprobe.conf:2: ehlo"}},
		{"case is kept", {{NULL, NULL}}, NULL, {"check", "--ehlo", "MAIL.Example.CO.UK", LO},
			{"ehlo=MAIL.Example.CO.UK", "mail_from=postmaster@example.co.uk"}},
		{"a public suffix of two labels", {{NULL, NULL}}, "a.b.example.co.uk", {"check", LO},
			{"mail_from=postmaster@example.co.uk"}},
		{"internationalised EHLO name", {{NULL, NULL}}, NULL,
			{"check", "--ehlo",
				"mail.b\xc3\xbc"
				"cher.example",
				LO},
			{"ehlo=mail.xn--bcher-kva.example", "domain=xn--bcher-kva.example"}},
		{"address literal", {{NULL, NULL}}, NULL,
			{"check", "--ehlo", "[192.0.2.1]", "--from", "a@b.example", LO}, {"ehlo=[192.0.2.1]"}},
		{"null sender", {{NULL, NULL}}, NULL, {"check", "--from", "<>", "--header-from", "a@B.example", LO},
			{"mail_from=", "header_from=a@b.example", "domain=b.example"}},
		{"header sender", {{NULL, NULL}}, NULL,
			{"check", "--from", "bounce@m.example", "--header-from", "<news@n.example>", LO},
			{"mail_from=bounce@m.example", "header_from=news@n.example", "domain=n.example"}},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

static void sources(void **state)
{
	static const struct built rows[] = {
		{"given", {{NULL, NULL}}, NULL, {"check", "--source", "127.0.0.2", "--source", "127.0.0.3"},
			{"sources.0.address=127.0.0.2", "sources.1.address=127.0.0.3", "sources_origin=--source"}},
		{"towards one server", {{NULL, NULL}}, NULL, {"--to", "mx:127.0.0.1:2525"},
			{"sources.0.address=127.0.0.1", "sources.1.address=-", "sources_origin=route"}},
		{"towards one IPv6 server", {{NULL, NULL}}, NULL, {"--to", "mx:[::1]:2525"},
			{"sources.0.address=::1", "sources.1.address=-"}},
		{"towards servers of both families", {{NULL, NULL}}, NULL, {"--to", "mx:[::1]:2525,mx:127.0.0.1"},
			{"sources.0.address=127.0.0.1", "sources.1.address=::1"}},
		{"both families given", {{NULL, NULL}}, NULL, {"check", "--source", "::1,127.0.0.1"},
			{"sources.0.address=::1", "sources.1.address=127.0.0.1"}},
		{"MTA's", {{MAIN_CF, "smtp_bind_address = 127.0.0.7\ninet_protocols = ipv4\n"}}, NULL, {"check"},
			{"sources.0.address=127.0.0.7", "sources.1.address=-",
				"sources_origin=postfix (smtp_bind_address in /etc/postfix/main.cf)"}},
		{"option over MTA", {{MAIN_CF, "smtp_bind_address = 127.0.0.7\n"}}, NULL, {"check", LO},
			{"sources.0.address=127.0.0.1", "sources_origin=--source"}},
		{"MTA's that is not here", {{MAIN_CF, "smtp_bind_address = 203.0.113.77\ninet_protocols = ipv4\n"}},
			NULL, {"--to", "mx:127.0.0.1"},
			{"sources.0.address=127.0.0.1",
				"sources_origin=route (postfix's 203.0.113.77, in smtp_bind_address in /etc/postfix/main.cf, is not an address of this host)"}},
		{"public address", {{NULL, NULL}}, NULL, {"check", LO, "--public-ip", "192.0.2.1"},
			{"sources.0.public_ip=192.0.2.1"}},
		{"public addresses by position", {{NULL, NULL}}, NULL,
			{"check", "--source=127.0.0.1,127.0.0.2,127.0.0.3", "--public-ip=192.0.2.1,192.0.2.2"},
			{"sources.0.public_ip=192.0.2.1", "sources.1.public_ip=192.0.2.2", "sources.2.public_ip=-"}},
		{"one public address, the first of its family", {{NULL, NULL}}, NULL,
			{"check", "--source=::1,127.0.0.1", "--public-ip=192.0.2.1"},
			{"sources.0.public_ip=-", "sources.1.public_ip=192.0.2.1"}},
		{"configuration's sources, one family",
			{{"/etc/mailprobe.conf", "[default]\nsource = 127.0.0.4, ::1\n"}}, NULL, {"check", "-4"},
			{"sources.0.address=127.0.0.4", "sources.1.address=-", "family=4"}},
		{"hosts file's word on a source", {{"/etc/hosts", "127.0.1.1 mail.example.com\n"}}, NULL, {"check", LO},
			{"hosts.0.name=mail.example.com", "hosts.1.name=-"}},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

static void the_rest(void **state)
{
	static const struct built rows[] = {
		{"defaults", {{NULL, NULL}}, NULL, {"--to", "gmail", LO},
			{"command=probe", "tls=may", "family=0", "all_mx=false", "trust_ad=false", "ns_port=53",
				"timeout_ms=120000", "resolvers.0=127.0.0.1:5353", "diagnose=-", "retry=-"}},
		{"all said", {{NULL, NULL}}, NULL,
			{"--to", "gmail", LO, "--tls=require", "-4", "--all-mx", "--trust-ad", "--ns-port=5300",
				"--timeout=7", "--rdap-url=https://rdap.example:8443/x", "--diagnose", "--retry"},
			{"tls=require", "family=4", "all_mx=true", "diagnose=true", "retry=true", "trust_ad=true",
				"ns_port=5300", "timeout_ms=7000", "rdap_url=https://rdap.example:8443/x"}},
		{"filters", {{NULL, NULL}}, NULL,
			{"--to", "gmail", LO, "--dry-run", "--rspamd=http://[::1]:11333", "--spamd=[::1]:1783"},
			{"rspamd_url=http://[::1]:11333", "spamd=[::1]:1783"}},
		{"the usual port of policy hosts", {{NULL, NULL}}, NULL, {"check", LO}, {"mta_sts_port=443"}},
		{"another one", {{NULL, NULL}}, NULL, {"check", LO, "--mta-sts-port=8443"}, {"mta_sts_port=8443"}},
		{"resolvers", {{NULL, NULL}}, NULL,
			{"mx", "a.example", "--resolver=127.0.0.2,[::1],[::1]:54", "--resolver=::1"},
			{"resolvers.0=127.0.0.2:53", "resolvers.1=[::1]:53", "resolvers.2=[::1]:54",
				"resolvers.3=[::1]:53", "resolvers.4=127.0.0.1:5353"}},
		{"ptr", {{NULL, NULL}}, NULL, {"ptr", "2001:DB8:0::1"},
			{"command=ptr", "arg=2001:db8::1", "sources.0.address=2001:db8::1", "ehlo=-", "mail_from=-"}},
		{"ptr of a mapped address", {{NULL, NULL}}, NULL, {"ptr", "::ffff:192.0.2.1"}, {"arg=192.0.2.1"}},
		{"ptr with an EHLO name", {{NULL, NULL}}, NULL, {"ptr", "192.0.2.1", "--ehlo", "a.example"},
			{"ehlo=a.example"}},
		{"mx", {{NULL, NULL}}, NULL,
			{"mx", "B\xc3\xbc"
			       "cher.example"},
			{"command=mx", "arg=xn--bcher-kva.example", "targets.0.domain=xn--bcher-kva.example",
				"ehlo=-"}},
		{"dnsbl of an address", {{NULL, NULL}}, NULL, {"dnsbl", "::ffff:192.0.2.1"},
			{"command=dnsbl", "arg=192.0.2.1", "sources.0.address=192.0.2.1", "domain=-"}},
		{"dnsbl of a domain", {{NULL, NULL}}, NULL, {"dnsbl", "Example.COM."},
			{"command=dnsbl", "arg=example.com", "domain=example.com", "mail_from=-"}},
		{"lists of the configuration",
			{{"/etc/mailprobe.conf", "[dnsbl Zen.Spamhaus.org]\nenabled = no\n"
						 "[dnsbl bl.example.com]\n127.0.0.2 = spam\n127.0.0.9 = worse\n"}},
			NULL, {"dnsbl", "192.0.2.1"},
			{"lists.0.zone=zen.spamhaus.org", "lists.0.disabled=true", "lists.1.zone=bl.example.com",
				"lists.1.disabled=false", "lists.1.keyed=false", "lists.1.codes.1.code=127.0.0.9",
				"lists.1.codes.1.words=worse"}},
		{"argv", {{NULL, NULL}}, NULL, {"mx", "a.example", "--verbose"},
			{"argv.0=mailprobe", "argv.1=mx", "argv.3=--verbose", "argv.4=--resolver=127.0.0.1:5353"}},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

static void finds_a_way_out(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_case c;
	struct mp_err err = {0};
	char root[256];
	int sys;

	(void)state;
	tree_make(root, NULL);
	if (build(a, root, "mail.example.com", any_args, &c, &err) != MP_OK)
		fail_msg("%s", err.msg);
	assert_in_range(c.n_sources, 1, 2);
	for (size_t i = 0; i < c.n_sources; i++)
		assert_true(mp_ip_is_ours(&c.sources[i].address, &sys));
	assert_int_equal(strlen(c.run_id), 16);
	assert_int_equal(strlen(c.nonce), 12);
	assert_true(mp_islower(c.nonce[0]));
	assert_int_equal(strspn(c.run_id, "0123456789abcdef"), 16);
	assert_int_equal(strspn(c.nonce, "abcdefghijklmnopqrstuvwxyz0123456789"), 12);
	tree_remove(root);
	mp_arena_free(a);
}

static void refuses(void **state)
{
	static const struct {
		const char *label;
		struct tree_file files[FILES];
		const char *hostname;
		const char *args[ARGS];
		const char *want;
	} rows[] = {
		/* targets */
		{"alias with a slip", {{NULL, NULL}}, NULL, {"--to", "gmial-mx"},
			"--to: unknown target 'gmial-mx' (did you mean 'gmail-mx'?); 'mailprobe targets' lists the known ones"},
		{"the user's own with a slip", {{"/etc/mailprobe.conf", "[target partner]\ndomain = p.example\n"}},
			NULL, {"--to", "parnter"},
			"--to: unknown target 'parnter' (did you mean 'partner'?); 'mailprobe targets' lists the known ones"},
		{"a word", {{NULL, NULL}}, NULL, {"--to", "nowhere"},
			"--to: unknown target 'nowhere'; 'mailprobe targets' lists the known ones"},
		{"bare address", {{NULL, NULL}}, NULL, {"--to", "192.0.2.1"},
			"--to: '192.0.2.1' is an address: one server is written mx:[IP]:PORT"},
		{"bare address in brackets", {{NULL, NULL}}, NULL, {"--to", "[::1]:25"},
			"--to: '[::1]:25' is an address: one server is written mx:[IP]:PORT"},
		{"empty label", {{NULL, NULL}}, NULL, {"--to", "a..example"},
			"--to: 'a..example' has nothing between two dots; it should be a host name such as mail.example.com"},
		{"underscore", {{NULL, NULL}}, NULL, {"--to", "_dmarc.example.org"},
			"--to: '_dmarc.example.org' holds '_', which no host name may; it should be a host name such as mail.example.com"},
		{"hyphen at an edge", {{NULL, NULL}}, NULL, {"--to", "-a.example"},
			"--to: '-a.example' has a hyphen at the edge of a part; it should be a host name such as mail.example.com"},
		{"number at the end", {{NULL, NULL}}, NULL, {"--to", "a.123"},
			"--to: 'a.123' ends in a number, as no domain does; it should be a host name such as mail.example.com"},
		{"no internationalised name", {{NULL, NULL}}, NULL, {"--to", "\xe2\x9a\xa1.example"}, NULL},
		{"address with nothing behind", {{NULL, NULL}}, NULL, {"--to", "a@"},
			"--to: 'a@' has nothing behind its '@'; it should be a mail address such as postmaster@example.com"},
		{"server without a name", {{NULL, NULL}}, NULL, {"--to", "mx:"},
			"--to: is empty; it should be HOST[:PORT] or [IP]:PORT, such as mx1.example.net:25"},
		{"server's port", {{NULL, NULL}}, NULL, {"--to", "mx:a.example:0"},
			"--to: '0' is out of range: a port is a number from 1 to 65535"},
		{"server's port is empty", {{NULL, NULL}}, NULL, {"--to", "mx:a.example:"},
			"--to: is empty; a port is a number from 1 to 65535"},
		{"open bracket", {{NULL, NULL}}, NULL, {"--to", "mx:[::1"},
			"--to: '[::1' has no ']'; it should look like [2001:db8::1]:25"},
		{"rest behind the bracket", {{NULL, NULL}}, NULL, {"--to", "mx:[::1]25"},
			"--to: '25' behind the ']' should be a colon and a port"},
		{"IPv6 and port without brackets", {{NULL, NULL}}, NULL, {"--to", "mx:a:b:25"},
			"--to: 'a:b:25' has more than one colon; an IPv6 address and a port look like [2001:db8::1]:25"},
		{"a name in brackets", {{NULL, NULL}}, NULL, {"--to", "mx:[a.example]:25"},
			"--to: 'a.example' in brackets is not an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"broken literal", {{NULL, NULL}}, NULL, {"--to", "a@[192.0.2]"},
			"--to: 'a@[192.0.2]' ends in no address literal; those look like [192.0.2.1] or [IPv6:2001:db8::1]"},
		/* names and senders */
		{"no name", {{NULL, NULL}}, "vps123", {"check", LO},
			"the name to announce is not known: there is no local MTA, and the host name 'vps123' is not fully qualified; give --ehlo NAME"},
		{"MTA computes its name", {{"/etc/exim4/exim4.conf", "primary_hostname = ${env{H}}\n"}}, NULL,
			{"check", LO},
			"the name to announce is not known: exim: primary_hostname in /etc/exim4/exim4.conf is computed at run time; give the one that it announces: --ehlo NAME"},
		{"MTA's name is two words", {{MAIN_CF, "myhostname = a b\n"}}, NULL, {"check", LO},
			"postfix (myhostname in /etc/postfix/main.cf): 'a b' holds a blank; it should be a host name such as mail.example.com"},
		{"EHLO address literal", {{NULL, NULL}}, NULL, {"check", "--ehlo", "[192.0.2.1]", LO},
			"the sender's domain is not known, and the EHLO name '[192.0.2.1]' does not tell it; give --from ADDR"},
		{"EHLO name is a public suffix", {{NULL, NULL}}, NULL, {"check", "--ehlo", "co.uk", LO},
			"the sender's domain is not known, and the EHLO name 'co.uk' does not tell it; give --from ADDR"},
		{"null sender alone", {{NULL, NULL}}, NULL, {"check", "--from", "<>", LO},
			"--from <> names no domain: give the message's From: as well, --header-from ADDR"},
		/* sources */
		{"a source elsewhere", {{NULL, NULL}}, NULL, {"check", "--source", "203.0.113.99"},
			"--source: 203.0.113.99 is not an address of this host"},
		{"a source elsewhere, IPv6", {{NULL, NULL}}, NULL, {"check", "--source", "2001:db8:99::1"},
			"--source: 2001:db8:99::1 is not an address of this host"},
		{"a source twice", {{NULL, NULL}}, NULL,
			{"check", "--source", "127.0.0.1", "--source", "::ffff:127.0.0.1"},
			"--source: 127.0.0.1 is given twice"},
		{"source against -6", {{NULL, NULL}}, NULL, {"check", LO, "-6"},
			"--source 127.0.0.1 is not an IPv6 address, and -6 allows no other"},
		{"source against -4", {{NULL, NULL}}, NULL, {"check", "--source", "::1", "-4"},
			"--source ::1 is not an IPv4 address, and -4 allows no other"},
		{"configuration's source against -6", {{"/etc/mailprobe.conf", "[default]\nsource = 127.0.0.1\n"}},
			NULL, {"check", "-6"},
			"the configuration's source has no IPv6 address, and -6 allows no other"},
		{"target against -4", {{NULL, NULL}}, NULL, {"--to", "mx:[::1]", "-4"},
			"--to mx:[::1] is not an IPv4 address, and -4 allows no other"},
		{"target against the source", {{NULL, NULL}}, NULL, {"--to", "mx:[::1]", LO},
			"no --source is of the family of --to mx:[::1]: give an IPv6 address as well"},
		{"target against the MTA", {{MAIN_CF, "inet_protocols = ipv4\n"}}, NULL, {"--to", "mx:[::1]"},
			"--to is an IPv6 address, and postfix is configured to use IPv4 alone; give --source IP"},
		{"too many public addresses", {{NULL, NULL}}, NULL, {"check", LO, "--public-ip=192.0.2.1,192.0.2.2"},
			"--public-ip: 192.0.2.2 has no source address of IPv4 to belong to"},
		{"public address of no family", {{NULL, NULL}}, NULL, {"check", LO, "--public-ip=2001:db8::1"},
			"--public-ip: 2001:db8::1 has no source address of IPv6 to belong to"},
		{"public address at another's position", {{NULL, NULL}}, NULL,
			{"check", "--source=127.0.0.1,127.0.0.2", "--public-ip=192.0.2.1,2001:db8::1"},
			"--public-ip: 2001:db8::1 does not fit the source at its position, 127.0.0.2: both must be IPv4 or IPv6"},
		/* single checks */
		{"ptr of a name", {{NULL, NULL}}, NULL, {"ptr", "mail.example.com"},
			"ptr: 'mail.example.com' is not an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"ptr of nothing", {{NULL, NULL}}, NULL, {"ptr", ""}, "ptr: is empty; it should be text of one line"},
		{"dnsbl of an address that no host has", {{NULL, NULL}}, NULL, {"dnsbl", "224.0.0.1"},
			"dnsbl: '224.0.0.1' is an address that no host can have; "
			"it should be an IP address such as 192.0.2.10 or 2001:db8::10"},
		{"dnsbl of no name", {{NULL, NULL}}, NULL, {"dnsbl", "a b"},
			"dnsbl: 'a b' holds a blank; it should be a host name such as mail.example.com"},
		{"mx of an address", {{NULL, NULL}}, NULL, {"mx", "a@b.example"},
			"mx: 'a@b.example' holds '@', which no host name may; it should be a host name such as mail.example.com"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};
		struct mp_case c;
		char root[256];

		tree_make(root, rows[i].files);
		row_int(rows[i].label,
			build(a, root, rows[i].hostname ? rows[i].hostname : "mail.example.com", rows[i].args, &c,
				&err),
			MP_EINVAL);
		if (rows[i].want)
			row_str(rows[i].label, err.msg, rows[i].want);
		tree_remove(root);
		mp_arena_free(a);
	}
}

/* ---- saved and read back */

static json_t *made(struct mp_arena *a)
{
	static const char *const args[] = {"--to", "\"a b\"@example.org,mx:127.0.0.1:2525", "--from", "<>",
		"--header-from", "j\xc3\xbcrgen@example.com", "--source=127.0.0.1,127.0.0.2", "--public-ip=192.0.2.1",
		NULL};
	static const struct tree_file files[] = {{"/etc/hosts", "127.0.1.1 mail.example.com mail\n"},
		{MAIN_CF, "relayhost = r.example\n"}, {NULL, NULL}};
	const char *all[ARGS] = {NULL};
	struct mp_err err = {0};
	struct mp_case c;
	char root[256];

	memcpy(all, args, sizeof(args));
	tree_make(root, files);
	if (build(a, root, "mail.example.com", all, &c, &err) != MP_OK)
		fail_msg("%s", err.msg);
	tree_remove(root);
	return mp_case_to_json(&c);
}

static void comes_back_as_it_was(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf text = MP_BUF(1 << 20);
	json_t *first = made(a), *read, *second;
	struct mp_err err = {0};
	struct mp_case c;

	(void)state;
	mp_json_write(first, 0, &text);
	read = mp_json_parse(mp_buf_str(&text), &err);
	assert_non_null(read);
	if (mp_case_from_json(read, a, &c, &err) != MP_OK)
		fail_msg("%s", err.msg);
	second = mp_case_to_json(&c);
	assert_true(json_equal(first, second));
	assert_string_equal(c.targets[0].rcpt, "\"a b\"@example.org");
	assert_int_equal(c.sources[0].public_ip.b[3], 1);
	assert_int_equal(c.sources[1].public_ip.family, MP_IPNONE);
	json_decref(first);
	json_decref(read);
	json_decref(second);
	mp_buf_release(&text);
	mp_arena_free(a);
}

static void refuses_saved(void **state)
{
	/* A member at a path set to a value (JSON), and what is said of it. */
	static const struct {
		const char *path, *value, *want;
	} rows[] = {
		{"command", "\"explode\"", "case.command: should be one of the known words"},
		{"command", "null", "case.command: should be a string"},
		{"run_id", "7", "case.run_id: should be a string"},
		{"ehlo", "\"a\\r\\nb\"", "case.ehlo: should be text of one line, without control characters"},
		{"ehlo", "\"a\\u0000b\"", NULL},
		{"ehlo", "\"a\\u202eb\"", "case.ehlo: should be text of one line, without control characters"},
		{"ehlo", "null", "case.ehlo: is needed"},
		{"domain", "null", "case.domain: is needed"},
		{"hostname", "[]", "case.hostname: should be a string"},
		{"started_ms", "-1", "case.started_ms: should be a number within its range"},
		{"started_ms", "9000000000000000000", "case.started_ms: should be a number within its range"},
		{"started_ms", "1.5", "case.started_ms: should be a number within its range"},
		{"argv", "{}", "case.argv: should be a list, not longer than any case has"},
		{"argv.0", "null", "case.argv: should be a string"},
		{"sources", "null", "case.sources: should be a list, not longer than any case has"},
		{"sources.0.address", "null", "case.sources[0].address: should be a string"},
		{"sources.1.address", "\"mail\"", "case.sources[1].address: should be an IP address"},
		{"sources.1", "7", "case.sources[1].address: should be a string"},
		{"sources.0.public_ip", "\"x\"", "case.sources[0].public_ip: should be an IP address"},
		{"hosts.0.name", "7", "case.hosts[0].name: should be a string"},
		{"targets.0.kind", "\"moon\"", "case.targets[0].kind: should be one of the known words"},
		{"targets.0.rcpt", "null", "case.targets[0].rcpt: should be a string"},
		{"targets.0.rcpt_assumed", "0", "case.targets[0].rcpt_assumed: should be true or false"},
		{"targets.1.port", "0", "case.targets[1].port: should be a number within its range"},
		{"targets.1.port", "65536", "case.targets[1].port: should be a number within its range"},
		{"targets.1.address", "null", "case.targets[1].host: a server has either a host or an address"},
		{"targets.1.host", "\"a.example\"", "case.targets[1].host: a server has either a host or an address"},
		{"resolvers", "\"127.0.0.1\"", "case.resolvers: should be a list, not longer than any case has"},
		{"trust_ad", "\"yes\"", "case.trust_ad: should be true or false"},
		{"rdap_url", "\"\"", "case.rdap_url: should be an https URL without a query"},
		{"rdap_url", "\"ftp://a.example/\"", "case.rdap_url: should be an https URL without a query"},
		{"rdap_url", "7", "case.rdap_url: should be a string"},
		{"rspamd_url", "\"http://u@a.example/\"", "case.rspamd_url: should be the URL of an rspamd"},
		{"rspamd_url", "\"http://198.51.100.1/\"", "case.rspamd_url: should be the URL of an rspamd"},
		{"spamd", "\"a:b:c\"", "case.spamd: should be HOST[:PORT]"},
		{"tls", "\"maybe\"", "case.tls: should be one of the known words"},
		{"family", "5", "case.family: should be 4, 6, or 0 for both"},
		{"all_mx", "null", "case.all_mx: should be true or false"},
		{"ns_port", "\"53\"", "case.ns_port: should be a number within its range"},
		{"mta_sts_port", "0", "case.mta_sts_port: should be a number within its range"},
		{"mta_sts_port", "\"443\"", "case.mta_sts_port: should be a number within its range"},
		{"timeout_ms", "0", "case.timeout_ms: should be a number within its range"},
		{"timeout_ms", "4294967296", "case.timeout_ms: should be a number within its range"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		json_t *j = made(a), *at = j,
		       *value = json_loads(rows[i].value, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		struct mp_str rest = mp_str(rows[i].path), part;
		struct mp_err err = {0};
		struct mp_case c;
		uint64_t n;

		assert_non_null(value);
		while (mp_str_split(&rest, '.', &part)) {
			bool index = mp_str_u64(part, 1000, &n);

			if (rest.p)
				at = index ? json_array_get(at, n) : json_object_get(at, mp_dupstr(a, part));
			else if (index)
				assert_int_equal(json_array_set_new(at, n, value), 0);
			else
				assert_int_equal(json_object_set_new(at, mp_dupstr(a, part), value), 0);
		}
		row_int(rows[i].path, mp_case_from_json(j, a, &c, &err), MP_EPARSE);
		if (rows[i].want)
			row_str(rows[i].path, err.msg, rows[i].want);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void refuses_the_overgrown(void **state)
{
	static const struct {
		const char *list;
		size_t max;
	} rows[] = {{"argv", MP_CASE_ARGV_MAX}, {"sources", MP_CASE_SOURCES_MAX}, {"hosts", MP_CASE_HOSTS_MAX},
		{"targets", MP_CASE_TARGETS_MAX}, {"resolvers", MP_CASE_RESOLVERS_MAX}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		json_t *j = made(a), *list = json_object_get(j, rows[i].list), *one = json_array_get(list, 0);
		struct mp_err err = {0};
		struct mp_case c;

		while (json_array_size(list) < rows[i].max)
			json_array_append(list, one);
		row_int(rows[i].list, mp_case_from_json(j, a, &c, &err), MP_OK);
		json_array_append(list, one);
		row_int(rows[i].list, mp_case_from_json(j, a, &c, &err), MP_EPARSE);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void refuses_what_is_no_case(void **state)
{
	static const char *const rows[] = {"null", "[]", "7", "\"case\"", "{}"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		json_t *j = json_loads(rows[i], JSON_DECODE_ANY, NULL);
		struct mp_err err = {0};
		struct mp_case c;

		row_int(rows[i], mp_case_from_json(j, a, &c, &err), MP_EPARSE);
		assert_true(err.msg[0] != '\0');
		json_decref(j);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets),
		cmocka_unit_test(selectors),
		cmocka_unit_test(senders),
		cmocka_unit_test(sources),
		cmocka_unit_test(the_rest),
		cmocka_unit_test(finds_a_way_out),
		cmocka_unit_test(refuses),
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(refuses_saved),
		cmocka_unit_test(refuses_the_overgrown),
		cmocka_unit_test(refuses_what_is_no_case),
	};

	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
