/* tests/fuzz/fuzz_config.c - the configuration file, with all sections, keys and checks of values that the program has */
#include "base/text.h"
#include "probe/raw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sound(const struct mp_value *v)
{
	/* What the case is made of goes into sessions and reports: text, of one line. */
	if (v->text && (!*v->text || strpbrk(v->text, "\r\n") || !mp_utf8_valid(mp_str(v->text)) || !*v->where))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mp_value profile = {"p", "--profile"};
	struct mp_arena *a = mp_arena_new();
	struct mp_raw raw = {.root = ""};
	struct mp_err err = {.msg = ""};
	struct mp_str text = mp_strn((const char *)data, size);

	if (mp_raw_config(a, "f.conf", text, size % 2 ? &profile : NULL, &raw, &err) == MP_OK) {
		for (size_t opt = 0; opt < MP_OPT__COUNT; opt++)
			for (size_t i = 0; i < raw.opt[opt].n; i++)
				sound(&raw.opt[opt].v[i]);
		for (size_t i = 0; i < raw.n_targets; i++) {
			if (!raw.targets[i].server.text == !raw.targets[i].domain.text)
				abort();
			sound(&raw.targets[i].server);
			sound(&raw.targets[i].domain);
			sound(&raw.targets[i].rcpt);
		}
	} else if (!err.msg[0] || strchr(err.msg, '\n')) {
		abort();
	}
	mp_arena_free(a);
	return 0;
}
