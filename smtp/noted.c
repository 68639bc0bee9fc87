/* smtp/noted.c - see smtp/noted.h */
#include "base/text.h"
#include "smtp/noted.h"

enum { VALUE_SHOWN = 400 };

#define NEUTRAL SMTP_NOTED_NEUTRAL
#define GOOD SMTP_NOTED_GOOD
#define BAD SMTP_NOTED_BAD

/* ---- fields, and how each is read */

struct work {
	struct mp_arena *a;
	struct smtp_noted *out;
	size_t n, at;
	const struct field *field;
};

struct field {
	const char *name, *by;
	void (*read)(struct work *w, const char *text);
	const char *words; /* of read_text: stands before the value */
};

/* Not longer than is shown. */
static const char *cut(struct mp_arena *a, const char *text)
{
	struct mp_str v = mp_str(text);

	if (v.n <= VALUE_SHOWN)
		return text;
	while (v.n > VALUE_SHOWN || (v.n && ((unsigned char)v.p[v.n] & 0xc0) == 0x80))
		v.n--;
	return mp_printf(a, "%.*s...", (int)v.n, v.p);
}

/* What the same one said in another field already is not said again. */
static void add(struct work *w, const char *key, const char *value, const char *words, enum smtp_mood mood)
{
	words = cut(w->a, words);
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->out[i].by, w->field->by) == 0 && strcmp(w->out[i].words, words) == 0)
			return;
	if (w->n == SMTP_NOTED_MAX)
		return;
	w->out[w->n++] = (struct smtp_noted){w->field->by, w->field->name, key, cut(w->a, value), words, mood, w->at};
}

/* ---- codes and what they mean */

static const struct code {
	const char *key, *value; /* value ending in '*': any that begins so */
	const char *words;
	enum smtp_mood mood;
} codes[] = {
	{"SCL", "-1", "not filtered at all (a safe sender, a rule, or mail from within)", GOOD},
	{"SCL", "0", "spam confidence 0: not spam", GOOD},
	{"SCL", "1", "spam confidence 1: not spam", GOOD},
	{"SCL", "2", "spam confidence 2: below what is taken for spam", NEUTRAL},
	{"SCL", "3", "spam confidence 3: below what is taken for spam", NEUTRAL},
	{"SCL", "4", "spam confidence 4: below what is taken for spam", NEUTRAL},
	{"SCL", "5", "spam confidence 5: taken for spam, goes to Junk", BAD},
	{"SCL", "6", "spam confidence 6: taken for spam, goes to Junk", BAD},
	{"SCL", "7", "spam confidence 7: surely spam", BAD},
	{"SCL", "8", "spam confidence 8: surely spam", BAD},
	{"SCL", "9", "spam confidence 9: surely spam", BAD},
	{"SFV", "NSPM", "the filter found no spam", GOOD},
	{"SFV", "SPM", "the filter took it for spam", BAD},
	{"SFV", "BLK", "the recipient has blocked this sender", BAD},
	{"SFV", "SFE", "the recipient holds this sender for safe; not filtered", GOOD},
	{"SFV", "SKA", "allowed by the organization's policy; not filtered", GOOD},
	{"SFV", "SKB", "blocked by the organization's policy", BAD},
	{"SFV", "SKI", "mail within the organization; not filtered", GOOD},
	{"SFV", "SKN", "held for no spam before the filter, by a rule", GOOD},
	{"SFV", "SKQ", "released from quarantine", NEUTRAL},
	{"SFV", "SKS", "held for spam before the filter, by a rule", BAD},
	{"CAT", "NONE", "no category of threats", GOOD},
	{"CAT", "AMP", "category: malware", BAD},
	{"CAT", "BULK", "category: bulk mail", BAD},
	{"CAT", "BIMP", "category: impersonates a brand", BAD},
	{"CAT", "DIMP", "category: impersonates a domain", BAD},
	{"CAT", "FTBP", "category: a type of file that is not allowed", BAD},
	{"CAT", "GIMP", "category: impersonates a known contact", BAD},
	{"CAT", "HPHSH", "category: surely phishing", BAD},
	{"CAT", "HPHISH", "category: surely phishing", BAD},
	{"CAT", "HSPM", "category: surely spam", BAD},
	{"CAT", "INTOS", "category: phishing within the organization", BAD},
	{"CAT", "MALW", "category: malware", BAD},
	{"CAT", "OSPM", "category: outgoing spam", BAD},
	{"CAT", "PHSH", "category: phishing", BAD},
	{"CAT", "SAP", "category: a dangerous attachment", BAD},
	{"CAT", "SPM", "category: spam", BAD},
	{"CAT", "SPOOF", "category: a forged sender", BAD},
	{"CAT", "UIMP", "category: impersonates a user", BAD},
	{"IPV", "CAL", "the sending address is on the organization's list of allowed ones", GOOD},
	{"IPV", "NLI", "the sending address is on no list", NEUTRAL},
	{"SRV", "BULK", "taken for bulk mail", BAD},
	{"PTR", "InfoDomainNonexistent", "the sending address has no reverse name (PTR)", BAD},
	{"PTR", "InfoNoRecords", "the sending address has no reverse name (PTR)", BAD},
	{"dest", "I", "the mailbox put it into the inbox", GOOD},
	{"dest", "J", "the mailbox put it into Junk", BAD},
	{"SFTY", "9.19", "safety tip: impersonates a domain", BAD},
	{"SFTY", "9.20", "safety tip: impersonates a user", BAD},
	{"SFTY", "9.25", "safety tip: the first message from this sender", NEUTRAL},
	{"SFTY", "9.*", "safety tip: looks like phishing", BAD},
	{"BCL", "0", "bulk complaint level 0: not from a bulk sender", GOOD},
	{"BCL", "1", "bulk complaint level 1: a bulk sender with few complaints", NEUTRAL},
	{"BCL", "2", "bulk complaint level 2: a bulk sender with few complaints", NEUTRAL},
	{"BCL", "3", "bulk complaint level 3: a bulk sender with few complaints", NEUTRAL},
	{"BCL", "4", "bulk complaint level 4: a bulk sender with complaints", BAD},
	{"BCL", "5", "bulk complaint level 5: a bulk sender with complaints", BAD},
	{"BCL", "6", "bulk complaint level 6: a bulk sender with complaints", BAD},
	{"BCL", "7", "bulk complaint level 7: a bulk sender with complaints, the limit at which it is junk", BAD},
	{"BCL", "8", "bulk complaint level 8: a bulk sender with many complaints", BAD},
	{"BCL", "9", "bulk complaint level 9: a bulk sender with many complaints", BAD},
};

static const struct code *find_code(const char *key, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		size_t n = strlen(codes[i].value);
		bool prefix = codes[i].value[n - 1] == '*';

		if (mp_ieq(key, codes[i].key) &&
			(prefix ? strncmp(value, codes[i].value, n - 1) == 0 : mp_ieq(value, codes[i].value)))
			return &codes[i];
	}
	return NULL;
}

/* Codes that say for themselves what they are. */
static const struct {
	const char *key, *words;
} plain_keys[] = {{"CTRY", "the country of the sending address is %s"}, {"CIP", "the sending address was %s"},
	{"PTR", "its reverse name was %s"}, {"H", "it announced itself as %s"}, {"LANG", "the language is %s"}};

static void add_code(struct work *w, const char *key, const char *value)
{
	const struct code *c = find_code(key, value);

	if (c) {
		add(w, key, value, c->words, c->mood);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(plain_keys); i++) {
		struct mp_str words = mp_str(plain_keys[i].words);

		if (mp_ieq(key, plain_keys[i].key) && *value)
			add(w, key, value, mp_printf(w->a, "%.*s%s", (int)words.n - 2, words.p, value), NEUTRAL);
	}
}

/* ---- forms of fields */

/* "CIP:192.0.2.1;CTRY:DE;SCL:1;" */
static void read_pairs(struct work *w, const char *text)
{
	struct mp_str rest = mp_str(text), pair, key;

	while (mp_str_split(&rest, ';', &pair)) {
		pair = mp_str_trim(pair);
		if (mp_str_split(&pair, ':', &key) && key.n && key.n < 16)
			add_code(w, mp_dupstr(w->a, key), mp_dupstr(w->a, mp_str_trim(pair)));
	}
}

static void read_scl(struct work *w, const char *text)
{
	add_code(w, "SCL", text);
}

static void read_text(struct work *w, const char *text)
{
	add(w, NULL, text, mp_printf(w->a, "%s%s", w->field->words, text), NEUTRAL);
}

static void read_bad(struct work *w, const char *text)
{
	add(w, NULL, text, mp_printf(w->a, "%s%s", w->field->words, text), BAD);
}

static bool says_yes(const char *text)
{
	return mp_str_istarts(mp_str(text), "yes") || mp_str_istarts(mp_str(text), "true") || mp_ieq(text, "1");
}

static void read_flag(struct work *w, const char *text)
{
	bool yes = says_yes(text);

	add(w, NULL, text, mp_printf(w->a, "%s%s", yes ? "" : "not ", w->field->words), yes ? BAD : GOOD);
}

/* The word behind "key=", up to white space; NULL: none. */
static const char *after(struct mp_arena *a, const char *text, const char *key)
{
	struct mp_str s = mp_str(text);
	ptrdiff_t at = mp_str_ifind(s, key);
	size_t n = 0;

	if (!s.p || at < 0)
		return NULL;
	s = mp_strn(s.p + at + strlen(key), s.n - (size_t)at - strlen(key));
	while (n < s.n && s.p[n] != ' ' && s.p[n] != ';')
		n++;
	return n ? mp_dupn(a, s.p, n) : NULL;
}

/*
 * "A,B", "[A=1.2, B=-1.9]", "A(1.2)[option]; B(-1.9)[]": the names, with the points where these are told. Options quote
 * the message, and are left out.
 */
static void add_rules(struct work *w, const char *key, struct mp_str list, char between)
{
	enum { MANY = 40, NAME = 60 };
	struct mp_buf b = MP_BUF(MANY * (NAME + 40));
	struct mp_str rest = list, one;
	size_t n = 0;

	while (n < MANY && mp_str_split(&rest, between, &one)) {
		size_t name = 0, points = 0;

		while (one.n && (one.p[0] == '[' || one.p[0] == ' '))
			one = mp_strn(one.p + 1, one.n - 1);
		while (name < one.n && (mp_isalnum((unsigned char)one.p[name]) || one.p[name] == '_'))
			name++;
		if (!name || name > NAME || mp_str_ieq(mp_strn(one.p, name), MP_LIT("none")))
			continue;
		mp_buf_addf(&b, "%s%.*s", n++ ? ", " : "", (int)name, one.p);
		if (name == one.n || (one.p[name] != '=' && one.p[name] != '('))
			continue;
		one = mp_strn(one.p + name + 1, one.n - name - 1);
		while (points < one.n && points < 8 && one.p[points] && strchr("-+.0123456789", one.p[points]))
			points++;
		if (points)
			mp_buf_addf(&b, " (%.*s)", (int)points, one.p);
	}
	if (n)
		add(w, key, mp_dupstr(w->a, mp_str_trim(list)),
			mp_printf(w->a, "the rules that hit: %s", mp_buf_cstr(&b)), NEUTRAL);
	mp_buf_release(&b);
}

/* "Yes, score=5.1 required=5.0 tests=A,B,C autolearn=no"; folding leaves blanks behind the commas of tests. */
static void read_spamassassin(struct work *w, const char *text)
{
	const char *score = after(w->a, text, "score="), *need = after(w->a, text, "required=");
	ptrdiff_t tests = mp_str_ifind(mp_str(text), "tests="), end = mp_str_ifind(mp_str(text), " autolearn=");
	bool yes = says_yes(text);

	add(w, NULL, text,
		mp_printf(w->a, "%s%s%s%s%s", yes ? "taken for spam" : "not taken for spam", score ? ", score " : "",
			score ? score : "", need ? " of " : "", need ? need : ""),
		yes ? BAD : GOOD);
	if (tests >= 0) {
		tests += (ptrdiff_t)strlen("tests=");
		if (end < tests)
			end = (ptrdiff_t)strlen(text);
		add_rules(w, "tests", mp_strn(text + tests, (size_t)(end - tests)), ',');
	}
}

/*
 * "default: False [2.30 / 15.00]; SYMBOL(1.00)[option]; ...": the score, and the one from which on it refuses mail, which
 * is all that True and False are about. What it marks as spam below that, other fields tell.
 */
static void read_rspamd(struct work *w, const char *text)
{
	struct mp_str rest = mp_str(text), head, score;
	const char *words = "";
	ptrdiff_t open, close;
	bool yes;

	if (!mp_str_split(&rest, ';', &head))
		return;
	open = mp_str_ifind(head, "[");
	close = mp_str_ifind(head, "]");
	yes = mp_str_ifind(head, "True") >= 0;
	if (open >= 0 && close > open) {
		struct mp_str limit = mp_strn(head.p + open + 1, (size_t)(close - open - 1));

		if (mp_str_split(&limit, '/', &score) && limit.p) {
			score = mp_str_trim(score);
			limit = mp_str_trim(limit);
			words = mp_printf(w->a, "score %.*s of the %.*s from which on it refuses mail", (int)score.n,
				score.p, (int)limit.n, limit.p);
		}
	}
	if (yes || *words)
		add(w, NULL, mp_dupstr(w->a, mp_str_trim(head)),
			mp_printf(w->a, "%s%s%s", yes ? "taken for spam" : "", yes && *words ? ", " : "", words),
			yes ? BAD : NEUTRAL);
	add_rules(w, "symbols", rest, ';');
}

static void read_rspamd_action(struct work *w, const char *text)
{
	static const char *const good[] = {"no action", "greylist"};
	bool fine = mp_ieq(text, good[0]) || mp_ieq(text, good[1]);

	add(w, NULL, text, mp_printf(w->a, "its action: %s", text), fine ? GOOD : BAD);
}

/* "rule=notspam policy=default score=0 ..." */
static void read_proofpoint(struct work *w, const char *text)
{
	const char *rule = after(w->a, text, "rule="), *score = after(w->a, text, " score="),
		   *bulk = after(w->a, text, " bulkscore=");
	bool fine = rule && mp_str_ifind(mp_str(rule), "notspam") >= 0;

	if (rule)
		add(w, "rule", rule,
			mp_printf(w->a, "its rule: %s%s%s%s%s", rule, score ? ", spam score " : "", score ? score : "",
				bulk ? ", bulk score " : "", bulk ? bulk : ""),
			fine ? GOOD : BAD);
}

/* "notjunk:1;V03:..." of GMX and WEB.DE */
static void read_ui_filter(struct work *w, const char *text)
{
	bool fine = mp_str_istarts(mp_str(text), "notjunk:");

	add(w, NULL, fine ? "notjunk" : "junk", fine ? "not taken for spam" : "taken for spam", fine ? GOOD : BAD);
}

/* "pass (google.com: domain of ...) client-ip=192.0.2.10;"; who may have written it is not told, so it is no verdict. */
static void read_spf(struct work *w, const char *text)
{
	static const char *const results[] = {"pass", "fail", "softfail", "neutral", "none", "permerror", "temperror"};
	const char *ip = after(w->a, text, "client-ip=");
	struct mp_str rest = mp_str(text), word;

	if (!mp_str_split(&rest, ' ', &word))
		return;
	for (size_t i = 0; i < w->n; i++)
		if (w->out[i].field == w->field->name)
			return; /* the uppermost is the receiver's */
	for (size_t i = 0; i < ARRAY_LEN(results); i++)
		if (mp_str_ieq(word, mp_str(results[i])))
			add(w, results[i], text,
				mp_printf(w->a, "SPF %s%s%s", results[i], ip ? " for " : "", ip ? ip : ""), NEUTRAL);
}

/* "INBOX", "Junk" */
static void read_folder(struct work *w, const char *text)
{
	bool junk = mp_str_ifind(mp_str(text), "junk") >= 0 || mp_str_ifind(mp_str(text), "spam") >= 0;

	add(w, NULL, text, mp_printf(w->a, "%s%s", w->field->words, text), junk ? BAD : GOOD);
}

static const struct field fields[] = {
	{"Received-SPF", "the receiver", read_spf, NULL},
	{"X-Forefront-Antispam-Report", "Microsoft", read_pairs, NULL},
	{"X-Microsoft-Antispam", "Microsoft", read_pairs, NULL},
	{"X-MS-Exchange-Organization-SCL", "Microsoft", read_scl, NULL},
	{"X-Microsoft-Antispam-Mailbox-Delivery", "Microsoft", read_pairs, NULL},
	{"X-Gm-Spam", "Gmail", read_flag, "taken for spam"},
	{"X-Gm-Phishy", "Gmail", read_flag, "taken for phishing"},
	{"X-Gmail-Labels", "Gmail", read_folder, "labels: "},
	{"X-Apparently-To", "Yahoo", read_text, "delivered to "},
	{"X-YahooFilteredBulk", "Yahoo", read_bad, "put into Bulk, its folder for spam, because of "},
	{"X-Apple-MoveToFolder", "iCloud", read_folder, "put into the folder "},
	{"X-Apple-Action", "iCloud", read_folder, "its action: "},
	{"X-Proofpoint-Spam-Details", "Proofpoint", read_proofpoint, NULL},
	{"X-Mimecast-Spam-Score", "Mimecast", read_text, "spam score "},
	{"X-Mimecast-Bulk-Signature", "Mimecast", read_flag, "taken for bulk mail"},
	{"X-Barracuda-Spam-Status", "Barracuda", read_spamassassin, NULL},
	{"X-UI-Filterresults", "GMX and WEB.DE", read_ui_filter, NULL},
	{"X-Spamd-Result", "rspamd", read_rspamd, NULL},
	{"X-Rspamd-Action", "rspamd", read_rspamd_action, NULL},
	{"X-Rspamd-Score", "rspamd", read_text, "score "},
	{"X-Spam", "the spam filter", read_flag, "taken for spam"},
	{"X-Spam-Status", "SpamAssassin", read_spamassassin, NULL},
	{"X-Spam-Flag", "the spam filter", read_flag, "taken for spam"},
	{"X-Spam-Score", "the spam filter", read_text, "score "},
	{"X-Spam-Report", "SpamAssassin", read_text, "its report: "},
};

size_t smtp_noted_read(struct mp_arena *a, const struct smtp_header *h, struct smtp_noted out[static SMTP_NOTED_MAX])
{
	struct work w = {.a = a, .out = out};

	for (w.at = 0; w.at < h->n; w.at++)
		for (size_t i = 0; i < ARRAY_LEN(fields); i++)
			if (smtp_field_is(&h->field[w.at], fields[i].name)) {
				w.field = &fields[i];
				w.field->read(&w, smtp_field_text(a, &h->field[w.at]));
			}
	return w.n;
}

/* ---- composite authentication: the first digit, and two that are told apart */

const char *smtp_noted_compauth(const char *reason)
{
	static const struct {
		const char *reason, *words;
	} reasons[] = {
		{"000", "DMARC failed, and the domain's policy is quarantine or reject"},
		{"001", "nothing authenticates the sender's domain, which publishes no strict policy"},
		{"002", "the organization refuses forged mail of this pair of sender and domain"},
		{"010", "DMARC failed for one of the organization's own domains"},
		{"1", "authentication passed"},
		{"2", "authentication passed in part"},
		{"3", "it was not checked"},
		{"4", "the check was bypassed"},
		{"6", "authentication failed for one of the organization's own domains"},
		{"7", "authentication passed, by what is known of the sender"},
		{"9", "the check was bypassed"},
	};

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (strncmp(reason, reasons[i].reason, strlen(reasons[i].reason)) == 0)
			return reasons[i].words;
	return NULL;
}
