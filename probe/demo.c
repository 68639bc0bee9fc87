/* probe/demo.c - see probe/demo.h */
#include <uv.h>

#include "base/text.h"
#include "probe/compose.h"
#include "probe/demo.h"
#include "probe/filters.h"
#include "probe/live.h"
#include "probe/mailboxes.h"
#include "probe/tell.h"
#include "tests/world/world.h"

#define DEFAULT_SCENARIO "no-ptr"

static void list_scenarios(void)
{
	printf("Scenarios of `mailprobe demo SCENARIO` (default: " DEFAULT_SCENARIO "):\n\n");
	for (size_t i = 0; i < world_n_scenarios; i++)
		printf("  %-20s %s\n", world_scenarios[i].id, world_scenarios[i].title);
}

static const struct world_scenario *choose(const struct mp_options *o)
{
	const char *id = o->n_args ? o->args[0] : DEFAULT_SCENARIO, *nearest = NULL;
	const struct world_scenario *s = world_scenario_by_id(id);
	size_t best = 4;

	for (size_t i = 0; !s && i < world_n_scenarios; i++) {
		size_t d = mp_typo_distance(mp_str(id), mp_str(world_scenarios[i].id));

		if (d < best) {
			best = d;
			nearest = world_scenarios[i].id;
		}
	}
	if (!s)
		fprintf(stderr, "mailprobe: no scenario '%.60s'%s%s%s (mailprobe demo --list shows them)\n", id,
			nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
	return s;
}

/* The scenario's arguments as a user would type them, behind the program's name; no configuration of this host counts. */
static char **arguments(struct mp_arena *a, const struct world *w, const char *argv0, int *argc)
{
	const char *const *list;
	size_t n = world_argv(w, &list);
	char **argv = mp_allocn(a, n + 4, sizeof(*argv));

	argv[0] = mp_dup(a, argv0);
	argv[1] = mp_dup(a, "--config");
	argv[2] = mp_dup(a, "/dev/null");
	for (size_t i = 0; i < n; i++)
		argv[i + 3] = mp_dup(a, list[i]);
	*argc = (int)n + 3;
	return argv;
}

static void introduce(const struct world_scenario *s)
{
	fprintf(stderr,
		"Demo '%s': %s.\n%s\nEverything happens on loopback, with built-in receivers and name servers.\n\n",
		s->id, s->title, s->story);
}

static void stop_world(void *w)
{
	world_stop(w);
}

static int run(struct mp_arena *a, const struct world_scenario *s, const char *argv0, const struct mp_options *user,
	uv_loop_t *loop, struct world *w)
{
	struct mp_options o;
	struct mp_err err = {.msg = ""};
	struct mp_run_facts facts = {0};
	struct mp_live live = {.progress = !user->quiet, .loop = loop, .at_end = stop_world, .data = w};
	struct mp_buf why = MP_BUF(65536);
	struct mp_mailbox_secret *secrets = NULL;
	char *password = NULL;
	struct mp_evidence *ev;
	struct mp_run *r;
	struct mp_case c;
	json_t *report;
	int argc, rc;
	char **argv = arguments(a, w, argv0, &argc);

	if (mp_options_parse(a, argc, argv, &o, &err) != MP_OK || mp_case_build(a, &o, &c, &err) != MP_OK ||
		mp_compose(a, &o, &c, &live.messages, &live.n_messages, &err) != MP_OK ||
		mp_filters_password(a, &o, &password, &err) != MP_OK ||
		mp_mailbox_secrets(a, &o, &c, &secrets, &live.n_mailbox_secrets, &err) != MP_OK) {
		fprintf(stderr, "mailprobe: the scenario's arguments are refused: %s\n", err.msg);
		world_stop(w);
		uv_run(loop, UV_RUN_DEFAULT);
		return MP_EXIT_INTERNAL;
	}
	live.ca_file = o.ca_file;
	live.mailbox_secrets = secrets;
	live.rspamd_password = password;
	ev = mp_evidence_new();
	r = mp_run_new(&c, ev, mp_run_scope(&c));
	if (mp_live_run(r, ev, &live, &facts, &err) != MP_OK) {
		fprintf(stderr, "mailprobe: %s\n", err.msg);
		rc = MP_EXIT_INTERNAL;
	} else {
		rc = mp_tell(r, ev, &facts, user);
		report = mp_report_build(r, ev, &facts);
		if (rc == MP_EXIT_IO) {
			/* said already */
		} else if (facts.interrupted) {
			fprintf(stderr, "\nThe run was ended early: nothing to compare with the scenario's promise.\n");
		} else if (world_promise_kept(s, report, rc, &why)) {
			fprintf(stderr,
				"\nThe report is what this scenario promises (exit status of a real run: %d).\n", rc);
			rc = 0;
		} else {
			fprintf(stderr, "\nmailprobe: the report differs from what the scenario promises:\n%s",
				mp_buf_cstr(&why));
			rc = MP_EXIT_INTERNAL;
		}
		json_decref(report);
	}
	mp_buf_release(&why);
	mp_run_free(r);
	mp_evidence_free(ev);
	return rc;
}

int mp_demo(struct mp_arena *a, const char *argv0, const struct mp_options *o)
{
	const struct world_scenario *s;
	struct mp_err err = {.msg = ""};
	struct world *w;
	uv_loop_t loop;
	int rc;

	if (o->list) {
		list_scenarios();
		return 0;
	}
	s = choose(o);
	if (!s)
		return MP_EXIT_USAGE;
	if (uv_loop_init(&loop) != 0)
		return MP_EXIT_INTERNAL;
	w = world_start(&loop, s, &err);
	if (!w) {
		fprintf(stderr, "mailprobe: the scenario cannot be started here: %s\n", err.msg);
		uv_run(&loop, UV_RUN_DEFAULT);
		uv_loop_close(&loop);
		return MP_EXIT_INTERNAL;
	}
	if (!o->quiet)
		introduce(s);
	rc = run(a, s, argv0, o, &loop, w);
	world_free(w);
	if (uv_loop_close(&loop) != 0 && rc == 0)
		rc = MP_EXIT_INTERNAL;
	return rc;
}
