/* dns/mta_sts.c - see dns/mta_sts.h */
#include "dns/mta_sts.h"
#include "base/text.h"
#include "base/tags.h"

enum { ID_MAX = 32, NAME_MAX_LEN = 32, RECORD_SHOWN = 500 };

/* ---- the record */

static bool ext_name(struct mp_str s)
{
	if (s.n == 0 || s.n > NAME_MAX_LEN || !mp_isalnum(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!mp_isalnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '-' && s.p[i] != '.')
			return false;
	return true;
}

/* Printable ASCII without '=', ';' and blanks. */
static bool ext_value(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '=' || s.p[i] == ';')
			return false;
	return s.n > 0;
}

static bool good_id(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isalnum(s.p[i]))
			return false;
	return s.n > 0 && s.n <= ID_MAX;
}

static const char *field_fault(struct mp_arena *a, struct mp_str field, struct dns_sts_record *out, bool *seen_id)
{
	struct mp_str name, value = field;

	mp_str_split(&value, '=', &name);
	if (!value.p)
		return mp_printf(a, "has no '=' in \"%s\"", mp_tag_shown(a, field));
	if (mp_str_eq(name, MP_LIT("id"))) {
		if (*seen_id)
			return NULL; /* the first counts */
		*seen_id = true;
		if (!good_id(value))
			return mp_printf(
				a, "has an id that is not 1 to 32 letters and digits: \"%s\"", mp_tag_shown(a, value));
		out->id = mp_dupstr(a, value);
		return NULL;
	}
	if (!ext_name(name) || !ext_value(value))
		return mp_printf(a, "has a part that is no field: \"%s\"", mp_tag_shown(a, field));
	return NULL;
}

static const char *record_fault(struct mp_arena *a, struct mp_str record, struct dns_sts_record *out)
{
	struct mp_str part, version;
	bool seen_id = false;

	mp_str_split(&record, ';', &version);
	while (mp_str_split(&record, ';', &part)) {
		struct mp_str field = mp_str_trim(part);
		const char *fault;

		if (!field.n && !record.p)
			break; /* behind the last semicolon */
		fault = field.n ? field_fault(a, field, out, &seen_id) : "has nothing between two semicolons";
		if (fault)
			return fault;
	}
	return out->id ? NULL : "has no id";
}

/* "v=STSv1", and no further letter. */
static bool begins_right(struct mp_str s)
{
	static const char version[] = "v=STSv1";
	size_t n = sizeof(version) - 1;

	return s.n >= n && memcmp(s.p, version, n) == 0 && (s.n == n || s.p[n] == ';' || mp_isblank(s.p[n]));
}

void dns_sts_record_read(struct mp_arena *a, const struct dns_answer *txt, struct dns_sts_record *out)
{
	struct mp_str first = {0}, other = {0}, shown;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < txt->n_rr; i++) {
		struct mp_str s = mp_strn((const char *)txt->rr[i].txt.p, txt->rr[i].txt.n);

		if (begins_right(s)) {
			if (out->n++ == 0)
				first = s;
		} else if (out->n_other++ == 0) {
			other = s;
		}
	}
	shown = out->n ? first : other;
	if (out->n + out->n_other)
		out->text = mp_text(a, mp_strn(shown.p, shown.n < RECORD_SHOWN ? shown.n : RECORD_SHOWN));
	if (out->n == 1)
		out->fault = record_fault(a, first, out);
	else if (out->n > 1)
		out->fault = mp_printf(a, "is one of %zu, and then none counts", out->n);
	else if (out->n_other)
		out->fault = "does not begin with v=STSv1";
	if (out->fault)
		out->id = NULL;
}

/* ---- the policy */

static const char *const modes[] = {
	[DNS_STS_NONE] = "none",
	[DNS_STS_TESTING] = "testing",
	[DNS_STS_ENFORCE] = "enforce",
};

const char *dns_sts_mode_name(enum dns_sts_mode m)
{
	return modes[m];
}

static const char *const known[] = {"version", "mode", "max_age", "mx"};

enum { F_VERSION, F_MODE, F_MAX_AGE, F_MX, F_COUNT };

struct reading {
	struct mp_arena *a;
	struct dns_sts_policy *out;
	size_t line;
	bool seen[F_COUNT];
	const char *likely; /* a field of an unknown name that looks like a slip of the fingers */
};

static void fault(struct reading *r, const char *fmt, ...) MP_PRINTF(2, 3);

/* The first one counts: what comes later may follow from it. */
static void fault(struct reading *r, const char *fmt, ...)
{
	va_list ap;

	if (r->out->fault)
		return;
	va_start(ap, fmt);
	r->out->fault = mp_printf(r->a, "line %zu: %s", r->line, mp_vprintf(r->a, fmt, ap));
	va_end(ap);
}

static void remark(struct reading *r, const char *fmt, ...) MP_PRINTF(2, 3);

static void remark(struct reading *r, const char *fmt, ...)
{
	va_list ap;

	if (r->out->n_remarks == DNS_STS_REMARKS)
		return;
	va_start(ap, fmt);
	r->out->remarks[r->out->n_remarks++] = mp_printf(r->a, "line %zu: %s", r->line, mp_vprintf(r->a, fmt, ap));
	va_end(ap);
}

static void read_mode(struct reading *r, struct mp_str value)
{
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (mp_str_eq(value, mp_str(modes[i]))) {
			r->out->mode = (enum dns_sts_mode)i;
			return;
		}
	fault(r, "the mode is none of enforce, testing and none: \"%s\"", mp_tag_shown(r->a, value));
}

static void read_max_age(struct reading *r, struct mp_str value)
{
	uint64_t v;

	if (value.n > 10 || !mp_str_u64(value, DNS_STS_MAX_AGE, &v))
		fault(r, "max_age is no number of seconds from 0 to %d: \"%s\"", DNS_STS_MAX_AGE,
			mp_tag_shown(r->a, value));
	else
		r->out->max_age = (uint32_t)v;
}

/* ["*."] Domain */
static void read_mx(struct reading *r, struct mp_str value)
{
	const char *shown = mp_tag_shown(r->a, value);
	char *name = mp_dupstr(r->a, value);
	const char *domain = strncmp(name, "*.", 2) == 0 ? name + 2 : name;
	size_t n = strlen(domain);
	bool dot = n && domain[n - 1] == '.';

	for (char *p = name; *p; p++)
		*p = mp_tolower(*p);
	if (strlen(name) == value.n && !dot && dns_is_hostname(domain)) {
		*MP_PUSH(r->a, r->out->mx, r->out->n_mx, r->out->cap_mx) = name;
	} else if (memchr(value.p, ',', value.n)) {
		fault(r, "an mx line holds one pattern, others have lines of their own: \"%s\"", shown);
	} else if (value.n && value.p[0] == '.') {
		fault(r, "a pattern for names below a domain begins with \"*.\": \"%s\"", shown);
	} else if (dot) {
		fault(r, "a pattern has no dot at its end: \"%s\"", shown);
	} else if (memchr(domain, '*', n)) {
		fault(r, "a star stands for the whole first label alone: \"%s\"", shown);
	} else {
		fault(r, "an mx pattern is no host name: \"%s\"", shown);
	}
}

static size_t field_of(struct mp_str name)
{
	for (size_t i = 0; i < F_COUNT; i++)
		if (mp_str_eq(name, mp_str(known[i])))
			return i;
	return F_COUNT;
}

/* A value of an unknown field: no control characters but a tab, valid UTF-8. */
static bool clean(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return s.n > 0 && mp_utf8_valid(s);
}

static void unknown_field(struct reading *r, struct mp_str name, struct mp_str value)
{
	if (!ext_name(name) || !clean(value)) {
		fault(r, "this is no field: \"%s\"", mp_tag_shown(r->a, name));
		return;
	}
	for (size_t i = 0; i < F_COUNT && !r->likely; i++)
		if (mp_typo_distance(name, mp_str(known[i])) <= (strlen(known[i]) > 4 ? 2 : 1))
			r->likely = mp_printf(r->a, " (line %zu has \"%s\", which is another field)", r->line,
				mp_tag_shown(r->a, name));
}

static void read_line(struct reading *r, struct mp_str line)
{
	struct mp_str name, value = line;
	size_t f;

	mp_str_split(&value, ':', &name);
	if (!value.p) {
		fault(r, "there is no ':' in \"%s\"", mp_tag_shown(r->a, line));
		return;
	}
	if (name.n && mp_isblank(name.p[0])) {
		fault(r, "it begins with a blank");
		return;
	}
	name = mp_str_trim(name);
	value = mp_str_trim(value);
	f = field_of(name);
	if (f == F_COUNT) {
		unknown_field(r, name, value);
		return;
	}
	if (r->seen[f] && f != F_MX) {
		remark(r, "%s is there again; the first one counts", known[f]);
		return;
	}
	r->seen[f] = true;
	switch (f) {
	case F_VERSION:
		if (!mp_str_eq(value, MP_LIT("STSv1")))
			fault(r, "the version is not STSv1: \"%s\"", mp_tag_shown(r->a, value));
		break;
	case F_MODE:
		read_mode(r, value);
		break;
	case F_MAX_AGE:
		read_max_age(r, value);
		break;
	default:
		read_mx(r, value);
		break;
	}
}

static void missing(struct reading *r)
{
	for (size_t i = 0; i < F_COUNT && !r->out->fault; i++)
		if (!r->seen[i] && (i != F_MX || r->out->mode != DNS_STS_NONE))
			r->out->fault = mp_printf(r->a, "it has no %s%s", known[i], r->likely ? r->likely : "");
}

void dns_sts_policy_read(struct mp_arena *a, struct mp_str bytes, struct dns_sts_policy *out)
{
	struct reading r = {.a = a, .out = out};
	struct mp_str rest = bytes, line;

	memset(out, 0, sizeof(*out));
	if (mp_str_trim(bytes).n == 0) {
		out->fault = "it is empty";
		return;
	}
	if (bytes.n >= 3 && memcmp(bytes.p, "\xef\xbb\xbf", 3) == 0) {
		out->fault = "it begins with a byte-order mark, which no field does";
		return;
	}
	while (!out->fault && mp_str_split(&rest, '\n', &line)) {
		r.line++;
		if (line.n && rest.p && line.p[line.n - 1] == '\r')
			line.n--;
		if (mp_str_trim(line).n)
			read_line(&r, line);
		else if (rest.p) /* not what stands behind the last line's end */
			remark(&r, "it is empty, which not every sender's reader takes");
	}
	missing(&r);
	if (out->mode == DNS_STS_NONE || out->fault)
		return;
	if (out->max_age < 86400)
		out->remarks[out->n_remarks < DNS_STS_REMARKS ? out->n_remarks++ : DNS_STS_REMARKS - 1] = mp_printf(a,
			"max_age is %u seconds: a policy that senders keep for less than a day protects little, weeks are usual",
			out->max_age);
}

/* ---- MX hosts */

bool dns_sts_mx_matches(const char *pattern, const char *host)
{
	const char *dot;

	if (strncmp(pattern, "*.", 2) != 0)
		return dns_name_eq(pattern, host);
	dot = strchr(host, '.');
	return dot && dot > host && dns_name_eq(pattern + 2, dot + 1);
}

bool dns_sts_allows(const struct dns_sts_policy *p, const char *host)
{
	for (size_t i = 0; i < p->n_mx; i++)
		if (dns_sts_mx_matches(p->mx[i], host))
			return true;
	return false;
}
