/*
 * probe/imap.c - see probe/imap.h
 *
 * The work on one mailbox is a chain of transfers, one at a time:
 * 1. UID SEARCH in the inbox, then in the junk folder, which LIST told of; neither: again after a while, until the time
 *    is over. A question `before` ends here: which UIDs there are is the answer.
 * 2. The message that was found is fetched whole and read as a stream (smtp/mail.h).
 * 3. Gmail alone: which category of the inbox it is in.
 * 4. With `clean`: it is marked as deleted and expunged by its UID (RFC 4315), so that nothing else goes with it.
 */
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/text.h"
#include "probe/curl.h"
#include "probe/imap.h"

enum {
	STEP_MS = 30000,         /* one transfer */
	MAX_BYTES = 1 << 20,     /* of answers */
	MAX_MESSAGE = 128 << 20, /* of the message, of which little is kept */
	MAX_OPEN = 128,          /* connections */
};

static const uint32_t pauses_ms[] = {500, 1000, 2000, 3000, 5000, 8000, 10000}; /* the last is repeated */

static const char *const tabs[] = {"promotions", "social", "updates", "forums"};

enum step { STEP_INBOX, STEP_LIST, STEP_JUNK, STEP_PAUSE, STEP_FETCH, STEP_TAB, STEP_MARK, STEP_EXPUNGE };

struct look {
	struct look *prev, *next;
	struct mp_imap *m;
	struct mp_question *q;
	struct mp_mailbox_answer *answer; /* in the evidence's arena */
	const struct mp_mailbox_secret *secret;
	enum step step;
	size_t round, tab;
	uint32_t uid;
	uv_timer_t timer; /* a pause, or the bound of a step */
	uint64_t started; /* uv_now() */
	CURL *easy;
	struct curl_slist *pins;
	struct mp_buf body;
	struct smtp_reader *reader; /* of the message, while it is fetched */
	uint64_t fetched;           /* bytes of it */
	struct smtp_tls_guard guard;
	char error[CURL_ERROR_SIZE];
	const char *junk;      /* the folder; NULL until the server was asked, and when it has none */
	bool listed;           /* it was asked */
	const char *no_folder; /* why one could not be opened */
	bool closing;
};

struct mp_imap {
	uv_loop_t *loop;
	struct mp_evidence *ev;
	struct mp_imap_config cfg;
	const struct mp_curl_api *api;
	struct mp_curl *curl;
	struct look *first;
	size_t n;
	char *finished;
	size_t n_open;
	curl_socket_t open[MAX_OPEN];
	char doing[320];
};

static const struct mp_mailbox_question *asked(const struct look *l)
{
	return l->q->params;
}

static struct mp_arena *arena(const struct look *l)
{
	return mp_evidence_arena(l->m->ev);
}

/* ---- the end */

static void on_closed(uv_handle_t *h)
{
	struct look *l = h->data;
	struct mp_imap *m = l->m;

	if (l->prev)
		l->prev->next = l->next;
	else
		m->first = l->next;
	if (l->next)
		l->next->prev = l->prev;
	m->n--;
	mp_evidence_answer(m->ev, l->q, l->answer);
	mp_buf_release(&l->body);
	free(l);
}

static void drop(struct look *l)
{
	if (l->easy)
		mp_curl_drop(l->m->curl, l->easy);
	if (l->pins)
		l->m->api->slist_free_all(l->pins);
	smtp_reader_free(l->reader);
	l->easy = NULL;
	l->pins = NULL;
	l->reader = NULL;
}

static void end(struct look *l, enum mp_mailbox_outcome outcome, const char *reason)
{
	if (l->closing)
		return;
	l->closing = true;
	drop(l);
	l->answer->outcome = outcome;
	l->answer->reason = reason ? mp_text(arena(l), mp_str(reason)) : NULL;
	l->answer->at_ms = (double)(l->started - l->m->cfg.start_ms);
	uv_close((uv_handle_t *)&l->timer, on_closed);
}

static void found(struct look *l)
{
	end(l, MP_MAILBOX_FOUND, NULL);
}

/* ---- a step */

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
	struct look *l = user;

	if (l->step == STEP_FETCH) {
		l->fetched += size * n;
		smtp_reader_feed(l->reader, mp_strn(p, size * n));
		return l->fetched <= MAX_MESSAGE ? size * n : 0;
	}
	return mp_buf_add(&l->body, p, size * n) ? size * n : 0;
}

/*
 * curl keeps connections, and takes leave of their servers when it is cleaned up: it sends LOGOUT and waits for the
 * answer, and the loop with it. So open sockets are known here, and shut down before.
 */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct mp_imap *m = user;
	curl_socket_t fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

	(void)purpose;
	if (fd >= 0 && m->n_open < MAX_OPEN)
		m->open[m->n_open++] = fd;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int on_close(void *user, curl_socket_t fd)
{
	struct mp_imap *m = user;

	for (size_t i = 0; i < m->n_open; i++)
		if (m->open[i] == fd)
			m->open[i--] = m->open[--m->n_open];
	return close(fd);
}

/* As a part of a URL's path. */
static const char *encoded(struct mp_arena *a, const char *s)
{
	struct mp_buf b = MP_BUF(8192);
	const char *text;

	for (; *s; s++)
		if (mp_isalnum((unsigned char)*s) || strchr("-_.~", *s))
			mp_buf_addc(&b, *s);
		else
			mp_buf_addf(&b, "%%%02X", (unsigned)(unsigned char)*s);
	text = mp_dupn(a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

/* RFC 9051 4.3: a quoted string. */
static const char *quoted(struct mp_arena *a, const char *s)
{
	struct mp_buf b = MP_BUF(8192);
	const char *text;

	mp_buf_addc(&b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			mp_buf_addc(&b, '\\');
		mp_buf_addc(&b, *s);
	}
	mp_buf_addc(&b, '"');
	text = mp_dupn(a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

static bool on_loopback(const struct mp_mailbox_question *q)
{
	for (size_t i = 0; i < q->n_addresses; i++)
		if (mp_ip_kind(&q->addresses[i]) != MP_IP_LOOPBACK)
			return false;
	return q->n_addresses > 0;
}

static bool is_literal(const struct mp_mailbox_question *q)
{
	struct mp_ip ip;

	return mp_ip_parse(mp_str(q->host), &ip);
}

static bool is_gmail(const struct mp_mailbox_question *q)
{
	return mp_ieq(q->host, "imap.gmail.com") || mp_ieq(q->host, "imap.googlemail.com");
}

/* What is asked of the server in this step: the rest of the URL, and a command in the place of a fetch. */
static const char *folder_of(const struct look *l)
{
	const struct mp_mailbox_question *q = asked(l);

	if (l->step == STEP_JUNK || (l->step > STEP_JUNK && l->answer->junk))
		return l->junk;
	return q->inbox;
}

static const char *command_of(const struct look *l, struct mp_arena *a)
{
	const char *id = mp_printf(a, "<%s>", asked(l)->message_id);

	switch (l->step) {
	case STEP_INBOX:
	case STEP_JUNK:
		return mp_printf(a, "UID SEARCH HEADER Message-ID %s", quoted(a, id));
	case STEP_LIST:
		return "LIST \"\" \"*\"";
	case STEP_TAB:
		return mp_printf(a, "UID SEARCH UID %u X-GM-RAW \"category:%s\"", l->uid, tabs[l->tab]);
	case STEP_MARK:
		return mp_printf(a, "UID STORE %u +FLAGS.SILENT (\\Deleted)", l->uid);
	case STEP_EXPUNGE:
		return mp_printf(a, "UID EXPUNGE %u", l->uid);
	case STEP_FETCH:
	case STEP_PAUSE:
		break;
	}
	return NULL;
}

static void on_done(void *user, CURLcode code);

static void set_options(struct look *l)
{
	const struct mp_curl_api *api = l->m->api;
	const struct mp_mailbox_question *q = asked(l);
	struct mp_arena *a = mp_arena_new();
	const char *command = command_of(l, a);
	bool v6 = strchr(q->host, ':') != NULL;
	CURL *e = l->easy;

	l->guard = (struct smtp_tls_guard){.ctx = l->m->cfg.tls, .host = q->host, .a = arena(l)};
	l->pins = mp_curl_pins(api, q->host, q->port, q->addresses, q->n_addresses);
	mp_curl_setup(api, e,
		&(struct mp_curl_setup){
			.protocols = "imap,imaps",
			.pins = l->pins,
			.on_body = on_body,
			.user = l,
			.error = l->error,
			.guard = &l->guard,
			.ca_file = l->m->cfg.ca_file,
		});
	api->easy_setopt(e, CURLOPT_URL,
		mp_printf(a, "%s://%s%s%s:%u/%s%s", q->imaps ? "imaps" : "imap", v6 ? "[" : "", q->host, v6 ? "]" : "",
			q->port, l->step == STEP_LIST ? "" : encoded(a, folder_of(l)),
			l->step == STEP_FETCH ? mp_printf(a, "/;UID=%u", l->uid) : ""));
	if (command)
		api->easy_setopt(e, CURLOPT_CUSTOMREQUEST, command);
	api->easy_setopt(e, CURLOPT_USERNAME, l->secret->user);
	if (l->secret->token) {
		api->easy_setopt(e, CURLOPT_XOAUTH2_BEARER, l->secret->token);
		api->easy_setopt(e, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
		api->easy_setopt(e, CURLOPT_SASL_IR, 1L);
	} else {
		api->easy_setopt(e, CURLOPT_PASSWORD, l->secret->password);
	}
	api->easy_setopt(e, CURLOPT_USE_SSL, (long)(q->imaps || !on_loopback(q) ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	api->easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	api->easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	api->easy_setopt(e, CURLOPT_OPENSOCKETDATA, l->m);
	api->easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	api->easy_setopt(e, CURLOPT_CLOSESOCKETDATA, l->m);
	mp_arena_free(a);
}

static void on_timer(uv_timer_t *timer);

static void do_step(struct look *l, enum step step)
{
	struct mp_imap *m = l->m;

	drop(l);
	l->step = step;
	mp_buf_reset(&l->body);
	l->error[0] = '\0';
	if (step == STEP_FETCH)
		l->reader = smtp_reader_new(arena(l));
	if (!asked(l)->n_addresses && !is_literal(asked(l))) {
		end(l, MP_MAILBOX_UNREACHABLE, "there is no address to connect to");
		return;
	}
	l->easy = m->api->easy_init();
	if (!l->easy)
		abort(); /* for want of memory alone */
	set_options(l);
	uv_timer_start(&l->timer, on_timer, STEP_MS, 0);
	if (!mp_curl_start(m->curl, l->easy, on_done, l))
		end(l, MP_MAILBOX_UNKNOWN, "libcurl refused the transfer");
}

/* ---- what comes of a step */

static void after_fetch(struct look *l)
{
	if (asked(l)->clean)
		do_step(l, STEP_MARK);
	else
		found(l);
}

static void pause_or_give_up(struct look *l)
{
	size_t i = l->round < ARRAY_LEN(pauses_ms) ? l->round : ARRAY_LEN(pauses_ms) - 1;
	uint64_t spent = uv_now(l->m->loop) - l->started;

	if (asked(l)->before || spent + pauses_ms[i] > asked(l)->wait_ms) {
		if (l->no_folder)
			end(l, MP_MAILBOX_NO_FOLDER, l->no_folder);
		else
			end(l, MP_MAILBOX_MISSING, NULL);
		return;
	}
	l->round++;
	drop(l);
	l->step = STEP_PAUSE;
	uv_timer_start(&l->timer, on_timer, pauses_ms[i], 0);
}

static void after_search(struct look *l)
{
	uint32_t uid = mp_imap_search_result(mp_buf_str(&l->body));
	bool junk = l->step == STEP_JUNK;

	if (asked(l)->before)
		*(junk ? &l->answer->junk_uid : &l->answer->inbox_uid) = uid;
	else if (uid > (junk ? asked(l)->junk_uid : asked(l)->inbox_uid))
		l->uid = uid;
	if (l->uid) {
		l->answer->junk = l->step == STEP_JUNK;
		l->answer->folder = mp_dup(arena(l), folder_of(l));
		l->answer->seconds = (double)(uv_now(l->m->loop) - l->started) / 1000;
		do_step(l, STEP_FETCH);
	} else if (l->step == STEP_INBOX && !l->listed) {
		do_step(l, STEP_LIST);
	} else if (l->step == STEP_INBOX && l->junk) {
		do_step(l, STEP_JUNK);
	} else {
		pause_or_give_up(l);
	}
}

/* A folder that is not there is not opened: curl would part with the server, and wait for its answer, in that case. */
static void after_list(struct look *l)
{
	const char *wanted = *asked(l)->junk ? asked(l)->junk : "Junk", *marked = NULL;
	bool there = mp_imap_has_folder(arena(l), mp_buf_str(&l->body), wanted, &marked);

	l->listed = true;
	if (there && (*asked(l)->junk || !marked))
		l->junk = wanted;
	else if (!*asked(l)->junk && marked)
		l->junk = marked;
	else
		l->no_folder =
			mp_printf(arena(l), "there is no folder '%s' in it (the key junk names another)", wanted);
	if (l->junk)
		do_step(l, STEP_JUNK);
	else
		pause_or_give_up(l);
}

/* curl tells a refused SELECT and a refused login by the same code, and by other words. */
static bool folder_refused(const struct look *l, CURLcode code)
{
	return code == CURLE_LOGIN_DENIED && strstr(l->error, "Select failed");
}

/* A transfer that failed after the message was found: what is known stays known. */
static void fail_late(struct look *l)
{
	if (l->step == STEP_MARK || l->step == STEP_EXPUNGE)
		l->answer->clean_reason = mp_text(arena(l),
			mp_str(l->step == STEP_MARK ? "the server did not let it be marked as deleted"
						    : "it is marked as deleted; the server cannot expunge one "
						      "message alone (UIDPLUS)"));
	if (l->step == STEP_FETCH)
		after_fetch(l);
	else
		found(l);
}

/* What libcurl passes on of OpenSSL: "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number". */
static const char *handshake_words(struct look *l, const char *words)
{
	const char *at = strstr(words, "routines::");

	words = at ? at + strlen("routines::") : words;
	return mp_printf(arena(l), "the TLS handshake failed (%s)%s", words,
		strcmp(words, "wrong version number") == 0
			? ": the server speaks no TLS there; with STARTTLS its url begins with imap://"
			: "");
}

static void fail(struct look *l, CURLcode code)
{
	const struct smtp_tls_guard *g = &l->guard;
	const char *words = l->error[0] ? l->error : l->m->api->easy_strerror(code);
	const char *cert = g->chain_error ? g->chain_error : g->name_error ? g->name_error : g->time_error;

	if (l->step >= STEP_FETCH) {
		fail_late(l);
		return;
	}
	if (folder_refused(l, code)) {
		l->no_folder = mp_printf(arena(l), "there is no folder '%s' in it", folder_of(l));
		pause_or_give_up(l);
		return;
	}
	switch (code) {
	case CURLE_LOGIN_DENIED:
		end(l, MP_MAILBOX_NO_LOGIN,
			l->secret->token ? "the server refused user and token"
					 : "the server refused user and password");
		break;
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_HOST:
		end(l, MP_MAILBOX_UNREACHABLE, "no connection to the server");
		break;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_USE_SSL_FAILED:
		end(l, MP_MAILBOX_TLS_FAILED,
			cert                           ? cert
			: code == CURLE_USE_SSL_FAILED ? "the server offers no TLS, and a password is not sent without"
						       : handshake_words(l, words));
		break;
	default:
		end(l, MP_MAILBOX_PROTOCOL_ERROR, words);
	}
}

static void on_done(void *user, CURLcode code)
{
	struct look *l = user;

	if (code != CURLE_OK) {
		fail(l, code);
		return;
	}
	switch (l->step) {
	case STEP_INBOX:
	case STEP_JUNK:
		after_search(l);
		break;
	case STEP_LIST:
		after_list(l);
		break;
	case STEP_FETCH:
		mp_mailbox_keep(arena(l), l->answer, smtp_reader_end(l->reader));
		if (is_gmail(asked(l)) && !l->answer->junk)
			do_step(l, STEP_TAB);
		else
			after_fetch(l);
		break;
	case STEP_TAB:
		if (mp_imap_search_result(mp_buf_str(&l->body)))
			l->answer->tab = tabs[l->tab];
		if (!l->answer->tab && ++l->tab < ARRAY_LEN(tabs))
			do_step(l, STEP_TAB);
		else
			after_fetch(l);
		break;
	case STEP_MARK:
		do_step(l, STEP_EXPUNGE);
		break;
	case STEP_EXPUNGE:
		l->answer->cleaned = true;
		found(l);
		break;
	case STEP_PAUSE:
		break;
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct look *l = timer->data;

	if (l->closing)
		return;
	if (l->step == STEP_PAUSE)
		do_step(l, STEP_INBOX);
	else if (l->step >= STEP_FETCH)
		fail_late(l);
	else
		end(l, MP_MAILBOX_PROTOCOL_ERROR,
			mp_printf(arena(l), "the server gave no whole answer for %d s", STEP_MS / 1000));
}

/* ---- the observer */

struct mp_imap *mp_imap_new(uv_loop_t *loop, struct mp_evidence *ev, const struct mp_imap_config *cfg)
{
	struct mp_imap *m = mp_xcalloc(1, sizeof(*m));

	m->loop = loop;
	m->ev = ev;
	m->cfg = *cfg;
	return m;
}

void mp_imap_observe(struct mp_imap *m, struct mp_question *q)
{
	struct look *l = mp_xcalloc(1, sizeof(*l));
	struct mp_err err = {.msg = ""};

	l->m = m;
	l->q = q;
	l->answer = mp_alloc(mp_evidence_arena(m->ev), sizeof(*l->answer));
	l->body = MP_BUF(MAX_BYTES);
	l->started = uv_now(m->loop);
	uv_timer_init(m->loop, &l->timer);
	l->timer.data = l;
	l->next = m->first;
	if (m->first)
		m->first->prev = l;
	m->first = l;
	m->n++;
	for (size_t i = 0; i < m->cfg.n_secrets; i++)
		if (strcmp(m->cfg.secrets[i].mailbox, asked(l)->mailbox) == 0)
			l->secret = &m->cfg.secrets[i];
	if (!m->api)
		m->api = mp_curl_load(&err);
	if (m->api && !m->curl)
		m->curl = mp_curl_new(m->loop, m->api);
	if (m->finished)
		end(l, MP_MAILBOX_UNKNOWN, m->finished);
	else if (!m->curl)
		end(l, MP_MAILBOX_UNKNOWN, err.msg);
	else if (!l->secret)
		end(l, MP_MAILBOX_UNKNOWN, "nothing is known to open it with");
	else
		do_step(l, STEP_INBOX);
}

void mp_imap_finish(struct mp_imap *m, const char *why)
{
	if (!m->finished)
		m->finished = mp_xstrdup(why);
	for (struct look *l = m->first; l; l = l->next) {
		if (l->closing)
			continue;
		if (l->uid)
			end(l, MP_MAILBOX_FOUND, NULL);
		else
			end(l, MP_MAILBOX_UNKNOWN, m->finished);
	}
}

size_t mp_imap_active(const struct mp_imap *m)
{
	return m->n;
}

const char *mp_imap_doing(const struct mp_imap *m)
{
	char *text = ((struct mp_imap *)m)->doing;

	if (!m->first)
		return NULL;
	snprintf(text, sizeof(m->doing), "mailbox %.100s: looking for the message", asked(m->first)->mailbox);
	return text;
}

void mp_imap_stop(struct mp_imap *m)
{
	mp_imap_finish(m, "the run ended");
	for (size_t i = 0; i < m->n_open; i++)
		shutdown(m->open[i], SHUT_RDWR);
	if (m->curl)
		mp_curl_stop(m->curl);
}

void mp_imap_free(struct mp_imap *m)
{
	if (!m)
		return;
	mp_curl_free(m->curl);
	free(m->finished);
	free(m);
}
