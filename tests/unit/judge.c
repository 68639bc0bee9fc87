/* tests/unit/judge.c - see tests/unit/judge.h */
#include "tests/unit/judge.h"

#include "tests/unit/row.h"
#include "tests/world/zone.h"

enum { MAX_STEPS = 32 };

void judge_case(struct mp_case *c, struct mp_source sources[static JUDGE_SOURCES], const char *ips, const char *ehlo)
{
	static const char *const resolvers[] = {"127.0.0.1:53"};
	struct mp_str rest = mp_str(ips), part = {0};

	memset(c, 0, sizeof(*c));
	memset(sources, 0, JUDGE_SOURCES * sizeof(*sources));
	c->command = "check";
	c->run_id = "0123456789abcdef";
	c->nonce = "nobodyhas123";
	c->started_ms = JUDGE_STARTED;
	c->hostname = "mail.example.com";
	c->fqdn = "mail.example.com";
	c->ehlo = ehlo;
	c->ehlo_origin = "--ehlo";
	c->mail_from = "postmaster@example.com";
	c->header_from = "postmaster@example.com";
	c->domain = "example.com";
	c->sources = sources;
	while (mp_str_split(&rest, ' ', &part)) {
		assert_true(c->n_sources < JUDGE_SOURCES);
		assert_true(mp_ip_parse(part, &sources[c->n_sources++].address));
	}
	c->resolvers = resolvers;
	c->n_resolvers = ARRAY_LEN(resolvers);
	c->ns_port = 53;
	c->mta_sts_port = MP_HTTPS_PORT;
	c->timeout_ms = 120000;
}

static void begin(struct mp_judge *j, struct mp_arena *a, struct mp_evidence *ev, const struct mp_check *check,
	const struct mp_case *c, size_t source)
{
	if (j->keep)
		json_decref(j->keep);
	mp_arena_reset(a);
	*j = (struct mp_judge){.a = a, .ev = ev, .c = c, .check = check, .source = source, .keep = json_array()};
}

static void same_result(const char *label, const struct mp_result *got, const struct mp_result *want)
{
	row_str(label, got->subject, want->subject);
	row_int(label, got->status, want->status);
	row_str(label, got->summary, want->summary);
	row_str(label, got->detail, want->detail);
	row_str(label, got->fix, want->fix);
	row_bool(label, json_equal(got->values, want->values), true);
}

/* The same judge over the evidence as it comes back from a saved report, with nothing left to ask. */
static void replay(const char *label, const struct judge_run *r)
{
	const struct mp_kind *const kinds[] = {&dns_kind, &mp_fetch_kind};
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_arena *a = mp_arena_new();
	json_t *saved = mp_evidence_to_json(r->ev, kinds, ARRAY_LEN(kinds));
	struct mp_judge j = {0};
	struct mp_err err = {0};

	if (mp_evidence_from_json(ev, kinds, ARRAY_LEN(kinds), saved, &err) != MP_OK)
		fail_msg("row '%s': the evidence does not come back: %s", label, err.msg);
	begin(&j, a, ev, r->judge.check, r->judge.c, r->judge.source);
	row_int(label, r->judge.check->judge(&j), MP_SETTLED);
	row_int(label, (long long)j.n_results, (long long)r->judge.n_results);
	for (size_t i = 0; i < j.n_results; i++)
		same_result(label, &j.results[i], &r->judge.results[i]);
	json_decref(saved);
	json_decref(j.keep);
	mp_arena_free(a);
	mp_evidence_free(ev);
}

static const struct judge_page *web;

void judge_web(const struct judge_page *pages)
{
	web = pages;
}

/* As probe/fetcher.c answers: a large document is cut to what is asked of it. */
void judge_fetch(struct mp_evidence *ev, struct mp_question *question)
{
	const struct mp_fetch_question *q = question->params;
	const struct mp_fetch_use *use = mp_fetch_use_by_name(q->use);
	struct mp_arena *a = mp_evidence_arena(ev);
	struct mp_fetch_answer *ans = mp_alloc(a, sizeof(*ans));
	const struct judge_page *page = web;

	while (page && page->url && strcmp(page->url, mp_fetch_url(a, q)) != 0)
		page++;
	if (page && page->url && q->n_addresses) {
		*ans = (struct mp_fetch_answer){.outcome = page->outcome,
			.status = page->status,
			.content_type = page->type,
			.location = page->location,
			.body = mp_str(page->body ? page->body : ""),
			.took_ms = page->took_ms,
			.fetched_ms = page->fetched_ms};
		if (use->cut && use->cut(a, ans->body, q->about))
			ans->body = mp_str(use->cut(a, ans->body, q->about));
	} else {
		ans->outcome = MP_FETCH_UNREACHABLE;
	}
	if (ans->outcome != MP_FETCHED) {
		ans->reason = ans->body.n ? ans->body.p : "connection refused";
		ans->body = mp_strn(NULL, 0);
	}
	mp_evidence_answer(ev, question, ans);
}

/* Answer what the judge left wanted. */
static void feed(const char *label, const struct world_zone *z, struct mp_evidence *ev)
{
	struct mp_question *q;

	while ((q = world_zone_feed(z, ev))) {
		if (!web || q->kind != &mp_fetch_kind)
			fail_msg("row '%s': the judge asked for something that is no look-up", label);
		judge_fetch(ev, q);
	}
}

void judge_run(struct judge_run *out, const char *label, const struct mp_check *check, const struct mp_case *c,
	size_t source, const char *zone)
{
	struct mp_err err = {0};
	struct world_zone *z;

	memset(out, 0, sizeof(*out));
	out->arena = mp_arena_new();
	out->ev = mp_evidence_new();
	z = world_zone_parse(mp_evidence_arena(out->ev), zone, &err);
	if (!z)
		fail_msg("row '%s': the zone: %s", label, err.msg);
	for (;;) {
		size_t before = mp_evidence_answered(out->ev);

		begin(&out->judge, out->arena, out->ev, check, c, source);
		if (check->judge(&out->judge) == MP_SETTLED)
			break;
		feed(label, z, out->ev);
		if (mp_evidence_answered(out->ev) == before)
			fail_msg("row '%s': the judge is pending and asks for nothing", label);
		if (++out->steps > MAX_STEPS)
			fail_msg("row '%s': the judge does not settle", label);
	}
	out->questions = mp_evidence_answered(out->ev);
	replay(label, out);
}

void judge_release(struct judge_run *r)
{
	json_decref(r->judge.keep);
	mp_arena_free(r->arena);
	mp_evidence_free(r->ev);
}

void judge_check_form(const char *label, const struct mp_result *r)
{
	size_t n = strlen(r->summary);

	if (n < 2 || r->summary[n - 1] != '.' || r->summary[n - 2] == '.' || r->summary[n - 2] == ' ')
		fail_msg("row '%s': no sentence: \"%s\"", label, r->summary);
	if ((r->status == MP_WARN || r->status == MP_FAIL) && (!r->fix || r->fix[strlen(r->fix) - 1] != '.'))
		fail_msg("row '%s': no fix, or no sentence: \"%s\"", label, r->fix ? r->fix : "(null)");
	if (r->detail && (!r->detail[0] || strstr(r->detail, "..")))
		fail_msg("row '%s': detail \"%s\"", label, r->detail);
	row_bool(label, json_is_object(r->values), true);
	if (r->check->per == MP_PER_SOURCE)
		row_bool(label, mp_jget_str(r->values, "ip", NULL) != NULL, true);
}

size_t judge_expect(const char *label, const struct judge_want *want, const struct mp_case *c, size_t source,
	const char *zone, size_t nth)
{
	struct judge_run run;
	const struct mp_result *r;
	size_t wrong = 0;

	judge_run(&run, label, want->check, c, source, zone);
	if (nth >= run.judge.n_results)
		fail_msg("row '%s': %s gives %zu results", label, want->check->id, run.judge.n_results);
	r = &run.judge.results[nth];
	judge_check_form(label, r);
	if (r->status != want->status) {
		print_error("row '%s': %s: got %s, want %s: \"%s\"\n", label, want->check->id,
			mp_status_name(r->status), mp_status_name(want->status), r->summary);
		wrong++;
	}
	if (strcmp(r->subject, want->subject) != 0) {
		print_error("row '%s': %s: subject: got \"%s\", want \"%s\"\n", label, want->check->id, r->subject,
			want->subject);
		wrong++;
	}
	for (size_t i = 0; i < ARRAY_LEN(want->words) && want->words[i]; i++)
		if (!strstr(r->summary, want->words[i])) {
			print_error("row '%s': %s: \"%s\" lacks \"%s\"\n", label, want->check->id, r->summary,
				want->words[i]);
			wrong++;
		}
	judge_release(&run);
	return wrong;
}
