/* tests/unit/test_report_write.c - the table of forms, the JSON form, files, the progress line */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "reports/progress.h"
#include "reports/report.h"
#include "tests/unit/row.h"

/* ---- the table */

static void forms(void **state)
{
	static const struct {
		const char *path, *name; /* name: NULL when the ending is none of ours */
	} rows[] = {{"report.txt", "text"}, {"a/b.json", "json"}, {"REPORT.JSON", "json"}, {".txt", "text"},
		{"report.json.txt", "text"}, {"report.pdf", NULL}, {"report", NULL}, {"txt", NULL}, {"", NULL},
		{"report.txt/", NULL}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct rep_format *f = rep_format_by_ending(rows[i].path);

		row_str(rows[i].path, f ? f->name : NULL, rows[i].name);
	}
	assert_null(rep_format_by_ending(NULL));
	assert_ptr_equal(rep_format_by_name("text"), &rep_text);
	assert_ptr_equal(rep_format_by_name("json"), &rep_json);
	assert_null(rep_format_by_name("Text"));
	assert_null(rep_format_by_name(""));
	assert_null(rep_format_by_name(NULL));
}

/* Names and endings are unique, and a row found by them is that row. */
static void table_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; rep_formats[i]; i++) {
		const struct rep_format *f = rep_formats[i];

		assert_ptr_equal(rep_format_by_name(f->name), f);
		assert_non_null(f->write);
		assert_non_null(f->suffixes[0]);
		for (size_t k = 0; k < ARRAY_LEN(f->suffixes) && f->suffixes[k]; k++) {
			row_int(f->name, f->suffixes[k][0], '.');
			assert_ptr_equal(rep_format_by_ending(f->suffixes[k]), f);
		}
	}
}

static void json_form(void **state)
{
	static const char want[] = "{\n"
				   "  \"schema\": \"mailprobe.report/1\",\n"
				   "  \"b\": [\n"
				   "    1.5,\n"
				   "    null,\n"
				   "    \"\\\"\\\\\\u0001</script>\xc3\xbc\"\n"
				   "  ],\n"
				   "  \"a\": {}\n"
				   "}\n";
	json_t *j = json_object(), *list = json_array(), *again;
	struct mp_buf b = MP_BUF(1000), small = MP_BUF(20);
	struct mp_err err = {.msg = ""};

	(void)state;
	mp_jset_str(j, "schema", "mailprobe.report/1");
	mp_jpush(list, json_real(1.5));
	mp_jpush(list, json_null());
	mp_jpush(list, json_string("\"\\\x01</script>\xc3\xbc"));
	mp_jset(j, "b", list);
	mp_jset(j, "a", json_object());
	assert_int_equal(rep_json.write(j, &(struct rep_style){.color = true, .quiet = true}, &b, &err), MP_OK);
	assert_string_equal(mp_buf_cstr(&b), want);
	again = mp_json_parse(mp_buf_str(&b), &err);
	assert_true(json_equal(j, again));
	assert_int_equal(rep_json.write(j, &(struct rep_style){0}, &small, &err), MP_ELIMIT);
	assert_string_equal(err.msg, "the report is larger than 20 bytes");
	json_decref(again);
	json_decref(j);
	mp_buf_release(&small);
	mp_buf_release(&b);
}

/* ---- files */

struct folder {
	struct mp_arena *a;
	const char *path;
};

static int make_folder(void **state)
{
	struct folder *f = mp_xcalloc(1, sizeof(*f));
	const char *tmp = getenv("TMPDIR");
	char *path;

	f->a = mp_arena_new();
	path = mp_printf(f->a, "%s/mailprobe-test-XXXXXX", tmp ? tmp : "/tmp");
	f->path = mkdtemp(path);
	*state = f;
	return f->path ? 0 : -1;
}

static const char *in(const struct folder *f, const char *name)
{
	return mp_printf(f->a, "%s/%s", f->path, name);
}

static int drop_folder(void **state)
{
	static const char *const names[] = {"a.txt", "b.txt", "link", "fifo", "out", "sub/a.txt"};
	struct folder *f = *state;
	int left;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(in(f, names[i]));
	rmdir(in(f, "sub"));
	/* Fails when a temporary file was left behind. */
	left = rmdir(f->path);
	mp_arena_free(f->a);
	free(f);
	return left;
}

static void put_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static const char *get_file(const struct folder *f, const char *path)
{
	char text[256];
	ssize_t n;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return "(none)";
	n = read(fd, text, sizeof(text));
	close(fd);
	return n < 0 ? "(unreadable)" : mp_dupn(f->a, text, (size_t)n);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static ino_t inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_ino;
}

static void write_ok(const char *path, const char *text)
{
	struct mp_err err = {.msg = ""};

	if (rep_file_check(path, &err) != MP_OK || rep_file_write(path, mp_str(text), &err) != MP_OK)
		fail_msg("%s: %s", path, err.msg);
}

static void new_and_replaced(void **state)
{
	const struct folder *f = *state;
	const char *path = in(f, "a.txt");
	struct mp_err err = {.msg = ""};
	mode_t mask = umask(027);
	ino_t first;

	/* Asking leaves nothing behind, and changes nothing. */
	assert_int_equal(rep_file_check(path, &err), MP_OK);
	assert_string_equal(get_file(f, path), "(none)");
	write_ok(path, "one\n");
	umask(mask);
	assert_string_equal(get_file(f, path), "one\n");
	assert_int_equal(mode_of(path), 0640);
	first = inode_of(path);
	assert_int_equal(rep_file_check(path, &err), MP_OK);
	assert_string_equal(get_file(f, path), "one\n");

	/* Another file under the same name: whoever reads the old one reads it to its end. */
	assert_int_equal(chmod(path, 0604), 0);
	write_ok(path, "2\n");
	assert_string_equal(get_file(f, path), "2\n");
	assert_int_equal(mode_of(path), 0604);
	assert_true(inode_of(path) != first);
	write_ok(path, "");
	assert_string_equal(get_file(f, path), "");
}

static void in_the_working_folder(void **state)
{
	const struct folder *f = *state;
	int here = open(".", O_RDONLY);

	assert_true(here >= 0);
	assert_int_equal(chdir(f->path), 0);
	write_ok("a.txt", "one\n");
	write_ok("a.txt", "two\n");
	assert_int_equal(fchdir(here), 0);
	close(here);
	assert_string_equal(get_file(f, in(f, "a.txt")), "two\n");
}

static void links(void **state)
{
	const struct folder *f = *state;
	const char *path = in(f, "a.txt"), *link_path = in(f, "link"), *other = in(f, "b.txt");
	struct stat st;
	ino_t kept;

	/* Through a symbolic link: the file it leads to, in its own folder; the link stays. */
	assert_int_equal(mkdir(in(f, "sub"), 0700), 0);
	put_file(in(f, "sub/a.txt"), "old", 0600);
	assert_int_equal(symlink("sub/a.txt", link_path), 0);
	write_ok(link_path, "new");
	assert_string_equal(get_file(f, in(f, "sub/a.txt")), "new");
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));

	/* To nothing: its file is made. */
	assert_int_equal(unlink(in(f, "sub/a.txt")), 0);
	write_ok(link_path, "made");
	assert_string_equal(get_file(f, in(f, "sub/a.txt")), "made");
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));

	/* Two names of one file stay two names of one file. */
	put_file(path, "a longer text", 0600);
	assert_int_equal(link(path, other), 0);
	kept = inode_of(path);
	write_ok(path, "short");
	assert_string_equal(get_file(f, other), "short");
	assert_int_equal(inode_of(path), kept);
}

static void no_plain_files(void **state)
{
	const struct folder *f = *state;
	const char *fifo = in(f, "fifo");
	char got[16] = "";
	struct stat st;
	int fd;

	write_ok("/dev/null", "lost");
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));

	assert_int_equal(mkfifo(fifo, 0600), 0);
	fd = open(fifo, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	write_ok(fifo, "through");
	assert_int_equal(read(fd, got, sizeof(got)), 7);
	assert_string_equal(got, "through");
	close(fd);
	assert_int_equal(lstat(fifo, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

static void standard_output(void **state)
{
	const struct folder *f = *state;
	int saved, fd = open(in(f, "out"), O_RDWR | O_CREAT, 0600), rc;
	struct mp_err err = {.msg = ""};

	assert_true(fd >= 0);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	assert_true(saved >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	rc = rep_file_write("-", mp_str("shown"), &err);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(fd);
	assert_int_equal(rc, MP_OK);
	assert_int_equal(rep_file_check("-", &err), MP_OK);
	assert_string_equal(get_file(f, in(f, "out")), "shown");
}

static void cannot_be_written(void **state)
{
	const struct folder *f = *state;
	const struct {
		const char *path, *why;
		bool root_can; /* permissions do not bind root */
	} rows[] = {
		{in(f, "missing/a.txt"), "No such file or directory", false},
		{f->path, "Is a directory", false},
		{in(f, "a.txt/b.txt"), "Not a directory", false},
		{"", "No such file or directory", false},
		{in(f, "b.txt"), "Permission denied", true},
	};
	struct mp_err err;

	put_file(in(f, "a.txt"), "x", 0600);
	put_file(in(f, "b.txt"), "read only", 0400);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].root_can && geteuid() == 0)
			continue;
		for (int k = 0; k < 2; k++) {
			int rc;

			err = (struct mp_err){.msg = ""};
			rc = k ? rep_file_write(rows[i].path, mp_str("x"), &err) : rep_file_check(rows[i].path, &err);
			row_int(rows[i].path, rc, MP_EIO);
			row_int(rows[i].path, err.code, MP_EIO);
			if (!strstr(err.msg, rows[i].why) || strncmp(err.msg, "cannot write ", 13) != 0)
				fail_msg("row '%s': got \"%s\", want \"cannot write ...: %s\"", rows[i].path, err.msg,
					rows[i].why);
		}
	}
	assert_string_equal(get_file(f, in(f, "b.txt")), "read only");
	/* A full device, where the system has one to try. */
	if (access("/dev/full", W_OK) == 0) {
		err = (struct mp_err){.msg = ""};
		assert_int_equal(rep_file_write("/dev/full", mp_str("x"), &err), MP_EIO);
		assert_int_equal(err.sys, ENOSPC);
	}
}

/* ---- the progress line */

struct terminal {
	int master, slave;
};

static int open_terminal(void **state)
{
	struct terminal *t = mp_xcalloc(1, sizeof(*t));
	struct winsize size = {.ws_col = 60, .ws_row = 24};
	struct termios raw;
	const char *name;

	t->slave = -1;
	t->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (t->master >= 0 && grantpt(t->master) == 0 && unlockpt(t->master) == 0 && (name = ptsname(t->master)))
		t->slave = open(name, O_RDWR | O_NOCTTY);
	*state = t;
	if (t->slave < 0)
		return 0;
	fcntl(t->master, F_SETFL, O_NONBLOCK);
	if (tcgetattr(t->slave, &raw) != 0)
		return -1;
	raw.c_oflag &= ~(tcflag_t)OPOST;
	return tcsetattr(t->slave, TCSANOW, &raw) == 0 && ioctl(t->slave, TIOCSWINSZ, &size) == 0 ? 0 : -1;
}

static int close_terminal(void **state)
{
	struct terminal *t = *state;

	if (t->slave >= 0)
		close(t->slave);
	if (t->master >= 0)
		close(t->master);
	free(t);
	return 0;
}

/* What has come to the terminal since the last call. */
static const char *on_screen(const struct terminal *t)
{
	static char text[1024];
	ssize_t n = read(t->master, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void progress(void **state)
{
	const struct terminal *t = *state;
	struct winsize wide = {.ws_col = 30, .ws_row = 24};
	struct rep_progress *p;

	if (t->slave < 0)
		skip();
	p = rep_progress_new(t->slave, "xterm");
	rep_progress_show(p, "too early to tell", REP_PROGRESS_AFTER_MS - 1);
	rep_progress_clear(p);
	assert_string_equal(on_screen(t), "");
	rep_progress_show(p, "mx1.example.net: waiting for the banner", 3200);
	assert_string_equal(on_screen(t), "\r\x1b[Kmailprobe: 3 s  mx1.example.net: waiting for the banner");
	/* The same line is not drawn again; another second or another text is. */
	rep_progress_show(p, "mx1.example.net: waiting for the banner", 3900);
	assert_string_equal(on_screen(t), "");
	rep_progress_show(p, "mx1.example.net: waiting for the banner", 4000);
	assert_string_equal(on_screen(t), "\r\x1b[Kmailprobe: 4 s  mx1.example.net: waiting for the banner");
	rep_progress_show(p, "judging", 4100);
	assert_string_equal(on_screen(t), "\r\x1b[Kmailprobe: 4 s  judging");
	/* Cut to the width that the terminal has now, less the last column; no text moves the cursor. */
	assert_int_equal(ioctl(t->slave, TIOCSWINSZ, &wide), 0);
	rep_progress_show(p, "mx1.example.net: waiting for the banner", 5000);
	assert_string_equal(on_screen(t), "\r\x1b[Kmailprobe: 5 s  mx1.exampl...");
	rep_progress_show(p, "\x1b[2J\n\xff", 5000);
	assert_string_equal(on_screen(t), "\r\x1b[Kmailprobe: 5 s  \\x1b[2J\\x0...");
	rep_progress_clear(p);
	assert_string_equal(on_screen(t), "\r\x1b[K");
	rep_progress_clear(p);
	assert_string_equal(on_screen(t), "");
	rep_progress_show(p, NULL, 6000);
	assert_string_equal(on_screen(t), "\r\x1b[Kmailprobe: 6 s");
	rep_progress_free(p);
	assert_string_equal(on_screen(t), "\r\x1b[K");
	rep_progress_free(NULL);
}

static void no_progress(void **state)
{
	static const char *const terms[] = {"dumb", "", NULL};
	const struct terminal *t = *state;
	struct rep_progress *p;
	int pipes[2];
	char c;

	for (size_t i = 0; i < ARRAY_LEN(terms) && t->slave >= 0; i++) {
		p = rep_progress_new(t->slave, terms[i]);
		rep_progress_show(p, "waiting", 5000);
		rep_progress_free(p);
		row_str(terms[i] ? terms[i] : "no TERM", on_screen(t), "");
	}
	assert_int_equal(pipe(pipes), 0);
	p = rep_progress_new(pipes[1], "xterm");
	rep_progress_show(p, "waiting", 5000);
	rep_progress_free(p);
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &c, 1), 0);
	close(pipes[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(json_form),
		cmocka_unit_test_setup_teardown(new_and_replaced, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(in_the_working_folder, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(links, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(no_plain_files, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(standard_output, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(cannot_be_written, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(progress, open_terminal, close_terminal),
		cmocka_unit_test_setup_teardown(no_progress, open_terminal, close_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
