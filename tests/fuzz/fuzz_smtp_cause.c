/* tests/fuzz/fuzz_smtp_cause.c - any bytes as a reply: a sane cause, the same each time */
#include "base/text.h"
#include "smtp/cause.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void check(const struct smtp_classified *c)
{
	if (c->cause < SMTP_CAUSE_UNKNOWN || c->cause >= SMTP_EGRESS_BLOCKED || c->confidence < 0 || c->confidence > 1)
		abort();
	if ((c->cause == SMTP_CAUSE_UNKNOWN) != (c->confidence <= 0) || !c->provider || !c->rule)
		abort();
	if (c->code != 0 && (c->code < 200 || c->code > 599))
		abort();
	if (c->refs[sizeof(c->refs) / sizeof(c->refs[0]) - 1])
		abort();
	for (size_t i = 0; c->refs[i]; i++)
		if (!mp_utf8_valid(mp_str(c->refs[i])))
			abort();
}

/* The first byte is the stage; the rest, up to a NUL, the MX name; then the reply. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smtp_cause_hint hint = {.stage = -1};
	struct mp_arena *a = mp_arena_new();
	struct mp_str text = mp_strn((const char *)data, size);
	struct smtp_classified once, again;

	if (size && data[0] < 0x20) {
		const char *nul = memchr(data + 1, 0, size - 1);

		hint.stage = data[0] % (SMTP_AT_QUIT + 1);
		if (nul) {
			hint.mx = mp_dupn(a, (const char *)data + 1, (size_t)(nul - (const char *)data - 1));
			text = mp_strn(nul + 1, size - (size_t)(nul + 1 - (const char *)data));
		}
	}
	once = smtp_classify(a, text, &hint);
	again = smtp_classify(a, text, &hint);
	check(&once);
	if (once.cause != again.cause || !same(once.rule, again.rule) || !same(once.enhanced, again.enhanced) ||
		!same(once.provider, again.provider))
		abort();
	mp_arena_free(a);
	return 0;
}
