/* tests/fuzz/fuzz_rdap.c - any bytes as an RDAP answer, and as a list of registries */
#include "base/text.h"
#include "dns/rdap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void require_text(const char *s)
{
	require(!s || (s[0] && strlen(s) <= RDAP_URL_MAX && mp_utf8_valid(mp_str(s)) && !strchr(s, '\n')));
}

static void answer(struct mp_arena *a, struct mp_str body)
{
	struct mp_err err = {.msg = ""};
	struct mp_ip ip = {MP_IPNONE, {0}};
	struct rdap_object o, again;

	if (rdap_parse(a, body, &o, &err) != MP_OK) {
		require(err.msg[0]);
		return;
	}
	require(o.n_entities <= RDAP_ENTITIES_MAX && o.n_status <= RDAP_STATUS_MAX);
	require(o.start.family == o.end.family && (o.start.family == MP_IPNONE) == !o.range);
	require_text(o.handle);
	require_text(o.name);
	require_text(o.country);
	require_text(o.described);
	require_text(o.related);
	require_text(rdap_holder(&o));
	for (size_t i = 0; i < o.n_status; i++)
		require_text(o.statuses[i]);
	for (size_t i = 0; i < o.n_entities; i++) {
		const struct rdap_entity *e = &o.entities[i];

		require(e->depth < RDAP_DEPTH_MAX && (i == 0 || o.entities[i - 1].depth <= e->depth));
		require_text(e->name);
		require_text(e->org);
		require_text(e->page);
		require_text(e->country);
		require(!e->email || (strchr(e->email, '@') && !strpbrk(e->email, " <>\"\\,;\t")));
	}
	mp_ip_parse(mp_str("203.0.113.10"), &ip);
	rdap_covers(&o, &ip);
	/* The public form is one again, and says the same of its subject. */
	require(rdap_parse(a, mp_str(rdap_redacted(a, body, "203.0.113.10")), &again, &err) == MP_OK);
	require(again.class == o.class);
	/* Of an address only the holder counts, of a domain its state. */
	if (o.class == RDAP_IP_NETWORK)
		require(rdap_covers(&again, &ip));
	else
		require(again.status == o.status && again.expires / 1000 == o.expires / 1000);
}

static void registries(struct mp_arena *a, struct mp_str body, const char *subject)
{
	struct mp_err err = {.msg = ""};
	struct rdap_servers whole, part;
	const char *cut = rdap_bootstrap_cut(a, body, subject);

	if (rdap_bootstrap_find(a, body, subject, &whole, &err) != MP_OK) {
		require(!cut && err.msg[0]);
		return;
	}
	require(whole.n <= RDAP_SERVERS_MAX && (whole.entry || !whole.n));
	for (size_t i = 0; i < whole.n; i++)
		require(strlen(whole.url[i]) <= RDAP_URL_MAX + 1 && whole.url[i][strlen(whole.url[i]) - 1] == '/');
	/* What is kept says the same as the whole, or (an entry of odd bytes) nothing. */
	require(cut && rdap_bootstrap_find(a, mp_str(cut), subject, &part, &err) == MP_OK);
	require(part.n == whole.n || part.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str body = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();

	answer(a, body);
	registries(a, body, "203.0.113.10");
	registries(a, body, "2001:db8::10");
	registries(a, body, "mail.example.com");
	mp_arena_free(a);
	return 0;
}
