/* reports/alike.c - see reports/alike.h */
#include "reports/alike.h"
#include "base/text.h"

enum { MAX_NAMED = 40 };

/* The name of the list that a check asked, and where its summary says it; NULL: it is about none. */
static const char *list_of(const json_t *check, ptrdiff_t *at)
{
	const char *list = rep_str(mp_jget(check, "values"), "list");

	*at = list ? mp_str_ifind(mp_str(mp_jget_str(check, "summary", "")), list) : -1;
	return *at >= 0 ? list : NULL;
}

static bool same(const json_t *x, const json_t *y, const char *key)
{
	return strcmp(mp_jget_str(x, key, ""), mp_jget_str(y, key, "")) == 0;
}

bool rep_alike(const json_t *x, const json_t *y)
{
	const char *a = mp_jget_str(x, "summary", ""), *b = mp_jget_str(y, "summary", "");
	const char *list, *other;
	ptrdiff_t at, at_other;

	if (!same(x, y, "status") || rep_is(x, "status", "fail") || rep_is(x, "status", "warn"))
		return false;
	list = list_of(x, &at);
	other = list ? list_of(y, &at_other) : NULL;
	if (other)
		return same(x, y, "id") && same(mp_jget(x, "values"), mp_jget(y, "values"), "ip") && at == at_other &&
		       strncmp(a, b, (size_t)at) == 0 && strcmp(a + at + strlen(list), b + at + strlen(other)) == 0;
	if (rep_is(x, "status", "error"))
		return strcmp(a, b) == 0 && same(x, y, "detail") && same(x, y, "fix");
	return rep_is(x, "status", "skip") && strcmp(a, b) == 0;
}

const char *rep_alike_summary(struct mp_arena *a, const json_t *const *checks, size_t n)
{
	const char *summary = mp_jget_str(checks[0], "summary", ""), *list, *all;
	ptrdiff_t at, other;

	all = list = list_of(checks[0], &at);
	if (!list || n < 2)
		return summary;
	for (size_t i = 1; i < n && i < MAX_NAMED; i++)
		all = mp_printf(a, "%s, %s", all, list_of(checks[i], &other));
	return mp_printf(a, "%s%s%s%s", mp_dupn(a, summary, (size_t)at), all, n > MAX_NAMED ? ", ..." : "",
		summary + at + strlen(list));
}
