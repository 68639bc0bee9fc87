/*
 * tests/bench/delay.c - delay RTT_MS tcp=ADDRESS:PORT | dns=ADDRESS:PORT | more=ADDRESS/N ...
 *
 * A network with a round trip of RTT_MS, for machines whose kernel cannot delay: for each server a relay at the same
 * address and a port of the kernel's choice (tcp: TCP; dns: UDP and TCP at one port; more: to the same server and at the
 * same port as the relay before, at N addresses from ADDRESS on). Prints those ports, one a line, then "ready", and relays until its standard input ends. Then it says how late it was itself: "packets=N late_us=MEAN".
 *
 * What a relay has to make up for: the kernel accepts a client at once, though a real handshake takes it a round trip,
 * and the server learns of the client half a round trip later still. So
 *
 *     t          the client connects; what it sends from now on waits
 *     t + 1.5    the relay connects to the server, from the client's own address, and hands over what waits
 *     t + 2      the greeting that the server sent at once is with the client
 *
 * and from then on every byte takes half a round trip. Both for servers that speak first and for those that listen
 * first, all that the client sees is where it would be with that handshake: the greeting at 2, the answer to a first
 * question at 2. (The client could use the first round trip for work of its own; a probe has next to none.) What a
 * relay does not show is TCP's own waiting: Nagle, delayed acknowledgements, slow start.
 *
 * One thread and ppoll(), for its time-outs are finer than a millisecond: 14 half round trips would add up what an event
 * loop rounds.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/ip.h"

enum {
	MAX_RELAYS = 80,
	MAX_LINKS = 1000,
	MAX_RTT_MS = 10000,
	PORT_TRIES = 64,
	CHUNK = 65536,
	WAITING_MAX = 4 << 20, /* bytes under way in one direction; then the sender is not read */
	IDLE_US = 5000000,     /* after which a UDP client is forgotten */
};

/* What is under way: bytes that came together, or the end of the stream. */
struct chunk {
	struct chunk *next;
	uint64_t due;
	size_t at, n;
	bool end;
	char bytes[];
};

struct way {
	struct chunk *first, **last;
	size_t waiting;
	bool read_end;       /* nothing more will be read */
	bool ended, blocked; /* the end was handed over; the receiver takes nothing now */
};

/* A client of a relay: a TCP connection, or a UDP address and port. */
struct link {
	struct relay *relay;
	struct link *next;
	bool udp;
	int client, server; /* server: -1 until it is connected to; client: the relay's own socket for UDP */
	struct sockaddr_storage peer;
	socklen_t peer_n;
	uint64_t connect_at, used;
	struct way up, down;
	bool dead;
};

struct relay {
	struct sockaddr_storage to;
	socklen_t to_n;
	int tcp, udp; /* -1: none */
};

static struct relay relays[MAX_RELAYS];
static size_t n_relays, n_links;
static struct link *links;
static uint64_t rtt_us;
static uint64_t n_packets, late_us;

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "delay: %s: %s\n", what, strerror(errno));
	exit(70);
}

static void unblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		die("fcntl");
}

static void no_nagle(int fd)
{
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
}

/* ---- what is under way */

static void put(struct way *w, const char *p, size_t n, bool end, uint64_t due)
{
	struct chunk *c = mp_xmalloc(sizeof(*c) + n);

	*c = (struct chunk){.due = due, .n = n, .end = end};
	if (n)
		memcpy(c->bytes, p, n);
	if (!w->first)
		w->last = &w->first;
	*w->last = c;
	w->last = &c->next;
	w->waiting += n;
}

static void take(struct way *w)
{
	struct chunk *c = w->first;

	w->first = c->next;
	free(c);
}

/* ---- links */

static struct link *link_new(
	struct relay *r, bool udp, int client, const struct sockaddr_storage *peer, socklen_t peer_n)
{
	struct link *l;

	if (n_links == MAX_LINKS) {
		errno = EMFILE;
		die("clients");
	}
	l = mp_xcalloc(1, sizeof(*l));
	l->relay = r;
	l->udp = udp;
	l->client = client;
	l->server = -1;
	l->peer = *peer;
	l->peer_n = peer_n;
	l->used = now_us();
	l->connect_at = udp ? l->used : l->used + rtt_us + rtt_us / 2;
	l->next = links;
	links = l;
	n_links++;
	return l;
}

static void link_free(struct link *l)
{
	while (l->up.first)
		take(&l->up);
	while (l->down.first)
		take(&l->down);
	if (!l->udp)
		close(l->client);
	if (l->server >= 0)
		close(l->server);
	free(l);
	n_links--;
}

/* The other side is gone: a reset, for that is what the client would see. */
static void cut(struct link *l)
{
	struct linger rude = {.l_onoff = 1};

	if (!l->udp)
		setsockopt(l->client, SOL_SOCKET, SO_LINGER, &rude, sizeof(rude));
	l->dead = true;
}

/* To the server, from the client's own address: it may be judged by that. Loopback connects or refuses on the spot. */
static void link_connect(struct link *l)
{
	struct sockaddr_storage from = l->peer;

	if (from.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&from)->sin6_port = 0;
	else
		((struct sockaddr_in *)&from)->sin_port = 0;
	l->server = socket(from.ss_family, (l->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (l->server < 0)
		die("socket");
	if (bind(l->server, (struct sockaddr *)&from, l->peer_n) < 0 ||
		connect(l->server, (struct sockaddr *)&l->relay->to, l->relay->to_n) < 0) {
		cut(l);
		return;
	}
	if (!l->udp)
		no_nagle(l->server);
	unblock(l->server);
}

/* Read all that is there; it is due half a round trip from now. */
static void link_read(struct link *l, struct way *w, int fd)
{
	static char buf[CHUNK];
	ssize_t n;

	while (!w->read_end && w->waiting < WAITING_MAX) {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return;
		l->used = now_us();
		if (n > 0 || l->udp) {
			if (n > 0)
				put(w, buf, (size_t)n, false, l->used + rtt_us / 2);
			if (l->udp && n < 0)
				return; /* refused: a client that waits for an answer learns nothing of it */
			continue;
		}
		w->read_end = true;
		put(w, NULL, 0, true, l->used + rtt_us / 2);
	}
}

/* Send one datagram or a part of the stream. False: not now. */
static bool hand_over(struct link *l, struct way *w, int fd, struct chunk *c)
{
	ssize_t n;

	if (c->end) {
		shutdown(fd, SHUT_WR);
		w->ended = true;
		return true;
	}
	if (l->udp && w == &l->down)
		n = sendto(fd, c->bytes, c->n, MSG_NOSIGNAL, (struct sockaddr *)&l->peer, l->peer_n);
	else
		n = send(fd, c->bytes + c->at, c->n - c->at, MSG_NOSIGNAL);
	if (l->udp)
		return true;
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
		w->blocked = true;
		return false;
	}
	if (n < 0) {
		cut(l);
		return false;
	}
	c->at += (size_t)n;
	w->waiting -= (size_t)n;
	return c->at == c->n;
}

static void deliver(struct link *l, struct way *w, int fd, uint64_t now)
{
	while (!l->dead && fd >= 0 && !w->blocked && w->first && w->first->due <= now) {
		if (w->first->at == 0) {
			n_packets++;
			/* what waited for its connection is not late */
			late_us += now - (w->first->due > l->connect_at ? w->first->due : l->connect_at);
		}
		if (!hand_over(l, w, fd, w->first))
			return;
		if (l->udp)
			w->waiting -= w->first->n;
		take(w);
	}
}

/* ---- relays */

static int bound(const struct mp_ip *ip, uint16_t *port, int type)
{
	struct sockaddr_storage sa;
	socklen_t n = mp_ip_sockaddr(ip, *port, &sa);
	int fd = socket(sa.ss_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	if (bind(fd, (struct sockaddr *)&sa, n) < 0 || (type == SOCK_STREAM && listen(fd, 64) < 0)) {
		close(fd);
		return -1;
	}
	n = sizeof(sa);
	if (getsockname(fd, (struct sockaddr *)&sa, &n) < 0)
		die("getsockname");
	mp_ip_from_sockaddr((struct sockaddr *)&sa, &(struct mp_ip){0}, port);
	unblock(fd);
	return fd;
}

/* "127.0.0.101/50": more ways to the server of the relay before. */
static bool relay_more(struct mp_str where)
{
	const struct relay *to = &relays[n_relays - 1];
	struct sockaddr_storage sa;
	socklen_t size = sizeof(sa);
	struct mp_str host;
	struct mp_ip ip;
	uint64_t n;
	uint16_t port;

	if (!n_relays || !mp_str_split(&where, '/', &host) || !mp_ip_parse(host, &ip) || ip.family != MP_IPV4 ||
		mp_ip_kind(&ip) != MP_IP_LOOPBACK || !mp_str_u64(where, 255u - ip.b[3], &n) ||
		n_relays + n > MAX_RELAYS)
		return false;
	if (getsockname(to->tcp, (struct sockaddr *)&sa, &size) < 0)
		die("getsockname");
	mp_ip_from_sockaddr((struct sockaddr *)&sa, &(struct mp_ip){0}, &port);
	for (; n; n--, ip.b[3]++) {
		struct relay *r = &relays[n_relays];

		*r = *to;
		r->udp = -1;
		r->tcp = bound(&ip, &port, SOCK_STREAM);
		if (r->tcp < 0)
			die("more");
		n_relays++;
	}
	return true;
}

/* "tcp=127.0.0.25:2525". Prints the port where the relay is. False: that is no such thing. */
static bool relay_start(const char *spec)
{
	struct relay *r = &relays[n_relays];
	struct mp_str kind, host, port = mp_str(spec);
	bool udp;
	struct mp_ip ip;
	uint64_t number = 0;
	uint16_t own = 0;
	const char *colon;

	if (n_relays == MAX_RELAYS || !mp_str_split(&port, '=', &kind))
		return false;
	if (mp_str_eq(kind, MP_LIT("more")))
		return relay_more(port);
	if (!(colon = strrchr(spec, ':')) || colon < port.p)
		return false;
	host = mp_strn(port.p, (size_t)(colon - port.p));
	udp = mp_str_eq(kind, MP_LIT("dns"));
	if ((!udp && !mp_str_eq(kind, MP_LIT("tcp"))) || !mp_ip_parse(host, &ip) ||
		!mp_str_u64(mp_str(colon + 1), UINT16_MAX, &number))
		return false;
	if (mp_ip_kind(&ip) != MP_IP_LOOPBACK)
		return false;
	r->to_n = mp_ip_sockaddr(&ip, (uint16_t)number, &r->to);
	r->tcp = r->udp = -1;
	/* what the kernel gives for UDP may be taken for TCP, so try again */
	for (int i = 0; i < PORT_TRIES && r->tcp < 0; i++) {
		own = 0;
		if (udp && (r->udp = bound(&ip, &own, SOCK_DGRAM)) < 0)
			break;
		r->tcp = bound(&ip, &own, SOCK_STREAM);
		if (r->tcp < 0 && r->udp >= 0)
			close(r->udp);
	}
	if (r->tcp < 0)
		die(spec);
	n_relays++;
	printf("%u\n", own);
	return true;
}

static void on_tcp_client(struct relay *r)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof(peer);
	int fd = accept(r->tcp, (struct sockaddr *)&peer, &n);

	if (fd < 0)
		return;
	unblock(fd);
	no_nagle(fd);
	link_new(r, false, fd, &peer, n);
}

static struct link *udp_link(struct relay *r, const struct sockaddr_storage *peer, socklen_t n)
{
	for (struct link *l = links; l; l = l->next)
		if (l->udp && !l->dead && l->relay == r && l->peer_n == n && memcmp(&l->peer, peer, n) == 0)
			return l;
	return link_new(r, true, r->udp, peer, n);
}

static void on_datagrams(struct relay *r)
{
	static char buf[CHUNK];

	for (;;) {
		struct sockaddr_storage peer = {0};
		socklen_t n = sizeof(peer);
		ssize_t got = recvfrom(r->udp, buf, sizeof(buf), 0, (struct sockaddr *)&peer, &n);
		struct link *l;

		if (got < 0)
			return;
		l = udp_link(r, &peer, n);
		l->used = now_us();
		put(&l->up, buf, (size_t)got, false, l->used + rtt_us / 2);
	}
}

/* ---- the loop */

static void earliest(uint64_t *next, uint64_t t)
{
	if (t < *next)
		*next = t;
}

/* Do what is due; returns when the next thing is. */
static uint64_t work(uint64_t now)
{
	uint64_t next = now + IDLE_US;

	for (struct link **p = &links; *p;) {
		struct link *l = *p;

		if (l->server < 0 && !l->dead && now >= l->connect_at)
			link_connect(l);
		deliver(l, &l->up, l->server, now);
		deliver(l, &l->down, l->client, now);
		if ((l->up.ended && l->down.ended) || (l->udp && now - l->used > IDLE_US))
			l->dead = true;
		if (l->dead) {
			*p = l->next;
			link_free(l);
			continue;
		}
		if (l->server < 0)
			earliest(&next, l->connect_at);
		if (l->server >= 0 && l->up.first && !l->up.blocked)
			earliest(&next, l->up.first->due);
		if (l->down.first && !l->down.blocked)
			earliest(&next, l->down.first->due);
		p = &l->next;
	}
	return next;
}

struct watch {
	struct link *l;
	struct relay *r;
};

static size_t watch(struct pollfd *fds, struct watch *what)
{
	size_t n = 0;

	fds[n++] = (struct pollfd){.fd = 0, .events = POLLIN};
	for (size_t i = 0; i < n_relays; i++) {
		what[n].r = &relays[i];
		fds[n++] = (struct pollfd){.fd = relays[i].tcp, .events = POLLIN};
		what[n].r = &relays[i];
		fds[n++] = (struct pollfd){.fd = relays[i].udp, .events = POLLIN};
	}
	for (struct link *l = links; l; l = l->next) {
		/* one entry a side; a descriptor below 0 is passed over */
		bool read_client = !l->udp && !l->up.read_end && l->up.waiting < WAITING_MAX;
		bool read_server = !l->down.read_end && l->down.waiting < WAITING_MAX;
		short client = (short)((read_client ? POLLIN : 0) | (l->down.blocked ? POLLOUT : 0));
		short server = (short)((read_server ? POLLIN : 0) | (l->up.blocked ? POLLOUT : 0));

		what[n].l = l;
		fds[n++] = (struct pollfd){.fd = client ? l->client : -1, .events = client};
		what[n].l = l;
		fds[n++] = (struct pollfd){.fd = server ? l->server : -1, .events = server};
	}
	return n;
}

static void on_link(struct link *l, const struct pollfd *fd)
{
	bool client = fd->fd == l->client;

	if (fd->revents & POLLOUT)
		(client ? &l->down : &l->up)->blocked = false;
	if (fd->revents & (POLLIN | POLLHUP | POLLERR))
		link_read(l, client ? &l->up : &l->down, fd->fd);
}

static void loop(void)
{
	static struct pollfd fds[1 + 2 * MAX_RELAYS + 2 * MAX_LINKS];
	static struct watch what[1 + 2 * MAX_RELAYS + 2 * MAX_LINKS];
	char ignored[256];

	for (;;) {
		uint64_t now = now_us(), next = work(now), left = next > now ? next - now : 0;
		struct timespec wait = {.tv_sec = (time_t)(left / 1000000), .tv_nsec = (long)(left % 1000000) * 1000};
		size_t n;

		memset(what, 0, sizeof(what));
		n = watch(fds, what);
		if (ppoll(fds, (nfds_t)n, &wait, NULL) <= 0)
			continue;
		if (fds[0].revents && read(0, ignored, sizeof(ignored)) <= 0)
			return;
		for (size_t i = 1; i < n; i++) {
			if (!fds[i].revents)
				continue;
			if (what[i].l)
				on_link(what[i].l, &fds[i]);
			else if (fds[i].fd == what[i].r->tcp)
				on_tcp_client(what[i].r);
			else
				on_datagrams(what[i].r);
		}
	}
}

int main(int argc, char **argv)
{
	uint64_t rtt = 0;
	bool good = argc > 2 && mp_str_u64(mp_str(argv[1]), MAX_RTT_MS, &rtt);

	signal(SIGPIPE, SIG_IGN);
	rtt_us = rtt * 1000;
	for (int i = 2; i < argc && good; i++)
		good = relay_start(argv[i]);
	if (!good) {
		fprintf(stderr,
			"usage: delay RTT_MS tcp=ADDRESS:PORT | dns=ADDRESS:PORT | more=ADDRESS/N ... (loopback)\n");
		return 64;
	}
	puts("ready");
	fflush(stdout);
	loop();
	printf("packets=%llu late_us=%llu\n", (unsigned long long)n_packets,
		(unsigned long long)(n_packets ? late_us / n_packets : 0));
	return 0;
}
