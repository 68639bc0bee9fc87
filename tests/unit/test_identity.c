/* tests/unit/test_identity.c - who a host is, and what its MTA's configuration says, from file trees */
#include "base/buf.h"
#include "probe/identity.h"
#include "tree.h"

/* What an identity comes to, in one line: "name ehlo domain bind... relay family", "-" for what is not known. */
static const char *told(struct mp_arena *a, const struct mp_identity *id)
{
	const struct mp_mta *m = &id->mta;
	char ip[MP_IP_TEXT];
	const char *text;

	if (!m->name)
		return "none";
	text = mp_printf(a, "%s %s %s", m->name, m->ehlo ? m->ehlo : "-", m->domain ? m->domain : "-");
	for (size_t i = 0; i < m->n_bind; i++)
		text = mp_printf(a, "%s %s", text, mp_ip_text(&m->bind[i], ip));
	if (m->relayhost)
		text = mp_printf(a, "%s >%s", text, m->relayhost);
	if (m->family != MP_IPNONE)
		text = mp_printf(a, "%s v%d", text, m->family);
	return text;
}

struct mta_test {
	const char *label;
	struct tree_file files[6];
	const char *hostname;
	const char *want;
	const char *origin; /* of the EHLO name, or the trouble; NULL: not looked at */
};

static void run_rows(const struct mta_test *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_identity id;
		char root[256];

		tree_make(root, rows[i].files);
		mp_identity_read(a, root, rows[i].hostname ? rows[i].hostname : "host.example.org", &id);
		row_str(rows[i].label, told(a, &id), rows[i].want);
		if (rows[i].origin)
			row_str(rows[i].label, id.mta.ehlo ? id.mta.ehlo_origin : id.mta.trouble, rows[i].origin);
		tree_remove(root);
		mp_arena_free(a);
	}
}

static void names(void **state)
{
	static const struct {
		const char *label, *hosts, *hostname, *fqdn, *origin;
	} rows[] = {
		{"qualified", NULL, "mail.example.com", "mail.example.com", "hostname"},
		{"Debian's installer", "127.0.0.1 localhost\n127.0.1.1 mail.example.com mail\n", "mail",
			"mail.example.com", "/etc/hosts"},
		{"tabs, comments, capitals", "# x\n127.0.1.1\tMail.example.com\tMAIL # mine\n", "mail",
			"Mail.example.com", "/etc/hosts"},
		{"the first line counts", "127.0.1.1 a.example.com mail\n10.0.0.1 b.example.com mail\n", "mail",
			"a.example.com", "/etc/hosts"},
		{"canonical name without a dot", "127.0.1.1 mail mail.example.com\n", "mail", NULL, NULL},
		{"not in the file", "127.0.0.1 localhost\n", "mail", NULL, NULL},
		{"a longer name is another", "127.0.1.1 x.example.com mail2\n", "mail", NULL, NULL},
		{"a commented line", "#127.0.1.1 mail.example.com mail\n", "mail", NULL, NULL},
		{"no file", NULL, "mail", NULL, NULL},
		{"CRLF", "127.0.1.1 mail.example.com mail\r\n", "mail", "mail.example.com", "/etc/hosts"},
		{"a dot at the end alone", NULL, "mail.", NULL, NULL},
		{"container", "172.17.0.2 1f2e3d4c5b6a\n", "1f2e3d4c5b6a", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct tree_file files[] = {{rows[i].hosts ? "/etc/hosts" : NULL, rows[i].hosts}, {NULL, NULL}};
		struct mp_arena *a = mp_arena_new();
		struct mp_identity id;
		char root[256];

		tree_make(root, files);
		mp_identity_read(a, root, rows[i].hostname, &id);
		row_str(rows[i].label, id.hostname, rows[i].hostname);
		row_str(rows[i].label, id.fqdn, rows[i].fqdn);
		row_str(rows[i].label, id.fqdn_origin, rows[i].origin);
		tree_remove(root);
		mp_arena_free(a);
	}
}

static void asks_the_system_for_its_name(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_identity id;
	char name[256], root[256];

	(void)state;
	assert_int_equal(gethostname(name, sizeof(name)), 0);
	tree_make(root, NULL);
	mp_identity_read(a, root, NULL, &id);
	assert_string_equal(id.hostname, name);
	tree_remove(root);
	mp_arena_free(a);
}

static void hosts_entries(void **state)
{
	static const char hosts[] = "127.0.0.1 localhost\n127.0.1.1 mail.example.com mail\n::1 MAIL localhost6\n"
				    "198.51.100.1 mx.example.com\n192.0.2.10 other.example.org\nnonsense mail\n";
	static const struct tree_file files[] = {{"/etc/hosts", hosts}, {NULL, NULL}};
	static const char *const ours[] = {"mail", NULL, "mail.example.com"};
	static const char *const want[] = {
		"127.0.1.1 mail.example.com", "127.0.1.1 mail", "::1 MAIL", "192.0.2.10 other.example.org"};
	const struct mp_hosts_entry *list;
	struct mp_arena *a = mp_arena_new();
	struct mp_ip ips[2];
	char root[256], ip[MP_IP_TEXT];

	(void)state;
	assert_true(mp_ip_parse(mp_str("192.0.2.10"), &ips[0]));
	assert_true(mp_ip_parse(mp_str("127.0.0.1"), &ips[1]));
	tree_make(root, files);
	assert_int_equal(mp_hosts_entries(a, root, ours, 3, ips, 2, &list), ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		row_str(want[i], mp_printf(a, "%s %s", mp_ip_text(&list[i].address, ip), list[i].name), want[i]);
	tree_remove(root);
	mp_arena_free(a);
}

static void bounds_hosts_entries(void **state)
{
	static const char *const ours[] = {"mail"};
	const struct mp_hosts_entry *list;
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = MP_BUF(1 << 20);
	char root[256];

	(void)state;
	for (int i = 0; i < 1000; i++)
		mp_buf_adds(&b, "192.0.2.1 mail\n");
	tree_make(root, NULL);
	tree_add(root, "/etc/hosts", mp_buf_cstr(&b));
	assert_int_equal(mp_hosts_entries(a, root, ours, 1, NULL, 0, &list), MP_CASE_HOSTS_MAX);
	tree_remove(root);
	mp_buf_release(&b);
	mp_arena_free(a);
}

#define MAIN_CF "/etc/postfix/main.cf"
#define MASTER_CF "/etc/postfix/master.cf"

static void postfix(void **state)
{
	static const struct mta_test rows[] = {
		{"Debian's",
			{{MAIN_CF,
				 "# See /usr/share/postfix\n\nmyhostname = mail.example.com\nmydestination = $myhostname\n"
				 "myorigin = /etc/mailname\nrelayhost = \ninet_interfaces = all\n"
				 "inet_protocols = all\n"},
				{"/etc/mailname", "example.com\n"}},
			NULL, "postfix mail.example.com example.com", "myhostname in /etc/postfix/main.cf"},
		{"nothing set", {{MAIN_CF, ""}}, NULL, "postfix host.example.org host.example.org",
			"the default of myhostname in /etc/postfix/main.cf"},
		{"nothing set, plain host name", {{MAIN_CF, ""}}, "mail", "postfix mail.localdomain mail.localdomain",
			NULL},
		{"plain host name with mydomain", {{MAIN_CF, "mydomain = example.com\n"}}, "mail",
			"postfix mail.example.com mail.example.com", NULL},
		{"myorigin of mydomain", {{MAIN_CF, "myhostname = mx1.example.com\nmyorigin = $mydomain\n"}}, NULL,
			"postfix mx1.example.com example.com", NULL},
		{"a name of its own for EHLO",
			{{MAIN_CF, "myhostname = a.example.com\nsmtp_helo_name = out.example.com\n"}}, NULL,
			"postfix out.example.com a.example.com", "smtp_helo_name in /etc/postfix/main.cf"},
		{"localhost, as it is", {{MAIN_CF, "myhostname = localhost\n"}}, NULL, "postfix localhost localhost",
			NULL},
		{"the last one wins", {{MAIN_CF, "myhostname = a.example\nmyhostname = b.example\n"}}, NULL,
			"postfix b.example b.example", NULL},
		{"continued line", {{MAIN_CF, "myhostname =\n\t# a comment in between\n\n  c.example\n"}}, NULL,
			"postfix c.example c.example", NULL},
		{"CRLF", {{MAIN_CF, "myhostname = a.example\r\n"}}, NULL, "postfix a.example a.example", NULL},
		{"braces and brackets", {{MAIN_CF, "d = example.net\nmyhostname = a.${d}\nsmtp_helo_name = b.$(d)\n"}},
			NULL, "postfix b.example.net a.example.net", NULL},
		{"condition holds", {{MAIN_CF, "n = 7\nmyhostname = ${n?{m$n.example}:{x.example}}\n"}}, NULL,
			"postfix m7.example m7.example", NULL},
		{"condition fails", {{MAIN_CF, "myhostname = ${n?{m.example}:{x.example}}\n"}}, NULL,
			"postfix x.example x.example", NULL},
		{"old condition", {{MAIN_CF, "myhostname = ${n?m.example}${n:y.example}\n"}}, NULL,
			"postfix y.example y.example", NULL},
		{"comparison", {{MAIN_CF, "myhostname = ${{$a} == {b} ? {c} : {d}}\n"}}, NULL, "postfix - -",
			"myhostname in /etc/postfix/main.cf cannot be worked out"},
		{"unknown parameter", {{MAIN_CF, "myhostname = a.$mail_version.example\n"}}, NULL, "postfix - -", NULL},
		{"names itself", {{MAIN_CF, "myhostname = $smtp_helo_name\nsmtp_helo_name = $myhostname\n"}}, NULL,
			"postfix - -", NULL},
		{"grows without end",
			{{MAIN_CF, "a = $b$b$b$b\nb = $c$c$c$c\nc = $d$d$d$d\nd = $e$e$e$e\ne = $f$f$f$f\n"
				   "f = $g$g$g$g\ng = $h$h$h$h\nh =\nmyhostname = $a\n"}},
			NULL, "postfix - -", NULL},
		{"dollar", {{MAIN_CF, "myhostname = a$$b.example\n"}}, NULL, "postfix a$b.example a$b.example", NULL},
		{"bind addresses",
			{{MAIN_CF, "myhostname = a.example\nsmtp_bind_address = 192.0.2.7\n"
				   "smtp_bind_address6 = [2001:db8::7]\n"}},
			NULL, "postfix a.example a.example 192.0.2.7 2001:db8::7", NULL},
		{"no address in particular", {{MAIN_CF, "myhostname = a.example\nsmtp_bind_address = 0.0.0.0\n"}}, NULL,
			"postfix a.example a.example", NULL},
		{"one interface a family",
			{{MAIN_CF, "myhostname = a.example\ninet_interfaces = 127.0.0.1, 192.0.2.8\n"}}, NULL,
			"postfix a.example a.example 192.0.2.8", NULL},
		{"two interfaces of a family",
			{{MAIN_CF, "myhostname = a.example\ninet_interfaces = 192.0.2.8 192.0.2.9\n"}}, NULL,
			"postfix a.example a.example", NULL},
		{"an interface by name",
			{{MAIN_CF, "myhostname = a.example\ninet_interfaces = $myhostname, 192.0.2.8\n"}}, NULL,
			"postfix a.example a.example", NULL},
		{"loopback only", {{MAIN_CF, "myhostname = a.example\ninet_interfaces = loopback-only\n"}}, NULL,
			"postfix a.example a.example", NULL},
		{"IPv4 alone", {{MAIN_CF, "myhostname = a.example\ninet_protocols = ipv4\n"}}, NULL,
			"postfix a.example a.example v4", NULL},
		{"both families by name", {{MAIN_CF, "myhostname = a.example\ninet_protocols = ipv4, ipv6\n"}}, NULL,
			"postfix a.example a.example", NULL},
		{"relay", {{MAIN_CF, "myhostname = a.example\nrelayhost = [smtp.isp.example]:587\n"}}, NULL,
			"postfix a.example a.example >[smtp.isp.example]:587", NULL},
		{"relay by transport", {{MAIN_CF, "myhostname = a.example\ndefault_transport = smtp:[out.example]\n"}},
			NULL, "postfix a.example a.example >[out.example]", NULL},
		{"transport's own options",
			{{MAIN_CF, "myhostname = a.example\n"},
				{MASTER_CF, "smtp inet n - y - - smtpd\n  -o myhostname=in.example\n"
					    "smtp unix - - y - - smtp\n\t-o smtp_helo_name=out.example\n"
					    "\t-o { smtp_bind_address = 192.0.2.5 } -oinet_protocols=ipv4\n"
					    "relay unix - - y - - smtp\n\t-o smtp_helo_name=relay.example\n"}},
			NULL, "postfix out.example a.example 192.0.2.5 v4", "smtp_helo_name in /etc/postfix/master.cf"},
		{"another default transport",
			{{MAIN_CF, "myhostname = a.example\ndefault_transport = bulk:\n"},
				{MASTER_CF, "smtp unix - - y - - smtp\n  -o smtp_helo_name=smtp.example\n"
					    "bulk unix - - y - - smtp\n  -o smtp_helo_name=bulk.example\n"}},
			NULL, "postfix bulk.example a.example", NULL},
		{"FreeBSD's place", {{"/usr/local/etc/postfix/main.cf", "myhostname = a.example\n"}}, NULL,
			"postfix a.example a.example", "myhostname in /usr/local/etc/postfix/main.cf"},
		{"not a file", {{MAIN_CF "/x", ""}}, NULL, "postfix - -", "/etc/postfix/main.cf cannot be read"},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

#define EXIM_CONF "/etc/exim4/exim4.conf"
#define DEBIAN_CONF "/etc/exim4/update-exim4.conf.conf"

static void exim(void **state)
{
	static const struct mta_test rows[] = {
		{"one file",
			{{EXIM_CONF, "primary_hostname = mail.example.com\nqualify_domain = example.com\n"
				     "begin transports\nremote_smtp:\n  driver = smtp\n"}},
			NULL, "exim mail.example.com example.com", "primary_hostname in /etc/exim4/exim4.conf"},
		{"nothing set", {{EXIM_CONF, "begin acl\n"}}, NULL, "exim host.example.org host.example.org",
			"the default of primary_hostname in /etc/exim4/exim4.conf"},
		{"helo_data",
			{{EXIM_CONF, "primary_hostname = a.example\nbegin transports\nremote_smtp:\n driver = smtp\n"
				     " helo_data = out.$primary_hostname\n"}},
			NULL, "exim out.a.example a.example",
			"helo_data of transport remote_smtp in /etc/exim4/exim4.conf"},
		{"computed",
			{{EXIM_CONF, "primary_hostname = a.example\nbegin transports\nremote_smtp:\n driver = smtp\n"
				     " helo_data = ${lookup{$sending_ip_address}lsearch{/etc/helo}{$value}}\n"}},
			NULL, "exim - a.example",
			"helo_data of transport remote_smtp in /etc/exim4/exim4.conf is computed at run time"},
		{"computed name", {{EXIM_CONF, "primary_hostname = ${env{H}}\n"}}, NULL, "exim - -",
			"primary_hostname in /etc/exim4/exim4.conf is computed at run time"},
		{"quotes", {{EXIM_CONF, "primary_hostname = \"a.example\"\n"}}, NULL, "exim a.example a.example", NULL},
		{"continued line", {{EXIM_CONF, "primary_hostname = a.\\\n  # between\n   example\n"}}, NULL,
			"exim a.example a.example", NULL},
		{"macros", {{EXIM_CONF, "HOST = a\nDOM=example.net\nPRIMARY = HOST.DOM\nprimary_hostname = PRIMARY\n"}},
			NULL, "exim a.example.net a.example.net", NULL},
		{"macro redefined", {{EXIM_CONF, "NAME = a.example\nNAME == b.example\nprimary_hostname = NAME\n"}},
			NULL, "exim b.example b.example", NULL},
		{"conditions",
			{{EXIM_CONF,
				"ONE = 1\n.ifdef TWO\nprimary_hostname = two.example\n.ifdef ONE\n"
				"primary_hostname = x.example\n.endif\n.elifdef ONE\nprimary_hostname = one.example\n"
				".else\nprimary_hostname = else.example\n.endif\n.ifndef TWO\n"
				"qualify_domain = q.example\n.endif\n"}},
			NULL, "exim one.example q.example", NULL},
		{"include",
			{{EXIM_CONF, ".include /etc/exim4/more.conf\n.include_if_exists /etc/none\n"},
				{"/etc/exim4/more.conf", "primary_hostname = more.example\n"}},
			NULL, "exim more.example more.example", NULL},
		{"includes itself", {{EXIM_CONF, "primary_hostname = a.example\n.include /etc/exim4/exim4.conf\n"}},
			NULL, "exim a.example a.example", NULL},
		{"the transport that routers use",
			{{EXIM_CONF, "primary_hostname = a.example\nbegin routers\nout:\n driver = dnslookup\n"
				     " transport = pool\nbegin transports\nremote_smtp:\n driver = smtp\n"
				     " helo_data = no.example\npool:\n driver = smtp\n helo_data = pool.example\n"
				     " interface = 192.0.2.3\n"}},
			NULL, "exim pool.example a.example 192.0.2.3", NULL},
		{"interfaces",
			{{EXIM_CONF, "begin transports\nremote_smtp:\n driver = smtp\n"
				     " interface = 192.0.2.3 : 2001::db8::::3\n"}},
			NULL, "exim host.example.org host.example.org 192.0.2.3 2001:db8::3", NULL},
		{"interfaces by another separator",
			{{EXIM_CONF, "begin transports\nremote_smtp:\n driver = smtp\n"
				     " interface = <; 192.0.2.3 ; 2001:db8::3\n"}},
			NULL, "exim host.example.org host.example.org 192.0.2.3 2001:db8::3", NULL},
		{"relay",
			{{EXIM_CONF,
				"begin routers\nsmart:\n driver = manualroute\n route_list = * smtp.isp.example byname\n"
				" transport = remote_smtp\n"}},
			NULL, "exim host.example.org host.example.org >smtp.isp.example", NULL},
		{"relay behind a table of single domains",
			{{EXIM_CONF,
				"begin routers\nhubs:\n driver = manualroute\n route_data = ${lookup{$domain}lsearch{/h}}\n"
				"smart:\n driver = manualroute\n route_list = * smtp.isp.example\n"}},
			NULL, "exim host.example.org host.example.org >smtp.isp.example", NULL},
		{"IPv4 alone", {{EXIM_CONF, "primary_hostname = a.example\ndisable_ipv6 = true\n"}}, NULL,
			"exim a.example a.example v4", NULL},
		{"Debian, generated",
			{{"/var/lib/exim4/config.autogenerated", "primary_hostname = g.example\n"},
				{DEBIAN_CONF, "dc_eximconfig_configtype='internet'\n"}},
			NULL, "exim g.example g.example", "primary_hostname in /var/lib/exim4/config.autogenerated"},
		{"Debian, not generated yet",
			{{DEBIAN_CONF, "dc_eximconfig_configtype='internet'\ndc_smarthost=''\n"},
				{"/etc/mailname", "example.com\n"}},
			NULL, "exim host.example.org example.com",
			"the default of primary_hostname in /etc/exim4/update-exim4.conf.conf"},
		{"Debian, hard-coded name",
			{{DEBIAN_CONF, "dc_use_split_config='false'\n"},
				{"/etc/exim4/exim4.conf.localmacros",
					"MAIN_HARDCODE_PRIMARY_HOSTNAME = mail.example.com\n"},
				{"/etc/mailname", "example.com\n"}},
			NULL, "exim mail.example.com example.com",
			"primary_hostname in /etc/exim4/update-exim4.conf.conf"},
		{"Debian, EHLO name and interface",
			{{DEBIAN_CONF, "dc_use_split_config='true'\n"},
				{"/etc/exim4/conf.d/main/000_localmacros",
					"REMOTE_SMTP_HELO_DATA=out.example.com\nREMOTE_SMTP_INTERFACE = 192.0.2.4\n"}},
			NULL, "exim out.example.com host.example.org 192.0.2.4", NULL},
		{"Debian, smarthost",
			{{DEBIAN_CONF, "dc_eximconfig_configtype='smarthost'\n"
				       "dc_smarthost='smtp.isp.example::587'\n"}},
			NULL, "exim host.example.org host.example.org >smtp.isp.example::587", NULL},
		{"not readable", {{EXIM_CONF "/x", ""}}, NULL, "exim - -",
			"/etc/exim4/exim4.conf cannot be read by this user"},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

#define SMTPD_CONF "/etc/smtpd.conf"

static void opensmtpd(void **state)
{
	static const struct mta_test rows[] = {
		{"Debian's",
			{{SMTPD_CONF, "table aliases file:/etc/aliases\nlisten on localhost\n"
				      "action \"local\" maildir alias <aliases>\naction \"relay\" relay\n"
				      "match for local action \"local\"\nmatch from local for any action \"relay\"\n"}},
			NULL, "opensmtpd host.example.org host.example.org", "the host's name"},
		{"mailname", {{SMTPD_CONF, "action \"relay\" relay\n"}, {"/etc/mailname", "mail.example.com\n"}}, NULL,
			"opensmtpd mail.example.com mail.example.com", "/etc/mailname"},
		{"upstream's mailname",
			{{"/etc/mail/smtpd.conf", "action relay relay\n"}, {"/etc/mail/mailname", "mail.example.com\n"},
				{"/etc/mailname", "no.example\n"}},
			NULL, "opensmtpd mail.example.com mail.example.com", "/etc/mail/mailname"},
		{"helo", {{SMTPD_CONF, "action out relay helo out.example.com\nmatch for any action out\n"}}, NULL,
			"opensmtpd out.example.com host.example.org", "helo in /etc/smtpd.conf"},
		{"the action of the match for any",
			{{SMTPD_CONF, "action a relay helo a.example\naction b relay helo b.example src 192.0.2.6\n"
				      "match for domain x.example action a\nmatch auth from any for any action b\n"}},
			NULL, "opensmtpd b.example host.example.org 192.0.2.6", NULL},
		{"macro, continued line, comment",
			{{SMTPD_CONF, "name = \"m.example\" # ours\naction out relay \\\n  helo $name \\\n  tls\n"}},
			NULL, "opensmtpd m.example host.example.org", NULL},
		{"addresses by table",
			{{SMTPD_CONF, "table src { 192.0.2.6,\n 2001:db8::6 }\naction out relay src <src>\n"}}, NULL,
			"opensmtpd host.example.org host.example.org 192.0.2.6 2001:db8::6", NULL},
		{"addresses in braces",
			{{SMTPD_CONF, "action out relay src { 192.0.2.6, 192.0.2.7 } helo x.example\n"}}, NULL,
			"opensmtpd x.example host.example.org 192.0.2.6 192.0.2.7", NULL},
		{"name by table", {{SMTPD_CONF, "action out relay helo-src <names>\n"}}, NULL,
			"opensmtpd - host.example.org", "helo-src in /etc/smtpd.conf chooses it by table"},
		{"relay", {{SMTPD_CONF, "action out relay host smtp+tls://isp@smtp.isp.example:587 auth <s>\n"}}, NULL,
			"opensmtpd host.example.org host.example.org >smtp+tls://isp@smtp.isp.example:587", NULL},
		{"include",
			{{SMTPD_CONF, "include \"/etc/more.conf\"\n"},
				{"/etc/more.conf", "action o relay helo i.example\n"}},
			NULL, "opensmtpd i.example host.example.org", NULL},
		{"includes itself", {{SMTPD_CONF, "include \"/etc/smtpd.conf\"\naction o relay helo i.example\n"}},
			NULL, "opensmtpd i.example host.example.org", NULL},
		{"no name at all", {{SMTPD_CONF, "action o relay\n"}}, "mail", "opensmtpd - -",
			"/etc/smtpd.conf names none, and the host has no qualified name"},
		{"not readable", {{SMTPD_CONF "/x", ""}}, NULL, "opensmtpd - -",
			"/etc/smtpd.conf cannot be read by this user"},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

#define SENDMAIL_CF "/etc/mail/sendmail.cf"

static void sendmail(void **state)
{
	static const struct mta_test rows[] = {
		{"nothing set", {{SENDMAIL_CF, "# my official domain name\n#Dj$w.Foo.COM\nDS\n"}}, NULL,
			"sendmail host.example.org host.example.org", "the default of $j in /etc/mail/sendmail.cf"},
		{"official name", {{SENDMAIL_CF, "Djmail.example.com\n"}}, NULL,
			"sendmail mail.example.com mail.example.com", "Dj in /etc/mail/sendmail.cf"},
		{"made of the host's name", {{SENDMAIL_CF, "Dj$w.example.net\n"}}, NULL,
			"sendmail host.example.net host.example.net", NULL},
		{"made of its own macros", {{SENDMAIL_CF, "Dmexample.net\nDwout\nDj$w.$m\n"}}, NULL,
			"sendmail out.example.net out.example.net", NULL},
		{"masquerade", {{SENDMAIL_CF, "Djmail.example.com\nDMexample.com\n"}}, NULL,
			"sendmail mail.example.com example.com", NULL},
		{"EHLO name of its own", {{SENDMAIL_CF, "Djmail.example.com\nO HeloName=out.example.com\n"}}, NULL,
			"sendmail out.example.com mail.example.com", "HeloName in /etc/mail/sendmail.cf"},
		{"client address",
			{{SENDMAIL_CF, "O ClientPortOptions=Family=inet, Addr=192.0.2.2\n"
				       "O ClientPortOptions=Family=inet6, A=2001:db8::2\n"}},
			NULL, "sendmail host.example.org host.example.org 192.0.2.2 2001:db8::2", NULL},
		{"smart host", {{SENDMAIL_CF, "DSesmtp:smtp.isp.example\n"}}, NULL,
			"sendmail host.example.org host.example.org >esmtp:smtp.isp.example", NULL},
		{"a macro of run time", {{SENDMAIL_CF, "Dj$k.example\n"}}, NULL, "sendmail - -", NULL},
		{"names itself", {{SENDMAIL_CF, "Dj$m\nDm$j\n"}}, NULL, "sendmail - -", NULL},
		{"no qualified name", {{SENDMAIL_CF, ""}}, "mail", "sendmail - -",
			"the default of $j in /etc/mail/sendmail.cf cannot be worked out without the host's qualified name"},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

static void chooses_the_mta(void **state)
{
	static const struct mta_test rows[] = {
		{"none", {{"/etc/passwd", ""}}, NULL, "none", NULL},
		{"configuration alone", {{SMTPD_CONF, "action o relay helo s.example\n"}}, NULL,
			"opensmtpd s.example host.example.org", NULL},
		{"installed before left over",
			{{MAIN_CF, "myhostname = p.example\n"}, {EXIM_CONF, "primary_hostname = e.example\n"},
				{"/usr/sbin/exim4", ""}},
			NULL, "exim e.example e.example", NULL},
		{"sendmail(1) links to it",
			{{MAIN_CF, "myhostname = p.example\n"}, {EXIM_CONF, "primary_hostname = e.example\n"},
				{"/usr/sbin/exim4", ""}, {"/usr/sbin/postfix", ""}, {"/usr/sbin/sendmail", "-> exim4"}},
			NULL, "exim e.example e.example", NULL},
		{"sendmail(1) is Postfix's own",
			{{MAIN_CF, "myhostname = p.example\n"}, {EXIM_CONF, "primary_hostname = e.example\n"},
				{"/usr/sbin/exim4", ""}, {"/usr/sbin/postfix", ""}, {"/usr/sbin/sendmail", "binary"}},
			NULL, "postfix p.example p.example", NULL},
		{"through alternatives",
			{{MAIN_CF, "myhostname = p.example\n"}, {SENDMAIL_CF, "Djs.example\n"},
				{"/usr/sbin/sendmail", "-> /etc/alternatives/sendmail-mta"},
				{"/etc/alternatives/sendmail-mta", "-> /usr/libexec/sendmail/sendmail"}},
			NULL, "sendmail s.example s.example", NULL},
		{"a circle of links", {{MAIN_CF, "myhostname = p.example\n"}, {"/usr/sbin/sendmail", "-> sendmail"}},
			NULL, "postfix p.example p.example", NULL},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

static void makes_odd_bytes_harmless(void **state)
{
	static const struct mta_test rows[] = {
		{"escape", {{MAIN_CF, "myhostname = a\x1b[2Jb.example\n"}}, NULL,
			"postfix a\\x1b[2Jb.example a\\x1b[2Jb.example", NULL},
		{"not UTF-8", {{MAIN_CF, "myhostname = \xff.example\n"}}, NULL, "postfix \\xff.example \\xff.example",
			NULL},
	};

	(void)state;
	run_rows(rows, ARRAY_LEN(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(asks_the_system_for_its_name),
		cmocka_unit_test(hosts_entries),
		cmocka_unit_test(bounds_hosts_entries),
		cmocka_unit_test(postfix),
		cmocka_unit_test(exim),
		cmocka_unit_test(opensmtpd),
		cmocka_unit_test(sendmail),
		cmocka_unit_test(chooses_the_mta),
		cmocka_unit_test(makes_odd_bytes_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
