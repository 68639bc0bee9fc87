/* tests/unit/test_world_dns.c - the world's name server: UDP, TCP, behaviours, counts */
#include <uv.h>

#include "dns/msg.h"
#include "tests/world/dns_server.h"

#include <setjmp.h>
#include <cmocka.h>
#include <unistd.h>

static const char zone_text[] = "example SOA ns.example host.example 1 2 3 4 300\n"
				"a.example A 192.0.2.1\n"
				"silent.example !TIMEOUT\n"
				"slow.example A 192.0.2.2\n"
				"slow.example !SLOW 50\n"
				"lost.example A 192.0.2.3\n"
				"lost.example !LOSE 1\n"
				"cut.example TXT \"x\"\n"
				"cut.example !TRUNCATE\n"
				"@127.0.0.2 two.example TXT \"second\"\n"
				"two.example TXT \"first\"\n";

/* The server runs on a loop that the test turns: a client's blocking read would starve it, so reads are polled. */
struct fixture {
	uv_loop_t loop;
	struct mp_arena *a;
	struct world_dns *d;
	int fd;
};

static void turn(uv_loop_t *loop, int ms)
{
	uv_run(loop, UV_RUN_NOWAIT);
	usleep((unsigned)ms * 1000);
}

static void start(struct fixture *f, size_t n_addresses)
{
	struct mp_ip at[2];
	struct world_zone *z;
	struct mp_err err = {0};

	assert_true(mp_ip_parse(mp_str("127.0.0.1"), &at[0]));
	assert_true(mp_ip_parse(mp_str("127.0.0.2"), &at[1]));
	uv_loop_init(&f->loop);
	f->a = mp_arena_new();
	z = world_zone_parse(f->a, zone_text, NULL);
	assert_non_null(z);
	f->d = world_dns_start(&f->loop, z, at, n_addresses, &err);
	if (!f->d && n_addresses > 1) {
		print_message("SKIPPED: 127.0.0.2 is no address of this system: %s\n", err.msg);
		uv_loop_close(&f->loop);
		mp_arena_free(f->a);
		skip();
	}
	if (!f->d)
		fail_msg("%s", err.msg);
	assert_true(world_dns_port(f->d) > 0);
}

static void end(struct fixture *f)
{
	world_dns_stop(f->d);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	world_dns_free(f->d);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	mp_arena_free(f->a);
}

static int dial(struct fixture *f, int type, const char *address)
{
	struct sockaddr_storage ss;
	struct mp_ip ip;
	socklen_t n;
	int fd;

	assert_true(mp_ip_parse(mp_str(address), &ip));
	n = mp_ip_sockaddr(&ip, world_dns_port(f->d), &ss);
	fd = socket(AF_INET, type, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&ss, n), 0);
	return fd;
}

/* What comes within `turns` turns of the loop; 0 when nothing does. */
static size_t receive(struct fixture *f, int fd, uint8_t *out, size_t room, size_t want, int turns)
{
	size_t n = 0;

	for (int i = 0; i < turns && n < want; i++) {
		ssize_t got = recv(fd, out + n, room - n, MSG_DONTWAIT);

		if (got > 0)
			n += (size_t)got;
		else
			turn(&f->loop, 2);
	}
	return n;
}

static enum dns_outcome ask(struct fixture *f, const char *server, const char *name, enum dns_type type, bool tcp,
	int turns, struct dns_reply *out)
{
	struct dns_question q = {.name = name, .type = (uint16_t)type};
	uint8_t query[2 + DNS_QUERY_MAX], reply[4096];
	size_t n = dns_query_build(&q, 99, true, query + 2), got;
	int fd = dial(f, tcp ? SOCK_STREAM : SOCK_DGRAM, server);

	query[0] = (uint8_t)(n >> 8);
	query[1] = (uint8_t)n;
	assert_true(write(fd, tcp ? query : query + 2, tcp ? n + 2 : n) > 0);
	got = receive(f, fd, reply, sizeof(reply), tcp ? 2 : 1, turns);
	if (tcp && got >= 2) {
		size_t len = (size_t)(reply[0] << 8 | reply[1]);

		got += receive(f, fd, reply + got, sizeof(reply) - got, len + 2 - got, turns);
		assert_int_equal(got, len + 2);
	}
	close(fd);
	if (!got)
		return DNS_TIMEOUT;
	if (!tcp && reply[2] & 2) {
		*out = (struct dns_reply){.answer = {.tcp = true}};
		return DNS_NODATA;
	}
	dns_reply_parse(f->a, &q, tcp ? reply + 2 : reply, tcp ? got - 2 : got, out);
	return out->answer.outcome;
}

static void udp_and_tcp(void **state)
{
	struct fixture f;
	struct dns_reply r;

	(void)state;
	start(&f, 1);
	assert_int_equal(ask(&f, "127.0.0.1", "a.example", DNS_A, false, 1000, &r), DNS_ANSWERED);
	assert_int_equal(ask(&f, "127.0.0.1", "a.example", DNS_A, true, 1000, &r), DNS_ANSWERED);
	assert_int_equal(ask(&f, "127.0.0.1", "b.example", DNS_A, true, 1000, &r), DNS_NXDOMAIN);
	assert_int_equal(world_dns_queries(f.d, "a.example", DNS_A), 2);
	assert_int_equal(world_dns_queries(f.d, "A.example", 0), 2);
	assert_int_equal(world_dns_queries(f.d, NULL, 0), 3);
	end(&f);
}

static void behaviours(void **state)
{
	struct fixture f;
	struct dns_reply r;

	(void)state;
	start(&f, 1);
	assert_int_equal(ask(&f, "127.0.0.1", "silent.example", DNS_A, false, 30, &r), DNS_TIMEOUT);
	assert_int_equal(ask(&f, "127.0.0.1", "lost.example", DNS_A, false, 30, &r), DNS_TIMEOUT);
	assert_int_equal(ask(&f, "127.0.0.1", "lost.example", DNS_A, false, 1000, &r), DNS_ANSWERED);
	assert_int_equal(ask(&f, "127.0.0.1", "slow.example", DNS_A, false, 1000, &r), DNS_ANSWERED);
	assert_int_equal(ask(&f, "127.0.0.1", "slow.example", DNS_A, true, 1000, &r), DNS_ANSWERED);
	assert_int_equal(ask(&f, "127.0.0.1", "cut.example", DNS_TXT, false, 1000, &r), DNS_NODATA);
	assert_true(r.answer.tcp);
	assert_int_equal(ask(&f, "127.0.0.1", "cut.example", DNS_TXT, true, 1000, &r), DNS_ANSWERED);
	end(&f);
}

/* Clients that vanish, replies that still wait: stopping leaks nothing (run under ASan). */
static void stop_in_the_middle(void **state)
{
	struct dns_question q = {.name = "slow.example", .type = DNS_A};
	uint8_t query[2 + DNS_QUERY_MAX];
	struct fixture f;
	int udp, tcp;
	size_t n;

	(void)state;
	start(&f, 1);
	n = dns_query_build(&q, 99, true, query + 2);
	query[0] = (uint8_t)(n >> 8);
	query[1] = (uint8_t)n;
	udp = dial(&f, SOCK_DGRAM, "127.0.0.1");
	tcp = dial(&f, SOCK_STREAM, "127.0.0.1");
	assert_true(write(udp, query + 2, n) > 0);
	assert_true(write(tcp, query, n + 2) > 0);
	for (int i = 0; i < 5 && world_dns_queries(f.d, NULL, 0) < 2; i++)
		turn(&f.loop, 2);
	end(&f);
	close(udp);
	close(tcp);
}

static void two_addresses(void **state)
{
	struct fixture f;
	struct dns_reply r;

	(void)state;
	start(&f, 2);
	assert_int_equal(ask(&f, "127.0.0.1", "two.example", DNS_TXT, false, 1000, &r), DNS_ANSWERED);
	assert_memory_equal(r.answer.rr[0].txt.p, "first", 5);
	assert_int_equal(ask(&f, "127.0.0.2", "two.example", DNS_TXT, false, 1000, &r), DNS_ANSWERED);
	assert_memory_equal(r.answer.rr[0].txt.p, "second", 6);
	end(&f);
}

static void loopback_alone(void **state)
{
	struct mp_err err = {0};
	uv_loop_t loop;
	struct mp_ip ip;

	(void)state;
	uv_loop_init(&loop);
	assert_true(mp_ip_parse(mp_str("192.0.2.1"), &ip));
	assert_null(world_dns_start(&loop, NULL, &ip, 1, &err));
	assert_int_equal(err.code, MP_EINVAL);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_and_tcp),
		cmocka_unit_test(behaviours),
		cmocka_unit_test(stop_in_the_middle),
		cmocka_unit_test(two_addresses),
		cmocka_unit_test(loopback_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
