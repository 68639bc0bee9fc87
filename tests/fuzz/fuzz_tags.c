/* tests/fuzz/fuzz_tags.c - any bytes as a tag list: bounded, and every view inside the record */
#include "base/tags.h"

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
	struct mp_tags t;

	mp_tags_parse(record, &t);
	require(t.n <= MP_TAGS_MAX && t.n_faults <= MP_TAG_FAULTS_MAX);
	for (size_t i = 0; i < t.n; i++) {
		const struct mp_tag *tag = &t.tag[i];

		require(tag->name.n > 0 && tag->at < size && tag->value_at + tag->value.n <= size);
		require(tag->value.p == record.p + tag->value_at);
		require(mp_tag_find(&t, mp_dupstr(a, tag->name)) == tag);
	}
	for (size_t i = 0; i < t.n_faults; i++)
		require(t.fault[i].at <= size && *mp_tag_fault_words(a, &t.fault[i]));
	require(t.n || t.n_faults);
	mp_arena_free(a);
	return 0;
}
