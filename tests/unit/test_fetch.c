/* tests/unit/test_fetch.c - URLs and their rules, the saved form, and real fetches from a web server on loopback */
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

#include "probe/cache.h"
#include "probe/fetcher.h"
#include "tests/unit/row.h"
#include "tests/world/https_server.h"

/* ---- URLs */

static void test_urls(void **state)
{
	static const struct {
		const char *label, *url, *host;
		int port;
		const char *path, *again; /* host NULL: refused */
	} rows[] = {
		{"plain", "https://rdap.example/ip/192.0.2.1", "rdap.example", 443, "/ip/192.0.2.1",
			"https://rdap.example/ip/192.0.2.1"},
		{"case, port", "HTTPS://RDAP.Example:8443/A?b=C", "rdap.example", 8443, "/A?b=C",
			"https://rdap.example:8443/A?b=C"},
		{"usual port", "https://a.example:443/", "a.example", 443, "/", "https://a.example/"},
		{"no path", "https://a.example", "a.example", 443, "/", "https://a.example/"},
		{"query alone", "https://a.example?x", "a.example", 443, "/?x", "https://a.example/?x"},
		{"IPv4", "https://192.0.2.1:44/", "192.0.2.1", 44, "/", "https://192.0.2.1:44/"},
		{"IPv6", "https://[2001:db8::1]:44/x", "2001:db8::1", 44, "/x", "https://[2001:db8::1]:44/x"},
		{"http", "http://127.0.0.1:11334/ping", "127.0.0.1", 11334, "/ping", "http://127.0.0.1:11334/ping"},
		{"another scheme", "ftp://a.example/", NULL, 0, NULL, NULL},
		{"none", "a.example/", NULL, 0, NULL, NULL},
		{"a user", "https://root@a.example/", NULL, 0, NULL, NULL},
		{"a fragment", "https://a.example/#x", NULL, 0, NULL, NULL},
		{"a blank", "https://a.example/a b", NULL, 0, NULL, NULL},
		{"a line end", "https://a.example/\r\nHost: x", NULL, 0, NULL, NULL},
		{"port 0", "https://a.example:0/", NULL, 0, NULL, NULL},
		{"port too large", "https://a.example:65536/", NULL, 0, NULL, NULL},
		{"no host", "https:///x", NULL, 0, NULL, NULL},
		{"bare IPv6", "https://2001:db8::1/", NULL, 0, NULL, NULL},
		{"brackets, no address", "https://[a.example]/", NULL, 0, NULL, NULL},
		{"open bracket", "https://[::1/", NULL, 0, NULL, NULL},
		{"underscore", "https://a_b.example/", NULL, 0, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_fetch_question q = {.use = "rdap"};
		bool ok = mp_fetch_parse_url(a, mp_str(rows[i].url), &q);

		row_bool(rows[i].label, ok, rows[i].host != NULL);
		if (ok) {
			row_str(rows[i].label, q.host, rows[i].host);
			row_int(rows[i].label, q.port, rows[i].port);
			row_str(rows[i].label, q.path, rows[i].path);
			row_str(rows[i].label, mp_fetch_url(a, &q), rows[i].again);
			row_bool(rows[i].label, mp_fetch_valid(&q), !q.http);
		}
		mp_arena_free(a);
	}
}

static void test_types(void **state)
{
	static const struct {
		const char *use, *type;
		bool ok;
	} rows[] = {
		{"mta-sts", "text/plain", true},
		{"mta-sts", "Text/Plain; charset=utf-8", true},
		{"mta-sts", "text/plain;", true},
		{"mta-sts", "text/html", false},
		{"mta-sts", "text/plainer", false},
		{"mta-sts", "", false},
		{"mta-sts", NULL, false},
		{"rdap", "application/rdap+json", true},
		{"rdap", "text/plain", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_bool(rows[i].type ? rows[i].type : "none",
			mp_fetch_type_ok(&(struct mp_fetch_question){.use = rows[i].use},
				&(struct mp_fetch_answer){.content_type = rows[i].type}),
			rows[i].ok);
}

/* ---- the saved form */

static void test_round_trip(void **state)
{
	static const char body[] = "version: STSv1\r\n\tmx: \\\\x0d \xe2\x80\xae \xc3\xa9 \xff\x00 end\\";
	const struct mp_ip address = {.family = MP_IPV4, .b = {192, 0, 2, 7}};
	const struct mp_fetch_question q = {.use = "mta-sts",
		.host = "mta-sts.example.net",
		.port = 8443,
		.path = "/.well-known/mta-sts.txt",
		.n_addresses = 1,
		.addresses = &address};
	const struct mp_fetch_answer ans = {.outcome = MP_FETCHED,
		.status = 200,
		.content_type = "text/plain",
		.body = {body, sizeof(body) - 1},
		.address = address,
		.at_ms = 12,
		.took_ms = 80.5};
	struct mp_arena *a = mp_arena_new();
	json_t *j = mp_fetch_kind.to_json(&q, &ans), *again;
	const void *params, *answer;
	const struct mp_fetch_answer *back;
	struct mp_err err = {.msg = ""};

	(void)state;
	row_int(err.msg, mp_fetch_kind.from_json(j, a, &params, &answer, &err), MP_OK);
	back = answer;
	assert_int_equal(back->body.n, sizeof(body) - 1);
	assert_memory_equal(back->body.p, body, sizeof(body) - 1);
	again = mp_fetch_kind.to_json(params, answer);
	assert_true(json_equal(j, again));
	json_decref(again);
	json_decref(j);
	mp_arena_free(a);
}

/* One member of a good element changed: refused, and the message names it. */
static void test_refused(void **state)
{
	static const char good[] =
		"{\"use\":\"mta-sts\",\"http\":false,\"host\":\"a.example\",\"port\":443,\"path\":\"/\","
		"\"addresses\":[\"192.0.2.1\"],\"outcome\":\"fetched\",\"status\":200,\"body\":\"x\","
		"\"at_ms\":0,\"ms\":1}";
	static const struct {
		const char *key, *value; /* value NULL: taken away */
	} rows[] = {
		{"use", "\"gopher\""},
		{"use", NULL},
		{"http", "true"}, /* not for this use */
		{"http", "1"},
		{"host", "\"A.example\""},
		{"host", "\"a b\""},
		{"port", "0"},
		{"port", "65536"},
		{"path", "\"x\""},
		{"path", "\"/a b\""},
		{"addresses", "[\"192.0.2.256\"]"},
		{"addresses", "[1]"},
		{"addresses", "{}"},
		{"outcome", "\"lost\""},
		{"outcome", "\"timeout\""}, /* without a reason */
		{"status", "600"},
		{"status", "0"},
		{"body", "\"\\\\\""},
		{"body", "\"\\\\x41\""},
		{"body", "\"\\n\""},
		{"body", "7"},
		{"reason", "\"a\\nb\""},
		{"address", "\"x\""},
		{"fetched", "\"yesterday\""},
		{"at_ms", "-1"},
		{"ms", "\"1\""},
	};
	struct mp_arena *a = mp_arena_new();
	const void *params, *answer;
	struct mp_err err;
	json_t *j = mp_json_parse(mp_str(good), &err);

	(void)state;
	row_int("good", mp_fetch_kind.from_json(j, a, &params, &answer, &err), MP_OK);
	json_decref(j);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		j = mp_json_parse(mp_str(good), &err);
		if (rows[i].value)
			mp_jset(j, rows[i].key, json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
		else
			json_object_del(j, rows[i].key);
		err.msg[0] = '\0';
		row_int(rows[i].value ? rows[i].value : rows[i].key,
			mp_fetch_kind.from_json(j, a, &params, &answer, &err), MP_EPARSE);
		assert_true(err.msg[0] != '\0');
		json_decref(j);
	}
	mp_arena_free(a);
}

/* ---- real fetches */

#define POLICY "version: STSv1\r\nmode: enforce\r\nmx: *.example.net\r\nmax_age: 86400\r\n"

static const struct world_page pages[] = {
	{.path = "/policy", .status = 200, .type = "text/plain", .body = POLICY},
	{.path = "/gone", .status = 404, .type = "text/html", .body = "<html>\n"},
	{.path = "/broken", .status = 500, .body = ""},
	{.path = "/moved", .status = 301, .headers = "Location: /policy\r\n"},
	{.path = "/away", .status = 302, .headers = "Location: http://elsewhere.example/x\r\n"},
	{.path = "/cookie", .status = 200, .type = "text/plain", .headers = "Set-Cookie: a=b\r\n", .body = "x"},
	{.path = "/chunks", .status = 200, .type = "text/plain", .body = "ab", .how = WORLD_WEB_CHUNKS},
	{.path = "/hang", .how = WORLD_WEB_HANGS},
	{.path = "/hang-mid", .status = 200, .type = "text/plain", .body = POLICY, .how = WORLD_WEB_HANGS_MID},
	{.path = "/cut", .status = 200, .type = "text/plain", .body = POLICY, .how = WORLD_WEB_CUT},
	{.path = "/reset", .how = WORLD_WEB_RESETS},
	{.path = "/huge", .status = 200, .type = "text/plain", .how = WORLD_WEB_HUGE},
	{.path = "/endless", .status = 200, .type = "text/plain", .how = WORLD_WEB_ENDLESS},
	{.path = "/no-http", .how = WORLD_WEB_NO_HTTP},
	{0},
};

static const struct world_page no_tls[] = {{.path = "/", .how = WORLD_WEB_NO_TLS}, {0}};

struct net {
	uv_loop_t loop;
	struct world_pki *pki;
	char *ca;
	struct smtp_tls_ctx *tls;
	struct mp_evidence *ev;
	struct mp_fetcher *f;
	struct world_https *server;
	struct mp_ip address;
	uint32_t timeout_ms;
	const char *cache_dir;
};

static int net_setup(void **state)
{
	struct net *n = mp_xcalloc(1, sizeof(*n));
	struct mp_err err = {.msg = ""};

	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&n->loop);
	n->pki = world_pki_new(&err);
	assert_non_null(n->pki);
	assert_int_equal(world_pki_ca_file(n->pki, &n->ca, &err), MP_OK);
	mp_ip_parse(MP_LIT("127.0.0.1"), &n->address);
	n->timeout_ms = 20000;
	*state = n;
	return 0;
}

static int net_teardown(void **state)
{
	struct net *n = *state;

	unlink(n->ca);
	free(n->ca);
	world_pki_free(n->pki);
	assert_int_equal(uv_loop_close(&n->loop), 0);
	free(n);
	return 0;
}

static void net_open(struct net *n, enum world_cert cert, const struct world_page *served)
{
	struct world_https_config cfg = {
		.pki = n->pki, .host = "web.example", .cert = cert, .address = n->address, .pages = served};
	struct timespec now;
	struct mp_err err = {.msg = ""};

	clock_gettime(CLOCK_REALTIME, &now);
	n->tls = smtp_tls_ctx_new(n->ca, (int64_t)now.tv_sec * 1000);
	n->ev = mp_evidence_new();
	uv_update_time(&n->loop);
	n->f = mp_fetcher_new(&n->loop, n->ev,
		&(struct mp_fetcher_config){.start_ms = uv_now(&n->loop),
			.now_ms = (int64_t)now.tv_sec * 1000,
			.timeout_ms = n->timeout_ms,
			.cache_dir = n->cache_dir,
			.tls = n->tls,
			.ca_file = n->ca});
	n->server = world_https_start(&n->loop, &cfg, &err);
	if (!n->server)
		fail_msg("%s", err.msg);
}

static void net_close(struct net *n)
{
	mp_fetcher_stop(n->f);
	world_https_stop(n->server);
	uv_run(&n->loop, UV_RUN_DEFAULT);
	mp_fetcher_free(n->f);
	world_https_free(n->server);
	mp_evidence_free(n->ev);
	smtp_tls_ctx_free(n->tls);
}

static struct mp_fetch_question question(const struct net *n, const char *host, const char *path)
{
	return (struct mp_fetch_question){.use = "mta-sts",
		.host = host,
		.port = world_https_port(n->server),
		.path = path,
		.n_addresses = 1,
		.addresses = &n->address};
}

static const struct mp_fetch_answer *ask(struct net *n, const struct mp_fetch_question *q)
{
	const struct mp_fetch_answer *a;
	struct mp_question *wanted;

	while (!(a = mp_fetch_ask(n->ev, q))) {
		while ((wanted = mp_evidence_next_wanted(n->ev)))
			mp_fetcher_observe(n->f, wanted);
		uv_run(&n->loop, UV_RUN_ONCE);
	}
	return a;
}

static const struct mp_fetch_answer *get(struct net *n, const char *host, const char *path)
{
	struct mp_fetch_question q = question(n, host, path);

	return ask(n, &q);
}

static void test_answers(void **state)
{
	static const struct {
		const char *path;
		enum mp_fetch_outcome outcome;
		int status;
		const char *body, *location, *reason; /* reason: what it has in it */
	} rows[] = {
		{"/policy", MP_FETCHED, 200, POLICY, NULL, NULL},
		{"/gone", MP_FETCHED, 404, "<html>\n", NULL, NULL},
		{"/nowhere", MP_FETCHED, 404, "<html>There is no such page</html>\n", NULL, NULL},
		{"/broken", MP_FETCHED, 500, "", NULL, NULL},
		{"/moved", MP_FETCHED, 301, "", "https://web.example:PORT/policy", NULL},
		{"/away", MP_FETCHED, 302, "", "http://elsewhere.example/x", NULL},
		{"/cookie", MP_FETCHED, 200, "x", NULL, NULL},
		{"/chunks", MP_FETCHED, 200, "ab", NULL, NULL},
		{"/cut", MP_FETCH_PROTOCOL_ERROR, 200, "", NULL, "middle of the answer"},
		{"/reset", MP_FETCH_PROTOCOL_ERROR, 0, "", NULL, "broke"},
		{"/huge", MP_FETCH_TOO_LARGE, 200, "", NULL, "larger than 64 KiB"},
		{"/endless", MP_FETCH_TOO_LARGE, 200, "", NULL, "larger than 64 KiB"},
		{"/no-http", MP_FETCH_PROTOCOL_ERROR, 0, "", NULL, "no HTTP"},
	};
	struct net *n = *state;

	net_open(n, WORLD_CERT_VALID, pages);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct mp_fetch_answer *a = get(n, "web.example", rows[i].path);
		struct mp_arena *scratch = mp_arena_new();
		char *location = NULL, *port = rows[i].location ? strstr(rows[i].location, "PORT") : NULL;

		if (a->outcome != rows[i].outcome)
			print_message("%s: %s\n", rows[i].path, a->reason ? a->reason : "fetched");
		row_str(rows[i].path, mp_fetch_outcome_name(a->outcome), mp_fetch_outcome_name(rows[i].outcome));
		row_int(rows[i].path, a->status, rows[i].status);
		row_view(rows[i].path, a->body.p ? a->body : mp_str(""), rows[i].body);
		if (rows[i].location)
			location = port ? mp_printf(scratch, "%.*s%u%s", (int)(port - rows[i].location),
						  rows[i].location, world_https_port(n->server), port + 4)
					: mp_dup(scratch, rows[i].location);
		row_str(rows[i].path, a->location, location);
		if (rows[i].reason && !strstr(a->reason, rows[i].reason))
			fail_msg("row '%s': \"%s\" lacks \"%s\"", rows[i].path, a->reason, rows[i].reason);
		mp_arena_free(scratch);
	}
	assert_int_equal(world_https_counts(n->server)->requests, ARRAY_LEN(rows));
	net_close(n);
}

/* What is sent is said here whole: no cookie of the answer before, no proxy, nothing of this machine. */
static void test_request(void **state)
{
	struct net *n = *state;
	struct mp_fetch_question q;
	char want[256];

	setenv("https_proxy", "http://127.0.0.1:9/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:9/", 1);
	net_open(n, WORLD_CERT_VALID, pages);
	get(n, "web.example", "/cookie");
	get(n, "web.example", "/policy");
	snprintf(want, sizeof(want),
		"GET /policy HTTP/1.1\r\nHost: web.example:%u\r\nUser-Agent: mailprobe/0.1.0\r\nAccept: */*",
		world_https_port(n->server));
	row_str("request", world_https_counts(n->server)->last, want);
	/* of a registry that has pages for people as well */
	q = question(n, "web.example", "/policy");
	q.use = "rdap";
	ask(n, &q);
	snprintf(want, sizeof(want),
		"GET /policy HTTP/1.1\r\nHost: web.example:%u\r\nUser-Agent: mailprobe/0.1.0\r\n"
		"Accept: application/rdap+json, application/json;q=0.9",
		world_https_port(n->server));
	row_str("request for RDAP", world_https_counts(n->server)->last, want);
	net_close(n);
	unsetenv("https_proxy");
	unsetenv("ALL_PROXY");
}

static void test_certificates(void **state)
{
	static const struct {
		const char *label, *host;
		enum world_cert cert;
		const char *chain, *name, *time; /* what they have in them; NULL: good */
	} rows[] = {
		{"good", "web.example", WORLD_CERT_VALID, NULL, NULL, NULL},
		{"self-signed", "web.example", WORLD_CERT_SELF_SIGNED, "self-signed", NULL, NULL},
		{"unknown authority", "web.example", WORLD_CERT_UNKNOWN_CA, "not trusted here", NULL, NULL},
		{"expired", "web.example", WORLD_CERT_EXPIRED, NULL, NULL, "expired"},
		{"not yet", "web.example", WORLD_CERT_NOT_YET, NULL, NULL, "not valid before"},
		{"another name", "web.example", WORLD_CERT_WRONG_NAME, NULL, "another-host.example", NULL},
		{"two at once", "other.example", WORLD_CERT_EXPIRED, NULL, "does not cover other.example", "expired"},
		{"an address", "127.0.0.1", WORLD_CERT_VALID, NULL, "does not cover 127.0.0.1", NULL},
	};
	struct net *n = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *want[] = {rows[i].chain, rows[i].name, rows[i].time};
		const struct mp_fetch_answer *a;

		net_open(n, rows[i].cert, pages);
		a = get(n, rows[i].host, "/policy");
		if (want[0] || want[1] || want[2]) {
			row_str(rows[i].label, mp_fetch_outcome_name(a->outcome), "tls-failed");
			assert_int_equal(world_https_counts(n->server)->requests, 0);
		} else {
			row_str(rows[i].label, mp_fetch_outcome_name(a->outcome), "fetched");
		}
		for (size_t k = 0; k < ARRAY_LEN(want); k++) {
			const char *got = k == 0 ? a->chain_error : k == 1 ? a->name_error : a->time_error;

			if (!got != !want[k] || (got && !strstr(got, want[k])))
				fail_msg("row '%s': got \"%s\", want \"%s\"", rows[i].label, got ? got : "(null)",
					want[k] ? want[k] : "(null)");
		}
		net_close(n);
	}
}

static void test_no_tls(void **state)
{
	struct net *n = *state;
	const struct mp_fetch_answer *a;

	net_open(n, WORLD_CERT_VALID, no_tls);
	a = get(n, "web.example", "/");
	row_str("no TLS", mp_fetch_outcome_name(a->outcome), "tls-failed");
	assert_non_null(strstr(a->reason, "handshake failed"));
	assert_null(a->chain_error);
	net_close(n);
}

static void test_dead(void **state)
{
	struct net *n = *state;
	const struct mp_fetch_answer *a;
	struct mp_fetch_question q;

	net_open(n, WORLD_CERT_VALID, pages);
	q = question(n, "web.example", "/policy");
	q.port = 1; /* where nobody listens */
	a = ask(n, &q);
	row_str("refused", mp_fetch_outcome_name(a->outcome), "unreachable");
	row_str("refused", a->reason, "connection refused");
	q.n_addresses = 0;
	a = ask(n, &q);
	row_str("no address", mp_fetch_outcome_name(a->outcome), "unreachable");
	net_close(n);
}

/* Slow ones end by the timer, and hold nobody else up. */
static void test_slow(void **state)
{
	static const char *const paths[] = {"/hang", "/hang-mid"};
	struct net *n = *state;

	n->timeout_ms = 2000;
	net_open(n, WORLD_CERT_VALID, pages);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct mp_fetch_answer *a = get(n, "web.example", paths[i]);

		row_str(paths[i], mp_fetch_outcome_name(a->outcome), "timeout");
		row_str(paths[i], a->reason, "connected, but no whole answer within 2 s");
	}
	net_close(n);
}

/* The run ends while a fetch is under way. */
static void test_finish(void **state)
{
	struct net *n = *state;
	const struct mp_fetch_answer *a;
	struct mp_fetch_question q;

	net_open(n, WORLD_CERT_VALID, pages);
	q = question(n, "web.example", "/hang");
	assert_null(mp_fetch_ask(n->ev, &q));
	mp_fetcher_observe(n->f, mp_evidence_next_wanted(n->ev));
	assert_int_equal(mp_fetcher_active(n->f), 1);
	row_str("doing", mp_fetcher_doing(n->f), "web.example: fetching");
	while (world_https_counts(n->server)->requests == 0)
		uv_run(&n->loop, UV_RUN_ONCE);
	mp_fetcher_finish(n->f, "interrupted");
	while (!(a = mp_fetch_ask(n->ev, &q)))
		uv_run(&n->loop, UV_RUN_ONCE);
	row_str("finish", mp_fetch_outcome_name(a->outcome), "unknown");
	row_str("finish", a->reason, "interrupted");
	/* and one that comes after that */
	a = get(n, "web.example", "/policy");
	row_str("late", mp_fetch_outcome_name(a->outcome), "unknown");
	assert_null(mp_fetcher_doing(n->f));
	net_close(n);
}

/* Stopped with a fetch on its way: nothing is left open, nothing leaks. */
static void test_stop(void **state)
{
	struct net *n = *state;
	struct mp_fetch_question q;

	net_open(n, WORLD_CERT_VALID, pages);
	q = question(n, "web.example", "/hang");
	mp_fetch_ask(n->ev, &q);
	mp_fetcher_observe(n->f, mp_evidence_next_wanted(n->ev));
	uv_run(&n->loop, UV_RUN_ONCE);
	net_close(n);
}

static const struct world_page bootstrap[] = {
	{.path = "/ipv4.json", .status = 200, .type = "application/json", .body = "{\"services\": []}"},
	{.path = "/page.json", .status = 200, .type = "text/html", .body = "<html>"},
	{.path = "/gone.json", .status = 404, .type = "application/json", .body = "{}"},
	{0},
};

/* As if it had been written so many seconds ago. */
static void age(const char *path, int64_t s)
{
	struct timeval now, times[2];

	gettimeofday(&now, NULL);
	now.tv_sec -= s;
	times[0] = times[1] = now;
	assert_int_equal(utimes(path, times), 0);
}

/* As the judge gets it: the part that speaks of what it asks for. */
#define LIST_CUT "{\"services\":[]}\n"

static const struct mp_fetch_answer *get_list(struct net *n, const char *path, uint16_t port)
{
	struct mp_fetch_question q = question(n, "web.example", path);

	q.use = "rdap-bootstrap";
	q.about = "203.0.113.10";
	q.port = port;
	return ask(n, &q);
}

/* Files in a directory; all of them are removed. */
static size_t empty(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t files = 0;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.') {
			files++;
			unlinkat(dirfd(d), e->d_name, 0);
		}
	if (d)
		closedir(d);
	rmdir(dir);
	return files;
}

static void test_cache(void **state)
{
	char base[] = "/tmp/test_fetch.XXXXXX", dir[64], file[256];
	struct net *n = *state;
	const struct mp_fetch_answer *a;
	uint16_t port;

	assert_non_null(mkdtemp(base));
	snprintf(dir, sizeof(dir), "%s/new/mailprobe", base);
	n->cache_dir = dir;
	net_open(n, WORLD_CERT_VALID, bootstrap);
	port = world_https_port(n->server);
	a = get_list(n, "/ipv4.json", port);
	row_view("from the network", a->body, LIST_CUT);
	assert_int_equal(a->fetched_ms, 0);
	get_list(n, "/page.json", port); /* wrong type, wrong status: not kept */
	get_list(n, "/gone.json", port);
	assert_int_equal(world_https_counts(n->server)->requests, 3);
	net_close(n);
	snprintf(file, sizeof(file), "%s/rdap-bootstrap-https___web.example_%u_ipv4.json", dir, port);
	assert_int_equal(access(file, R_OK), 0);

	/* Nobody is there any more, and nobody is asked. */
	age(file, 6 * 24 * 3600);
	net_open(n, WORLD_CERT_VALID, bootstrap);
	a = get_list(n, "/ipv4.json", port);
	row_view("from the disk", a->body, LIST_CUT);
	assert_true(a->fetched_ms > 0);
	assert_null(a->reason);
	assert_true(mp_fetch_type_ok(&(struct mp_fetch_question){.use = "rdap-bootstrap"}, a));
	net_close(n);

	/* Too old, but all that can be had. */
	age(file, 8 * 24 * 3600);
	net_open(n, WORLD_CERT_VALID, bootstrap);
	a = get_list(n, "/ipv4.json", port);
	if (world_https_port(n->server) != port) {
		row_str("old", mp_fetch_outcome_name(a->outcome), "fetched");
		row_str("old", a->reason, "connection refused");
	}
	net_close(n);

	/* From the future: the clock is not to be believed. */
	age(file, -3600);
	net_open(n, WORLD_CERT_VALID, bootstrap);
	a = get_list(n, "/ipv4.json", port);
	if (world_https_port(n->server) != port)
		row_str("future", mp_fetch_outcome_name(a->outcome), "unreachable");
	net_close(n);

	/* A row that keeps nothing. */
	net_open(n, WORLD_CERT_VALID, pages);
	get(n, "web.example", "/policy");
	net_close(n);
	assert_int_equal(empty(dir), 1);
	snprintf(dir, sizeof(dir), "%s/new", base);
	empty(dir);
	rmdir(base);
}

/* No place to keep anything is no reason to fail. */
static void test_no_cache(void **state)
{
	static const char *const dirs[] = {NULL, "/proc/mailprobe", "/dev/null/x"};
	struct net *n = *state;

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		const struct mp_fetch_answer *a;

		n->cache_dir = dirs[i];
		net_open(n, WORLD_CERT_VALID, bootstrap);
		a = get_list(n, "/ipv4.json", world_https_port(n->server));
		row_str("no cache", mp_fetch_outcome_name(a->outcome), "fetched");
		net_close(n);
	}
}

static void test_cache_files(void **state)
{
	static const struct {
		const char *xdg, *home, *want;
	} rows[] = {
		{"/x", "/h", "/x/mailprobe"},
		{NULL, "/h", "/h/.cache/mailprobe"},
		{"", "/h", "/h/.cache/mailprobe"},
		{"relative", "/h", "/h/.cache/mailprobe"},
		{NULL, NULL, NULL},
		{NULL, "", NULL},
	};
	char dir[] = "/tmp/test_fetch.XXXXXX", path[64];
	char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct mp_arena *a = mp_arena_new();
	struct mp_buf out = MP_BUF(8);
	int64_t when;

	(void)state;
	xdg = mp_dup(a, xdg);
	home = mp_dup(a, home);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		rows[i].xdg ? setenv("XDG_CACHE_HOME", rows[i].xdg, 1) : unsetenv("XDG_CACHE_HOME");
		rows[i].home ? setenv("HOME", rows[i].home, 1) : unsetenv("HOME");
		row_str("directory", mp_cache_dir(a), rows[i].want);
	}
	xdg ? setenv("XDG_CACHE_HOME", xdg, 1) : unsetenv("XDG_CACHE_HOME");
	home ? setenv("HOME", home, 1) : unsetenv("HOME");
	assert_non_null(mkdtemp(dir));
	assert_false(mp_cache_read(dir, "../a b", &out, &when));
	mp_cache_write(dir, "../a b", MP_LIT("12345678"));
	assert_true(mp_cache_read(dir, "../a b", &out, &when));
	row_view("kept", mp_buf_str(&out), "12345678");
	mp_cache_write(dir, "../a b", MP_LIT("123456789")); /* more than the reader takes */
	assert_false(mp_cache_read(dir, "../a b", &out, &when));
	/* not through a link that somebody else may have laid */
	mp_cache_write(dir, "real", MP_LIT("1"));
	snprintf(path, sizeof(path), "%s/link", dir);
	assert_int_equal(symlink("real", path), 0);
	assert_true(mp_cache_read(dir, "real", &out, &when));
	assert_false(mp_cache_read(dir, "link", &out, &when));
	assert_int_equal(empty(dir), 3);
	mp_buf_release(&out);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refused),
		cmocka_unit_test_setup_teardown(test_answers, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_request, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_certificates, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_no_tls, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_dead, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_slow, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_finish, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_stop, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_cache, net_setup, net_teardown),
		cmocka_unit_test_setup_teardown(test_no_cache, net_setup, net_teardown),
		cmocka_unit_test(test_cache_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
