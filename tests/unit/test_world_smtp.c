/* tests/unit/test_world_smtp.c - the world's receivers: what they say, and when */
#include <openssl/ssl.h>
#include <signal.h>
#include <uv.h>

#include "base/arena.h"
#include "tests/world/smtp_server.h"

#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The client comes from 127.0.0.1, which the world's NAT shows as 203.0.113.10. */
static const char shared_zone[] = ". SOA ns.world.example host.world.example 1 2 3 4 300\n"
				  "mail.example.com A 203.0.113.10\n"
				  "other.example.com A 203.0.113.99\n"
				  "example.com MX 10 mail.example.com\n";

#define PTR "10.113.0.203.in-addr.arpa "

struct fixture {
	uv_loop_t loop;
	struct mp_arena *a;
	struct world_pki *pki;
	struct world_smtp *s;
	struct world_nat nat;
	int fd;
	SSL *ssl;
	struct mp_buf in;
};

static void turn(struct fixture *f)
{
	uv_run(&f->loop, UV_RUN_NOWAIT);
	usleep(500);
}

static void start(struct fixture *f, const char *policy, const char *zone, enum world_cert cert)
{
	static const char *const domains[] = {"example.net", NULL};
	struct mp_err err = {0};
	struct world_smtp_config cfg = {
		.nat = &f->nat, .n_nat = 1, .host = "mx1.example.net", .domains = domains, .cert = cert};

	memset(f, 0, sizeof(*f));
	f->fd = -1;
	f->in = MP_BUF(1 << 20);
	uv_loop_init(&f->loop);
	f->a = mp_arena_new();
	f->pki = world_pki_new(&err);
	assert_non_null(f->pki);
	cfg.pki = f->pki;
	cfg.zone = world_zone_parse(f->a, mp_printf(f->a, "%s%s\n", shared_zone, zone), &err);
	if (!cfg.zone)
		fail_msg("%s", err.msg);
	assert_true(mp_ip_parse(mp_str("127.0.0.1"), &f->nat.inside));
	assert_true(mp_ip_parse(mp_str("203.0.113.10"), &f->nat.outside));
	cfg.address = f->nat.inside;
	cfg.policy = world_policy_by_name(policy);
	if (!cfg.policy)
		fail_msg("no policy %s", policy);
	f->s = world_smtp_start(&f->loop, &cfg, &err);
	if (!f->s)
		fail_msg("%s", err.msg);
}

static void hang_up(struct fixture *f)
{
	if (f->ssl) {
		SSL_CTX *ctx = SSL_get_SSL_CTX(f->ssl);

		SSL_free(f->ssl);
		SSL_CTX_free(ctx);
		f->ssl = NULL;
	}
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	mp_buf_reset(&f->in);
}

static void end(struct fixture *f)
{
	hang_up(f);
	world_smtp_stop(f->s);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(world_smtp_counts(f->s).open, 0);
	world_smtp_free(f->s);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	world_pki_free(f->pki);
	mp_buf_release(&f->in);
	mp_arena_free(f->a);
}

static void dial(struct fixture *f)
{
	struct sockaddr_storage ss;
	socklen_t n = mp_ip_sockaddr(&f->nat.inside, world_smtp_port(f->s), &ss);

	hang_up(f);
	f->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(f->fd >= 0);
	assert_int_equal(connect(f->fd, (struct sockaddr *)&ss, n), 0);
	fcntl(f->fd, F_SETFL, O_NONBLOCK);
}

/* 1: something came, 0: nothing yet, -1: the end */
static int take(struct fixture *f)
{
	char chunk[4096];
	ssize_t n;

	if (f->ssl) {
		n = SSL_read(f->ssl, chunk, sizeof(chunk));
		if (n <= 0)
			return SSL_get_error(f->ssl, (int)n) == SSL_ERROR_WANT_READ ? 0 : -1;
	} else {
		n = recv(f->fd, chunk, sizeof(chunk), 0);
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
		if (n == 0)
			return -1;
	}
	mp_buf_add(&f->in, chunk, (size_t)n);
	return 1;
}

static void say(struct fixture *f, const char *text)
{
	if (f->ssl)
		assert_true(SSL_write(f->ssl, text, (int)strlen(text)) > 0);
	else
		assert_true(send(f->fd, text, strlen(text), MSG_NOSIGNAL) > 0);
}

/* The next whole reply, its lines joined by '|'; "(closed)", "(reset)" and "(silence)" where there is none. */
static const char *hear(struct fixture *f)
{
	for (int turns = 0; turns < 8000; turns++) {
		const char *p = mp_buf_cstr(&f->in);
		struct mp_buf out = MP_BUF(65536);
		bool whole = false;
		size_t used = 0;
		int got;

		for (const char *nl; !whole && (nl = strstr(p + used, "\r\n"));) {
			const char *line = p + used;

			mp_buf_addf(&out, "%s%.*s", used ? "|" : "", (int)(nl - line), line);
			whole = nl - line < 4 || line[3] != '-';
			used = (size_t)(nl - p) + 2;
		}
		if (whole) {
			char *reply = mp_dup(f->a, mp_buf_cstr(&out));

			mp_buf_release(&out);
			mp_buf_consume(&f->in, used);
			return reply;
		}
		mp_buf_release(&out);
		got = take(f);
		if (got < 0)
			return errno == ECONNRESET ? "(reset)" : "(closed)";
		if (got == 0)
			turn(f);
	}
	return "(silence)";
}

static void expect(struct fixture *f, const char *label, const char *command, const char *want)
{
	const char *got;

	errno = 0;
	if (command)
		say(f, command);
	got = hear(f);
	if (strcmp(got, want) != 0)
		fail_msg("row '%s': %s: got '%s', want '%s'", label, command ? command : "greeting", got, want);
}

static void start_tls(struct fixture *f)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	int rc = 0;

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	f->ssl = SSL_new(ctx);
	SSL_set_fd(f->ssl, f->fd);
	for (int i = 0; i < 8000 && rc != 1; i++) {
		rc = SSL_connect(f->ssl);
		if (rc != 1) {
			assert_int_equal(SSL_get_error(f->ssl, rc), SSL_ERROR_WANT_READ);
			turn(f);
		}
	}
	assert_int_equal(rc, 1);
}

#define HELO_POSTFIX                                                                                      \
	"250-mx1.example.net|250-PIPELINING|250-SIZE 10240000|250-VRFY|250-ETRN|250-ENHANCEDSTATUSCODES|" \
	"250-8BITMIME|250-DSN|250-SMTPUTF8|250"

/* What each policy says to one sender: a greeting, and the reply to RCPT (NULL: the greeting is the refusal). */
static void policies(void **state)
{
	static const struct {
		const char *label, *policy, *zone, *ehlo, *greeting, *rcpt;
	} rows[] = {
		{"healthy", "postfix-ptr", PTR "PTR mail.example.com", "mail.example.com",
			"220 mx1.example.net ESMTP Postfix", "250 2.1.5 Ok"},
		{"no PTR", "postfix-ptr", "", "mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"550 5.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.10]"},
		{"PTR fails", "postfix-ptr", PTR "!SERVFAIL", "mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"450 4.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.10]"},
		{"stale PTR", "postfix-ptr", "@receiver " PTR "!NXDOMAIN\n" PTR "PTR mail.example.com",
			"mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"550 5.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.10]"},
		{"mismatch", "postfix-fcrdns", PTR "PTR other.example.com", "mail.example.com",
			"220 mx1.example.net ESMTP Postfix",
			"550 5.7.25 Client host rejected: cannot find your hostname, [203.0.113.10]"},
		{"one of two", "postfix-fcrdns", PTR "PTR other.example.com\n" PTR "PTR mail.example.com",
			"mail.example.com", "220 mx1.example.net ESMTP Postfix", "250 2.1.5 Ok"},
		{"generic", "postfix-access",
			PTR "PTR 203-0-113-10.pool.isp.example\n203-0-113-10.pool.isp.example A 203.0.113.10",
			"mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"550 5.7.1 <203-0-113-10.pool.isp.example[203.0.113.10]>: Client host rejected: generic rDNS, "
			"please use the mail relay of your provider"},
		{"not generic", "postfix-access", PTR "PTR mail-10.example.com", "mail.example.com",
			"220 mx1.example.net ESMTP Postfix", "250 2.1.5 Ok"},
		{"short EHLO", "postfix-helo", "", "ubuntu", "220 mx1.example.net ESMTP Postfix",
			"504 5.5.2 <ubuntu>: Helo command rejected: need fully-qualified hostname"},
		{"EHLO unknown", "postfix-helo", "", "smtp.example.com", "220 mx1.example.net ESMTP Postfix",
			"550 5.7.1 <smtp.example.com>: Helo command rejected: Host not found"},
		{"EHLO known", "postfix-helo", "", "other.example.com", "220 mx1.example.net ESMTP Postfix",
			"250 2.1.5 Ok"},
		{"literal", "postfix-helo", "", "[203.0.113.10]", "220 mx1.example.net ESMTP Postfix", "250 2.1.5 Ok"},
		{"listed", "postfix-dnsbl", "10.113.0.203.bl.world.example A 127.0.0.2", "mail.example.com",
			"220 mx1.example.net ESMTP Postfix",
			"554 5.7.1 Service unavailable; Client host [203.0.113.10] blocked using bl.world.example"},
		{"not listed", "postfix-dnsbl", "", "mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"250 2.1.5 Ok"},
		{"grey", "postgrey", "", "mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"450 4.2.0 <you@example.net>: Recipient address rejected: "
			"Greylisted, see http://postgrey.schweikert.ch/help/example.net.html"},
		{"busy", "busy", "", "mail.example.com", "421 4.3.2 All server ports are busy", NULL},
		{"crowded", "crowded", "", "mail.example.com",
			"421 4.7.0 mx1.example.net Error: too many connections from 203.0.113.10", NULL},
		{"broken", "broken", "", "mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"451 4.3.0 <you@example.net>: Temporary lookup failure"},
		{"postscreen", "postscreen", "", "mail.example.com",
			"220-mx1.example.net ESMTP Postfix|220 mx1.example.net ESMTP Postfix", "250 2.1.5 Ok"},
		{"exim", "exim-prohibition", "", "mail.example.com", "220 mx1.example.net ESMTP Exim 4.96",
			"550 Administrative prohibition"},
		{"exim, EHLO", "exim-prohibition", PTR "PTR mail.example.com", "other.example.com",
			"220 mx1.example.net ESMTP Exim 4.96", "550 Administrative prohibition"},
		{"exim, healthy", "exim-prohibition", PTR "PTR mail.example.com", "mail.example.com",
			"220 mx1.example.net ESMTP Exim 4.96", "250 2.1.5 Ok"},
		{"haraka", "haraka", "", "mail.example.com", "554 client [203.0.113.10] rejected; no rDNS", NULL},
		{"gmx", "gmx", "", "mail.example.com",
			"554-gmx.net (mxgmx114) Nemesis ESMTP Service not available|554-No SMTP service|"
			"554-Bad DNS PTR resource record.|554 For explanation visit "
			"https://postmaster.gmx.net/en/case?c=rdns&i=ip&v=203.0.113.10&r=1MzhUk-1rNlGd",
			NULL},
		{"gmail", "gmail", "", "mail.example.com",
			"220 mx1.example.net ESMTP 5b1f17b1804b1-42cf5d3d7ffsi41234315e9.12 - gsmtp", "250 2.1.5 Ok"},
		{"TLS first", "tls-required", "", "mail.example.com", "220 mx1.example.net ESMTP Postfix",
			"530 5.7.0 Must issue a STARTTLS command first"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;
		char line[300];

		start(&f, rows[i].policy, rows[i].zone, WORLD_CERT_VALID);
		dial(&f);
		expect(&f, rows[i].label, NULL, rows[i].greeting);
		if (rows[i].rcpt) {
			const char *ok;

			snprintf(line, sizeof(line), "EHLO %s\r\n", rows[i].ehlo);
			say(&f, line);
			ok = hear(&f);
			assert_memory_equal(ok, "250-", 4);
			say(&f, "MAIL FROM:<me@example.com>\r\n");
			ok = hear(&f);
			if (strncmp(ok, "250", 3) == 0) {
				expect(&f, rows[i].label, "RCPT TO:<you@example.net>\r\n", rows[i].rcpt);
			} else if (strcmp(ok, rows[i].rcpt) != 0) {
				fail_msg("row '%s': MAIL: got '%s', want '%s'", rows[i].label, ok, rows[i].rcpt);
			}
		}
		end(&f);
	}
}

static void dialogue(void **state)
{
	struct fixture f;
	struct world_smtp_counts n;

	(void)state;
	start(&f, "postfix", "", WORLD_CERT_VALID);
	dial(&f);
	expect(&f, "", NULL, "220 mx1.example.net ESMTP Postfix");
	expect(&f, "", "MAIL FROM:<a@example.com>\r\n", "503 5.5.1 Error: send HELO/EHLO first");
	expect(&f, "", "EHLO\r\n", "501 Syntax: EHLO hostname");
	expect(&f, "", "HELO mail.example.com\r\n", "250 mx1.example.net");
	expect(&f, "", "EHLO mail.example.com\r\n", HELO_POSTFIX "-CHUNKING|250 STARTTLS");
	expect(&f, "", "RCPT TO:<you@example.net>\r\n", "503 5.5.1 Error: need MAIL command");
	expect(&f, "", "MAIL a@example.com\r\n", "501 5.5.4 Syntax: MAIL FROM:<address>");
	expect(&f, "", "MAIL FROM:<> SIZE=100\r\n", "250 2.1.0 Ok");
	expect(&f, "", "MAIL FROM:<>\r\n", "503 5.5.1 Error: nested MAIL command");
	expect(&f, "", "RCPT TO:<>\r\n", "501 5.5.4 Syntax: RCPT TO:<address>");
	expect(&f, "", "DATA\r\n", "554 5.5.1 Error: no valid recipients");
	expect(&f, "", "RCPT TO:<you@example.org>\r\n", "554 5.7.1 <you@example.org>: Relay access denied");
	expect(&f, "", "RCPT TO:<nobody@example.net>\r\n",
		"550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown in virtual mailbox table");
	expect(&f, "", "rcpt to:<YOU@Example.net>\r\n", "250 2.1.5 Ok");
	expect(&f, "", "DATA\r\n", "354 End data with <CR><LF>.<CR><LF>");
	expect(&f, "", "Subject: x\r\n\r\nQUIT\r\n.\r\n", "250 2.0.0 Ok: queued as 00000001");
	expect(&f, "", "NOOP\r\n", "250 2.0.0 Ok");
	expect(&f, "", "FOO\r\n", "502 5.5.2 Error: command not recognized");
	say(&f, "MAIL FROM:<a@example.com>\r\nRCPT TO:<you@example.net>\r\nRSET\r\nQUIT\r\n");
	expect(&f, "pipelined", NULL, "250 2.1.0 Ok");
	expect(&f, "pipelined", NULL, "250 2.1.5 Ok");
	expect(&f, "pipelined", NULL, "250 2.0.0 Ok");
	expect(&f, "pipelined", NULL, "221 2.0.0 Bye");
	expect(&f, "end", NULL, "(closed)");
	n = world_smtp_counts(f.s);
	assert_int_equal(n.sessions, 1);
	assert_int_equal(n.quits, 1);
	assert_int_equal(n.messages, 1);
	assert_int_equal(n.mails, 2);
	assert_int_equal(n.early, 0);
	end(&f);
}

static void after_data(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "gmail", "", WORLD_CERT_VALID);
	dial(&f);
	hear(&f);
	expect(&f, "", "EHLO mail.example.com\r\n",
		"250-mx1.example.net at your service, [203.0.113.10]|250-SIZE 157286400|250-8BITMIME|"
		"250-ENHANCEDSTATUSCODES|250-PIPELINING|250-CHUNKING|250-SMTPUTF8|250 STARTTLS");
	expect(&f, "", "MAIL FROM:<me@example.com>\r\n", "250 2.1.0 Ok");
	expect(&f, "", "RCPT TO:<you@example.net>\r\n", "250 2.1.5 Ok");
	expect(&f, "", "DATA\r\n", "354 End data with <CR><LF>.<CR><LF>");
	expect(&f, "", ".\r\n",
		"550-5.7.25 [203.0.113.10] The IP address sending this message does not have a|"
		"550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not|"
		"550 5.7.25 match the sending IP. 5b1f17b1804b1-42cf5d3d7ffsi41234315e9.12 - gsmtp");
	end(&f);
}

static void tls(void **state)
{
	static const struct {
		const char *policy, *version;
		enum world_cert cert;
		long verify;
	} rows[] = {
		{"postfix", "TLSv1.3", WORLD_CERT_VALID, X509_V_OK},
		{"postfix", "TLSv1.3", WORLD_CERT_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED},
		{"postfix", "TLSv1.3", WORLD_CERT_NOT_YET, X509_V_ERR_CERT_NOT_YET_VALID},
		{"postfix", "TLSv1.3", WORLD_CERT_WRONG_NAME, X509_V_ERR_HOSTNAME_MISMATCH},
		{"postfix", "TLSv1.3", WORLD_CERT_SELF_SIGNED, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
		{"postfix", "TLSv1.3", WORLD_CERT_UNKNOWN_CA, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN},
		{"tls-1.2", "TLSv1.2", WORLD_CERT_VALID, X509_V_OK},
		{"tls-old", "TLSv1", WORLD_CERT_VALID, X509_V_OK},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_err err = {0};
		struct fixture f;
		X509_STORE *store = X509_STORE_new();
		X509_STORE_CTX *ctx = X509_STORE_CTX_new();
		X509 *leaf;
		char *path;

		start(&f, rows[i].policy, "", rows[i].cert);
		assert_int_equal(world_pki_ca_file(f.pki, &path, &err), MP_OK);
		assert_int_equal(X509_STORE_load_file(store, path), 1);
		unlink(path);
		free(path);
		dial(&f);
		hear(&f);
		say(&f, "EHLO a\r\n");
		hear(&f);
		/* what follows STARTTLS in plaintext must never be looked at */
		expect(&f, rows[i].policy, "STARTTLS\r\nMAIL FROM:<x@y>\r\n", "220 2.0.0 Ready to start TLS");
		start_tls(&f);
		assert_string_equal(SSL_get_version(f.ssl), rows[i].version);
		leaf = SSL_get1_peer_certificate(f.ssl);
		X509_STORE_CTX_init(ctx, store, leaf, SSL_get_peer_cert_chain(f.ssl));
		X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(ctx), "mx1.example.net", 0);
		X509_verify_cert(ctx);
		if (X509_STORE_CTX_get_error(ctx) != rows[i].verify)
			fail_msg("row %zu: got %s, want %s", i,
				X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)),
				X509_verify_cert_error_string(rows[i].verify));
		expect(&f, "forgotten", "MAIL FROM:<a@b>\r\n", "503 5.5.1 Error: send HELO/EHLO first");
		expect(&f, "no more STARTTLS", "EHLO a\r\n", HELO_POSTFIX " CHUNKING");
		expect(&f, "", "QUIT\r\n", "221 2.0.0 Bye");
		X509_free(leaf);
		X509_STORE_CTX_free(ctx);
		X509_STORE_free(store);
		end(&f);
	}
}

static void no_tls(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "no-starttls", "", WORLD_CERT_VALID);
	dial(&f);
	hear(&f);
	expect(&f, "", "EHLO a\r\n", HELO_POSTFIX " CHUNKING");
	expect(&f, "", "STARTTLS\r\n", "502 5.5.1 Error: command not implemented");
	end(&f);
	start(&f, "starttls-refused", "", WORLD_CERT_VALID);
	dial(&f);
	hear(&f);
	expect(&f, "", "STARTTLS\r\n", "454 4.7.0 TLS not available due to local problem");
	expect(&f, "", "NOOP\r\n", "250 2.0.0 Ok");
	end(&f);
	start(&f, "tls-hangup", "", WORLD_CERT_VALID);
	dial(&f);
	hear(&f);
	expect(&f, "", "STARTTLS\r\n", "220 2.0.0 Ready to start TLS");
	expect(&f, "", "\x16\x03\x01", "(closed)");
	end(&f);
	start(&f, "tls-lie", "", WORLD_CERT_VALID);
	dial(&f);
	hear(&f);
	expect(&f, "", "STARTTLS\r\n", "220 2.0.0 Ready to start TLS");
	expect(&f, "", "\x16\x03\x01", "500 5.5.2 Error: bad syntax");
	end(&f);
	start(&f, "helo-only", "", WORLD_CERT_VALID);
	dial(&f);
	hear(&f);
	expect(&f, "", "EHLO a\r\n", "502 5.5.2 Error: command not recognized");
	expect(&f, "", "HELO a\r\n", "250 mx1.example.net");
	end(&f);
}

/* Greylisting remembers; a second client is met for the first time again. */
static void memory(void **state)
{
	static const struct world_policy quick = {
		.name = "quick",
		.greeting = "%h",
		.ehlo = "%h",
		.rules = {{.at = SMTP_AT_RCPT, .test = WORLD_FIRST_TIME, .number = 0, .reply = "450 4.2.0 Greylisted"}},
	};
	struct world_smtp_config cfg = {.host = "mx", .policy = &quick};
	struct fixture f;

	(void)state;
	start(&f, "postfix", "", WORLD_CERT_VALID);
	world_smtp_stop(f.s);
	uv_run(&f.loop, UV_RUN_DEFAULT);
	world_smtp_free(f.s);
	cfg.address = f.nat.inside;
	cfg.zone = world_zone_parse(f.a, "", NULL);
	cfg.pki = f.pki;
	f.s = world_smtp_start(&f.loop, &cfg, NULL);
	assert_non_null(f.s);
	dial(&f);
	hear(&f);
	expect(&f, "", "EHLO a\r\n", "250-mx|250 STARTTLS");
	expect(&f, "", "MAIL FROM:<a@b>\r\n", "250 2.1.0 Ok");
	expect(&f, "first", "RCPT TO:<x@y>\r\n", "450 4.2.0 Greylisted");
	expect(&f, "again", "RCPT TO:<x@y>\r\n", "250 2.1.5 Ok");
	expect(&f, "another", "RCPT TO:<z@y>\r\n", "450 4.2.0 Greylisted");
	end(&f);
}

static void early_talkers(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "postscreen", "", WORLD_CERT_VALID);
	dial(&f);
	say(&f, "EHLO impatient\r\n");
	expect(&f, "", NULL, "220-mx1.example.net ESMTP Postfix|220 mx1.example.net ESMTP Postfix");
	assert_int_equal(world_smtp_counts(f.s).early, 1);
	end(&f);
}

static void plays(void **state)
{
	static const struct {
		const char *policy;
		const char *talk[8]; /* command (NULL: none), reply, ... */
	} rows[] = {
		{"play-close-connect", {"", "(closed)"}},
		{"play-close-banner", {"", "(closed)"}},
		{"play-reset-banner", {"", "(reset)"}},
		{"play-close-ehlo", {"", "220 mx1.example.net ESMTP", "EHLO a\r\n", "(closed)"}},
		{"play-close-mail", {"", "220 mx1.example.net ESMTP", "EHLO a\r\n", "250 mx1.example.net",
					    "MAIL FROM:<a@b>\r\n", "(closed)"}},
		{"play-http", {"", "HTTP/1.1 400 Bad Request", "", "Server: nginx", "", "", "", "(closed)"}},
		{"play-slow-bytes", {"", "220 hi", "EHLO a\r\n", "(silence)"}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		start(&f, rows[i].policy, "", WORLD_CERT_VALID);
		dial(&f);
		for (size_t k = 0; k < ARRAY_LEN(rows[i].talk) && rows[i].talk[k]; k += 2) {
			const char *command = rows[i].talk[k];

			if (strcmp(rows[i].talk[k + 1], "(silence)") == 0)
				break;
			expect(&f, rows[i].policy, *command ? command : NULL, rows[i].talk[k + 1]);
		}
		end(&f);
	}
}

/* A server that never stops is stopped by the client's going, and does not fill memory before. */
static void endless(void **state)
{
	struct fixture f;
	size_t n = 0;

	(void)state;
	start(&f, "play-endless-line", "", WORLD_CERT_VALID);
	dial(&f);
	for (int turns = 0; turns < 20000 && n < 2000000; turns++) {
		int got = take(&f);

		assert_true(got >= 0);
		n += f.in.n;
		mp_buf_reset(&f.in);
		if (got == 0)
			turn(&f);
	}
	assert_true(n >= 2000000);
	hang_up(&f);
	for (int turns = 0; turns < 2000 && world_smtp_counts(f.s).open; turns++)
		turn(&f);
	assert_int_equal(world_smtp_counts(f.s).open, 0);
	end(&f);
}

/* The rows can all be started, and name what they must. */
static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < world_n_policies; i++) {
		const struct world_policy *p = &world_policies[i];
		struct fixture f;

		assert_ptr_equal(world_policy_by_name(p->name), p);
		assert_non_null(p->like);
		assert_true(p->script || (p->greeting && p->ehlo));
		start(&f, p->name, "", WORLD_CERT_VALID);
		end(&f);
	}
	assert_null(world_policy_by_name("nobody"));
}

static void bad_starts(void **state)
{
	static const char *const scripts[] = {
		"jump", "sleep", "sleep x", "repeat 3 close", "repeat x > a", "> \\xg0", "tls now"};
	struct mp_err err = {0};
	uv_loop_t loop;
	struct mp_arena *a = mp_arena_new();
	struct world_smtp_config cfg = {.zone = world_zone_parse(a, "", NULL), .host = "mx"};

	(void)state;
	uv_loop_init(&loop);
	assert_true(mp_ip_parse(mp_str("192.0.2.1"), &cfg.address));
	cfg.policy = world_policy_by_name("postfix");
	assert_null(world_smtp_start(&loop, &cfg, &err));
	assert_int_equal(err.code, MP_EINVAL);
	assert_true(mp_ip_parse(mp_str("127.0.0.1"), &cfg.address));
	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		struct world_policy p = {.name = "bad", .script = scripts[i]};

		cfg.policy = &p;
		if (world_smtp_start(&loop, &cfg, &err))
			fail_msg("row '%s' was taken", scripts[i]);
		assert_int_equal(err.code, MP_EPARSE);
	}
	assert_int_equal(uv_loop_close(&loop), 0);
	mp_arena_free(a);
}

/* One who hangs up before the next call was never there twice, however late the server gets to read of it. */
static void one_at_a_time(void **state)
{
	struct fixture f;
	int kept;

	(void)state;
	start(&f, "postfix", "", WORLD_CERT_VALID);
	dial(&f);
	hear(&f);
	say(&f, "NOOP\r\n");
	dial(&f); /* closes the first */
	hear(&f);
	assert_int_equal(world_smtp_counts(f.s).sessions, 2);
	assert_int_equal(world_smtp_counts(f.s).most_open, 1);
	kept = f.fd;
	f.fd = -1;
	dial(&f);
	hear(&f);
	assert_int_equal(world_smtp_counts(f.s).sessions, 3);
	assert_int_equal(world_smtp_counts(f.s).most_open, 2);
	close(kept);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies),
		cmocka_unit_test(dialogue),
		cmocka_unit_test(after_data),
		cmocka_unit_test(tls),
		cmocka_unit_test(no_tls),
		cmocka_unit_test(memory),
		cmocka_unit_test(early_talkers),
		cmocka_unit_test(plays),
		cmocka_unit_test(endless),
		cmocka_unit_test(table),
		cmocka_unit_test(one_at_a_time),
		cmocka_unit_test(bad_starts),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
