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

const char *rep_alike_key(struct mp_arena *a, const json_t *check)
{
	const char *status = mp_jget_str(check, "status", ""), *summary = mp_jget_str(check, "summary", "");
	bool skipped = strcmp(status, "skip") == 0, unknown = strcmp(status, "error") == 0;
	ptrdiff_t at;
	const char *list = list_of(check, &at);

	/* What is wrong counts one by one. */
	if (strcmp(status, "fail") == 0 || strcmp(status, "warn") == 0)
		return NULL;
	if (list)
		return mp_printf(a, "%s\n%s\n%s\n%s\n%s", status, mp_jget_str(check, "id", ""),
			mp_jget_str(mp_jget(check, "values"), "ip", ""), mp_dupn(a, summary, (size_t)at),
			summary + at + strlen(list));
	if (skipped || unknown)
		return mp_printf(a, "%s\n%s\n%s\n%s", status, summary, unknown ? mp_jget_str(check, "detail", "") : "",
			unknown ? mp_jget_str(check, "fix", "") : "");
	return NULL;
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
