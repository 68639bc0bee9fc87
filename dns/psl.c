/* dns/psl.c - see dns/psl.h */
#include <libpsl.h>

#include "dns/dns.h"
#include "dns/psl.h"

static bool is_suffix(const char *lower, enum dns_psl which)
{
	const psl_ctx_t *psl = psl_builtin();

	if (!psl) /* built without a list: every TLD is a suffix, nothing else is known to be one */
		return strchr(lower, '.') == NULL;
	return psl_is_public_suffix2(psl, lower, which == DNS_PSL_ALL ? PSL_TYPE_ANY : PSL_TYPE_ICANN) != 0;
}

const char *dns_registrable_domain(const char *name, enum dns_psl which)
{
	char lower[256]; /* libpsl compares bytes: MAIL.Example.CO.UK would have CO.UK registered */
	const char *below = NULL;
	size_t n = name ? strlen(name) : 0;

	if (n && name[n - 1] == '.')
		n--;
	if (!n || n >= sizeof(lower) || name[0] == '.' || memchr(name, '\\', n))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (name[i] == '.' && name[i + 1] == '.')
			return NULL;
		lower[i] = mp_tolower(name[i]);
	}
	lower[n] = '\0';
	/* From the whole name down: the first suffix met is the longest, and that one counts. */
	for (const char *at = lower; at; at = strchr(at, '.')) {
		if (*at == '.')
			at++;
		if (is_suffix(at, which))
			return below;
		below = name + (at - lower);
	}
	return NULL;
}
