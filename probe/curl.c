/* probe/curl.c - see probe/curl.h */
#include <config.h>

#include <curl/curl.h>
#ifdef HAVE_DLOPEN
#include <dlfcn.h>
#endif

#include "probe/curl.h"

/* ---- loading */

#ifdef HAVE_DLOPEN
/* With OpenSSL first: certificates are then judged as those of sessions are. */
static const char *const libraries[] = {
#ifdef __APPLE__
	"libcurl.4.dylib",
#else
	"libcurl.so.4", "libcurl-gnutls.so.4", /* Debian's other builds */
#endif
};

static bool find_functions(struct mp_curl_api *api, struct mp_err *err)
{
	void *lib = NULL;

	for (size_t i = 0; i < ARRAY_LEN(libraries) && !lib; i++)
		lib = dlopen(libraries[i], RTLD_LAZY | RTLD_LOCAL);
	if (!lib) {
		mp_fail(err, MP_EIO, "there is no libcurl on this machine (%s)", dlerror());
		return false;
	}
#define FIND(f)                                                                           \
	*(void **)&api->f = dlsym(lib, "curl_" #f);                                       \
	if (!api->f) {                                                                    \
		mp_fail(err, MP_EIO, "the libcurl of this machine has no curl_" #f "()"); \
		return false;                                                             \
	}
	MP_CURL_FUNCTIONS(FIND)
#undef FIND
	return true; /* it stays open as long as the program runs */
}
#else
static bool find_functions(struct mp_curl_api *api, struct mp_err *err)
{
	(void)err;
#define FIND(f) api->f = curl_##f;
	MP_CURL_FUNCTIONS(FIND)
#undef FIND
	return true;
}
#endif

const struct mp_curl_api *mp_curl_load(struct mp_err *err)
{
	static struct mp_curl_api api;
	static bool loaded;
	struct mp_curl_api found;

	if (loaded)
		return &api;
	if (!find_functions(&found, err))
		return NULL;
	if (found.version_info(CURLVERSION_NOW)->version_num < 0x075500) {
		mp_fail(err, MP_EIO, "libcurl is too old: 7.85 or later is needed");
		return NULL;
	}
	if (found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		mp_fail(err, MP_EIO, "libcurl cannot be initialised");
		return NULL;
	}
	api = found;
	loaded = true;
	return &api;
}

bool mp_curl_shares_openssl(const struct mp_curl_api *api)
{
	const char *tls = api->version_info(CURLVERSION_NOW)->ssl_version;

	return tls && strncmp(tls, "OpenSSL/3.", 10) == 0;
}

/* ---- a transfer */

struct curl_slist *mp_curl_pins(const struct mp_curl_api *api, const char *host, uint16_t port,
	const struct mp_ip *addresses, size_t n_addresses)
{
	struct mp_buf text = MP_BUF(4096);
	struct curl_slist *pins;
	struct mp_ip literal;
	char ip[MP_IP_TEXT];

	if (mp_ip_parse(mp_str(host), &literal))
		return NULL;
	mp_buf_addf(&text, "%s:%u:", host, port);
	for (size_t i = 0; i < n_addresses; i++) {
		bool v6 = addresses[i].family == MP_IPV6;

		mp_buf_addf(
			&text, "%s%s%s%s", i ? "," : "", v6 ? "[" : "", mp_ip_text(&addresses[i], ip), v6 ? "]" : "");
	}
	pins = api->slist_append(NULL, mp_buf_cstr(&text));
	mp_buf_release(&text);
	return pins;
}

static CURLcode on_ssl_ctx(CURL *easy, void *ssl_ctx, void *guard)
{
	(void)easy;
	smtp_tls_guard(guard, ssl_ctx);
	return CURLE_OK;
}

void mp_curl_setup(const struct mp_curl_api *api, CURL *easy, const struct mp_curl_setup *s)
{
	api->easy_setopt(easy, CURLOPT_RESOLVE, s->pins);
	api->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, s->protocols);
	api->easy_setopt(easy, CURLOPT_NOPROXY, "*");
	api->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	api->easy_setopt(easy, CURLOPT_WRITEFUNCTION, s->on_body);
	api->easy_setopt(easy, CURLOPT_WRITEDATA, s->user);
	api->easy_setopt(easy, CURLOPT_ERRORBUFFER, s->error);
	api->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	api->easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	if (mp_curl_shares_openssl(api)) {
		/* Our judge has the trust anchors: curl would read the system's bundle, 20 ms of it, for nothing. */
		api->easy_setopt(easy, CURLOPT_CAINFO, NULL);
		api->easy_setopt(easy, CURLOPT_CAPATH, NULL);
		api->easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
		api->easy_setopt(easy, CURLOPT_SSL_CTX_DATA, s->guard);
	} else if (s->ca_file) {
		api->easy_setopt(easy, CURLOPT_CAINFO, s->ca_file);
	}
}

/* ---- the loop */

struct job {
	struct job *next;
	CURL *easy;
	mp_curl_done *done;
	void *user;
};

struct mp_curl {
	uv_loop_t *loop;
	const struct mp_curl_api *api;
	CURLM *multi;
	uv_timer_t timer;
	struct job *jobs;
};

struct watch {
	uv_poll_t poll;
	struct mp_curl *c;
	curl_socket_t fd;
};

/* Tell who is done. A job may be dropped by the call, and others with it: look from the start again. */
static void tell(struct mp_curl *c)
{
	CURLMsg *m;
	int left;

	while ((m = c->api->multi_info_read(c->multi, &left))) {
		CURL *easy = m->easy_handle;
		CURLcode code = m->data.result;

		for (struct job *j = c->jobs; m->msg == CURLMSG_DONE && j; j = j->next)
			if (j->easy == easy) {
				j->done(j->user, code);
				break;
			}
	}
}

static void act(struct mp_curl *c, curl_socket_t fd, int what)
{
	int running = 0;

	c->api->multi_socket_action(c->multi, fd, what, &running);
	tell(c);
}

/*
 * On POLLERR libuv calls back with a status and no events, and stops watching (1.44): curl must look now, or it never
 * will. `w` may be gone after that.
 */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;
	int what = status < 0 ? CURL_CSELECT_ERR : 0;

	if (events & UV_READABLE)
		what |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		what |= CURL_CSELECT_OUT;
	act(w->c, w->fd, what);
}

static void on_watch_closed(uv_handle_t *h)
{
	free(h->data);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *assigned)
{
	struct mp_curl *c = user;
	struct watch *w = assigned;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w) {
			c->api->multi_assign(c->multi, fd, NULL);
			uv_poll_stop(&w->poll);
			uv_close((uv_handle_t *)&w->poll, on_watch_closed);
		}
		return 0;
	}
	if (!w) {
		w = mp_xcalloc(1, sizeof(*w));
		w->c = c;
		w->fd = fd;
		w->poll.data = w;
		if (uv_poll_init_socket(c->loop, &w->poll, fd) != 0) {
			free(w);
			return -1;
		}
		c->api->multi_assign(c->multi, fd, w);
	}
	uv_poll_start(&w->poll,
		(what == CURL_POLL_IN || what == CURL_POLL_INOUT ? UV_READABLE : 0) |
			(what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? UV_WRITABLE : 0),
		on_poll);
	return 0;
}

static void on_timer(uv_timer_t *t)
{
	act(t->data, CURL_SOCKET_TIMEOUT, 0);
}

/* Never into curl from here: 0 is "soon", the next round of the loop. */
static int on_timeout(CURLM *multi, long ms, void *user)
{
	struct mp_curl *c = user;

	(void)multi;
	if (ms < 0)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

struct mp_curl *mp_curl_new(uv_loop_t *loop, const struct mp_curl_api *api)
{
	struct mp_curl *c = mp_xcalloc(1, sizeof(*c));

	c->loop = loop;
	c->api = api;
	c->multi = api->multi_init();
	if (!c->multi)
		abort(); /* for want of memory alone */
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
	api->multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	api->multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	api->multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	api->multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	return c;
}

bool mp_curl_start(struct mp_curl *c, CURL *easy, mp_curl_done *done, void *user)
{
	struct job *j;

	if (c->api->multi_add_handle(c->multi, easy) != CURLM_OK)
		return false;
	j = mp_xcalloc(1, sizeof(*j));
	*j = (struct job){.next = c->jobs, .easy = easy, .done = done, .user = user};
	c->jobs = j;
	return true;
}

void mp_curl_drop(struct mp_curl *c, CURL *easy)
{
	for (struct job **p = &c->jobs; *p; p = &(*p)->next)
		if ((*p)->easy == easy) {
			struct job *j = *p;

			*p = j->next;
			free(j);
			c->api->multi_remove_handle(c->multi, easy);
			break;
		}
	c->api->easy_cleanup(easy);
}

void mp_curl_stop(struct mp_curl *c)
{
	if (!c->multi)
		return;
	c->api->multi_cleanup(c->multi); /* closes kept connections: on_socket() hears of them */
	c->multi = NULL;
	uv_close((uv_handle_t *)&c->timer, NULL);
}

void mp_curl_free(struct mp_curl *c)
{
	free(c);
}
