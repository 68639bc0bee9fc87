/* tests/world/https_server.c - see tests/world/https_server.h */
#include <openssl/ssl.h>
#include <uv.h>

#include "tests/world/https_server.h"
#include "tests/world/visits.h"

enum { REQUEST_MAX = 16384, HUGE_BYTES = 8 << 20, QUEUE_MAX = 256 * 1024, SILENT_MS = 600000 };

struct world_https {
	uv_loop_t *loop;
	struct world_https_config cfg;
	SSL_CTX *ctx;
	uv_tcp_t *listener;
	uint16_t port;
	struct world_visits visits;
	struct world_https_counts counts;
};

static const struct world_page not_found = {
	.path = "", .status = 404, .type = "text/html", .body = "<html>There is no such page</html>\n"};

static const struct world_page *page_of(const struct world_https *s, struct mp_str path)
{
	for (const struct world_page *p = s->cfg.pages; p->path; p++)
		if (mp_str_eq(path, mp_str(p->path)))
			return p;
	return &not_found;
}

/* A server that knows no TLS: its first page says so. */
static bool plain(const struct world_https *s)
{
	return s->cfg.pages[0].path && s->cfg.pages[0].how == WORLD_WEB_NO_TLS;
}

/* ---- answers */

static void pour(struct world_visit *v)
{
	static const char chunk[16384] = {'x'};

	while (v->flood && world_conn_queued(v->c) < QUEUE_MAX) {
		world_conn_say(v->c, chunk, sizeof(chunk));
		world_conn_flush(v->c);
		v->flood = v->flood > sizeof(chunk) ? v->flood - sizeof(chunk) : 0;
	}
	if (!v->flood)
		world_conn_end(v->c);
}

static void say_head(struct world_visit *v, const struct world_page *p, long length)
{
	struct mp_buf head = MP_BUF(8192);

	mp_buf_addf(&head, "HTTP/1.1 %d Page\r\n", p->status);
	if (p->type)
		mp_buf_addf(&head, "Content-Type: %s\r\n", p->type);
	if (length >= 0)
		mp_buf_addf(&head, "Content-Length: %ld\r\n", length);
	mp_buf_addf(&head, "%s%sConnection: close\r\n\r\n",
		p->how == WORLD_WEB_CHUNKS ? "Transfer-Encoding: chunked\r\n" : "", p->headers ? p->headers : "");
	world_conn_say(v->c, head.p, head.n);
	mp_buf_release(&head);
}

static void answer(struct world_visit *v, const struct world_page *p)
{
	size_t n = p->body ? strlen(p->body) : 0;

	v->answered = true;
	switch (p->how) {
	case WORLD_WEB_HANGS:
		world_conn_wait(v->c, SILENT_MS);
		return;
	case WORLD_WEB_RESETS:
		world_conn_reset(v->c);
		return;
	case WORLD_WEB_NO_HTTP:
		world_conn_say(v->c, "220 this is not the web\r\n", 25);
		break;
	case WORLD_WEB_CHUNKS:
		say_head(v, p, -1);
		for (size_t i = 0; i < n; i++) {
			const char chunk[] = {'1', '\r', '\n', p->body[i], '\r', '\n'};

			world_conn_say(v->c, chunk, sizeof(chunk));
		}
		world_conn_say(v->c, "0\r\n\r\n", 5);
		break;
	case WORLD_WEB_HUGE:
	case WORLD_WEB_ENDLESS:
		say_head(v, p, p->how == WORLD_WEB_HUGE ? HUGE_BYTES : -1);
		v->flood = HUGE_BYTES;
		world_conn_flush(v->c);
		pour(v);
		return;
	case WORLD_WEB_HANGS_MID:
	case WORLD_WEB_CUT:
		say_head(v, p, (long)n);
		world_conn_say(v->c, p->body, n / 2);
		world_conn_flush(v->c);
		if (p->how == WORLD_WEB_HANGS_MID)
			world_conn_wait(v->c, SILENT_MS);
		else
			world_conn_end(v->c);
		return;
	case WORLD_WEB_ANSWERS:
	case WORLD_WEB_NO_TLS:
		say_head(v, p, (long)n);
		world_conn_say(v->c, p->body ? p->body : "", n);
		break;
	}
	world_conn_end(v->c);
}

/* "GET /path HTTP/1.1" */
static void on_request(struct world_visit *v, struct mp_str head)
{
	struct world_https *s = v->all->server;
	struct mp_str method, path;

	s->counts.requests++;
	snprintf(s->counts.last, sizeof(s->counts.last), "%.*s", (int)head.n, head.p);
	if (!mp_str_split(&head, ' ', &method) || !mp_str_split(&head, ' ', &path) || !mp_str_eq(method, MP_LIT("GET")))
		path = mp_strn("", 0);
	answer(v, page_of(s, path));
}

/* ---- a connection */

static void on_bytes(struct world_visit *v)
{
	ptrdiff_t end;

	if (plain(v->all->server)) {
		v->answered = true;
		world_conn_say(v->c, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
		world_conn_end(v->c);
		return;
	}
	end = mp_str_ifind(mp_buf_str(&v->in), "\r\n\r\n");
	if (end >= 0)
		on_request(v, mp_strn(v->in.p, (size_t)end));
}

static void on_drained(struct world_visit *v)
{
	if (v->flood)
		pour(v);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct world_https *s = listener->data;
	struct world_visit *v;

	if (status < 0)
		return;
	s->counts.connections++;
	v = world_visits_accept(&s->visits, listener);
	if (!plain(s))
		world_conn_start_tls(v->c, s->ctx);
}

/* ---- start and stop */

struct world_https *world_https_start(struct uv_loop_s *loop, const struct world_https_config *cfg, struct mp_err *err)
{
	struct world_https *s;

	s = mp_xcalloc(1, sizeof(*s));
	s->loop = loop;
	s->cfg = *cfg;
	s->ctx = world_pki_context(cfg->pki, cfg->host, cfg->cert, 0, 0, err);
	s->port = cfg->port;
	s->visits = (struct world_visits){
		.server = s, .request_max = REQUEST_MAX, .on_request = on_bytes, .on_drained = on_drained};
	if (s->ctx)
		s->listener = world_listen(loop, &cfg->address, &s->port, on_connection, s, "cannot serve pages", err);
	if (s->listener)
		return s;
	world_https_stop(s);
	world_https_free(s);
	return NULL;
}

uint16_t world_https_port(const struct world_https *s)
{
	return s->port;
}

const struct world_https_counts *world_https_counts(const struct world_https *s)
{
	return &s->counts;
}

void world_https_stop(struct world_https *s)
{
	world_listen_stop(s->listener);
	s->listener = NULL;
	world_visits_close(&s->visits);
}

void world_https_free(struct world_https *s)
{
	if (!s)
		return;
	SSL_CTX_free(s->ctx);
	free(s);
}
