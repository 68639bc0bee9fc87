/* probe/saved.c - see probe/saved.h */
#include <time.h>

#include "probe/saved.h"
#include "probe/redact.h"
#include "probe/tell.h"
#include "reports/diff.h"

enum { MAX_REPORT = MP_JSON_MAX };

static int64_t wall_clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int read_all(const char *path, struct mp_buf *out, struct mp_err *err)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char chunk[65536];
	size_t n;
	int rc = MP_OK;

	if (!f)
		return mp_fail(err, MP_EIO, "cannot read %s: %m", path);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		if (!mp_buf_add(out, chunk, n)) {
			rc = mp_fail(err, MP_ELIMIT, "%s is larger than %d MiB, no report is", path, MAX_REPORT >> 20);
			break;
		}
	if (rc == MP_OK && ferror(f))
		rc = mp_fail(err, MP_EIO, "cannot read %s: %m", path);
	if (f != stdin)
		fclose(f);
	return rc;
}

/* The document itself, out of a page where it stands in one. */
static int report_json(struct mp_str file, struct mp_str *json, struct mp_err *err)
{
	if (rep_html_is(file))
		return rep_html_data(file, json, err);
	*json = file;
	return MP_OK;
}

/* A saved report: its evidence, and the document unless `tree` is NULL. False, with a line on stderr. */
static bool read_saved(struct mp_arena *a, const char *path, struct mp_case *c, struct mp_evidence *ev,
	struct mp_run_facts *facts, json_t **tree)
{
	struct mp_buf text = MP_BUF(MAX_REPORT);
	struct mp_err err = {.msg = ""}, why = {.msg = ""};
	struct mp_str json;
	bool ok = false;

	if (read_all(path, &text, &err) == MP_OK) {
		ok = report_json(mp_buf_str(&text), &json, &why) == MP_OK &&
		     mp_report_read(json, a, c, ev, facts, &why) == MP_OK;
		if (ok && tree)
			*tree = mp_json_parse(json, &why);
		if (!ok)
			mp_fail(&err, MP_EPARSE, "%.100s: %.150s", path, why.msg);
	}
	if (!ok)
		fprintf(stderr, "mailprobe: %s\n", err.msg);
	mp_buf_release(&text);
	return ok;
}

int mp_replay(struct mp_arena *a, const struct mp_options *o)
{
	struct mp_run_facts facts = {0};
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_run *run = NULL;
	struct mp_case c;
	int rc = MP_EXIT_USAGE;

	if (!read_saved(a, o->args[0], &c, ev, &facts, NULL))
		goto out;
	if (o->redact && strcmp(c.command, "message") == 0) {
		fprintf(stderr, "mailprobe: %s\n", MP_NO_REDACTED_MESSAGE);
	} else {
		facts.replayed_ms = wall_clock_ms();
		run = mp_run_new(&c, ev, mp_run_scope(&c));
		rc = mp_run_judge(run) ? mp_tell(run, ev, &facts, o) : MP_EXIT_INTERNAL;
	}
out:
	mp_run_free(run);
	mp_evidence_free(ev);
	return rc;
}

/* The tree of a report that is whole: its evidence is read as for a replay, though it is not judged. NULL: it is not. */
static json_t *whole_report(struct mp_arena *a, const char *path)
{
	static const char *const lists[] = {"checks", "targets", "findings"};
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_run_facts facts = {0};
	struct mp_case c;
	json_t *tree = NULL;

	if (!read_saved(a, path, &c, ev, &facts, &tree))
		tree = NULL;
	mp_evidence_free(ev);
	for (size_t i = 0; tree && i < ARRAY_LEN(lists); i++)
		if (!mp_jget_array(tree, lists[i]) || !json_is_object(mp_jget(tree, "verdict"))) {
			fprintf(stderr,
				"mailprobe: %.100s: the report holds no judgement (no verdict, or no list of %s)\n",
				path, lists[i]);
			json_decref(tree);
			tree = NULL;
		}
	return tree;
}

static bool write_diff(
	const json_t *diff, const struct rep_format *format, const struct rep_style *style, const char *path)
{
	struct mp_buf out = MP_BUF(MAX_REPORT);
	struct mp_err err = {.msg = ""};
	int rc = format == &rep_json ? rep_json.write(diff, style, &out, &err) : rep_diff_text(diff, style, &out, &err);
	bool ok = rc == MP_OK && rep_file_write(path, mp_buf_str(&out), &err) == MP_OK;

	if (!ok)
		fprintf(stderr, "mailprobe: %s\n", err.msg);
	mp_buf_release(&out);
	return ok;
}

int mp_diff(struct mp_arena *a, const struct mp_options *o)
{
	json_t *old = whole_report(a, o->args[0]), *new = old ? whole_report(a, o->args[1]) : NULL, *diff = NULL;
	int rc = MP_EXIT_USAGE;

	if (!new)
		goto out;
	diff = rep_diff(old, new);
	rc = mp_jget_int(diff, "worse", 0) > 0;
	for (size_t i = 0; i <= o->n_outputs; i++) {
		bool to_stdout = i == o->n_outputs;
		struct rep_style style = mp_style(o, false, to_stdout);

		if (!write_diff(diff, to_stdout ? o->format : o->outputs[i].format, &style,
			    to_stdout ? "-" : o->outputs[i].path))
			rc = MP_EXIT_IO;
	}
out:
	json_decref(old);
	json_decref(new);
	json_decref(diff);
	return rc;
}
