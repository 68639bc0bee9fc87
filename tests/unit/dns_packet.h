/*
 * tests/unit/dns_packet.h - DNS messages put together byte by byte, right and wrong ones
 *
 * Owns:   nothing; a message lies in the caller's struct.
 * Fails:  aborts when a message outgrows the struct or a name is impossible: a mistake of the test.
 * Uses:   dns_name_to_wire() for names; all else is written here, apart from the decoder under test.
 */
#ifndef MP_TEST_DNS_PACKET_H
#define MP_TEST_DNS_PACKET_H

#include "dns/msg.h"

enum { QR = 0x8000, AA = 0x0400, TC = 0x0200, RD = 0x0100, RA = 0x0080, AD = 0x0020 };
enum section { QUESTION, ANSWER, AUTHORITY, ADDITIONAL };

struct packet {
	uint8_t b[65535];
	size_t n;
};

static inline void pk_bytes(struct packet *p, const void *bytes, size_t n)
{
	if (n > sizeof(p->b) - p->n)
		abort();
	if (n)
		memcpy(p->b + p->n, bytes, n);
	p->n += n;
}

static inline void pk_u8(struct packet *p, unsigned v)
{
	uint8_t b = (uint8_t)v;

	pk_bytes(p, &b, 1);
}

static inline void pk_u16(struct packet *p, unsigned v)
{
	pk_u8(p, v >> 8);
	pk_u8(p, v & 255);
}

static inline void pk_u32(struct packet *p, uint32_t v)
{
	pk_u16(p, v >> 16);
	pk_u16(p, v & 65535);
}

/* A name without compression; NULL points to the question's. */
static inline void pk_name(struct packet *p, const char *name)
{
	uint8_t wire[DNS_NAME_WIRE];
	size_t n;

	if (!name) {
		pk_u16(p, 0xc00c);
		return;
	}
	n = dns_name_to_wire(name, wire);
	if (!n)
		abort();
	pk_bytes(p, wire, n);
}

static inline void pk_count(struct packet *p, enum section s, int by)
{
	unsigned v = (unsigned)(p->b[4 + 2 * s] << 8 | p->b[5 + 2 * s]) + (unsigned)by;

	p->b[4 + 2 * s] = (uint8_t)(v >> 8);
	p->b[5 + 2 * s] = (uint8_t)v;
}

/* Header and question. */
static inline void pk_start(struct packet *p, unsigned id, unsigned flags, const char *name, unsigned type)
{
	p->n = 0;
	pk_u16(p, id);
	pk_u16(p, flags);
	pk_u32(p, 0);
	pk_u32(p, 0);
	pk_name(p, name);
	pk_u16(p, type);
	pk_u16(p, 1);
	pk_count(p, QUESTION, 1);
}

/* Up to the data's length, which pk_close() fills in. Returns where it stands. */
static inline size_t pk_open(struct packet *p, enum section s, const char *owner, unsigned type, uint32_t ttl)
{
	pk_count(p, s, 1);
	pk_name(p, owner);
	pk_u16(p, type);
	pk_u16(p, 1);
	pk_u32(p, ttl);
	pk_u16(p, 0);
	return p->n - 2;
}

static inline void pk_close(struct packet *p, size_t at)
{
	size_t n = p->n - at - 2;

	p->b[at] = (uint8_t)(n >> 8);
	p->b[at + 1] = (uint8_t)n;
}

static inline void pk_raw(
	struct packet *p, enum section s, const char *owner, unsigned type, uint32_t ttl, const void *data, size_t n)
{
	size_t at = pk_open(p, s, owner, type, ttl);

	pk_bytes(p, data, n);
	pk_close(p, at);
}

/* NS, CNAME, PTR. */
static inline void pk_target(
	struct packet *p, enum section s, const char *owner, unsigned type, uint32_t ttl, const char *target)
{
	size_t at = pk_open(p, s, owner, type, ttl);

	pk_name(p, target);
	pk_close(p, at);
}

static inline void pk_mx(struct packet *p, const char *owner, uint32_t ttl, unsigned preference, const char *exchange)
{
	size_t at = pk_open(p, ANSWER, owner, DNS_MX, ttl);

	pk_u16(p, preference);
	pk_name(p, exchange);
	pk_close(p, at);
}

static inline void pk_soa(
	struct packet *p, enum section s, const char *owner, uint32_t ttl, uint32_t serial, uint32_t minimum)
{
	size_t at = pk_open(p, s, owner, DNS_SOA, ttl);

	pk_name(p, "ns.example");
	pk_name(p, "host\\.master.example");
	pk_u32(p, serial);
	pk_u32(p, 7200);
	pk_u32(p, 3600);
	pk_u32(p, 1209600);
	pk_u32(p, minimum);
	pk_close(p, at);
}

/* An OPT record; with an extended error when `text` is there. */
static inline void pk_opt(struct packet *p, unsigned ext_rcode, int ede, const char *text)
{
	size_t at;

	pk_count(p, ADDITIONAL, 1);
	pk_u8(p, 0);
	pk_u16(p, 41);
	pk_u16(p, 1232);
	pk_u32(p, (uint32_t)ext_rcode << 24 | 0x8000);
	pk_u16(p, 0);
	at = p->n - 2;
	if (text) {
		pk_u16(p, 15);
		pk_u16(p, (unsigned)(2 + strlen(text)));
		pk_u16(p, (unsigned)ede);
		pk_bytes(p, text, strlen(text));
	}
	pk_close(p, at);
}

#endif
