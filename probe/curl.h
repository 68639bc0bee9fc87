/*
 * probe/curl.h - libcurl on the run's libuv loop, loaded when it is first needed
 *
 * libcurl brings thirty further libraries: 5 ms and 4 MiB, which a run that fetches nothing does not pay. So it is opened
 * at the first transfer, where the system can (dlopen), and the functions used are in one table.
 *
 * Owns:   the multi handle, its sockets' poll handles and its timer. Easy handles are the caller's, until
 *         mp_curl_drop().
 * Fails:  mp_curl_load() with why libcurl cannot be used on this machine.
 * Uses:   network, the loop's thread only. `done` is called from the loop, never from inside a call of these functions.
 */
#ifndef MP_CURL_H
#define MP_CURL_H

#include <curl/curl.h>
#include <uv.h>

#include "base/ip.h"
#include "smtp/tls.h"

/* Every function of libcurl that this program calls. */
#define MP_CURL_FUNCTIONS(X)   \
	X(global_init)         \
	X(version_info)        \
	X(easy_init)           \
	X(easy_setopt)         \
	X(easy_getinfo)        \
	X(easy_cleanup)        \
	X(easy_strerror)       \
	X(slist_append)        \
	X(slist_free_all)      \
	X(multi_init)          \
	X(multi_setopt)        \
	X(multi_add_handle)    \
	X(multi_remove_handle) \
	X(multi_socket_action) \
	X(multi_assign)        \
	X(multi_info_read)     \
	X(multi_cleanup)

struct mp_curl_api {
#define MP_CURL_MEMBER(f) __typeof__(curl_##f) *f;
	MP_CURL_FUNCTIONS(MP_CURL_MEMBER)
#undef MP_CURL_MEMBER
};

/* Load and initialise, the first time. NULL with `err`: there is no usable libcurl here. */
const struct mp_curl_api *mp_curl_load(struct mp_err *err);
/* Its TLS is the OpenSSL that this program has: an SSL_CTX of the one is one of the other. */
bool mp_curl_shares_openssl(const struct mp_curl_api *api);

/* "host:port:address,..." for CURLOPT_RESOLVE, so that curl looks nothing up. NULL: `host` is an address itself. */
struct curl_slist *mp_curl_pins(const struct mp_curl_api *api, const char *host, uint16_t port,
	const struct mp_ip *addresses, size_t n_addresses);

/* What is the same for every transfer: no proxy, no signals, TLS from 1.2 on with certificates judged as sessions' are. */
struct mp_curl_setup {
	const char *protocols; /* "https" */
	struct curl_slist *pins;
	curl_write_callback on_body;
	void *user;
	char *error;                  /* of CURL_ERROR_SIZE */
	struct smtp_tls_guard *guard; /* its ctx, host and arena are set */
	const char *ca_file;          /* where curl has to judge by itself; or NULL */
};
void mp_curl_setup(const struct mp_curl_api *api, CURL *easy, const struct mp_curl_setup *s);

struct mp_curl;

typedef void mp_curl_done(void *user, CURLcode code);

struct mp_curl *mp_curl_new(uv_loop_t *loop, const struct mp_curl_api *api);
/* Start a transfer. CURLOPT_PRIVATE is taken. False: curl refused. */
bool mp_curl_start(struct mp_curl *c, CURL *easy, mp_curl_done *done, void *user);
/* End it, done or not, and clean the handle up. `done` is then not called. Not from inside curl's own call-backs. */
void mp_curl_drop(struct mp_curl *c, CURL *easy);
void mp_curl_stop(struct mp_curl *c); /* all transfers dropped before; run the loop until idle, then free */
void mp_curl_free(struct mp_curl *c); /* NULL is fine */

#endif
