/* probe/main.c - the program: from argv to an exit status */
#include <config.h>

#include <locale.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "probe/cache.h"
#include "probe/compose.h"
#include "probe/demo.h"
#include "probe/explain.h"
#include "probe/filters.h"
#include "probe/help.h"
#include "probe/live.h"
#include "probe/mailboxes.h"
#include "probe/options.h"
#include "probe/raw.h"
#include "probe/saved.h"
#include "probe/tell.h"
#include "probe/usage.h"
#include "probe/watch.h"
#include "reports/report.h"

static int complain(int status, const struct mp_err *err)
{
	fprintf(stderr, "mailprobe: %s\n", err->msg);
	return status;
}

/* The main job, check and the single checks: build the case, let it run, tell. */
static int run_case(struct mp_arena *a, const struct mp_options *o)
{
	struct mp_case c;
	struct mp_err err = {.msg = ""};
	struct mp_run_facts facts = {0};
	struct mp_live live = {.ca_file = o->ca_file,
		.cache_dir = mp_cache_dir(a),
		.secrets = o->raw->secrets,
		.n_secrets = o->raw->n_secrets,
		.progress = !o->quiet};
	struct mp_mailbox_secret *secrets = NULL;
	char *password = NULL;
	struct mp_evidence *ev;
	struct mp_run *run;
	int rc;

	if (mp_case_build(a, o, &c, &err) != MP_OK)
		return complain(err.code == MP_EIO ? MP_EXIT_IO : MP_EXIT_USAGE, &err);
	if (mp_compose(a, o, &c, &live.messages, &live.n_messages, &err) != MP_OK ||
		mp_filters_password(a, o, &password, &err) != MP_OK ||
		mp_mailbox_secrets(a, o, &c, &secrets, &live.n_mailbox_secrets, &err) != MP_OK)
		return complain(MP_EXIT_USAGE, &err);
	live.mailbox_secrets = secrets;
	live.rspamd_password = password;
	ev = mp_evidence_new();
	run = mp_run_new(&c, ev, mp_run_scope(&c));
	rc = mp_live_run(run, ev, &live, &facts, &err);
	if (rc != MP_OK)
		rc = complain(rc == MP_EINVAL ? MP_EXIT_USAGE : MP_EXIT_INTERNAL, &err);
	else
		rc = mp_tell(run, ev, &facts, o);
	mp_mailbox_secrets_wipe(secrets, live.n_mailbox_secrets);
	if (password)
		explicit_bzero(password, strlen(password));
	mp_run_free(run);
	mp_evidence_free(ev);
	return rc;
}

/* Explain; with --check beside what the checks of this host say, which are made first: a log may be without an end. */
static int explain(struct mp_arena *a, const struct mp_options *o)
{
	struct mp_options check = *o;
	struct mp_case c;
	struct mp_err err = {.msg = ""};
	struct mp_run_facts facts = {0};
	struct mp_live live = {.ca_file = o->ca_file,
		.cache_dir = mp_cache_dir(a),
		.secrets = o->raw->secrets,
		.n_secrets = o->raw->n_secrets,
		.progress = !o->quiet};
	struct mp_evidence *ev;
	struct mp_run *run;
	json_t *report;
	int rc;

	if (!o->check)
		return mp_explain(o, NULL);
	check.command = MP_CMD_CHECK;
	check.args = NULL;
	check.n_args = 0;
	if (mp_case_build(a, &check, &c, &err) != MP_OK)
		return complain(err.code == MP_EIO ? MP_EXIT_IO : MP_EXIT_USAGE, &err);
	ev = mp_evidence_new();
	run = mp_run_new(&c, ev, mp_run_scope(&c));
	rc = mp_live_run(run, ev, &live, &facts, &err);
	if (rc != MP_OK) {
		rc = complain(rc == MP_EINVAL ? MP_EXIT_USAGE : MP_EXIT_INTERNAL, &err);
	} else {
		report = mp_report_build(run, ev, &facts);
		rc = mp_explain(o, json_object_get(report, "checks"));
		json_decref(report);
	}
	mp_run_free(run);
	mp_evidence_free(ev);
	return rc;
}

int main(int argc, char **argv)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_options o;
	struct mp_err err = {.msg = ""};
	int rc = 0;

	if (mp_options_parse(a, argc, argv, &o, &err) != MP_OK) {
		rc = complain(err.code == MP_EIO ? MP_EXIT_IO : MP_EXIT_USAGE, &err);
		mp_arena_free(a);
		return rc;
	}
	switch (o.command) {
	case MP_CMD_VERSION:
		puts("mailprobe " PACKAGE_VERSION);
		break;
	case MP_CMD_HELP:
		if (o.n_args)
			rc = mp_help(o.args[0]);
		else
			mp_usage(stdout);
		break;
	case MP_CMD_TARGETS:
		mp_targets_list(stdout, &o);
		break;
	case MP_CMD_REPLAY:
		rc = mp_replay(a, &o);
		break;
	case MP_CMD_DIFF:
		rc = mp_diff(a, &o);
		break;
	case MP_CMD_EXPLAIN:
		rc = explain(a, &o);
		break;
	case MP_CMD_DEMO:
		rc = mp_demo(a, argv[0], &o);
		break;
	default:
		rc = o.watch ? mp_watch(&o) : run_case(a, &o);
		break;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		mp_fail(&err, MP_EIO, "cannot write to standard output: %m");
		rc = complain(MP_EXIT_IO, &err);
	}
	mp_arena_free(a);
	return rc;
}
