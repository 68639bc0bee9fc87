/* reports/placed.c - see reports/placed.h */
#include "reports/placed.h"

/* What was seen of a method; several results that differ are counted. */
static const char *seen_of(struct mp_arena *a, const json_t *p, const char *method)
{
	const char *first = NULL;
	size_t n = 0, passed = 0;
	bool differ = false;

	for (size_t i = 0; i < rep_len(p, "seen"); i++) {
		const json_t *s = rep_at(p, "seen", i);
		const char *seen = rep_str(s, "seen");

		if (!rep_is(s, "method", method) || !seen)
			continue;
		differ = differ || (first && strcmp(first, seen) != 0);
		first = first ? first : seen;
		passed += strcmp(seen, "pass") == 0;
		n++;
	}
	return differ ? mp_printf(a, "%zu of %zu", passed, n) : first;
}

bool rep_placed(struct mp_arena *a, const json_t *target, size_t i, struct rep_placed *out)
{
	const json_t *p = rep_at(target, "placement", i);
	const char *kind = rep_str(p, "kind"), *tab = rep_str(p, "tab");

	if (!json_is_object(p))
		return false;
	*out = (struct rep_placed){
		.mailbox = mp_jget_str(p, "mailbox", "?"),
		.kind = !kind                             ? "unknown"
			: strcmp(kind, "junk") == 0       ? "JUNK"
			: strcmp(kind, "missing") == 0    ? "MISSING"
			: strcmp(kind, "tab") == 0 && tab ? tab
							  : kind,
		.folder = rep_str(p, "folder"),
		.spf = seen_of(a, p, "SPF"),
		.dkim = seen_of(a, p, "DKIM"),
		.dmarc = seen_of(a, p, "DMARC"),
		.note = rep_str(p, "score"),
		.good = rep_is(p, "kind", "inbox"),
		.bad = rep_is(p, "kind", "junk") || rep_is(p, "kind", "missing"),
	};
	if (json_is_number(mp_jget(p, "seconds")))
		out->took = rep_duration(a, 1000 * json_number_value(mp_jget(p, "seconds")));
	if (!out->note)
		out->note = rep_str(p, "reason");
	if (rep_str(p, "clean_reason"))
		out->note = mp_printf(a, "%s%snot removed again: %s", out->note ? out->note : "", out->note ? "; " : "",
			rep_str(p, "clean_reason"));
	return true;
}

const char *rep_landed(struct mp_arena *a, const json_t *target)
{
	const json_t *p = rep_at(target, "placement", 0);
	const char *kind = rep_str(p, "kind"), *in = rep_str(p, "folder");

	if (!json_is_object(p))
		return NULL;
	if (!kind)
		return "taken; where it landed is not known";
	if (strcmp(kind, "missing") == 0)
		return "taken, and not found in the mailbox";
	if (strcmp(kind, "junk") == 0)
		return mp_printf(a, "taken, and in the spam folder%s%s%s", in ? " (" : "", in ? in : "", in ? ")" : "");
	return strcmp(kind, "inbox") == 0 || strcmp(kind, "tab") == 0 ? "taken, and in the inbox" : NULL;
}

bool rep_any_placed(const json_t *report)
{
	for (size_t i = 0; i < rep_len(report, "targets"); i++)
		if (rep_len(rep_at(report, "targets", i), "placement"))
			return true;
	return false;
}

bool rep_seen(const json_t *placement, size_t i, struct rep_seen *out)
{
	const json_t *s = rep_at(placement, "seen", i);

	if (!json_is_object(s))
		return false;
	*out = (struct rep_seen){
		.what = mp_jget_str(s, "subject", "?"),
		.method = mp_jget_str(s, "method", "?"),
		.predicted = rep_str(s, "predicted") ? rep_str(s, "predicted") : "unknown",
		.seen = rep_str(s, "seen") ? rep_str(s, "seen") : "not noted",
		.why = rep_str(s, "why"),
	};
	if (rep_str(s, "seen") && rep_str(s, "predicted")) {
		out->same = strcmp(out->seen, out->predicted) == 0;
		out->differs = !out->same;
	}
	return true;
}
