/* tests/fuzz/fuzz_dkim_key.c - any bytes as a DKIM key record, as a private key in PEM, and as a saved public key */
#include "base/text.h"
#include "dns/dkim_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* OpenSSL reads the last two, slowly: they have the inputs that look like them, PEM's dashes and base64 of DER. */
static bool looks_like(const uint8_t *data, size_t size, char c)
{
	return size && data[0] == (uint8_t)c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str text = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();
	struct mp_err err = {.msg = ""};
	struct dns_dkim_key k;
	const char *public_key = NULL;
	unsigned bits;

	if (dns_dkim_key_parse(a, text, &k)) {
		require(mp_utf8_valid(mp_str(k.text)) && (!k.fault || mp_utf8_valid(mp_str(k.fault))));
		require(k.fault ? !k.public_key : k.public_key && k.bits);
		require(!k.public_key || dns_dkim_public_type(k.public_key, &bits) == k.type);
	}
	if (looks_like(data, size, '-')) {
		if (dns_dkim_public_of_pem(a, text, &public_key, &err) == MP_OK)
			require(public_key && dns_dkim_public_type(public_key, &bits) != DNS_DKIM_UNKNOWN);
		else
			require(!public_key && err.msg[0]);
	}
	if (looks_like(data, size, 'M'))
		dns_dkim_public_type(mp_dupstr(a, text), &bits);
	mp_arena_free(a);
	return 0;
}
