/*
 * tests/fuzz/fuzz_smtp_dane.c - TLSA records against chains, both of them foreign bytes
 *
 * The input: a byte of parameters, the record (two bytes of length before it), certificates (the same). With the first
 * byte's top bit the record is the digest of the first certificate, which must match.
 */
#include <openssl/evp.h>

#include "base/rd.h"
#include "smtp/dane.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"mx.example.net", "example.net"};
	struct mp_arena *a = mp_arena_new();
	struct mp_rd rd = mp_rd(data, size);
	struct smtp_cert *chain = mp_allocn(a, 4, sizeof(*chain));
	struct smtp_tls tls = {.chain = chain};
	uint8_t what = mp_rd_u8(&rd), md[EVP_MAX_MD_SIZE];
	struct smtp_tlsa r = {.usage = 2 + (what & 1), .selector = what >> 1 & 1, .matching = (what >> 2 & 3) % 3};
	enum smtp_dane_fit fit;
	const char *why = NULL;
	unsigned n_md = 0;

	r.n = mp_rd_u16(&rd);
	r.p = mp_rd_take(&rd, r.n);
	while (!rd.bad && mp_rd_left(&rd) && tls.n_chain < 4) {
		struct smtp_cert *c = &chain[tls.n_chain];

		c->n_der = mp_rd_u16(&rd);
		c->der = mp_rd_take(&rd, c->n_der);
		if (c->der)
			tls.n_chain++;
	}
	if (!r.p)
		r.n = 0, r.p = md;
	if (what & 0x80 && tls.n_chain) {
		EVP_Digest(chain[0].der, chain[0].n_der, md, &n_md, EVP_sha256(), NULL);
		r = (struct smtp_tlsa){3, 0, 1, md, n_md};
	}
	fit = smtp_dane_try(a, &tls, &r, names, ARRAY_LEN(names), INT64_C(1795255200000), &why);
	if (!tls.n_chain && fit != SMTP_DANE_NO_CHAIN && fit != SMTP_DANE_UNUSABLE)
		abort();
	if ((fit == SMTP_DANE_NO_PATH || fit == SMTP_DANE_NAME || fit == SMTP_DANE_UNUSABLE) != (why != NULL))
		abort();
	mp_arena_free(a);
	return 0;
}
