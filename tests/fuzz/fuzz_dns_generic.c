/* tests/fuzz/fuzz_dns_generic.c - any name for any address: classified without harm, and the same in capitals */
#include "dns/dns.h"
#include "dns/generic.h"
#include "dns/psl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* The first byte: the family. The next 4 or 16: the address. The rest: the name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_ip ip = {.family = size && data[0] == '6' ? MP_IPV6 : MP_IPV4};
	size_t n = ip.family == MP_IPV6 ? 16 : 4;
	struct dns_generic g = {0}, again = {0};
	struct mp_arena *a;
	const char *domain;
	char *name;
	bool generic;

	if (size < 1 + n || size > 4096)
		return 0;
	memcpy(ip.b, data + 1, n);
	a = mp_arena_new();
	name = mp_dupn(a, (const char *)data + 1 + n, size - 1 - n);
	generic = dns_generic_name(a, name, &ip, &g);
	require(!generic || (g.pattern && g.reason && *g.reason));
	domain = dns_registrable_domain(name, DNS_PSL_ALL);
	require(!domain || (domain >= name && domain < name + strlen(name)));
	for (char *p = name; *p; p++)
		*p = mp_toupper(*p);
	require(dns_generic_name(a, name, &ip, &again) == generic);
	require(!generic || strcmp(g.reason, again.reason) == 0);
	mp_arena_free(a);
	return 0;
}
