/* probe/fetcher.c - see probe/fetcher.h */
#include <config.h>

#include <curl/curl.h>
#include <uv.h>

#include "base/text.h"
#include "dns/dns.h"
#include "probe/cache.h"
#include "probe/curl.h"
#include "probe/fetcher.h"
#include "probe/spamc.h"

enum { MAX_HEADER_TEXT = 1024 };

struct transfer {
	struct transfer *prev, *next;
	struct mp_fetcher *f;
	struct mp_question *q;
	const struct mp_fetch_use *use;
	struct mp_fetch_answer *answer; /* in the evidence's arena; complete when the transfer is closing */
	uv_timer_t deadline;
	uint64_t started; /* uv_now() */
	uint32_t limit_ms;
	CURL *easy;
	struct curl_slist *pins, *headers;
	struct mp_spamc *spamc;             /* in the place of curl */
	const struct smtp_message *message; /* to be posted, or NULL */
	struct mp_buf body;
	struct smtp_tls_guard guard;
	char error[CURL_ERROR_SIZE];
	bool closing;
};

struct mp_fetcher {
	uv_loop_t *loop;
	struct mp_evidence *ev;
	struct mp_fetcher_config cfg;
	char *cache_dir, *ca_file, *finished, *rspamd_password;
	const struct mp_curl_api *api; /* NULL until the first fetch */
	struct mp_curl *curl;
	struct transfer *first;
	size_t n;
	char doing[320];
};

static const struct mp_fetch_question *asked(const struct transfer *t)
{
	return t->q->params;
}

static struct mp_arena *arena(const struct transfer *t)
{
	return mp_evidence_arena(t->f->ev);
}

/* ---- what is kept on disk */

static const char *cache_name(struct transfer *t)
{
	return mp_printf(arena(t), "%s-%s", t->use->name, mp_fetch_url(arena(t), asked(t)));
}

/* Answer with what is kept, if it is younger than `age_s`; `why` says why an older one will do. */
static bool from_cache(struct transfer *t, int64_t age_s, const char *why)
{
	struct mp_buf kept = MP_BUF(t->use->max_bytes);
	struct mp_fetch_answer *ans = t->answer;
	int64_t written_ms;
	bool found = t->use->cache_s && t->f->cache_dir &&
		     mp_cache_read(t->f->cache_dir, cache_name(t), &kept, &written_ms) && kept.n &&
		     written_ms <= t->f->cfg.now_ms && t->f->cfg.now_ms - written_ms < age_s * 1000;

	if (found)
		*ans = (struct mp_fetch_answer){.outcome = MP_FETCHED,
			.reason = why ? mp_text(arena(t), mp_str(why)) : NULL,
			.status = 200,
			.content_type = t->use->types[0],
			.body = {mp_dupn(arena(t), kept.p, kept.n), kept.n},
			.fetched_ms = written_ms};
	mp_buf_release(&kept);
	return found;
}

static bool right(const struct transfer *t)
{
	return t->answer->outcome == MP_FETCHED && t->answer->status == 200 && t->answer->body.n &&
	       mp_fetch_type_ok(asked(t), t->answer);
}

/* After a fetch: keep what came, or fall back on what is kept, however old. */
static void settle_cache(struct transfer *t)
{
	if (!t->use->cache_s || !t->f->cache_dir || t->answer->fetched_ms)
		return;
	if (right(t))
		mp_cache_write(t->f->cache_dir, cache_name(t), t->answer->body);
	else if (t->answer->status != 404) /* which says that there is nothing any more */
		from_cache(t, INT64_MAX / 1000,
			t->answer->reason ? t->answer->reason
					  : mp_printf(arena(t), "the server answered %d", t->answer->status));
}

/* ---- the end */

/* At the end of a round of the loop, which then returns with the news. */
static void on_closed(uv_handle_t *h)
{
	struct transfer *t = h->data;
	struct mp_fetcher *f = t->f;

	if (t->prev)
		t->prev->next = t->next;
	else
		f->first = t->next;
	if (t->next)
		t->next->prev = t->prev;
	f->n--;
	mp_evidence_answer(f->ev, t->q, t->answer);
	mp_buf_release(&t->body);
	free(t);
}

/* Of a large document the evidence keeps what the question is about; of what is no such document, how it begins. */
static void cut_body(struct transfer *t)
{
	enum { BEGINNING = 256 };
	struct mp_str *body = &t->answer->body;
	const char *part;

	if (!t->use->cut || t->answer->outcome != MP_FETCHED)
		return;
	part = t->use->cut(arena(t), *body, asked(t)->about);
	*body = part ? mp_str(part) : mp_strn(body->p, body->n < BEGINNING ? body->n : BEGINNING);
}

/* A password may be among them. */
static void drop_headers(struct transfer *t)
{
	for (struct curl_slist *h = t->headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	if (t->headers)
		t->f->api->slist_free_all(t->headers);
	t->headers = NULL;
}

static void end(struct transfer *t, enum mp_fetch_outcome outcome, const char *reason)
{
	if (t->closing)
		return;
	t->closing = true;
	t->answer->outcome = outcome;
	t->answer->reason = reason ? mp_text(arena(t), mp_str(reason)) : NULL;
	settle_cache(t);
	cut_body(t);
	t->answer->at_ms = (double)(t->started - t->f->cfg.start_ms);
	t->answer->took_ms = (double)(uv_now(t->f->loop) - t->started);
	if (t->easy)
		mp_curl_drop(t->f->curl, t->easy);
	if (t->pins)
		t->f->api->slist_free_all(t->pins);
	if (t->spamc)
		mp_spamc_drop(t->spamc);
	t->spamc = NULL;
	drop_headers(t);
	uv_close((uv_handle_t *)&t->deadline, on_closed);
}

/* ---- what curl tells */

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;

	return mp_buf_add(&t->body, p, size * n) ? size * n : 0; /* too few ends the transfer */
}

static const char *header_text(struct transfer *t, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	return text ? mp_text(arena(t), mp_strn(text, n < MAX_HEADER_TEXT ? n : MAX_HEADER_TEXT)) : NULL;
}

/* What came, and from where, as far as it did. */
static void note_answer(struct transfer *t)
{
	const struct mp_curl_api *api = t->f->api;
	char *text = NULL;
	long status = 0;

	if (api->easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status >= 100 && status <= 599)
		t->answer->status = (int)status;
	if (api->easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &text) == CURLE_OK && text)
		mp_ip_parse(mp_str(text), &t->answer->address);
	text = NULL;
	if (api->easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK)
		t->answer->content_type = header_text(t, text);
	text = NULL;
	if (api->easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &text) == CURLE_OK)
		t->answer->location = header_text(t, text);
}

/* How curl's codes are told; `words` NULL: curl's own, of the transfer. */
static const struct {
	CURLcode code;
	enum mp_fetch_outcome outcome;
	const char *words;
} ends[] = {
	{CURLE_COULDNT_CONNECT, MP_FETCH_UNREACHABLE, NULL},
	{CURLE_COULDNT_RESOLVE_HOST, MP_FETCH_UNREACHABLE, "none of its addresses could be connected to"},
	{CURLE_OPERATION_TIMEDOUT, MP_FETCH_TIMEOUT, "no answer in time"},
	{CURLE_FILESIZE_EXCEEDED, MP_FETCH_TOO_LARGE, NULL},
	{CURLE_WRITE_ERROR, MP_FETCH_TOO_LARGE, NULL},
	{CURLE_SSL_CONNECT_ERROR, MP_FETCH_TLS_FAILED, NULL},
	{CURLE_PEER_FAILED_VERIFICATION, MP_FETCH_TLS_FAILED, NULL},
	{CURLE_SSL_CERTPROBLEM, MP_FETCH_TLS_FAILED, NULL},
	{CURLE_SSL_CIPHER, MP_FETCH_TLS_FAILED, NULL},
	{CURLE_SSL_ISSUER_ERROR, MP_FETCH_TLS_FAILED, NULL},
	{CURLE_GOT_NOTHING, MP_FETCH_PROTOCOL_ERROR, "the server closed the connection without an answer"},
	{CURLE_PARTIAL_FILE, MP_FETCH_PROTOCOL_ERROR, "the connection ended in the middle of the answer"},
	{CURLE_RECV_ERROR, MP_FETCH_PROTOCOL_ERROR, "the connection broke before the answer was whole"},
	{CURLE_SEND_ERROR, MP_FETCH_PROTOCOL_ERROR, "the connection broke before the question was sent"},
	{CURLE_UNSUPPORTED_PROTOCOL, MP_FETCH_PROTOCOL_ERROR, "what the server sent is no HTTP"},
	{CURLE_WEIRD_SERVER_REPLY, MP_FETCH_PROTOCOL_ERROR, "what the server sent is no HTTP"},
};

static const char *connect_words(struct transfer *t)
{
	long sys = 0;

	if (t->f->api->easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &sys) == CURLE_OK && sys)
		return uv_strerror(uv_translate_sys_error((int)sys));
	return "no connection could be made";
}

static const char *tls_words(struct transfer *t)
{
	const struct smtp_tls_guard *g = &t->guard;
	const char *first = g->chain_error ? g->chain_error : g->name_error ? g->name_error : g->time_error;
	const char *last;

	t->answer->chain_error = g->chain_error;
	t->answer->name_error = g->name_error;
	t->answer->time_error = g->time_error;
	if (first)
		return first;
	/* "error:0A00010B:SSL routines::wrong version number" */
	last = strrchr(t->error, ':');
	last = last && last[1] && !strchr(last, '/') ? last + 1 : t->error;
	while (*last == ' ')
		last++;
	return mp_printf(arena(t), "the TLS handshake failed: %s", *last ? last : "no reason was given");
}

static void fail(struct transfer *t, CURLcode code)
{
	enum mp_fetch_outcome outcome = MP_FETCH_PROTOCOL_ERROR;
	const char *words = t->error[0] ? t->error : t->f->api->easy_strerror(code);

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (ends[i].code == code) {
			outcome = ends[i].outcome;
			words = ends[i].words ? ends[i].words : words;
		}
	if (outcome == MP_FETCH_UNREACHABLE && code == CURLE_COULDNT_CONNECT)
		words = connect_words(t);
	else if (outcome == MP_FETCH_TLS_FAILED)
		words = tls_words(t);
	else if (outcome == MP_FETCH_TOO_LARGE)
		words = mp_printf(arena(t), "the answer is larger than %zu KiB", t->use->max_bytes / 1024);
	end(t, outcome, words);
}

static void keep_body(struct transfer *t)
{
	t->answer->body = mp_strn(mp_dupn(arena(t), mp_buf_cstr(&t->body), t->body.n), t->body.n);
}

static void on_spamc_done(void *user, enum mp_fetch_outcome outcome, const char *reason)
{
	struct transfer *t = user;

	if (t->spamc)
		t->answer->address = mp_spamc_address(t->spamc);
	t->spamc = NULL; /* it ends by itself */
	if (outcome == MP_FETCHED) {
		t->answer->status = 200;
		keep_body(t);
	}
	end(t, outcome, reason);
}

static void on_done(void *user, CURLcode code)
{
	struct transfer *t = user;

	note_answer(t);
	if (code != CURLE_OK) {
		fail(t, code);
		return;
	}
	if (t->answer->status < 200) {
		end(t, MP_FETCH_PROTOCOL_ERROR, "what the server sent is no HTTP");
		return;
	}
	keep_body(t);
	end(t, MP_FETCHED, NULL);
}

static void on_deadline(uv_timer_t *timer)
{
	struct transfer *t = timer->data;
	double connected = 0;

	if (t->closing)
		return;
	if (t->spamc) {
		t->answer->address = mp_spamc_address(t->spamc);
		connected = t->answer->address.family != MP_IPNONE;
	} else {
		note_answer(t);
		t->f->api->easy_getinfo(t->easy, CURLINFO_CONNECT_TIME, &connected);
	}
	end(t, MP_FETCH_TIMEOUT,
		mp_printf(arena(t), "%s within %.3g s",
			connected > 0 ? "connected, but no whole answer" : "no connection",
			(double)t->limit_ms / 1000));
}

/* ---- the start */

static bool is_literal(const struct mp_fetch_question *q)
{
	struct mp_ip ip;

	return mp_ip_parse(mp_str(q->host), &ip);
}

static void add_header(struct transfer *t, const char *line)
{
	t->headers = t->f->api->slist_append(t->headers, line);
}

/* The message as the body of a POST, as it stands, and what the filter is told of it. */
static void set_post(struct transfer *t, struct mp_arena *a)
{
	const struct mp_fetch_question *q = asked(t);

	t->f->api->easy_setopt(t->easy, CURLOPT_POST, 1L);
	t->f->api->easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->message->bytes.n);
	t->f->api->easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->message->bytes.p);
	add_header(t, "Content-Type: message/rfc822");
	add_header(t, "Expect:"); /* no waiting for a 100 */
	for (size_t i = 0; i < q->n_lines; i++)
		add_header(t, q->lines[i]);
	if (t->f->rspamd_password) {
		char *line = mp_printf(a, "Password: %s", t->f->rspamd_password);

		add_header(t, line);
		explicit_bzero(line, strlen(line));
	}
}

static void set_options(struct transfer *t)
{
	const struct mp_curl_api *api = t->f->api;
	const struct mp_fetch_question *q = asked(t);
	struct mp_arena *a = mp_arena_new();
	CURL *e = t->easy;

	t->guard = (struct smtp_tls_guard){.ctx = t->f->cfg.tls, .host = q->host, .a = arena(t)};
	t->pins = mp_curl_pins(api, q->host, q->port, q->addresses, q->n_addresses);
	mp_curl_setup(api, e,
		&(struct mp_curl_setup){
			.protocols = t->use->allow_http ? "http,https" : "https",
			.pins = t->pins,
			.on_body = on_body,
			.user = t,
			.error = t->error,
			.guard = &t->guard,
			.ca_file = t->f->ca_file,
		});
	api->easy_setopt(e, CURLOPT_URL, mp_fetch_url(a, q));
	api->easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	api->easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	api->easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	api->easy_setopt(e, CURLOPT_USERAGENT, "mailprobe/" PACKAGE_VERSION);
	if (t->use->accept)
		add_header(t, mp_printf(a, "Accept: %s", t->use->accept));
	if (t->message)
		set_post(t, a);
	if (t->headers)
		api->easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
	api->easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	api->easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->use->max_bytes);
	mp_arena_free(a);
}

static bool load(struct mp_fetcher *f, struct mp_err *err)
{
	if (!f->api)
		f->api = mp_curl_load(err);
	if (f->api && !f->curl)
		f->curl = mp_curl_new(f->loop, f->api);
	return f->curl != NULL;
}

static void start(struct transfer *t)
{
	struct mp_fetcher *f = t->f;
	struct mp_err err = {.msg = ""};

	if (from_cache(t, t->use->cache_s, NULL)) {
		end(t, MP_FETCHED, NULL);
		return;
	}
	if (f->finished) {
		end(t, MP_FETCH_UNKNOWN, f->finished);
		return;
	}
	/* Before libcurl is loaded for nothing. */
	if (!asked(t)->n_addresses && !is_literal(asked(t))) {
		end(t, MP_FETCH_UNREACHABLE, "there is no address to connect to");
		return;
	}
	for (size_t i = 0; t->use->posts && i < f->cfg.n_messages; i++)
		if (strcmp(f->cfg.messages[i].id, asked(t)->about) == 0)
			t->message = &f->cfg.messages[i];
	if (t->use->posts && !t->message) {
		end(t, MP_FETCH_UNKNOWN, "there is no such message");
		return;
	}
	if (!t->use->spamc && !load(f, &err)) {
		end(t, MP_FETCH_UNKNOWN, err.msg);
		return;
	}
	t->limit_ms = t->use->timeout_ms;
	if (f->cfg.timeout_ms && f->cfg.timeout_ms < t->limit_ms)
		t->limit_ms = f->cfg.timeout_ms;
	if (asked(t)->limit_ms && asked(t)->limit_ms < t->limit_ms)
		t->limit_ms = asked(t)->limit_ms;
	uv_timer_start(&t->deadline, on_deadline, t->limit_ms, 0);
	if (t->use->spamc) {
		struct mp_spamc *spamc =
			mp_spamc_start(f->loop, asked(t), t->message->bytes, &t->body, on_spamc_done, t);

		t->spamc = t->closing ? NULL : spamc;
		return;
	}
	t->easy = f->api->easy_init();
	if (!t->easy)
		abort(); /* for want of memory alone */
	set_options(t);
	if (!mp_curl_start(f->curl, t->easy, on_done, t))
		end(t, MP_FETCH_UNKNOWN, "libcurl refused the transfer");
}

void mp_fetcher_observe(struct mp_fetcher *f, struct mp_question *q)
{
	struct transfer *t = mp_xcalloc(1, sizeof(*t));

	t->f = f;
	t->q = q;
	t->use = mp_fetch_use_by_name(asked(t)->use);
	t->answer = mp_alloc(mp_evidence_arena(f->ev), sizeof(*t->answer));
	t->body = MP_BUF(t->use->max_bytes);
	t->started = uv_now(f->loop);
	uv_timer_init(f->loop, &t->deadline);
	t->deadline.data = t;
	t->next = f->first;
	if (f->first)
		f->first->prev = t;
	f->first = t;
	f->n++;
	start(t);
}

/* ---- the observer */

struct mp_fetcher *mp_fetcher_new(uv_loop_t *loop, struct mp_evidence *ev, const struct mp_fetcher_config *cfg)
{
	struct mp_fetcher *f = mp_xcalloc(1, sizeof(*f));

	f->loop = loop;
	f->ev = ev;
	f->cfg = *cfg;
	f->cache_dir = cfg->cache_dir ? mp_xstrdup(cfg->cache_dir) : NULL;
	f->ca_file = cfg->ca_file ? mp_xstrdup(cfg->ca_file) : NULL;
	f->rspamd_password = cfg->rspamd_password ? mp_xstrdup(cfg->rspamd_password) : NULL;
	return f;
}

void mp_fetcher_finish(struct mp_fetcher *f, const char *why)
{
	if (!f->finished)
		f->finished = mp_xstrdup(why);
	for (struct transfer *t = f->first; t; t = t->next)
		end(t, MP_FETCH_UNKNOWN, f->finished);
}

size_t mp_fetcher_active(const struct mp_fetcher *f)
{
	return f->n;
}

const char *mp_fetcher_doing(const struct mp_fetcher *f)
{
	char *text = ((struct mp_fetcher *)f)->doing;

	if (!f->first)
		return NULL;
	snprintf(text, sizeof(f->doing), "%.255s: fetching", asked(f->first)->host);
	return text;
}

void mp_fetcher_stop(struct mp_fetcher *f)
{
	mp_fetcher_finish(f, "the run ended");
	if (f->curl)
		mp_curl_stop(f->curl);
}

void mp_fetcher_free(struct mp_fetcher *f)
{
	if (!f)
		return;
	mp_curl_free(f->curl);
	free(f->cache_dir);
	free(f->ca_file);
	free(f->finished);
	if (f->rspamd_password)
		explicit_bzero(f->rspamd_password, strlen(f->rspamd_password));
	free(f->rspamd_password);
	free(f);
}
