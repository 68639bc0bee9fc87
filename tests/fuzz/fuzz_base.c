/* tests/fuzz/fuzz_base.c - the ground floor's readers of foreign bytes: text, addresses, times, numbers, JSON */
#include "base/ip.h"
#include "base/json.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str in = mp_strn((const char *)data, size), text;
	struct mp_arena *a = mp_arena_new();
	struct mp_ip ip, ip_again;
	struct mp_err err;
	int64_t ms, ms_again;
	uint64_t n;
	json_t *j;

	text = mp_str(mp_text(a, in));
	must(mp_utf8_valid(text));
	must(mp_text_width(text) <= text.n);
	must(strcmp(mp_text(a, text), text.p) == 0);
	if (mp_ip_parse(in, &ip)) {
		char buf[MP_IP_REVERSE];

		must(mp_ip_parse(mp_str(mp_ip_text(&ip, buf)), &ip_again) && mp_ip_eq(&ip, &ip_again));
		must(strlen(mp_ip_reverse(&ip, buf)) < sizeof(buf));
	}
	if (mp_time_parse(in, &ms))
		must(mp_time_parse(mp_str(mp_time_text(a, ms, true)), &ms_again));
	if (mp_str_u64(in, 65535, &n))
		must(n <= 65535);
	mp_typo_distance(in, text);
	j = mp_json_parse(in, &err);
	if (j) {
		struct mp_buf out = MP_BUF(16 * 1024 * 1024);
		json_t *again;

		mp_json_write(j, 2, &out);
		again = mp_json_parse(mp_buf_str(&out), &err);
		must(again != NULL);
		json_decref(again);
		mp_buf_release(&out);
		json_decref(j);
	} else {
		must(err.code == MP_EPARSE && err.msg[0] != '\0');
	}
	mp_arena_free(a);
	return 0;
}
