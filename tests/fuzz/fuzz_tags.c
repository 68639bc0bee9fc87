/* tests/fuzz/fuzz_tags.c - any bytes as a tag list: bounded, and every view inside the record */
#include "dns/tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str record = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();
	struct dns_tags t;

	dns_tags_parse(record, &t);
	require(t.n <= DNS_TAGS_MAX && t.n_faults <= DNS_TAG_FAULTS_MAX);
	for (size_t i = 0; i < t.n; i++) {
		const struct dns_tag *tag = &t.tag[i];

		require(tag->name.n > 0 && tag->at < size && tag->value_at + tag->value.n <= size);
		require(tag->value.p == record.p + tag->value_at);
		require(dns_tag_find(&t, mp_dupstr(a, tag->name)) == tag);
	}
	for (size_t i = 0; i < t.n_faults; i++)
		require(t.fault[i].at <= size && *dns_tag_fault_words(a, &t.fault[i]));
	require(t.n || t.n_faults);
	mp_arena_free(a);
	return 0;
}
