/* tests/world/world.c - see tests/world/world.h */
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/text.h"
#include "tests/world/dns_server.h"
#include "tests/world/world.h"

enum {
	MAX_RECEIVERS = ARRAY_LEN(((struct world_scenario *)0)->receivers),
	MAX_SITES = ARRAY_LEN(((struct world_scenario *)0)->sites) + 1, /* the registries' */
	MAX_MAILBOXES = ARRAY_LEN(((struct world_scenario *)0)->mailboxes),
	MAX_FILTERS = ARRAY_LEN(((struct world_scenario *)0)->filters),
	MAX_PAGES = 16,
	DAY_S = 24 * 3600,
	PORT_TRIES = 64,
	MAX_ARGS = 64,
};

struct world {
	struct mp_arena *a;
	uv_loop_t *loop;
	const struct world_scenario *s;
	struct world_zone *zone;
	struct world_pki *pki;
	char *ca_path;
	struct world_dns *dns;
	size_t n_receivers;
	struct world_smtp *receivers[MAX_RECEIVERS]; /* NULL: closed */
	uv_tcp_t *closed[MAX_RECEIVERS];             /* bound, so that nobody else takes the port; not listened at */
	struct world_imap *imap[MAX_MAILBOXES];
	struct world_filter_server *filters[MAX_FILTERS];
	char *password_path;               /* rspamd's */
	char *key_path;                    /* that the client signs with */
	char *message_path;                /* that it sends */
	char *config_path;                 /* that tells the client of the mailboxes */
	char *secret_paths[MAX_MAILBOXES]; /* what they are opened with */
	uint16_t port;
	struct world_https *sites[MAX_SITES]; /* NULL: closed */
	uv_tcp_t *closed_sites[MAX_SITES];
	uint16_t site_port;
	size_t n_listed; /* the scenario's sites, and the registries' behind them */
	struct world_site listed[MAX_SITES];
	size_t n_nat;
	struct world_nat *nat;
	size_t n_args;
	const char *args[MAX_ARGS + 1];
};

static bool address(const char *text, struct mp_ip *out, struct mp_err *err)
{
	if (mp_ip_parse(mp_str(text), out))
		return true;
	mp_fail(err, MP_EINVAL, "the scenario's address '%s' is none", text);
	return false;
}

static bool make_nat(struct world *w, struct mp_err *err)
{
	const struct world_sender *s = w->s->senders;

	w->nat = mp_allocn(w->a, ARRAY_LEN(w->s->senders), sizeof(*w->nat));
	for (; s[w->n_nat].address; w->n_nat++) {
		if (!address(s[w->n_nat].address, &w->nat[w->n_nat].inside, err) ||
			!address(s[w->n_nat].public_ip, &w->nat[w->n_nat].outside, err))
			return false;
	}
	return true;
}

/* The one domain that a receiver takes mail for: its host name, without the first label where more than two are there. */
static const char *const *local_domains(struct world *w, const char *host)
{
	const char **list = mp_allocn(w->a, 2, sizeof(*list));
	const char *dot = strchr(host, '.');

	list[0] = dot && strchr(dot + 1, '.') ? dot + 1 : host;
	return list;
}

static void on_closed(uv_handle_t *h)
{
	free(h);
}

/* Hold a port without listening: connections are refused, and no other program gets it. */
static int hold_port(struct world *w, const struct mp_ip *ip, uint16_t *port, uv_tcp_t **out, struct mp_err *err)
{
	uv_tcp_t *tcp = mp_xmalloc(sizeof(*tcp));
	struct sockaddr_storage addr;
	int size = sizeof(addr), rc;
	char text[MP_IP_TEXT];

	uv_tcp_init(w->loop, tcp);
	*out = tcp;
	mp_ip_sockaddr(ip, *port, &addr);
	rc = uv_tcp_bind(tcp, (struct sockaddr *)&addr, ip->family == MP_IPV6 ? UV_TCP_IPV6ONLY : 0);
	if (rc == 0)
		rc = uv_tcp_getsockname(tcp, (struct sockaddr *)&addr, &size); /* tells what bind put off */
	if (rc < 0) {
		mp_fail(err, MP_ENET, "cannot hold a port of %s: %s", mp_ip_text(ip, text), uv_strerror(rc));
		if (err)
			err->sys = rc;
		return MP_ENET;
	}
	if (!*port)
		mp_ip_from_sockaddr((struct sockaddr *)&addr, &(struct mp_ip){0}, port);
	return MP_OK;
}

static int start_receiver(struct world *w, size_t i, struct mp_err *err)
{
	const struct world_receiver *r = &w->s->receivers[i];
	struct world_smtp_config cfg = {
		.zone = w->zone,
		.pki = w->pki,
		.nat = w->nat,
		.n_nat = w->n_nat,
		.host = r->host,
		.domains = local_domains(w, r->host),
		.policy = world_policy_by_name(r->policy),
		.cert = r->cert,
		.port = w->port,
	};

	if (!cfg.policy)
		return mp_fail(err, MP_EINVAL, "the scenario's policy '%s' does not exist", r->policy);
	if (!address(r->address, &cfg.address, err))
		return MP_EINVAL;
	if (r->closed)
		return hold_port(w, &cfg.address, &w->port, &w->closed[i], err);
	w->receivers[i] = world_smtp_start(w->loop, &cfg, err);
	if (!w->receivers[i])
		return err->code;
	w->port = world_smtp_port(w->receivers[i]);
	return MP_OK;
}

/* "@-3d@" in a page's text becomes the time of three days ago. */
static const char *dated(struct world *w, const char *text)
{
	const char *at, *end;
	int64_t days;

	while (text && (at = strchr(text, '@')) && (end = strstr(at, "d@"))) {
		days = strtol(at + 1, NULL, 10);
		text = mp_printf(w->a, "%.*s%s%s", (int)(at - text), text,
			mp_time_text(w->a, ((int64_t)time(NULL) + days * DAY_S) * 1000, false), end + 2);
	}
	return text;
}

static void list_sites(struct world *w)
{
	const struct world_page *pages = w->s->registries ? w->s->registries : world_registries;
	struct world_page *dated_pages = mp_allocn(w->a, MAX_PAGES + 1, sizeof(*dated_pages));

	for (size_t i = 0; i < MAX_PAGES && pages[i].path; i++) {
		dated_pages[i] = pages[i];
		dated_pages[i].body = dated(w, pages[i].body);
	}
	for (; w->n_listed < ARRAY_LEN(w->s->sites) && w->s->sites[w->n_listed].host; w->n_listed++)
		w->listed[w->n_listed] = w->s->sites[w->n_listed];
	w->listed[w->n_listed++] =
		(struct world_site){WORLD_RDAP_HOST, WORLD_RDAP_ADDRESS, dated_pages, WORLD_CERT_VALID, false};
}

static int start_site(struct world *w, size_t i, struct mp_err *err)
{
	const struct world_site *s = &w->listed[i];
	struct world_https_config cfg = {
		.pki = w->pki, .host = s->host, .cert = s->cert, .port = w->site_port, .pages = s->pages};

	if (!address(s->address, &cfg.address, err))
		return MP_EINVAL;
	if (s->closed)
		return hold_port(w, &cfg.address, &w->site_port, &w->closed_sites[i], err);
	w->sites[i] = world_https_start(w->loop, &cfg, err);
	if (!w->sites[i])
		return err->code;
	w->site_port = world_https_port(w->sites[i]);
	return MP_OK;
}

static void stop_servers(struct world *w)
{
	for (size_t i = 0; i < MAX_SITES; i++) {
		if (w->sites[i])
			world_https_stop(w->sites[i]);
		if (w->closed_sites[i])
			uv_close((uv_handle_t *)w->closed_sites[i], on_closed);
		w->closed_sites[i] = NULL;
	}
	for (size_t i = 0; i < MAX_RECEIVERS; i++) {
		if (w->receivers[i])
			world_smtp_stop(w->receivers[i]);
		if (w->closed[i])
			uv_close((uv_handle_t *)w->closed[i], on_closed);
		w->closed[i] = NULL;
	}
}

static void free_servers(struct world *w)
{
	for (size_t i = 0; i < MAX_SITES; i++) {
		world_https_free(w->sites[i]);
		w->sites[i] = NULL;
	}
	for (size_t i = 0; i < MAX_RECEIVERS; i++) {
		world_smtp_free(w->receivers[i]);
		w->receivers[i] = NULL;
	}
}

/* All at one port number: what the kernel gives the first may be taken at the address of another, so try again. */
static int start_servers(struct world *w, struct mp_err *err)
{
	int rc = MP_OK;

	for (int tries = 0; tries < PORT_TRIES; tries++) {
		w->port = w->site_port = 0;
		rc = MP_OK;
		for (size_t i = 0; i < w->n_listed && rc == MP_OK; i++)
			rc = start_site(w, i, err);
		for (size_t i = 0; w->s->receivers[i].host && rc == MP_OK; i++)
			rc = start_receiver(w, i, err);
		if (rc == MP_OK)
			return MP_OK;
		stop_servers(w); /* nobody has connected yet: they can be freed at once */
		free_servers(w);
		if (err->sys != UV_EADDRINUSE)
			break;
	}
	return rc;
}

/* ---- arguments */

static const char *mailbox_name(const struct world_mailbox *m)
{
	return m->name ? m->name : "seed";
}

static void arg(struct world *w, const char *name, const char *value)
{
	const char *both[] = {name, value};

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		if (both[i] && w->n_args < MAX_ARGS)
			w->args[w->n_args++] = both[i];
	}
}

static void make_args(struct world *w)
{
	const struct world_scenario *s = w->s;

	for (size_t i = 0; i < ARRAY_LEN(s->to) && s->to[i]; i++)
		arg(w, "--to", s->to[i]);
	for (size_t i = 0; s->senders[i].address; i++) {
		arg(w, "--source", s->senders[i].address);
		if (!s->senders[i].untold)
			arg(w, "--public-ip", s->senders[i].public_ip);
	}
	arg(w, "--ehlo", s->ehlo);
	arg(w, "--from", s->from);
	arg(w, "--resolver", mp_printf(w->a, "127.0.0.1:%u", world_dns_port(w->dns)));
	arg(w, "--port", mp_printf(w->a, "%u", w->port));
	arg(w, "--ns-port", mp_printf(w->a, "%u", world_dns_port(w->dns)));
	if (w->site_port)
		arg(w, "--mta-sts-port", mp_printf(w->a, "%u", w->site_port));
	arg(w, "--rdap-url", mp_printf(w->a, "https://%s:%u", WORLD_RDAP_HOST, w->site_port));
	arg(w, "--ca-file", w->ca_path);
	for (size_t i = 0; i < MAX_FILTERS && w->filters[i]; i++) {
		const char *where = mp_printf(w->a, "%s:%u", s->filters[i].address, world_filter_port(w->filters[i]));

		if (s->filters[i].kind == WORLD_RSPAMD)
			arg(w, "--rspamd", mp_printf(w->a, "http://%s/", where));
		else
			arg(w, "--spamd", where);
	}
	if (w->password_path)
		arg(w, "--rspamd-password-file", w->password_path);
	if (w->config_path)
		arg(w, "--config", w->config_path);
	for (size_t i = 0; i < MAX_MAILBOXES && w->imap[i]; i++)
		arg(w, "--mailbox", mailbox_name(&s->mailboxes[i]));
	if (w->message_path)
		arg(w, "--message", w->message_path);
	if (w->key_path) {
		arg(w, "--selector", WORLD_SELECTOR);
		arg(w, "--dkim-key", w->key_path);
	}
	for (size_t i = 0; i < ARRAY_LEN(s->extra) && s->extra[i]; i++)
		arg(w, s->extra[i], NULL);
}

/* The scenario's zone, with the receivers' key in its place (scenarios.h). */
static const char *zone_text(struct world *w)
{
	const char *at = strstr(w->s->zone, WORLD_SPKI);
	char hex[65];

	if (!at)
		return mp_printf(w->a, "%s%s", world_zone_for_all, w->s->zone);
	world_pki_spki(w->pki, hex);
	return mp_printf(w->a, "%s%.*s%s%s", world_zone_for_all, (int)(at - w->s->zone), w->s->zone, hex,
		at + sizeof(WORLD_SPKI) - 1);
}

/* ---- a mailbox */

/* A new file of the temporary directory. */
static char *write_file(const char *text, struct mp_err *err)
{
	const char *dir = getenv("TMPDIR");
	char path[256];
	int fd;
	bool ok;

	snprintf(path, sizeof(path), "%.200s/mailprobe-world-XXXXXX", dir && *dir ? dir : "/tmp");
	fd = mkstemp(path);
	ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	if (ok)
		return mp_xstrdup(path);
	mp_fail(err, MP_EIO, "cannot write %s: %m", path);
	return NULL;
}

/* The section of a mailbox; NULL with `err`. */
static const char *start_mailbox(struct world *w, size_t i, struct mp_err *err)
{
	const struct world_mailbox *m = &w->s->mailboxes[i];
	bool imaps = m->tls == WORLD_IMAP_TLS || m->tls == WORLD_IMAP_NOT_SPOKEN;

	w->imap[i] = world_imap_start(w->loop, w->pki, "imap.example.net", m, w->receivers[0], err);
	if (w->imap[i])
		w->secret_paths[i] = write_file(m->token ? WORLD_IMAP_TOKEN "\n" : WORLD_IMAP_PASSWORD "\n", err);
	if (!w->secret_paths[i])
		return NULL;
	return mp_printf(w->a,
		"[mailbox %s]\naddress = %s\nuser = " WORLD_IMAP_USER "\nurl = %s://imap.example.net:%u/\n%s%s\n",
		mailbox_name(m), m->owner ? m->owner : WORLD_IMAP_USER, imaps ? "imaps" : "imap",
		world_imap_port(w->imap[i]),
		m->token ? "token-command = cat " : "password-file = ", w->secret_paths[i]);
}

static bool start_mailboxes(struct world *w, struct mp_err *err)
{
	const char *text = "", *section;

	for (size_t i = 0; i < MAX_MAILBOXES && w->s->mailboxes[i].address; i++) {
		section = start_mailbox(w, i, err);
		if (!section)
			return false;
		text = mp_printf(w->a, "%s%s", text, section);
	}
	if (*text)
		w->config_path = write_file(text, err);
	return !*text || w->config_path;
}

/* What the client signs with, and what it sends. */
static bool write_texts(struct world *w, struct mp_err *err)
{
	if (w->s->signs)
		w->key_path = write_file(ED25519_PKCS8, err);
	if (w->s->message)
		w->message_path = write_file(w->s->message, err);
	return (!w->s->signs || w->key_path) && (!w->s->message || w->message_path);
}

static bool start_filters(struct world *w, struct mp_err *err)
{
	for (size_t i = 0; i < MAX_FILTERS && w->s->filters[i].address; i++) {
		const struct world_filter *row = &w->s->filters[i];

		w->filters[i] = world_filter_start(w->loop, row, err);
		if (!w->filters[i])
			return false;
		if (row->password && !w->password_path) {
			w->password_path =
				write_file(mp_printf(w->a, "%s\n", row->given ? row->given : row->password), err);
			if (!w->password_path)
				return false;
		}
	}
	return true;
}

/* ---- life */

struct world *world_start(struct uv_loop_s *loop, const struct world_scenario *s, struct mp_err *err)
{
	struct world *w = mp_xcalloc(1, sizeof(*w));
	struct mp_err unasked = {0};
	struct mp_ip local[2];

	if (!err)
		err = &unasked;
	w->a = mp_arena_new();
	w->loop = loop;
	w->s = s;
	if (!make_nat(w, err) || !address("127.0.0.1", &local[0], err) ||
		(s->second_ns && !address(s->second_ns, &local[1], err)))
		goto fail;
	w->pki = world_pki_new(err);
	if (!w->pki)
		goto fail;
	w->zone = world_zone_parse(w->a, zone_text(w), err);
	if (!w->zone || world_pki_ca_file(w->pki, &w->ca_path, err) < 0)
		goto fail;
	w->dns = world_dns_start(loop, w->zone, local, s->second_ns ? 2 : 1, err);
	list_sites(w);
	if (!w->dns || start_servers(w, err) < 0)
		goto fail;
	if (!start_mailboxes(w, err) || !write_texts(w, err))
		goto fail;
	if (!start_filters(w, err))
		goto fail;
	make_args(w);
	return w;
fail:
	world_stop(w);
	uv_run(loop, UV_RUN_NOWAIT);
	world_free(w);
	return NULL;
}

size_t world_argv(const struct world *w, const char *const **out)
{
	*out = w->args;
	return w->n_args;
}

const struct world_smtp *world_receiver(const struct world *w, const char *host)
{
	for (size_t i = 0; w->s->receivers[i].host; i++) {
		if (w->receivers[i] && strcmp(w->s->receivers[i].host, host) == 0)
			return w->receivers[i];
	}
	return NULL;
}

const struct world_smtp *world_receiver_at(const struct world *w, size_t row)
{
	return w->receivers[row];
}

size_t world_queries(const struct world *w, const char *name, uint16_t type)
{
	return world_dns_queries(w->dns, name, type);
}

int world_become(struct world *w, const struct world_scenario *s, struct mp_err *err)
{
	struct world_zone *z = world_zone_parse(w->a, mp_printf(w->a, "%s%s", world_zone_for_all, s->zone), err);

	if (!z)
		return MP_EPARSE;
	world_zone_become(w->zone, z);
	return MP_OK;
}

static void drop_file(char **path)
{
	if (*path)
		unlink(*path);
	free(*path);
	*path = NULL;
}

void world_stop(struct world *w)
{
	stop_servers(w);
	if (w->dns)
		world_dns_stop(w->dns);
	for (size_t i = 0; i < MAX_MAILBOXES; i++)
		if (w->imap[i])
			world_imap_stop(w->imap[i]);
	for (size_t i = 0; i < MAX_FILTERS; i++)
		if (w->filters[i])
			world_filter_stop(w->filters[i]);
	drop_file(&w->password_path);
	drop_file(&w->key_path);
	drop_file(&w->message_path);
	drop_file(&w->ca_path);
	drop_file(&w->config_path);
	for (size_t i = 0; i < MAX_MAILBOXES; i++)
		drop_file(&w->secret_paths[i]);
}

void world_free(struct world *w)
{
	if (!w)
		return;
	free_servers(w);
	for (size_t i = 0; i < MAX_MAILBOXES; i++)
		world_imap_free(w->imap[i]);
	for (size_t i = 0; i < MAX_FILTERS; i++)
		world_filter_free(w->filters[i]);
	world_dns_free(w->dns);
	world_pki_free(w->pki);
	mp_arena_free(w->a);
	free(w);
}
