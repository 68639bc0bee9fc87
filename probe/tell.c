/* probe/tell.c - see probe/tell.h */
#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "probe/redact.h"
#include "probe/tell.h"
#include "reports/report.h"

enum { MAX_OUTPUT = 256 * 1024 * 1024 };

/* COLUMNS says what its user wants, in a pipe too (POSIX); else the terminal's width; 0: not known. */
static unsigned terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize w;
	unsigned n = 0;

	while (columns && mp_isdigit(*columns) && n < 10000)
		n = n * 10 + (unsigned)(*columns++ - '0');
	if (columns && !*columns && n)
		return n;
	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 ? w.ws_col : 0;
}

/* NO_COLOR (no-color.org) and a dumb terminal ask for none. */
static bool terminal_has_color(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && *term && strcmp(term, "dumb") != 0;
}

static bool locale_is_utf8(void)
{
	setlocale(LC_CTYPE, "");
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

struct rep_style mp_style(const struct mp_options *o, bool single, bool to_stdout)
{
	struct rep_style s = {
		.verbose = o->verbose,
		.quiet = o->quiet && to_stdout,
		.single = single,
		.unicode = locale_is_utf8(),
	};

	if (to_stdout) {
		s.width = terminal_width();
		s.color =
			o->color == MP_ALWAYS || (o->color == MP_AUTO && isatty(STDOUT_FILENO) && terminal_has_color());
	}
	return s;
}

/* --request WHAT: the texts of that kind and nothing else. */
static bool print_requests(const struct mp_run *r, const char *what)
{
	const struct mp_conclusion *con = mp_run_conclusion(r);
	size_t n = 0;

	for (size_t i = 0; i < con->n_findings; i++) {
		const struct mp_finding *f = &con->findings[i];

		if (!f->request || strcmp(f->request_kind, what) != 0)
			continue;
		printf("%s%s", n++ ? "\n" : "", f->request);
	}
	if (!n)
		fprintf(stderr, "mailprobe: nothing to request: no finding of this run asks for a text '%s'\n", what);
	return n > 0;
}

static int tell(const struct mp_run *r, const struct mp_evidence *ev, const struct mp_run_facts *facts,
	const struct mp_options *o)
{
	json_t *report = mp_report_build(r, ev, facts), *single = facts->replayed_ms ? NULL : mp_report_single(r);
	int rc = mp_exit_status(r);

	for (size_t i = 0; i <= o->n_outputs; i++) {
		bool to_stdout = i == o->n_outputs;
		const struct rep_format *form = to_stdout ? o->format : o->outputs[i].format;
		struct rep_style style = mp_style(o, !(mp_run_scope(mp_run_case(r)) & MP_IN_PROBE), to_stdout);
		struct mp_buf text = MP_BUF(MAX_OUTPUT);
		struct mp_err err = {.msg = ""};

		if (to_stdout && o->request) {
			print_requests(r, o->request);
		} else if (form->write(single && to_stdout && form == &rep_json ? single : report, &style, &text,
				   &err) != MP_OK ||
			   rep_file_write(to_stdout ? "-" : o->outputs[i].path, mp_buf_str(&text), &err) != MP_OK) {
			fprintf(stderr, "mailprobe: %s\n", err.msg);
			rc = MP_EXIT_IO;
		}
		mp_buf_release(&text);
	}
	json_decref(report);
	json_decref(single);
	return rc;
}

/* The same run with the evidence redacted and judged again; what is told of it is told of that. */
static int tell_redacted(const struct mp_run *r, const struct mp_evidence *ev, const struct mp_run_facts *facts,
	const struct mp_options *o)
{
	json_t *report = mp_report_build(r, ev, facts), *evidence = mp_redact(mp_jget(report, "evidence")),
	       *again = NULL;
	struct mp_arena *a = mp_arena_new();
	struct mp_evidence *copy = mp_evidence_new();
	struct mp_run_facts redacted = *facts;
	struct mp_buf lines = MP_BUF(MAX_OUTPUT);
	struct mp_err err = {.msg = ""};
	struct mp_run *run = NULL;
	struct mp_case c;
	int rc = MP_EXIT_INTERNAL;

	redacted.redacted = true;
	if (mp_report_evidence(evidence, a, &c, copy, &err) != MP_OK) {
		fprintf(stderr, "mailprobe: the redacted report cannot be read back: %s\n", err.msg);
		goto out;
	}
	run = mp_run_new(&c, copy, mp_run_scope(&c));
	if (!mp_run_judge(run))
		goto out;
	again = mp_report_build(run, copy, &redacted);
	if (mp_redact_changed(report, again, &lines))
		fprintf(stderr, "mailprobe: without the real names this is judged otherwise:\n%s", mp_buf_cstr(&lines));
	rc = tell(run, copy, &redacted, o);
	if (rc != MP_EXIT_IO)
		rc = mp_exit_status(r);
out:
	json_decref(report);
	json_decref(evidence);
	json_decref(again);
	mp_buf_release(&lines);
	mp_run_free(run);
	mp_evidence_free(copy);
	mp_arena_free(a);
	return rc;
}

int mp_tell(const struct mp_run *r, const struct mp_evidence *ev, const struct mp_run_facts *facts,
	const struct mp_options *o)
{
	return o->redact ? tell_redacted(r, ev, facts, o) : tell(r, ev, facts, o);
}
