/* tests/unit/test_smtp_observer.c - real sessions on loopback, TLS included, with a small server that plays its part */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "smtp/observer.h"
#include "tests/unit/row.h"

/* ---- certificates, made anew: an authority, and leaves with one thing wrong each */

#define NOW_MS INT64_C(1795000000000) /* in 2026 */

enum cert {
	GOOD,
	WILDCARD,
	CN_ONLY,
	FOR_ADDRESS,
	OTHER_NAME,
	EXPIRED,
	NOT_YET,
	SELF_SIGNED,
	UNKNOWN_CA,
	HUGE_ONE,
	RSA_KEY,
	CERT__COUNT
};

static EVP_PKEY *ca_key, *other_key;
static X509 *ca, *other_ca;
static char ca_path[] = "/tmp/test_smtp_observer.XXXXXX";

static void set_name(X509 *x, const char *cn, bool issuer)
{
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	if (issuer)
		X509_set_issuer_name(x, name);
	else
		X509_set_subject_name(x, name);
	X509_NAME_free(name);
}

static void add_ext(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(e);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

static X509 *make(const char *cn, const char *issuer, EVP_PKEY *key, EVP_PKEY *signer, const char *san, long serial,
	const char *from, const char *to, bool is_ca, size_t ballast)
{
	X509 *x = X509_new();

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	ASN1_TIME_set_string_X509(X509_getm_notBefore(x), from);
	ASN1_TIME_set_string_X509(X509_getm_notAfter(x), to);
	set_name(x, cn, false);
	set_name(x, issuer, true);
	X509_set_pubkey(x, key);
	add_ext(x, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "CA:FALSE");
	if (san)
		add_ext(x, NID_subject_alt_name, san);
	if (ballast) {
		char *text = mp_xcalloc(1, ballast + 1);

		memset(text, 'x', ballast);
		add_ext(x, NID_netscape_comment, text);
		free(text);
	}
	assert_true(X509_sign(x, signer, EVP_sha256()) > 0);
	return x;
}

#define FROM "20200101000000Z"
#define TO "20400101000000Z"

static SSL_CTX *context(enum cert kind, int min, int max, const char *groups, bool ask_client)
{
	static const struct {
		const char *san, *from, *to;
	} kinds[CERT__COUNT] = {
		[GOOD] = {"DNS:other.example,DNS:mx.example", FROM, TO},
		[WILDCARD] = {"DNS:*.wild.example", FROM, TO},
		[CN_ONLY] = {NULL, FROM, TO},
		[FOR_ADDRESS] = {"IP:127.0.0.1", FROM, TO},
		[OTHER_NAME] = {"DNS:a.example,DNS:b.example,DNS:c.example,DNS:d.example", FROM, TO},
		[EXPIRED] = {"DNS:mx.example", FROM, "20250102030405Z"},
		[NOT_YET] = {"DNS:mx.example", "20300102030405Z", TO},
		[SELF_SIGNED] = {"DNS:mx.example", FROM, TO},
		[UNKNOWN_CA] = {"DNS:mx.example", FROM, TO},
		[HUGE_ONE] = {"DNS:mx.example", FROM, TO},
		[RSA_KEY] = {"DNS:mx.example", FROM, TO},
	};
	bool own = kind == SELF_SIGNED, unknown = kind == UNKNOWN_CA;
	EVP_PKEY *key = kind == RSA_KEY ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	X509 *x = make("mx.example",
		own       ? "mx.example"
		: unknown ? "Nobody's CA"
			  : "Test CA",
		key,
		own       ? key
		: unknown ? other_key
			  : ca_key,
		kinds[kind].san, 2, kinds[kind].from, kinds[kind].to, false, kind == HUGE_ONE ? 1 << 20 : 0);

	assert_non_null(ctx);
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, min);
	SSL_CTX_set_max_proto_version(ctx, max);
	SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0");
	if (groups)
		SSL_CTX_set1_groups_list(ctx, groups);
	if (ask_client)
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	assert_int_equal(SSL_CTX_use_certificate(ctx, x), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
	if (!own && !unknown)
		SSL_CTX_add1_chain_cert(ctx, ca);
	X509_free(x);
	EVP_PKEY_free(key);
	return ctx;
}

static int make_authority(void **state)
{
	int fd = mkstemp(ca_path);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	(void)state;
	if (!f)
		return -1;
	signal(SIGPIPE, SIG_IGN);
	ca_key = EVP_EC_gen("P-256");
	other_key = EVP_EC_gen("P-256");
	ca = make("Test CA", "Test CA", ca_key, ca_key, NULL, 1, FROM, TO, true, 0);
	other_ca = make("Nobody's CA", "Nobody's CA", other_key, other_key, NULL, 1, FROM, TO, true, 0);
	PEM_write_X509(f, ca);
	return fclose(f);
}

static int drop_authority(void **state)
{
	(void)state;
	unlink(ca_path);
	X509_free(ca);
	X509_free(other_ca);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(other_key);
	return 0;
}

/* ---- the server: a thread that plays its part with each connection, one after the other */

enum { MAX_STEPS = 16, PATIENCE_MS = 10000 };

/*
 * A part: >TEXT send a line; =TEXT send as it is; <TEXT wait for a line that begins so; tls; flood; meet (another
 * server, at a barrier); alone (nobody else may wait to be let in); sleep (50 ms); reset; hold (until the client goes).
 * At its end the connection is closed.
 */
struct server {
	const char *const *part;
	SSL_CTX *tls;
	int sessions; /* to be held */
	pthread_barrier_t *barrier;
	/* the server's own */
	int listener, fd;
	SSL *ssl;
	uint16_t port;
	pthread_t thread;
	char why[256]; /* what went against the script, or "" */
	char peer[64];
	int begun;
};

static bool readable(int fd, int ms)
{
	return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, ms) == 1;
}

static int get_byte(struct server *s)
{
	unsigned char c;
	ssize_t n;

	if (!(s->ssl && SSL_pending(s->ssl)) && !readable(s->fd, PATIENCE_MS))
		return -1;
	n = s->ssl ? SSL_read(s->ssl, &c, 1) : recv(s->fd, &c, 1, 0);
	return n == 1 ? c : -1;
}

static bool put(struct server *s, const char *p, size_t n)
{
	if (!n)
		return true;
	return s->ssl ? SSL_write(s->ssl, p, (int)n) == (int)n : send(s->fd, p, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static bool get_line(struct server *s, char *line, size_t size)
{
	size_t n = 0;
	int c;

	while ((c = get_byte(s)) >= 0 && c != '\n')
		if (n + 1 < size)
			line[n++] = (char)c;
	line[n] = '\0';
	if (n && line[n - 1] == '\r')
		line[n - 1] = '\0';
	return c == '\n';
}

static bool play(struct server *s, const char *step)
{
	char line[1200];

	if (*step == '>') {
		snprintf(line, sizeof(line), "%s\r\n", step + 1);
		return put(s, line, strlen(line));
	}
	if (*step == '=')
		return put(s, step + 1, strlen(step + 1));
	if (*step == '<') {
		if (get_line(s, line, sizeof(line)) && mp_str_istarts(mp_str(line), step + 1))
			return true;
		snprintf(s->why, sizeof(s->why), "waited for \"%s\", got \"%.100s\"", step + 1, line);
		return false;
	}
	if (strcmp(step, "tls") == 0) {
		s->ssl = SSL_new(s->tls);
		SSL_set_fd(s->ssl, s->fd);
		return SSL_accept(s->ssl) == 1;
	}
	if (strcmp(step, "flood") == 0) {
		memset(line, 'x', sizeof(line));
		memcpy(line, "220-", 4);
		memcpy(line + sizeof(line) - 2, "\r\n", 2);
		while (put(s, line, sizeof(line)))
			;
		return true;
	}
	if (strcmp(step, "meet") == 0) {
		pthread_barrier_wait(s->barrier);
		return true;
	}
	if (strcmp(step, "alone") == 0) {
		if (readable(s->listener, 50))
			snprintf(s->why, sizeof(s->why), "a second session was begun");
		return true;
	}
	if (strcmp(step, "sleep") == 0)
		return poll(NULL, 0, 50) == 0;
	if (strcmp(step, "reset") == 0) {
		setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
		return false;
	}
	if (strcmp(step, "hold") == 0) {
		while (get_byte(s) >= 0)
			;
		return true;
	}
	snprintf(s->why, sizeof(s->why), "no such step: %s", step);
	return false;
}

static void *serve(void *arg)
{
	struct server *s = arg;

	while (s->sessions-- > 0) {
		struct sockaddr_storage from;
		socklen_t n = sizeof(from);
		struct mp_ip ip;

		if (!readable(s->listener, PATIENCE_MS)) {
			snprintf(s->why, sizeof(s->why), "nobody came");
			break;
		}
		s->fd = accept(s->listener, (struct sockaddr *)&from, &n);
		if (mp_ip_from_sockaddr((struct sockaddr *)&from, &ip, NULL))
			mp_ip_text(&ip, s->peer);
		setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		s->begun++;
		for (size_t i = 0; i < MAX_STEPS && s->part[i] && play(s, s->part[i]); i++)
			;
		SSL_free(s->ssl);
		s->ssl = NULL;
		close(s->fd);
		ERR_clear_error();
	}
	return NULL;
}

/* False where the address does not exist here (no IPv6). */
static bool server_start(struct server *s, const char *address)
{
	struct sockaddr_storage sa;
	struct mp_ip ip;
	socklen_t n;

	assert_true(mp_ip_parse(mp_str(address), &ip));
	n = mp_ip_sockaddr(&ip, 0, &sa);
	s->listener = socket(ip.family == MP_IPV6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
	if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&sa, n) != 0) {
		close(s->listener);
		return false;
	}
	assert_int_equal(listen(s->listener, 8), 0);
	getsockname(s->listener, (struct sockaddr *)&sa, &n);
	mp_ip_from_sockaddr((struct sockaddr *)&sa, &ip, &s->port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
	return true;
}

/* `to_the_letter`: the client must have done all that the part waited for. */
static void server_end(const char *label, struct server *s, bool to_the_letter)
{
	pthread_join(s->thread, NULL);
	close(s->listener);
	if (to_the_letter)
		row_str(label, s->why, "");
}

/* ---- the client's side */

struct run {
	uv_loop_t loop;
	uv_timer_t watchdog;
	struct mp_evidence *ev;
	struct smtp_observer *o;
	struct smtp_config cfg;
};

static void on_watchdog(uv_timer_t *t)
{
	(void)t;
	fail_msg("the loop does not come to an end");
}

static void run_begin(struct run *r)
{
	struct mp_err err;

	assert_int_equal(uv_loop_init(&r->loop), 0);
	uv_timer_init(&r->loop, &r->watchdog);
	uv_timer_start(&r->watchdog, on_watchdog, 60000, 0);
	uv_unref((uv_handle_t *)&r->watchdog);
	r->ev = mp_evidence_new();
	r->cfg.start_ms = uv_now(&r->loop);
	r->cfg.now_ms = NOW_MS;
	r->o = smtp_observer_new(&r->loop, r->ev, &r->cfg, &err);
	if (!r->o)
		fail_msg("%s", err.msg);
}

static struct smtp_question question(const char *address, uint16_t port)
{
	struct smtp_question q = {.mx = "mx.example",
		.port = port,
		.ehlo = "client.example",
		.mail_from = "a@client.example",
		.rcpt = "b@mx.example",
		.purpose = "baseline"};

	assert_true(mp_ip_parse(mp_str(address), &q.address));
	return q;
}

static void ask(struct run *r, const struct smtp_question *q)
{
	struct mp_question *w;

	assert_null(smtp_ask(r->ev, q));
	while ((w = mp_evidence_next_wanted(r->ev)) != NULL)
		smtp_observe(r->o, w);
}

static void run_loop(struct run *r)
{
	uv_run(&r->loop, UV_RUN_DEFAULT);
	assert_int_equal(smtp_observer_active(r->o), 0);
	assert_null(smtp_observer_doing(r->o));
}

static void run_end(struct run *r)
{
	smtp_observer_free(r->o);
	mp_evidence_free(r->ev);
	uv_close((uv_handle_t *)&r->watchdog, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&r->loop), 0);
}

/* Every record survives being saved. */
static void sound(const char *label, const struct smtp_question *q, const struct smtp_session *s)
{
	struct mp_arena *a = mp_arena_new();
	json_t *j = smtp_kind.to_json(q, s), *again;
	const void *params, *answer;
	struct mp_err err;

	if (smtp_kind.from_json(j, a, &params, &answer, &err) != MP_OK)
		fail_msg("row '%s': %s", label, err.msg);
	again = smtp_kind.to_json(params, answer);
	if (!json_equal(j, again))
		fail_msg("row '%s': the record changes when saved", label);
	json_decref(j);
	json_decref(again);
	mp_arena_free(a);
}

/* ---- sessions */

#define HELLO ">220 mx.example ESMTP", "<EHLO client.example"
#define MAIL "<MAIL FROM:<a@client.example>", "<RCPT TO:<b@mx.example>", "<RSET", "<QUIT"
#define ALL_OK ">250 ok\r\n250 ok\r\n250 ok\r\n221 bye"
#define TLS_BEGIN HELLO, ">250-mx.example Hello [127.0.0.9]\r\n250 STARTTLS", "<STARTTLS", ">220 go", "tls"
#define TLS_REST "<EHLO client.example", ">250-mx.example\r\n250 PIPELINING", MAIL, ALL_OK, "hold"

struct row {
	const char *label, *part[MAX_STEPS];
	enum smtp_tls_policy policy;
	struct {
		enum cert cert;
		int min, max;
		const char *groups;
		bool ask_client;
	} tls;
	const char *outcome, *stage;
	int code;
	const char *reason;                                /* how it begins */
	int turnarounds;                                   /* 0: not looked at */
	const char *version, *group, *chain, *name, *time; /* of TLS; errors: how they begin */
	const char *mx;                                    /* NULL: mx.example */
};

static void begins(const char *label, const char *got, const char *want)
{
	if (got != want && (!got || !want || strncmp(got, want, strlen(want)) != 0))
		fail_msg("row '%s': got \"%s\", want \"%s...\"", label, got ? got : "(null)", want ? want : "(null)");
}

static void sessions(void **state)
{
	static const struct row rows[] = {
		{"TLS 1.3", {TLS_BEGIN, TLS_REST}, SMTP_TLS_REQUIRE, {GOOD, 0, 0, NULL, false}, "accepted", "rcpt-to",
			250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL, NULL, NULL},
		{"TLS 1.2", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {GOOD, 0, TLS1_2_VERSION, NULL, false}, "accepted",
			"rcpt-to", 250, NULL, 8, "TLSv1.2", "X25519", NULL, NULL, NULL, NULL},
		{"TLS 1.0", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {RSA_KEY, 0, TLS1_VERSION, NULL, false}, "accepted",
			"rcpt-to", 250, NULL, 8, "TLSv1", "X25519", NULL, NULL, NULL, NULL},
		{"RSA key", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {RSA_KEY, 0, 0, NULL, false}, "accepted", "rcpt-to",
			250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL, NULL, NULL},
		{"wildcard", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {WILDCARD, 0, 0, NULL, false}, "accepted", "rcpt-to",
			250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL, NULL, "mx.wild.example"},
		{"wildcard for one label", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {WILDCARD, 0, 0, NULL, false},
			"accepted", "rcpt-to", 250, NULL, 7, "TLSv1.3", "X25519", NULL,
			"the certificate does not cover a.mx.wild.example; it names *.wild.example", NULL,
			"a.mx.wild.example"},
		{"name in another case, last dot", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {GOOD, 0, 0, NULL, false},
			"accepted", "rcpt-to", 250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL, NULL, "MX.Example."},
		{"CN only", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {CN_ONLY, 0, 0, NULL, false}, "accepted", "rcpt-to",
			250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL, NULL, NULL},
		{"CN does not count beside dNSName", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY,
			{OTHER_NAME, 0, 0, NULL, false}, "accepted", "rcpt-to", 250, NULL, 7, "TLSv1.3", "X25519", NULL,
			"the certificate does not cover mx.example; it names a.example, b.example, c.example and 1 more",
			NULL, NULL},
		{"address", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {FOR_ADDRESS, 0, 0, NULL, false}, "accepted",
			"rcpt-to", 250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL, NULL, "127.0.0.1"},
		{"expired", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {EXPIRED, 0, 0, NULL, false}, "accepted", "rcpt-to",
			250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL,
			"the certificate expired at 2025-01-02T03:04:05Z", NULL},
		{"not valid yet", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {NOT_YET, 0, 0, NULL, false}, "accepted",
			"rcpt-to", 250, NULL, 7, "TLSv1.3", "X25519", NULL, NULL,
			"the certificate is not valid before 2030-01-02T03:04:05Z", NULL},
		{"self-signed", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {SELF_SIGNED, 0, 0, NULL, false}, "accepted",
			"rcpt-to", 250, NULL, 7, "TLSv1.3", "X25519", "the certificate is self-signed", NULL, NULL,
			NULL},
		{"unknown authority", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {UNKNOWN_CA, 0, 0, NULL, false}, "accepted",
			"rcpt-to", 250, NULL, 7, "TLSv1.3", "X25519",
			"no path to a trusted root: the issuer was not sent and is not known here: CN=Nobody's CA",
			NULL, NULL, NULL},
		{"certificate of a megabyte", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {HUGE_ONE, 0, 0, NULL, false},
			"tls-failed", "tls", 0, "a handshake message is larger than the bound", 5, NULL, NULL, NULL,
			NULL, NULL, NULL},
		{"client certificate wanted, TLS 1.3", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY, {GOOD, 0, 0, NULL, true},
			"tls-failed", "tls", 0, "the server ended it with the alert \"certificate required\" (116)", 6,
			"TLSv1.3", "X25519", NULL, NULL, NULL, NULL},
		{"client certificate wanted, TLS 1.2", {TLS_BEGIN, TLS_REST}, SMTP_TLS_MAY,
			{GOOD, 0, TLS1_2_VERSION, NULL, true}, "tls-failed", "tls", 0,
			"the server ended it with the alert \"handshake failure\" (40)", 6, NULL, NULL, NULL, NULL,
			NULL, NULL},
		{"no TLS behind the 220",
			{HELLO, ">250-mx\r\n250 STARTTLS", "<STARTTLS", ">220 go", "sleep", ">550 no", "hold"},
			SMTP_TLS_MAY, {0}, "tls-failed", "tls", 0, "what the server sent is not TLS", 5, NULL, NULL,
			NULL, NULL, NULL, NULL},
		{"hangs up in the handshake", {HELLO, ">250-mx\r\n250 STARTTLS", "<STARTTLS", ">220 go"}, SMTP_TLS_MAY,
			{0}, "tls-failed", "tls", 0, "", 5, NULL, NULL, NULL, NULL, NULL, NULL},
		{"plain, one at a time",
			{HELLO, ">250 mx.example", "<MAIL", ">250 ok", "<RCPT", ">250 ok", "<RSET", ">250 ok", "<QUIT",
				">221 bye"},
			SMTP_TLS_MAY, {0}, "accepted", "rcpt-to", 250, NULL, 5, NULL, NULL, NULL, NULL, NULL, NULL},
		{"rejected and gone", {HELLO, ">250-mx\r\n250 PIPELINING", MAIL, ">250 ok\r\n550 5.7.1 no", "reset"},
			SMTP_TLS_OFF, {0}, "rejected", "rcpt-to", 550, NULL, 4, NULL, NULL, NULL, NULL, NULL, NULL},
		{"refused in the greeting and gone", {">554 5.7.1 no", "reset"}, SMTP_TLS_MAY, {0}, "rejected",
			"banner", 554, NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL},
		{"refused in the greeting, waits", {">554 5.7.1 no", "<QUIT", ">221 bye"}, SMTP_TLS_MAY, {0},
			"rejected", "banner", 554, NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL},
		{"hangs up", {"sleep"}, SMTP_TLS_MAY, {0}, "aborted", "banner", 0, "the server closed the connection",
			2, NULL, NULL, NULL, NULL, NULL, NULL},
		{"resets", {"sleep", "reset"}, SMTP_TLS_MAY, {0}, "aborted", "banner", 0, "connection reset", 2, NULL,
			NULL, NULL, NULL, NULL, NULL},
		{"SSH", {">SSH-2.0-OpenSSH_9.2", "hold"}, SMTP_TLS_MAY, {0}, "protocol-error", "banner", 0,
			"this is no SMTP server but an SSH server", 2, NULL, NULL, NULL, NULL, NULL, NULL},
		{"flood", {"flood", "hold"}, SMTP_TLS_MAY, {0}, "protocol-error", "banner", 0,
			"a reply of more than 512 lines", 2, NULL, NULL, NULL, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *w = &rows[i];
		struct server srv = {.part = w->part, .sessions = 1};
		struct run r = {.cfg = {.ca_file = ca_path}};
		struct smtp_question q;
		const struct smtp_session *s;

		srv.tls = context(w->tls.cert, w->tls.min, w->tls.max, w->tls.groups, w->tls.ask_client);
		assert_true(server_start(&srv, "127.0.0.1"));
		q = question("127.0.0.1", srv.port);
		q.tls = w->policy;
		q.mx = w->mx ? w->mx : q.mx;
		run_begin(&r);
		ask(&r, &q);
		run_loop(&r);
		s = smtp_ask(r.ev, &q);
		assert_non_null(s);
		server_end(w->label, &srv, strcmp(w->outcome, "accepted") == 0);
		row_str(w->label, smtp_outcome_name(s->outcome), w->outcome);
		row_str(w->label, smtp_stage_name(s->stage), w->stage);
		row_int(w->label, s->reply ? s->reply->code : 0, w->code);
		begins(w->label, s->reason, w->reason);
		if (w->turnarounds)
			row_int(w->label, s->turnarounds, w->turnarounds);
		row_str(w->label, s->tls ? s->tls->version : NULL, w->version);
		row_str(w->label, s->tls ? s->tls->group : NULL, w->group);
		if (s->tls) {
			begins(w->label, s->tls->chain_error, w->chain);
			begins(w->label, s->tls->name_error, w->name);
			begins(w->label, s->tls->time_error, w->time);
		}
		sound(w->label, &q, s);
		SSL_CTX_free(srv.tls);
		run_end(&r);
	}
}

static void what_tls_shows(void **state)
{
	static const char *const part[] = {TLS_BEGIN, TLS_REST, NULL};
	struct server srv = {.part = part, .sessions = 1, .tls = context(GOOD, 0, 0, NULL, false)};
	struct run r = {.cfg = {.ca_file = ca_path}};
	const struct smtp_session *s;
	const struct smtp_cert *leaf;
	struct smtp_question q;
	bool told = false;

	(void)state;
	assert_true(server_start(&srv, "127.0.0.1"));
	q = question("127.0.0.1", srv.port);
	mp_ip_parse(MP_LIT("127.0.0.2"), &q.source);
	run_begin(&r);
	ask(&r, &q);
	run_loop(&r);
	server_end("TLS", &srv, true);
	assert_string_equal(srv.peer, "127.0.0.2");
	s = smtp_ask(r.ev, &q);
	assert_int_equal(s->outcome, SMTP_ACCEPTED);
	assert_string_equal(s->seen_as, "127.0.0.9");
	assert_string_equal(s->tls->cipher, "TLS_AES_256_GCM_SHA384");
	assert_string_equal(s->tls->peer_signature, "ECDSA-SHA256");
	assert_string_equal(s->tls->sni, "mx.example");
	assert_null(s->tls->alpn);
	assert_false(s->tls->resumed);
	assert_true(s->tls->roots_loaded);
	assert_int_equal(s->tls->n_chain, 2);
	leaf = &s->tls->chain[0];
	assert_string_equal(leaf->subject, "CN=mx.example");
	assert_string_equal(leaf->issuer, "CN=Test CA");
	assert_int_equal(leaf->n_names, 2);
	assert_string_equal(leaf->names[0], "other.example");
	assert_string_equal(leaf->names[1], "mx.example");
	assert_string_equal(leaf->key, "EC P-256");
	assert_string_equal(leaf->signature, "ecdsa-with-SHA256");
	assert_int_equal(leaf->not_before_ms, INT64_C(1577836800000));
	assert_int_equal(leaf->not_after_ms, INT64_C(2208988800000));
	assert_int_equal(strlen(leaf->sha256), 64);
	assert_int_equal(strlen(leaf->spki_sha256), 64);
	assert_string_equal(s->tls->chain[1].subject, "CN=Test CA");
	assert_string_equal(s->tls->chain[1].names[0], "Test CA");
	assert_true(s->ms_connect >= 0 && s->ms_banner >= 0 && s->ms_ehlo >= 0 && s->ms_starttls >= 0);
	assert_true(s->ms_tls >= 0 && s->ms_ehlo_tls >= 0 && s->ms_mail >= 0 && s->ms_rcpt >= 0);
	assert_true(s->ms_total >= s->ms_connect && s->at_ms >= 0);
	for (size_t i = 0; i < s->n_transcript; i++)
		if (s->transcript[i].from == SMTP_FROM_TLS) {
			assert_string_equal(s->transcript[i].line,
				"TLSv1.3 TLS_AES_256_GCM_SHA384 X25519, certificate CN=mx.example, verified");
			told = true;
		}
	assert_true(told);
	SSL_CTX_free(srv.tls);
	run_end(&r);
}

/* A server that knows P-256 alone: where the library offers one share only, that costs one round trip. */
static void another_group(void **state)
{
	static const char *const part[] = {TLS_BEGIN, TLS_REST, NULL};
	struct server srv = {.part = part, .sessions = 1, .tls = context(GOOD, 0, 0, "P-256", false)};
	struct run r = {.cfg = {.ca_file = ca_path}};
	const struct smtp_session *s;
	struct smtp_question q;

	(void)state;
	assert_true(server_start(&srv, "127.0.0.1"));
	q = question("127.0.0.1", srv.port);
	run_begin(&r);
	ask(&r, &q);
	run_loop(&r);
	server_end("P-256", &srv, true);
	s = smtp_ask(r.ev, &q);
	assert_string_equal(s->tls->group, "P-256");
	assert_in_range(s->turnarounds, 7, 8);
	SSL_CTX_free(srv.tls);
	run_end(&r);
}

/* Without the file of extra anchors the authority is unknown, the rest is as good as before. */
static void without_the_extra_anchors(void **state)
{
	static const char *const part[] = {TLS_BEGIN, TLS_REST, NULL};
	struct server srv = {.part = part, .sessions = 1, .tls = context(GOOD, 0, 0, NULL, false)};
	struct run r = {.cfg = {.ca_file = NULL}};
	const struct smtp_session *s;
	struct smtp_question q;

	(void)state;
	assert_true(server_start(&srv, "127.0.0.1"));
	q = question("127.0.0.1", srv.port);
	run_begin(&r);
	ask(&r, &q);
	run_loop(&r);
	server_end("anchors", &srv, true);
	s = smtp_ask(r.ev, &q);
	assert_int_equal(s->outcome, SMTP_ACCEPTED);
	assert_non_null(s->tls->chain_error);
	assert_null(s->tls->name_error);
	assert_null(s->tls->time_error);
	SSL_CTX_free(srv.tls);
	run_end(&r);
}

static void anchors_that_cannot_be_read(void **state)
{
	struct mp_evidence *ev = mp_evidence_new();
	struct smtp_config cfg = {.ca_file = "/nonexistent/ca.pem"};
	struct mp_err err = {.code = MP_OK};
	uv_loop_t loop;

	(void)state;
	uv_loop_init(&loop);
	assert_null(smtp_observer_new(&loop, ev, &cfg, &err));
	assert_int_equal(err.code, MP_EIO);
	assert_non_null(strstr(err.msg, "/nonexistent/ca.pem"));
	assert_int_equal(uv_loop_close(&loop), 0);
	mp_evidence_free(ev);
	smtp_observer_free(NULL);
}

/* ---- connecting */

static void connecting(void **state)
{
	static const struct {
		const char *label, *address, *source, *reason, *no_way;
	} rows[] = {
		{"nobody listens", "127.0.0.1", NULL, "connection refused", "refused"},
		{"source of another family", "127.0.0.1", "::1",
			"source and destination are of different address families", "other"},
		{"source that is not ours", "127.0.0.1", "192.0.2.1", "source address not available", "no-source"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct run r = {.cfg = {.ca_file = NULL}};
		const struct smtp_session *s;
		struct smtp_question q;
		struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		socklen_t n = sizeof(sin);
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		/* bound, but nobody listens: the port is nobody else's */
		assert_int_equal(bind(fd, (struct sockaddr *)&sin, n), 0);
		getsockname(fd, (struct sockaddr *)&sin, &n);
		q = question(rows[i].address, ntohs(sin.sin_port));
		if (rows[i].source)
			mp_ip_parse(mp_str(rows[i].source), &q.source);
		run_begin(&r);
		ask(&r, &q);
		assert_int_equal(smtp_observer_active(r.o), 1); /* never answered inside smtp_observe() */
		run_loop(&r);
		s = smtp_ask(r.ev, &q);
		row_str(rows[i].label, smtp_outcome_name(s->outcome), "unreachable");
		row_str(rows[i].label, smtp_stage_name(s->stage), "connect");
		row_str(rows[i].label, s->reason, rows[i].reason);
		row_str(rows[i].label, smtp_no_way_name(s->no_way), rows[i].no_way);
		assert_true(s->ms_connect < 0);
		sound(rows[i].label, &q, s);
		close(fd);
		run_end(&r);
	}
}

static void by_ipv6(void **state)
{
	static const char *const part[] = {
		">220 mx", "<EHLO", ">250-mx Hello [IPv6:::7]\r\n250 PIPELINING", MAIL, ALL_OK, NULL};
	struct server srv = {.part = part, .sessions = 1};
	struct run r = {.cfg = {.ca_file = NULL}};
	const struct smtp_session *s;
	struct smtp_question q;

	(void)state;
	if (!server_start(&srv, "::1"))
		skip();
	q = question("::1", srv.port);
	run_begin(&r);
	ask(&r, &q);
	run_loop(&r);
	server_end("IPv6", &srv, true);
	s = smtp_ask(r.ev, &q);
	assert_int_equal(s->outcome, SMTP_ACCEPTED);
	assert_int_equal(s->q.source.family, MP_IPV6); /* the system chose, the record tells */
	assert_string_equal(s->seen_as, "::7");
	sound("IPv6", &q, s);
	run_end(&r);
}

/* ---- several sessions */

static void one_session_at_a_time(void **state)
{
	static const char *const part[] = {"alone", ">220 mx", "alone", "<EHLO", "alone", ">250-mx\r\n250 PIPELINING",
		MAIL, "alone", ALL_OK, "hold", NULL};
	struct server srv = {.part = part, .sessions = 3};
	struct run r = {.cfg = {.ca_file = NULL}};
	struct smtp_question q;

	(void)state;
	assert_true(server_start(&srv, "127.0.0.1"));
	q = question("127.0.0.1", srv.port);
	run_begin(&r);
	ask(&r, &q);
	q.purpose = "vary:one";
	q.mx = "MX.example"; /* the same host */
	ask(&r, &q);
	q.purpose = "vary:two";
	ask(&r, &q);
	assert_int_equal(smtp_observer_active(r.o), 3);
	assert_string_equal(smtp_observer_doing(r.o), "mx.example: connecting (and 2 more)");
	run_loop(&r);
	server_end("alone", &srv, true);
	assert_int_equal(srv.begun, 3);
	assert_int_equal(mp_evidence_answered(r.ev), 3);
	assert_int_equal(((const struct smtp_session *)smtp_ask(r.ev, &q))->outcome, SMTP_ACCEPTED);
	run_end(&r);
}

/* Each server waits for the other to have a session before it greets. */
static void hosts_side_by_side(void **state)
{
	static const char *const part[] = {
		"meet", ">220 mx", "<EHLO", ">250-mx\r\n250 PIPELINING", MAIL, ALL_OK, "hold", NULL};
	pthread_barrier_t barrier;
	struct server srv[2];
	struct run r = {.cfg = {.ca_file = NULL}};

	(void)state;
	pthread_barrier_init(&barrier, NULL, 2);
	run_begin(&r);
	for (size_t i = 0; i < 2; i++) {
		struct smtp_question q;

		srv[i] = (struct server){.part = part, .sessions = 1, .barrier = &barrier};
		assert_true(server_start(&srv[i], "127.0.0.1"));
		q = question("127.0.0.1", srv[i].port);
		q.mx = i ? "a.example" : "b.example";
		ask(&r, &q);
	}
	run_loop(&r);
	for (size_t i = 0; i < 2; i++)
		server_end("side by side", &srv[i], true);
	assert_int_equal(mp_evidence_answered(r.ev), 2);
	pthread_barrier_destroy(&barrier);
	run_end(&r);
}

/* Who waits for the clock keeps nobody else waiting, and is held after it all the same. */
static void after_a_pause(void **state)
{
	static const char *const part[] = {
		"alone", ">220 mx", "<EHLO", ">250-mx\r\n250 PIPELINING", MAIL, ALL_OK, "hold", NULL};
	struct server srv = {.part = part, .sessions = 2};
	struct run r = {.cfg = {.ca_file = NULL}};
	const struct smtp_session *first, *later;
	struct smtp_question q, p;

	(void)state;
	assert_true(server_start(&srv, "127.0.0.1"));
	q = p = question("127.0.0.1", srv.port);
	p.purpose = "retry";
	p.pause_ms = 200;
	run_begin(&r);
	ask(&r, &p);
	assert_string_equal(smtp_observer_doing(r.o), "mx.example: waiting before retry");
	ask(&r, &q);
	assert_int_equal(smtp_observer_active(r.o), 2);
	run_loop(&r);
	server_end("pause", &srv, true);
	first = smtp_ask(r.ev, &q);
	later = smtp_ask(r.ev, &p);
	assert_int_equal(first->outcome, SMTP_ACCEPTED);
	assert_int_equal(later->outcome, SMTP_ACCEPTED);
	assert_true(later->at_ms >= 200);
	assert_true(first->at_ms < later->at_ms);
	assert_string_equal(later->transcript[0].line, "retry: held 0.2 s after it was asked for");
	sound("pause", &p, later);
	run_end(&r);
}

static void finished_in_a_pause(void **state)
{
	struct run r = {.cfg = {.ca_file = NULL}};
	struct smtp_question q = question("127.0.0.1", 1);
	const struct smtp_session *s;

	(void)state;
	q.pause_ms = 3600000;
	run_begin(&r);
	ask(&r, &q);
	smtp_observer_finish(r.o, "the time is up", 1000);
	run_loop(&r);
	s = smtp_ask(r.ev, &q);
	assert_int_equal(s->outcome, SMTP_ABORTED);
	assert_int_equal(s->stage, SMTP_AT_CONNECT);
	assert_string_equal(s->reason, "the time is up");
	run_end(&r);
}

/* ---- ends before the end */

struct poke {
	struct run *r;
	const char *when; /* what the observer must be doing */
	bool stop;        /* else finish */
	uint32_t grace_ms;
	pthread_barrier_t *barrier; /* met afterwards, or NULL */
};

static void on_tick(uv_timer_t *t)
{
	struct poke *p = t->data;
	const char *doing = smtp_observer_doing(p->r->o);

	assert_non_null(doing);
	if (!strstr(doing, p->when))
		return;
	if (p->stop)
		smtp_observer_stop(p->r->o);
	else
		smtp_observer_finish(p->r->o, "the time is up", p->grace_ms);
	if (p->barrier)
		pthread_barrier_wait(p->barrier);
	uv_close((uv_handle_t *)t, NULL);
}

static void finishing(void **state)
{
	static const struct {
		const char *label, *part[MAX_STEPS];
		struct poke poke;
		const char *stage;
		bool to_the_letter;
		const char *reason;
	} rows[] = {
		{"before the greeting", {"hold"}, {NULL, "waiting for the greeting", false, 50, NULL}, "banner", false,
			"the time is up"},
		{"at EHLO, answered in the grace time", {">220 mx", "<EHLO", "meet", ">250 mx", "<QUIT", ">221 bye"},
			{NULL, "EHLO", false, 8000, NULL}, "ehlo", true, "the time is up"},
		{"stopped", {">220 mx", "<EHLO", "hold"}, {NULL, "EHLO", true, 0, NULL}, "ehlo", false,
			"the run ended"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		pthread_barrier_t barrier;
		struct server srv = {.part = rows[i].part, .sessions = 1, .barrier = &barrier};
		struct run r = {.cfg = {.ca_file = NULL}};
		struct poke poke = rows[i].poke;
		const struct smtp_session *s;
		struct smtp_question q, second, late;
		uv_timer_t timer;

		pthread_barrier_init(&barrier, NULL, 2);
		assert_true(server_start(&srv, "127.0.0.1"));
		q = second = late = question("127.0.0.1", srv.port);
		second.purpose = "vary:second";
		late.purpose = "vary:late";
		run_begin(&r);
		poke.r = &r;
		poke.barrier = rows[i].to_the_letter ? &barrier : NULL;
		timer.data = &poke;
		uv_timer_init(&r.loop, &timer);
		uv_timer_start(&timer, on_tick, 1, 1);
		ask(&r, &q);
		ask(&r, &second);
		run_loop(&r);
		ask(&r, &late);
		server_end(rows[i].label, &srv, rows[i].to_the_letter);
		s = smtp_ask(r.ev, &q);
		row_str(rows[i].label, smtp_outcome_name(s->outcome), "aborted");
		row_str(rows[i].label, smtp_stage_name(s->stage), rows[i].stage);
		row_str(rows[i].label, s->reason, rows[i].reason);
		sound(rows[i].label, &q, s);
		s = smtp_ask(r.ev, &second);
		row_str(rows[i].label, smtp_stage_name(s->stage), "connect");
		row_str(rows[i].label, s->reason, rows[i].reason);
		s = smtp_ask(r.ev, &late);
		row_str(rows[i].label, s->reason, rows[i].reason);
		pthread_barrier_destroy(&barrier);
		run_end(&r);
	}
}

static void silence(void **state)
{
	static const struct {
		const char *label, *part[MAX_STEPS];
		struct smtp_config cfg;
		const char *outcome, *stage, *reason;
	} rows[] = {
		{"no greeting", {"hold"}, {.reply_timeout_ms = 100}, "aborted", "banner", "no answer for 0.1 s"},
		{"no handshake", {HELLO, ">250-mx\r\n250 STARTTLS", "<STARTTLS", ">220 go", "hold"},
			{.reply_timeout_ms = 1000}, "tls-failed", "tls", "no answer for 1 s during the handshake"},
		{"a greeting without an end", {">220-a", "sleep", ">220-b", "sleep", ">220-c", "hold"},
			{.session_timeout_ms = 200}, "aborted", "banner", "the session took more than 0.2 s"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct server srv = {.part = rows[i].part, .sessions = 1};
		struct run r = {.cfg = rows[i].cfg};
		const struct smtp_session *s;
		struct smtp_question q;

		assert_true(server_start(&srv, "127.0.0.1"));
		q = question("127.0.0.1", srv.port);
		run_begin(&r);
		ask(&r, &q);
		run_loop(&r);
		server_end(rows[i].label, &srv, false);
		s = smtp_ask(r.ev, &q);
		row_str(rows[i].label, smtp_outcome_name(s->outcome), rows[i].outcome);
		row_str(rows[i].label, smtp_stage_name(s->stage), rows[i].stage);
		row_str(rows[i].label, s->reason, rows[i].reason);
		sound(rows[i].label, &q, s);
		run_end(&r);
	}
}

/* What comes behind the 220 in one segment is counted, and the handshake then goes on with what follows. */
static void injection(void **state)
{
	static const char *const part[] = {
		HELLO, ">250-mx\r\n250 STARTTLS", "<STARTTLS", ">220 go\r\n250 injected", "tls", TLS_REST, NULL};
	struct server srv = {.part = part, .sessions = 1, .tls = context(GOOD, 0, 0, NULL, false)};
	struct run r = {.cfg = {.ca_file = ca_path}};
	const struct smtp_session *s;
	struct smtp_question q;

	(void)state;
	assert_true(server_start(&srv, "127.0.0.1"));
	q = question("127.0.0.1", srv.port);
	run_begin(&r);
	ask(&r, &q);
	run_loop(&r);
	server_end("injection", &srv, true);
	s = smtp_ask(r.ev, &q);
	assert_int_equal(s->outcome, SMTP_ACCEPTED);
	assert_int_equal(s->injected_bytes, strlen("250 injected\r\n"));
	SSL_CTX_free(srv.tls);
	run_end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions),
		cmocka_unit_test(what_tls_shows),
		cmocka_unit_test(another_group),
		cmocka_unit_test(without_the_extra_anchors),
		cmocka_unit_test(anchors_that_cannot_be_read),
		cmocka_unit_test(connecting),
		cmocka_unit_test(by_ipv6),
		cmocka_unit_test(one_session_at_a_time),
		cmocka_unit_test(hosts_side_by_side),
		cmocka_unit_test(after_a_pause),
		cmocka_unit_test(finished_in_a_pause),
		cmocka_unit_test(finishing),
		cmocka_unit_test(silence),
		cmocka_unit_test(injection),
	};

	return cmocka_run_group_tests_name("smtp_observer", tests, make_authority, drop_authority);
}
