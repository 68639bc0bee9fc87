/* smtp/retry.c - see smtp/retry.h */
#include "smtp/retry.h"
#include "smtp/reply.h"

/*
 * time   = clock / 1*( number [ws] unit [ws / "and" / ","] ) / bare
 * clock  = number ":" 2DIGIT [ ":" 2DIGIT ]          hours, minutes, seconds; two parts: minutes and seconds
 * bare   = number                                   seconds; only behind "in", "after", "for" or "="
 *
 * One of words[] must stand in the text: a number of seconds alone says nothing of coming back. What stands behind one of
 * spans[] is how a limit is measured.
 */

static const char *const words[] = {"again", "retry", "retries", "come back", "return", "later", "greylist", "graylist",
	"grey list", "gray list", "grey-list", "gray-list", "wait", "defer", "delay", "postpone", "blocked for",
	"throttl"};
static const char *const spans[] = {"per", "last", "past", "every", "each", "within", "previous", "of"};
static const char *const leads[] = {"in", "after", "for", "retry", "another", "least", "wait"};

static const struct {
	const char *name;
	uint32_t seconds;
} units[] = {
	{"s", 1},
	{"sec", 1},
	{"secs", 1},
	{"second", 1},
	{"seconds", 1},
	{"second(s)", 1},
	{"m", 60},
	{"min", 60},
	{"mins", 60},
	{"minute", 60},
	{"minutes", 60},
	{"minute(s)", 60},
	{"h", 3600},
	{"hr", 3600},
	{"hrs", 3600},
	{"hour", 3600},
	{"hours", 3600},
	{"hour(s)", 3600},
	{"day", 86400},
	{"days", 86400},
};

struct scan {
	struct mp_str s;
	size_t at;
};

static char peek(const struct scan *sc)
{
	return sc->at < sc->s.n ? sc->s.p[sc->at] : '\0';
}

static bool number(struct scan *sc, uint32_t *out)
{
	size_t from = sc->at;
	uint64_t v;

	while (mp_isdigit(peek(sc)))
		sc->at++;
	if (!mp_str_u64(mp_strn(sc->s.p + from, sc->at - from), SMTP_RETRY_MAX_S, &v)) {
		sc->at = from;
		return false;
	}
	*out = (uint32_t)v;
	return true;
}

static uint32_t unit(struct scan *sc)
{
	size_t from = sc->at, n;
	struct mp_str word;

	while (peek(sc) == ' ' || peek(sc) == '-')
		sc->at++;
	word = mp_strn(sc->s.p + sc->at, sc->s.n - sc->at);
	for (n = 0; n < word.n && (mp_isalpha(word.p[n]) || (n && (word.p[n] == '(' || word.p[n] == ')')));)
		n++;
	/* "(300 seconds)": the bracket is not the unit's */
	for (; n; n--) {
		for (size_t i = 0; i < ARRAY_LEN(units); i++)
			if (mp_str_ieq(mp_strn(word.p, n), mp_str(units[i].name))) {
				sc->at += n;
				return units[i].seconds;
			}
		if (word.p[n - 1] != ')')
			break;
	}
	sc->at = from;
	return 0;
}

/* The word before the place, without what stands around it. */
static struct mp_str word_before(const struct scan *sc)
{
	size_t end = sc->at, from;

	while (end && !mp_isalpha(sc->s.p[end - 1]) && sc->s.p[end - 1] != '.' && sc->s.p[end - 1] != ';')
		end--;
	for (from = end; from && mp_isalpha(sc->s.p[from - 1]);)
		from--;
	return mp_strn(sc->s.p + from, end - from);
}

static bool among(struct mp_str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mp_str_ieq(word, mp_str(list[i])))
			return true;
	return false;
}

/* "00:04:59" behind its first number. */
static bool clock_time(struct scan *sc, uint32_t first, uint32_t *out)
{
	uint32_t parts[3] = {first, 0, 0};
	size_t n = 1, from = sc->at;

	while (n < 3 && peek(sc) == ':') {
		size_t digits = ++sc->at;

		if (!number(sc, &parts[n]) || sc->at - digits != 2 || parts[n] > 59)
			break;
		n++;
	}
	if (n < 2 || peek(sc) == ':' || mp_isalpha(peek(sc))) { /* an IPv6 address, say */
		sc->at = from;
		return false;
	}
	*out = n == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : parts[0] * 60 + parts[1];
	return true;
}

/* "5 minutes and 30 seconds" behind its first number and unit. */
static uint32_t more_units(struct scan *sc)
{
	uint32_t sum = 0, v, u;

	while (sum <= SMTP_RETRY_MAX_S) {
		struct scan ahead = *sc;

		while (peek(&ahead) == ' ' || peek(&ahead) == ',')
			ahead.at++;
		if (mp_str_istarts(mp_strn(ahead.s.p + ahead.at, ahead.s.n - ahead.at), "and "))
			ahead.at += 4;
		if (!number(&ahead, &v) || !(u = unit(&ahead)) || v > SMTP_RETRY_MAX_S / u)
			return sum;
		sum += v * u;
		*sc = ahead;
	}
	return sum;
}

/* The time that begins at the number here, 0 if that is none. The place is behind the number then. */
static uint32_t time_here(struct scan *sc)
{
	struct mp_str before = word_before(sc);
	bool set = sc->at && sc->s.p[sc->at - 1] == '=';
	size_t next;
	uint32_t v, u, all;

	if (!number(sc, &v)) {
		while (mp_isdigit(peek(sc)))
			sc->at++;
		return 0;
	}
	if (among(before, spans, ARRAY_LEN(spans)))
		return 0;
	if (clock_time(sc, v, &all))
		return all;
	if ((u = unit(sc)))
		return v <= SMTP_RETRY_MAX_S / u ? v * u + more_units(sc) : 0;
	/* A bare number: where nothing else than seconds can be meant; not the head of an address, nor of another unit. */
	for (next = sc->at; next < sc->s.n && sc->s.p[next] == ' ';)
		next++;
	if (peek(sc) != '-' && peek(sc) != ':' && !(next < sc->s.n && mp_isalnum(sc->s.p[next])) &&
		!(peek(sc) == '.' && sc->at + 1 < sc->s.n && mp_isdigit(sc->s.p[sc->at + 1])) &&
		(set || among(before, leads, ARRAY_LEN(leads))))
		return v;
	return 0;
}

bool smtp_retry_after(struct mp_str text, uint32_t *seconds)
{
	struct scan sc = {text, 0};
	bool about = false;

	for (size_t i = 0; i < ARRAY_LEN(words) && !about; i++)
		about = mp_str_ifind(text, words[i]) >= 0;
	while (about && sc.at < text.n) {
		uint32_t v;

		if (!mp_isdigit(peek(&sc)) || (sc.at && (mp_isalnum(text.p[sc.at - 1]) || text.p[sc.at - 1] == '.'))) {
			sc.at++;
			continue;
		}
		v = time_here(&sc);
		if (v && v <= SMTP_RETRY_MAX_S) {
			*seconds = v;
			return true;
		}
	}
	return false;
}

bool smtp_reply_retry_after(const struct smtp_reply *r, uint32_t *seconds)
{
	for (size_t i = 0; r && i < r->n_lines; i++)
		if (smtp_retry_after(mp_str(smtp_line_text(r->lines[i])), seconds))
			return true;
	return false;
}
