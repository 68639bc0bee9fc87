/* tests/unit/test_config.c - the configuration file: its grammar, what it refuses and how it says so, where it is */
#include "probe/config.h"
#include "base/buf.h"
#include "probe/lines.h"
#include "probe/names.h"
#include "tree.h"

static int any(struct mp_arena *a, struct mp_str value, struct mp_err *err)
{
	return mp_fit(a, value, 100, "a text", err);
}

static int port(struct mp_arena *a, struct mp_str value, struct mp_err *err)
{
	uint32_t v;

	return mp_number_parse(a, value, 1, 65535, "a port", &v, err);
}

static const struct mp_config_key keys[] = {{"ehlo", false, any}, {"port", false, port}, {"source", true, any}};
static const struct mp_config_key list_keys[] = {{"enabled", false, any}, {"127.*", false, any}};
static const struct mp_config_kind kinds[] = {
	{"default", NULL, keys, ARRAY_LEN(keys)},
	{"profile", "NAME", keys, ARRAY_LEN(keys)},
	{"dnsbl", "ZONE", list_keys, ARRAY_LEN(list_keys)},
};

static int parse(struct mp_arena *a, struct mp_str text, struct mp_config *c, struct mp_err *err)
{
	return mp_config_parse(a, "f.conf", text, kinds, ARRAY_LEN(kinds), c, err);
}

static void reads(void **state)
{
	static const struct {
		const char *label, *text, *kind, *name, *key, *want;
	} rows[] = {
		{"plain", "[default]\nehlo = a.example\n", "default", "", "ehlo", "a.example"},
		{"no line end", "[default]\nehlo = a.example", "default", "", "ehlo", "a.example"},
		{"CRLF", "[default]\r\nehlo = a.example\r\n", "default", "", "ehlo", "a.example"},
		{"blanks", "\t[ default ]  \n  ehlo\t=\t a b \t\n", "default", "", "ehlo", "a b"},
		{"no blanks", "[default]\nehlo=x\n", "default", "", "ehlo", "x"},
		{"comments", "# a\n; b\n  # c\n[default]\n;ehlo = y\nehlo = x\n", "default", "", "ehlo", "x"},
		{"hash in a value", "[default]\nehlo = a#b;c\n", "default", "", "ehlo", "a#b;c"},
		{"equals in a value", "[default]\nehlo = a=b\n", "default", "", "ehlo", "a=b"},
		{"no quotes", "[default]\nehlo = \"x\"\n", "default", "", "ehlo", "\"x\""},
		{"byte order mark", "\xef\xbb\xbf[default]\nehlo = x\n", "default", "", "ehlo", "x"},
		{"key in capitals", "[default]\nEHLO = x\n", "default", "", "ehlo", "x"},
		{"named section", "[profile Bulk]\nport = 26\n", "profile", "bulk", "port", "26"},
		{"section by its name", "[profile a]\nport = 1\n[profile b]\nport = 2\n", "profile", "b", "port", "2"},
		{"last of a list", "[default]\nsource = 1\nsource = 2, 3\n", "default", "", "source", "3"},
		{"open key", "[dnsbl list.example]\n127.0.0.4 = bots\n", "dnsbl", "list.example", "127.0.0.4", "bots"},
		{"UTF-8", "[default]\nehlo = m\xc3\xbcller\n", "default", "", "ehlo", "m\xc3\xbcller"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		const struct mp_config_section *s;
		struct mp_config c;
		struct mp_err err = {0};

		if (parse(a, mp_str(rows[i].text), &c, &err) != MP_OK)
			fail_msg("row '%s': %s", rows[i].label, err.msg);
		s = mp_config_section(&c, rows[i].kind, rows[i].name);
		if (!s || !mp_config_entry(s, rows[i].key))
			fail_msg("row '%s': not found", rows[i].label);
		row_str(rows[i].label, mp_config_entry(s, rows[i].key)->value, rows[i].want);
		mp_arena_free(a);
	}
}

static void lists_are_entries(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_config c;

	(void)state;
	assert_int_equal(parse(a, MP_LIT("[default]\nsource = 1, 2\nsource=3\n"), &c, NULL), MP_OK);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.sections[0].n, 3);
	assert_string_equal(c.sections[0].entries[1].value, "2");
	assert_string_equal(c.sections[0].entries[1].where, "f.conf:2: source");
	assert_string_equal(c.sections[0].entries[2].where, "f.conf:3: source");
	mp_arena_free(a);
}

static void refuses(void **state)
{
	static const struct {
		const char *label;
		struct mp_str text;
		const char *want; /* the whole message */
	} rows[] = {
		{"unknown key", MP_LIT("[default]\n\nelho = x\n"),
			"f.conf:3: elho: unknown key in [default] (did you mean 'ehlo'?)"},
		{"nothing near", MP_LIT("[default]\ncolour-of-tie = x\n"),
			"f.conf:2: colour-of-tie: unknown key in [default]"},
		{"unknown section", MP_LIT("[defualt]\n"),
			"f.conf:1: unknown section 'defualt' (did you mean 'default'?)"},
		{"before any section", MP_LIT("ehlo = x\n"),
			"f.conf:1: ehlo: stands before the first section; put a line [default] above it"},
		{"no equals", MP_LIT("[default]\nehlo x\n"),
			"f.conf:2: the line is neither a [section] nor KEY = VALUE"},
		{"continuation", MP_LIT("[default]\nehlo = x\n  y\n"),
			"f.conf:3: the line is neither a [section] nor KEY = VALUE"},
		{"no key", MP_LIT("[default]\n= x\n"), "f.conf:2: the line has no key before the '='"},
		{"empty value", MP_LIT("[default]\nehlo =\n"),
			"f.conf:2: ehlo: is empty; give a value, or take the line out"},
		{"empty part", MP_LIT("[default]\nsource = 1,,2\n"), "f.conf:2: source: is empty; it should be a text"},
		{"value out of range", MP_LIT("[default]\nport = 70000\n"),
			"f.conf:2: port: '70000' is out of range: a port is a number from 1 to 65535"},
		{"comment behind a value", MP_LIT("[default]\nport = 25 # smtp\n"),
			"f.conf:2: port: '25 # smtp': a comment needs a line of its own"},
		{"twice", MP_LIT("[default]\nehlo = x\nehlo = y\n"),
			"f.conf:3: ehlo: stands there twice, first at f.conf:2: ehlo"},
		{"section twice", MP_LIT("[profile a]\n[profile A]\n"),
			"f.conf:2: [profile A] stands there twice, first at f.conf:1"},
		{"no name", MP_LIT("[profile]\n"),
			"f.conf:1: [profile] needs a name of at most 64 characters: [profile NAME]"},
		{"a name too many", MP_LIT("[default x]\n"), "f.conf:1: [default] takes no name: 'x'"},
		{"open bracket", MP_LIT("[default\n"),
			"f.conf:1: '[default' should look like [default] or [profile NAME]"},
		{"behind the bracket", MP_LIT("[default] x\n"),
			"f.conf:1: '[default] x' should look like [default] or [profile NAME]"},
		{"NUL", MP_LIT("[default]\nehlo = a\0b\n"),
			"f.conf:2: the line holds a NUL byte; the file should be text"},
		{"not UTF-8", MP_LIT("[default]\nehlo = \xff\xfe\n"), "f.conf:2: the line is not UTF-8 text"},
		{"control character", MP_LIT("[default]\nehlo = a\x1b[31m\n"),
			"f.conf:2: ehlo: 'a\\x1b[31m' holds a control character; it should be a text"},
		{"carriage return inside", MP_LIT("[default]\nehlo = a\rb\n"),
			"f.conf:2: ehlo: 'a\\x0db' holds a line break; it should be a text"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_config c;
		struct mp_err err = {0};

		row_int(rows[i].label, parse(a, rows[i].text, &c, &err), MP_EINVAL);
		row_str(rows[i].label, err.msg, rows[i].want);
		mp_arena_free(a);
	}
}

/* `head`, then n bytes of `fill`. */
static struct mp_str filled(struct mp_buf *b, const char *head, char fill, size_t n)
{
	mp_buf_reset(b);
	mp_buf_adds(b, head);
	for (size_t i = 0; i < n; i++)
		mp_buf_addc(b, fill);
	return mp_buf_str(b);
}

static void keeps_to_bounds(void **state)
{
	struct mp_buf b = MP_BUF(4 * MP_LINES_MAX);
	struct mp_arena *a = mp_arena_new();
	struct mp_config c;
	struct mp_err err;

	(void)state;
	assert_int_equal(parse(a, filled(&b, "[default]\n#", 'x', MP_LINE_MAX - 1), &c, &err), MP_OK);
	assert_int_equal(parse(a, filled(&b, "[default]\n#", 'x', MP_LINE_MAX), &c, &err), MP_EINVAL);
	assert_string_equal(err.msg, "f.conf:2: the line is longer than 4096 bytes");
	assert_int_equal(parse(a, filled(&b, "", '\n', MP_LINES_MAX), &c, &err), MP_OK);
	assert_int_equal(parse(a, filled(&b, "", '\n', MP_LINES_MAX + 1), &c, &err), MP_EINVAL);
	assert_string_equal(err.msg, "f.conf: larger than 1 MiB");
	mp_buf_reset(&b);
	mp_buf_adds(&b, "[default]\n");
	for (int i = 0; i < MP_CONFIG_ENTRIES_MAX; i++)
		mp_buf_adds(&b, "source = 1\n");
	assert_int_equal(parse(a, mp_buf_str(&b), &c, &err), MP_EINVAL);
	assert_string_equal(err.msg, "f.conf: more than 2000 sections and entries");
	mp_buf_release(&b);
	mp_arena_free(a);
}

static void reads_files(void **state)
{
	static const struct tree_file files[] = {{"/ok.conf", "[default]\nehlo = x\n"}, {"/dir/x", ""}, {NULL, NULL}};
	struct mp_arena *a = mp_arena_new();
	struct mp_config c;
	struct mp_err err;
	char root[256];

	(void)state;
	tree_make(root, files);
	assert_int_equal(mp_config_read(a, root, "/ok.conf", kinds, ARRAY_LEN(kinds), &c, &err), MP_OK);
	assert_string_equal(c.sections[0].entries[0].where, "/ok.conf:2: ehlo");
	assert_int_equal(mp_config_read(a, root, "/gone.conf", kinds, ARRAY_LEN(kinds), &c, &err), MP_EINVAL);
	assert_string_equal(err.msg, "cannot read /gone.conf: No such file or directory");
	assert_int_equal(mp_config_read(a, root, "/dir", kinds, ARRAY_LEN(kinds), &c, &err), MP_EINVAL);
	assert_string_equal(err.msg, "cannot read /dir: Is a directory");
	tree_remove(root);
	mp_arena_free(a);
}

static void finds_the_first(void **state)
{
	static const struct {
		const char *label, *xdg, *home;
		struct tree_file files[3];
		const char *want;
	} rows[] = {
		{"none", "/xdg", "/home/u", {{NULL, NULL}}, NULL},
		{"XDG", "/xdg", "/home/u", {{"/xdg/mailprobe/mailprobe.conf", ""}, {"/etc/mailprobe.conf", ""}},
			"/xdg/mailprobe/mailprobe.conf"},
		{"home", NULL, "/home/u",
			{{"/home/u/.config/mailprobe/mailprobe.conf", ""}, {"/etc/mailprobe.conf", ""}},
			"/home/u/.config/mailprobe/mailprobe.conf"},
		{"home is not asked beside XDG", "/xdg", "/home/u", {{"/home/u/.config/mailprobe/mailprobe.conf", ""}},
			NULL},
		{"a relative XDG is none", "xdg", "/home/u", {{"/home/u/.config/mailprobe/mailprobe.conf", ""}},
			"/home/u/.config/mailprobe/mailprobe.conf"},
		{"system", "/xdg", "/home/u", {{"/etc/mailprobe.conf", ""}}, "/etc/mailprobe.conf"},
		{"no home", NULL, NULL, {{"/etc/mailprobe.conf", ""}}, "/etc/mailprobe.conf"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		char root[256];

		tree_make(root, rows[i].files);
		if (rows[i].xdg)
			setenv("XDG_CONFIG_HOME", rows[i].xdg, 1);
		else
			unsetenv("XDG_CONFIG_HOME");
		if (rows[i].home)
			setenv("HOME", rows[i].home, 1);
		else
			unsetenv("HOME");
		row_str(rows[i].label, mp_config_find(a, root), rows[i].want);
		tree_remove(root);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(lists_are_entries),
		cmocka_unit_test(refuses),
		cmocka_unit_test(keeps_to_bounds),
		cmocka_unit_test(reads_files),
		cmocka_unit_test(finds_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
