/* reports/html_path.c - the way of the mail as a drawing: host, PTR, EHLO, address, MX, TLS, answer */
#include "reports/compare.h"
#include "reports/html.h"

enum {
	MAX_PATHS = 50, /* drawings on one page */
	OPEN_PATHS = 3, /* of them shown without asking */
};

/* One box. What leads to it stands for how the two agree. */
struct box {
	const char *label, *means; /* the term, and what it is in plain words */
	const char *value, *more;
	enum rep_state state;
	const char *why; /* the summary of the check that counts, where it does not hold */
	bool linked;     /* `link` says how it agrees with the box before; without it, as the box stands */
	enum rep_state link;
};

/* Whose way it is. */
struct way {
	const json_t *source;  /* of sender.sources */
	const json_t *target;  /* NULL: the sender's side alone */
	const json_t *session; /* NULL: none was held */
	const char *ip;        /* the local address, as values.ip has it */
};

static bool one_of(const char *id, const char *const *ids)
{
	for (; id && *ids; ids++)
		if (strcmp(id, *ids) == 0)
			return true;
	return false;
}

/* Whether a check's values.ip is this source, by its local address or by the one that receivers see. */
static bool of_source(const struct way *w, const char *ip)
{
	return !ip || !w->ip || strcmp(ip, w->ip) == 0 || rep_is(w->source, "seen_as", ip);
}

/* How a check stands: one that a fault rests on is at fault, though by itself it would be a warning. */
static enum rep_state state_of(struct rep_html *h, const json_t *check)
{
	enum rep_state state = rep_html_check_state(check);

	for (size_t i = 0; state == REP_WARN && i < rep_len(h->report, "findings"); i++) {
		const json_t *f = rep_at(h->report, "findings", i);

		for (size_t k = 0; rep_is(f, "status", "fail") && k < rep_len(f, "because"); k++) {
			const json_t *b = rep_at(f, "because", k);
			const char *id = rep_str(b, "check"), *subject = rep_str(b, "subject"), *ip = rep_str(b, "ip");

			if (id && rep_is(check, "id", id) && (!subject || rep_is(check, "subject", subject)) &&
				(!ip || rep_is(mp_jget(check, "values"), "ip", ip)))
				return REP_BAD;
		}
	}
	return state;
}

/* Let the checks of these ids, this subject (NULL: any) and this source decide on the box. Returns the first of them. */
static const json_t *judge(
	struct rep_html *h, const struct way *w, const char *const *ids, const char *subject, struct box *b)
{
	const json_t *first = NULL;

	for (size_t i = 0; i < rep_len(h->report, "checks"); i++) {
		const json_t *c = rep_at(h->report, "checks", i);
		const char *ip = rep_str(mp_jget(c, "values"), "ip");
		enum rep_state state;

		if (!one_of(rep_str(c, "id"), ids) || !of_source(w, ip) || (subject && !rep_is(c, "subject", subject)))
			continue;
		state = state_of(h, c);
		first = first ? first : c;
		if (state >= b->state)
			continue;
		b->state = state;
		b->why = state <= REP_UNKNOWN ? rep_str(c, "summary") : NULL;
	}
	return first;
}

static struct box host_box(struct rep_html *h, const struct way *w)
{
	static const char *const ids[] = {"egress.port25", NULL};
	const char *seen = rep_str(w->source, "seen_as"), *address = rep_str(w->source, "address");
	struct box b = {.label = "This host",
		.means = "the address that mail leaves from",
		.value = seen      ? seen
			 : address ? address
				   : w->ip,
		.more = rep_str(mp_jget(h->report, "sender"), "hostname"),
		.state = REP_NONE};

	judge(h, w, ids, NULL, &b);
	/* Where nothing is known against it, the host is simply there. */
	if (b.state > REP_UNKNOWN)
		b.state = REP_GOOD;
	return b;
}

/* How the check of this id stands alone. */
static enum rep_state stands(struct rep_html *h, const struct way *w, const char *id)
{
	struct box b = {.state = REP_NONE};

	judge(h, w, (const char *const[]){id, NULL}, NULL, &b);
	return b.state;
}

static struct box ptr_box(struct rep_html *h, const struct way *w)
{
	static const char *const exists[] = {"ptr.exists", NULL}, *const leads[] = {"ptr.fcrdns", NULL};
	static const char *const ids[] = {
		"ptr.exists", "ptr.single", "ptr.generic", "ptr.syntax", "ptr.propagation", NULL};
	struct box b = {.label = "PTR record",
		.means = "the name that the DNS has for that address (reverse DNS)",
		.state = REP_NONE};
	const json_t *c = judge(h, w, exists, NULL, &b);

	b.value = rep_html_list(h, mp_jget(c, "values"), "names");
	if (!b.value)
		b.value = b.state == REP_BAD                           ? "none"
			  : b.state <= REP_WARN || b.state == REP_GOOD ? "there"
								       : "not known";
	judge(h, w, ids, NULL, &b);
	/* A name that leads elsewhere is at fault itself; where that is not known, it is the address that is not. */
	if (stands(h, w, "ptr.fcrdns") <= REP_WARN) {
		enum rep_state there = b.state;
		const json_t *forward = judge(h, w, leads, NULL, &b);
		const char *addresses = rep_html_list(h, mp_jget(forward, "values"), "addresses");

		b.more = addresses ? mp_printf(h->a, "leads to %s", addresses) : "leads to nothing";
		/* It is the address's name all the same. */
		b.linked = true;
		b.link = there;
	}
	return b;
}

/* Whether the session ended before anything of the kind could take place. */
static bool ended_by(const json_t *session, const char *const *stages)
{
	return session && one_of(rep_str(session, "stage"), stages);
}

static const char *const before_ehlo[] = {"connect", "banner", NULL};
static const char *const before_tls[] = {"connect", "banner", "ehlo", NULL};

static struct box ehlo_box(struct rep_html *h, const struct way *w, const struct box *ptr)
{
	/* A name that leads nowhere is the wrong name, or a right one without its record: it stands at the name. */
	static const char *const own[] = {"ehlo.syntax", "ehlo.resolves", NULL};
	static const char *const both[] = {"ptr.matches_ehlo", NULL};
	struct box b = {.label = "EHLO name",
		.means = "how the server introduces itself",
		.value = rep_str(w->session, "ehlo"),
		.state = REP_NONE};

	if (!b.value)
		b.value = rep_str(mp_jget(h->report, "sender"), "ehlo");
	if (ended_by(w->session, before_ehlo))
		b.more = "no EHLO was sent";
	/* Without a PTR name there is nothing for it to agree with, be it right in itself. */
	b.link = stands(h, w, both[0]);
	b.linked = true;
	judge(h, w, own, NULL, &b);
	/* That the two differ is no fault of a right name where the PTR name is wrong. */
	if (ptr->state != REP_BAD || b.state <= REP_WARN || stands(h, w, "ehlo.matches_source") <= REP_WARN)
		judge(h, w, both, NULL, &b);
	return b;
}

/* What the names lead to: of the check that says the worst its own name, and that there is no address where there is none. */
static struct box address_box(struct rep_html *h, const struct way *w, const struct box *ehlo)
{
	static const char *const ids[][2] = {
		{"ptr.fcrdns", NULL}, {"ehlo.resolves", NULL}, {"ehlo.matches_source", NULL}};
	struct box b = {
		.label = "A / AAAA record", .means = "the address that these names lead back to", .state = REP_NONE};
	enum rep_state leads = stands(h, w, "ehlo.matches_source");

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		enum rep_state before = b.state;
		const json_t *c = judge(h, w, ids[i], NULL, &b), *values = mp_jget(c, "values");
		const char *addresses = rep_html_list(h, values, "addresses"),
			   *names = rep_html_list(h, values, "names");
		const char *of = names ? names : rep_str(c, "subject");

		if (!c || (b.value && b.state >= before))
			continue;
		b.value = addresses ? addresses : rep_html_check_state(c) == REP_BAD ? "none" : b.value;
		b.more = b.value && b.state <= REP_WARN && of ? mp_printf(h->a, "of %s", of) : NULL;
	}
	if (!b.value)
		b.value = b.state == REP_BAD ? "none" : b.state == REP_GOOD ? "leads back" : "not known";
	/* An EHLO name that is none, or leads nowhere, does not lead here: what is here is the PTR name's. */
	if (ehlo->state == REP_BAD && leads != REP_GOOD && leads != REP_UNKNOWN) {
		b.linked = true;
		b.link = REP_BAD;
		if (b.state == REP_GOOD) {
			const json_t *c = judge(h, w, ids[0], NULL, &b);
			const char *names = rep_html_list(h, mp_jget(c, "values"), "names");

			b.means = "the address that the PTR name leads back to";
			b.more = names ? mp_printf(h->a, "of %s", names) : NULL;
		}
	}
	return b;
}

static struct box mx_box(struct rep_html *h, const struct way *w)
{
	static const char *const ids[] = {"mx.target", NULL};
	struct box b = {.label = "MX host", .means = "the receiver's mail server", .state = REP_NONE};

	judge(h, w, ids, rep_str(w->target, "domain"), &b);
	if (!w->session) {
		const char *host = rep_str(rep_at(w->target, "mx", 0), "host");

		b.value = host ? host : "none found";
		return b;
	}
	b.value = rep_str(w->session, "mx");
	b.more = rep_str(w->session, "address");
	if (!b.value || (b.more && strcmp(b.value, b.more) == 0)) {
		b.value = b.more;
		b.more = NULL;
	}
	if (rep_is(w->session, "outcome", "unreachable")) {
		b.state = REP_BAD;
		b.why = rep_outcome(h->a, w->session);
	} else if (b.state > REP_UNKNOWN) {
		b.state = REP_GOOD;
	}
	return b;
}

static struct box tls_box(struct rep_html *h, const struct way *w)
{
	static const char *const ids[] = {
		"smtp.starttls", "tls.certificate", "tls.version", "tls.dane", "tls.mta_sts", "policy.mta_sts", NULL};
	const json_t *s = w->session, *tls = mp_jget(s, "tls");
	const char *verified = rep_str(tls, "verified");
	struct box b = {.label = "TLS",
		.means = "whether the way is encrypted",
		.value = rep_str(tls, "version"),
		.state = REP_NONE};
	char *subject;

	if (!s || ended_by(s, before_tls)) {
		b.value = "not reached";
		b.more = s ? "the session ended before TLS" : NULL;
		return b;
	}
	subject = mp_printf(h->a, "%s [%s]:%d", mp_jget_str(s, "mx", ""), mp_jget_str(s, "address", ""),
		(int)mp_jget_int(s, "port", 25));
	judge(h, w, ids, subject, &b);
	if (b.value) {
		b.state = b.state > REP_UNKNOWN ? REP_GOOD : b.state;
		/* A certificate that verifies, and is not what DANE or MTA-STS wants, is not called verified. */
		b.more = !verified || (b.state != REP_GOOD && strcmp(verified, "none") != 0) ? NULL
			 : strcmp(verified, "none") == 0
				 ? rep_unnamed_words(s) ? "no name to compare" : "certificate not verified"
			 : strcmp(verified, "dane") == 0 ? "certificate verified (DANE)"
							 : "certificate verified";
	} else if (rep_is(s, "outcome", "tls-failed")) {
		b.value = "failed";
		b.state = REP_BAD;
		b.why = rep_outcome(h->a, s);
	} else {
		b.value = "not encrypted";
	}
	return b;
}

static struct box answer_box(struct rep_html *h, const struct way *w)
{
	const json_t *reply = mp_jget(w->session, "reply");
	int64_t code = mp_jget_int(reply, "code", 0);
	struct box b = {.label = "Answer",
		.means = "what the receiver made of it",
		.value = "no session",
		.state = REP_UNKNOWN};

	if (!w->session) {
		b.state = rep_html_verdict_state(rep_str(w->target, "status"));
		b.why = rep_str(w->target, "summary");
		return b;
	}
	b.state = rep_html_outcome_state(w->session);
	b.value = rep_outcome(h->a, w->session);
	if (code)
		b.more = mp_printf(h->a, "%d %s", (int)code, mp_jget_str(reply, "enhanced", ""));
	b.why = b.state == REP_GOOD ? NULL : rep_reply_flowed(h->a, reply);
	return b;
}

static void draw(struct rep_html *h, const struct box *b)
{
	static const char *const said[REP_N_STATES] = {
		"does not hold", "with a warning", "not known", "holds", "noted", "not judged"};

	if (!b->value)
		return;
	rep_html_put(h, "<li class=\"%s\"><span class=\"link %s\"></span><span class=\"mark\">",
		rep_html_class(b->state), rep_html_class(b->linked ? b->link : b->state));
	rep_html_icon(h, b->state);
	rep_html_put(h,
		"</span><div class=\"box\"><p class=\"label\">%s<span class=\"hidden\"> (%s)</span></p>"
		"<p class=\"value\">",
		b->label, said[b->state]);
	rep_html_names(h, b->value);
	rep_html_put(h, "</p>");
	if (b->more) {
		rep_html_put(h, "<p class=\"more\">");
		rep_html_names(h, b->more);
		rep_html_put(h, "</p>");
	}
	rep_html_put(h, "<p class=\"means\">%s</p></div></li>\n", b->means);
}

/* The first finding that this session shows, where no box is at fault for it: what it is called. */
static const char *cause_beside(struct rep_html *h, const struct way *w, const struct box *boxes, size_t n)
{
	for (size_t i = 0; i < rep_len(h->report, "findings"); i++) {
		const json_t *f = rep_at(h->report, "findings", i);
		const char *title = rep_str(f, "title");
		bool of_this = false;

		for (size_t k = 0; k < rep_len(f, "because"); k++)
			of_this = of_this ||
				  (w->session && rep_because_session(h->report, rep_at(f, "because", k)) == w->session);
		if (!of_this || !title || rep_is(f, "status", "info"))
			continue;
		/* The answer is the last of them. */
		for (size_t k = 0; k + 1 < n; k++)
			if (boxes[k].state <= REP_WARN)
				return NULL;
		return title;
	}
	return NULL;
}

static void one_way(struct rep_html *h, const struct way *w)
{
	struct box boxes[7];
	size_t n = 0, told = 0;
	const char *cause;

	boxes[n++] = host_box(h, w);
	boxes[n++] = ptr_box(h, w);
	boxes[n] = ehlo_box(h, w, &boxes[n - 1]);
	n++;
	boxes[n] = address_box(h, w, &boxes[n - 1]);
	n++;
	if (w->target) {
		boxes[n++] = mx_box(h, w);
		boxes[n++] = tls_box(h, w);
		boxes[n++] = answer_box(h, w);
	}
	rep_html_put(h, "<ol class=\"path\">\n");
	for (size_t i = 0; i < n; i++)
		draw(h, &boxes[i]);
	rep_html_put(h, "</ol>\n");
	for (size_t i = 0; i < n; i++) {
		bool told_before = false;

		for (size_t k = 0; k < i; k++)
			told_before = told_before ||
				      (boxes[i].why && boxes[k].why && strcmp(boxes[i].why, boxes[k].why) == 0);
		if (!boxes[i].why || told_before)
			continue;
		if (!told++)
			rep_html_put(h, "<ul class=\"where\">\n");
		rep_html_put(h, "<li class=\"%s\">", rep_html_class(boxes[i].state));
		rep_html_icon(h, boxes[i].state);
		rep_html_put(h, "<span><strong>%s:</strong> %s</span></li>\n", boxes[i].label, boxes[i].why);
	}
	cause = cause_beside(h, w, boxes, n);
	if (cause) {
		rep_html_put(h, told++ ? "<li class=\"bad\">" : "<ul class=\"where\">\n<li class=\"bad\">");
		rep_html_icon(h, REP_BAD);
		rep_html_put(h, "<span><strong>Cause:</strong> %s</span></li>\n", cause);
	}
	if (told)
		rep_html_put(h, "</ul>\n");
}

/* `which`: the server, where a target has several. */
static void titled_way(struct rep_html *h, const struct way *w, const char *which, size_t before)
{
	const char *from = rep_str(w->source, "seen_as");
	bool open = before < OPEN_PATHS;

	rep_html_put(h, open ? "<details class=\"way\" open>" : "<details class=\"way\">");
	rep_html_put(h, "<summary>From %s%s%s%s%s</summary>\n",
		from    ? from
		: w->ip ? w->ip
			: "this host",
		w->target ? " to " : "", w->target ? rep_target_to(h->a, w->target) : "", which ? ", " : "", which);
	one_way(h, w);
	rep_html_put(h, "</details>\n");
}

/* The ways that sessions took from one source, or from any: how many were drawn. */
static size_t ways_from(struct rep_html *h, const json_t *target, const json_t *source, size_t before)
{
	const json_t **all = mp_allocn(h->a, REP_SERVERS_MAX, sizeof(*all)), *one = NULL;
	struct way w = {.source = source, .target = target, .ip = rep_str(source, "address")};
	size_t n = rep_ways(target, all, REP_SERVERS_MAX), drawn = 0;
	bool several = false;

	for (size_t i = 0; i < n; i++) {
		const char *from = rep_str(all[i], "source");

		if (from && w.ip && strcmp(from, w.ip) != 0)
			all[i] = NULL;
		several = several || (one && all[i]);
		one = all[i] ? all[i] : one;
	}
	for (size_t i = 0; i < n && before + drawn < MAX_PATHS; i++) {
		if (!(w.session = all[i]))
			continue;
		w.ip = source ? w.ip : rep_str(w.session, "source");
		titled_way(h, &w, several ? rep_server(h->a, w.session) : NULL, before + drawn++);
	}
	return drawn;
}

void rep_html_path(struct rep_html *h)
{
	const json_t *sender = mp_jget(h->report, "sender");
	size_t targets = rep_len(h->report, "targets"), sources = rep_len(sender, "sources"), drawn = 0;

	if (!targets && !sources)
		return;
	rep_html_put(h,
		"<section aria-labelledby=\"path\">\n<h2 id=\"path\">Mail path</h2>\n"
		"<p class=\"hint\">Receivers want these to fit together: the address has a name, the server uses "
		"such a name, and the name leads back to the address.</p>\n");
	for (size_t t = 0; t < (targets ? targets : 1); t++) {
		const json_t *target = rep_at(h->report, "targets", t);
		size_t before = drawn;

		for (size_t i = 0; i < (sources ? sources : 1) && drawn < MAX_PATHS; i++) {
			struct way w = {.source = rep_at(sender, "sources", i), .target = target};

			w.ip = rep_str(w.source, "address");
			/* Of several sources only those show a way that a session took. */
			if (rep_len(target, "sessions"))
				drawn += ways_from(h, target, w.source, drawn);
			else
				titled_way(h, &w, NULL, drawn++);
		}
		if (drawn == before)
			drawn += ways_from(h, target, NULL, drawn);
		if (drawn == before && drawn < MAX_PATHS)
			titled_way(h, &(struct way){.target = target}, NULL, drawn++);
	}
	if (drawn >= MAX_PATHS)
		rep_html_put(h, "<p class=\"hint\">Further ways are not drawn; their sessions are below.</p>\n");
	rep_html_put(h, "</section>\n");
}
