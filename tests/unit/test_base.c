/* tests/unit/test_base.c - errors, views, readers, buffers, arena, addresses */
#include <arpa/inet.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ip.h"
#include "base/rd.h"
#include "tests/unit/row.h"

/* ---- base.h */

static void errors(void **state)
{
	struct mp_err err = {.code = MP_OK, .sys = 7};
	char big[600];

	(void)state;
	assert_int_equal(mp_fail(&err, MP_EPARSE, "line %d: a\r\nb\x7f\x1b", 3), MP_EPARSE);
	assert_int_equal(err.code, MP_EPARSE);
	assert_int_equal(err.sys, 0);
	assert_string_equal(err.msg, "line 3: a??b??");
	assert_int_equal(mp_fail(NULL, MP_ENET, "nobody reads %s", "this"), MP_ENET);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	mp_fail(&err, MP_ELIMIT, "%s", big);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
}

static void memory(void **state)
{
	char *p = mp_xmalloc(0), *s = mp_xstrdup("text");
	unsigned char *z = mp_xcalloc(3, 5);

	(void)state;
	assert_non_null(p);
	p = mp_xrealloc(p, 0);
	assert_non_null(p);
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(z[i], 0);
	assert_string_equal(s, "text");
	free(p);
	free(s);
	free(z);
}

static void ascii_classes(void **state)
{
	static const char hex[] = "0123456789abcdef";

	(void)state;
	for (int c = -128; c < 256; c++) {
		bool up = c >= 'A' && c <= 'Z', low = c >= 'a' && c <= 'z', dig = c >= '0' && c <= '9';
		char label[16];

		snprintf(label, sizeof(label), "%d", c);
		row_bool(label, mp_isupper(c), up);
		row_bool(label, mp_islower(c), low);
		row_bool(label, mp_isdigit(c), dig);
		row_bool(label, mp_isalpha(c), up || low);
		row_bool(label, mp_isalnum(c), up || low || dig);
		row_bool(label, mp_isprint(c), c >= 32 && c < 127);
		row_bool(label, mp_isblank(c), c == 32 || c == 9);
		row_bool(label, mp_isxdigit(c), mp_hexval(c) >= 0);
		if (mp_hexval(c) >= 0)
			row_int(label, hex[mp_hexval(c)], mp_tolower((char)c));
		row_int(label, mp_tolower((char)c), (char)(up ? c + 32 : c));
		row_int(label, mp_toupper((char)c), (char)(low ? c - 32 : c));
	}
}

static void comparing(void **state)
{
	static const struct {
		const char *label, *a, *b;
		bool eq, ieq, starts, ends;
		int find;
	} rows[] = {
		{"same", "mail.example", "mail.example", true, true, true, true, 0},
		{"case", "Mail.EXAMPLE", "mail.example", false, true, true, true, 0},
		{"prefix", "mail.example", "MAIL.", false, false, true, false, 0},
		{"suffix", "mail.example", ".EXAMPLE", false, false, false, true, 4},
		{"middle", "mail.example", "Il.E", false, false, false, false, 2},
		{"longer", "mail", "mail.example", false, false, false, false, -1},
		{"both empty", "", "", true, true, true, true, 0},
		{"nothing in something", "x", "", false, false, true, true, 0},
		{"something in nothing", "", "x", false, false, false, false, -1},
		{"high bytes are not letters", "\xc4", "\xe4", false, false, false, false, -1},
		{"at sign is not a backquote", "@", "`", false, false, false, false, -1},
		{"bracket is not a brace", "[", "{", false, false, false, false, -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_str a = mp_str(rows[i].a), b = mp_str(rows[i].b);

		row_bool(rows[i].label, mp_str_eq(a, b), rows[i].eq);
		row_bool(rows[i].label, mp_str_ieq(a, b), rows[i].ieq);
		row_bool(rows[i].label, mp_str_istarts(a, rows[i].b), rows[i].starts);
		row_bool(rows[i].label, mp_str_iends(a, rows[i].b), rows[i].ends);
		row_int(rows[i].label, mp_str_ifind(a, rows[i].b), rows[i].find);
		row_bool(rows[i].label, mp_ieq(rows[i].a, rows[i].b), rows[i].ieq);
	}
	assert_true(mp_ieq(NULL, NULL));
	assert_false(mp_ieq(NULL, ""));
	assert_false(mp_ieq("", NULL));
	assert_true(mp_str_eq(mp_str(NULL), mp_str("")));
	assert_true(mp_str_eq(mp_strn("a\0b", 3), mp_strn("a\0b", 3)));
	assert_false(mp_str_eq(mp_strn("a\0b", 3), mp_strn("a\0c", 3)));
	assert_int_equal(mp_str_ifind(mp_str(NULL), "x"), -1);
}

static void trimming(void **state)
{
	static const struct {
		const char *label, *in, *want;
	} rows[] = {
		{"both ends", " \t a b\t ", "a b"},
		{"nothing to do", "a", "a"},
		{"only blanks", " \t ", ""},
		{"empty", "", ""},
		{"line ends stay", "\r\n", "\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_view(rows[i].label, mp_str_trim(mp_str(rows[i].in)), rows[i].want);
	assert_int_equal(mp_str_trim(mp_str(NULL)).n, 0);
}

static void splitting(void **state)
{
	static const struct {
		const char *label, *in, *want; /* parts, each followed by a bar */
	} rows[] = {
		{"two", "a,b", "a|b|"},
		{"one", "abc", "abc|"},
		{"empty", "", "|"},
		{"last empty", "a,", "a||"},
		{"first empty", ",a", "|a|"},
		{"all empty", ",,", "|||"},
	};
	struct mp_str none = mp_str(NULL), part;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_str s = mp_str(rows[i].in);
		struct mp_buf got = MP_BUF(100);

		while (mp_str_split(&s, ',', &part)) {
			mp_buf_addstr(&got, part);
			mp_buf_addc(&got, '|');
		}
		row_str(rows[i].label, mp_buf_cstr(&got), rows[i].want);
		mp_buf_release(&got);
	}
	assert_false(mp_str_split(&none, ',', &part));
}

static void numbers(void **state)
{
	static const struct {
		const char *label, *in;
		uint64_t max;
		bool ok;
		uint64_t want;
	} rows[] = {
		{"zero", "0", 9, true, 0},
		{"zero, none else allowed", "0", 0, true, 0},
		{"one, only zero allowed", "1", 0, false, 0},
		{"leading zeros", "00025", 65535, true, 25},
		{"largest port", "65535", 65535, true, 65535},
		{"past the largest port", "65536", 65535, false, 0},
		{"one digit, past a small limit", "7", 5, false, 0},
		{"one digit, at a small limit", "5", 5, true, 5},
		{"two digits, past a small limit", "15", 12, false, 0},
		{"largest", "18446744073709551615", UINT64_MAX, true, UINT64_MAX},
		{"past the largest", "18446744073709551616", UINT64_MAX, false, 0},
		{"far past the largest", "99999999999999999999999", UINT64_MAX, false, 0},
		{"empty", "", 9, false, 0},
		{"sign", "+1", 9, false, 0},
		{"minus", "-1", 9, false, 0},
		{"blank before", " 1", 9, false, 0},
		{"blank behind", "1 ", 9, false, 0},
		{"hex", "0x1", 99, false, 0},
		{"fraction", "1.5", 99, false, 0},
		{"other digits", "\xd9\xa1", 99, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t v = 4711;

		row_bool(rows[i].label, mp_str_u64(mp_str(rows[i].in), rows[i].max, &v), rows[i].ok);
		row_bool(rows[i].label, v == (rows[i].ok ? rows[i].want : 4711), true);
	}
}

/* ---- rd.h */

static void reading(void **state)
{
	static const uint8_t bytes[] = {0x01, 0x80, 0xff, 0xde, 0xad, 0xbe, 0xef, 0x2a};
	struct mp_rd r = mp_rd(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(mp_rd_u8(&r), 0x01);
	assert_int_equal(mp_rd_u16(&r), 0x80ff);
	assert_int_equal(mp_rd_u32(&r), 0xdeadbeef);
	assert_int_equal(mp_rd_left(&r), 1);
	assert_ptr_equal(mp_rd_take(&r, 0), bytes + 7);
	assert_false(r.bad);
	assert_int_equal(mp_rd_u16(&r), 0); /* short: nothing is taken, and nothing works any more */
	assert_true(r.bad);
	assert_int_equal(mp_rd_left(&r), 1);
	assert_int_equal(mp_rd_u8(&r), 0);
	assert_null(mp_rd_take(&r, 0));

	r = mp_rd(bytes, 0);
	assert_null(mp_rd_take(&r, SIZE_MAX));
	assert_true(r.bad);
}

/* ---- buf.h */

static void buffers(void **state)
{
	struct mp_buf b = MP_BUF(10);

	(void)state;
	assert_string_equal(mp_buf_cstr(&b), "");
	mp_buf_consume(&b, 3); /* nothing there yet */
	assert_true(mp_buf_adds(&b, ""));
	assert_true(mp_buf_adds(&b, "abc"));
	assert_true(mp_buf_addc(&b, 'd'));
	assert_true(mp_buf_addstr(&b, mp_strn("efxxx", 2)));
	assert_true(mp_buf_addf(&b, "%d", 42));
	assert_string_equal(mp_buf_cstr(&b), "abcdef42");
	assert_int_equal(mp_buf_str(&b).n, 8);
	mp_buf_consume(&b, 3);
	assert_string_equal(mp_buf_cstr(&b), "def42");
	mp_buf_consume(&b, 100);
	assert_int_equal(b.n, 0);
	assert_string_equal(mp_buf_cstr(&b), "");
	mp_buf_release(&b);
	assert_null(b.p);
}

static void buffers_end_at_their_maximum(void **state)
{
	struct mp_buf b = MP_BUF(5);

	(void)state;
	assert_true(mp_buf_adds(&b, "12345"));
	assert_false(b.full);
	assert_false(mp_buf_addc(&b, '6'));
	assert_true(b.full);
	assert_string_equal(mp_buf_cstr(&b), "12345");
	mp_buf_consume(&b, 5);
	assert_false(mp_buf_addc(&b, 'x')); /* sticky, though there is room again */
	mp_buf_reset(&b);
	assert_string_equal(mp_buf_cstr(&b), "");
	assert_false(mp_buf_addf(&b, "%s", "too long")); /* all or nothing */
	assert_int_equal(b.n, 0);
	mp_buf_reset(&b);
	assert_true(mp_buf_addf(&b, "%s", "12345"));
	assert_false(mp_buf_add(&b, "", SIZE_MAX)); /* no overflow on the way to the comparison */
	assert_string_equal(mp_buf_cstr(&b), "12345");
	mp_buf_release(&b);

	b = MP_BUF(0);
	assert_true(mp_buf_add(&b, NULL, 0));
	assert_false(mp_buf_addc(&b, 'x'));
	mp_buf_release(&b);
}

static void buffers_grow(void **state)
{
	struct mp_buf b = MP_BUF(100000);

	(void)state;
	for (int i = 0; i < 100000; i++)
		assert_true(mp_buf_addc(&b, (char)('a' + i % 26)));
	assert_false(mp_buf_addc(&b, '!'));
	assert_int_equal(b.n, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
	assert_int_equal(b.p[100000], '\0');
	mp_buf_release(&b);
}

/* ---- arena.h */

static void arenas(void **state)
{
	struct mp_arena *a = mp_arena_new();
	char *s, *t;

	(void)state;
	for (size_t n = 0; n < 300; n++) {
		unsigned char *p = mp_alloc(a, n);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		if (n)
			memset(p, 0xa5, n);
	}
	s = mp_alloc(a, 1000000); /* larger than any block */
	memset(s, 'x', 1000000);
	s = mp_printf(a, "%s-%d", "mta", 192);
	t = mp_dup(a, s);
	assert_string_equal(t, "mta-192");
	assert_ptr_not_equal(s, t);
	assert_null(mp_dup(a, NULL));
	assert_string_equal(mp_dupn(a, "abcdef", 3), "abc");
	assert_string_equal(mp_dupstr(a, MP_LIT("view")), "view");
	assert_string_equal(mp_dupstr(a, mp_str(NULL)), "");
	assert_memory_equal(mp_memdup(a, "a\0b", 3), "a\0b", 3);
	assert_non_null(mp_memdup(a, NULL, 0));
	mp_arena_reset(a);
	s = mp_alloc(a, 500);
	for (size_t i = 0; i < 500; i++)
		assert_int_equal(s[i], 0); /* zeroed again */
	mp_arena_free(a);
	mp_arena_free(NULL);

	a = mp_arena_new();
	mp_arena_reset(a); /* before anything was allocated */
	mp_arena_free(a);
}

static void arrays_grow(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct {
		int *items;
		size_t n, cap;
	} v = {NULL, 0, 0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		*MP_PUSH(a, v.items, v.n, v.cap) = i * i;
	assert_int_equal(v.n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.items[i], i * i);
	mp_arena_free(a);
}

/* ---- ip.h */

static struct mp_ip ip(const char *s)
{
	struct mp_ip out;

	if (!mp_ip_parse(mp_str(s), &out))
		fail_msg("'%s' is not an address", s);
	return out;
}

static void addresses(void **state)
{
	static const struct {
		const char *in, *text, *reverse; /* text NULL: no address */
		enum mp_ip_kind kind;
	} rows[] = {
		{"192.0.2.10", "192.0.2.10", "10.2.0.192.in-addr.arpa", MP_IP_GLOBAL},
		{"255.255.255.255", "255.255.255.255", "255.255.255.255.in-addr.arpa", MP_IP_OTHER},
		{"0.0.0.0", "0.0.0.0", "0.0.0.0.in-addr.arpa", MP_IP_OTHER},
		{"0.1.2.3", "0.1.2.3", "3.2.1.0.in-addr.arpa", MP_IP_OTHER},
		{"224.0.0.1", "224.0.0.1", "1.0.0.224.in-addr.arpa", MP_IP_OTHER},
		{"223.255.255.255", "223.255.255.255", "255.255.255.223.in-addr.arpa", MP_IP_GLOBAL},
		{"10.0.0.1", "10.0.0.1", "1.0.0.10.in-addr.arpa", MP_IP_PRIVATE},
		{"11.0.0.1", "11.0.0.1", "1.0.0.11.in-addr.arpa", MP_IP_GLOBAL},
		{"172.15.255.255", "172.15.255.255", "255.255.15.172.in-addr.arpa", MP_IP_GLOBAL},
		{"172.16.0.0", "172.16.0.0", "0.0.16.172.in-addr.arpa", MP_IP_PRIVATE},
		{"172.31.255.255", "172.31.255.255", "255.255.31.172.in-addr.arpa", MP_IP_PRIVATE},
		{"172.32.0.0", "172.32.0.0", "0.0.32.172.in-addr.arpa", MP_IP_GLOBAL},
		{"192.168.0.1", "192.168.0.1", "1.0.168.192.in-addr.arpa", MP_IP_PRIVATE},
		{"100.63.255.255", "100.63.255.255", "255.255.63.100.in-addr.arpa", MP_IP_GLOBAL},
		{"100.64.0.0", "100.64.0.0", "0.0.64.100.in-addr.arpa", MP_IP_PRIVATE},
		{"100.127.255.255", "100.127.255.255", "255.255.127.100.in-addr.arpa", MP_IP_PRIVATE},
		{"100.128.0.0", "100.128.0.0", "0.0.128.100.in-addr.arpa", MP_IP_GLOBAL},
		{"127.255.0.1", "127.255.0.1", "1.0.255.127.in-addr.arpa", MP_IP_LOOPBACK},
		{"169.254.1.1", "169.254.1.1", "1.1.254.169.in-addr.arpa", MP_IP_LINKLOCAL},
		{"2001:DB8::567:89ab", "2001:db8::567:89ab",
			"b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", MP_IP_GLOBAL},
		{"::1", "::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
			MP_IP_LOOPBACK},
		{"::", "::", "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa", MP_IP_OTHER},
		{"fd00::1", "fd00::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
			MP_IP_PRIVATE},
		{"fe80::1", "fe80::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.e.f.ip6.arpa",
			MP_IP_LINKLOCAL},
		{"febf::1", "febf::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.f.b.e.f.ip6.arpa",
			MP_IP_LINKLOCAL},
		{"ff02::1", "ff02::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.f.f.ip6.arpa",
			MP_IP_OTHER},
		/* RFC 5952: the longest run of zeros, the first of equals, never a single group */
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1",
			"1.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", MP_IP_GLOBAL},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
			"1.0.0.0.1.0.0.0.1.0.0.0.1.0.0.0.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", MP_IP_GLOBAL},
		/* IPv4-mapped: the IPv4 address */
		{"::ffff:192.0.2.10", "192.0.2.10", "10.2.0.192.in-addr.arpa", MP_IP_GLOBAL},
		{"::ffff:7f00:1", "127.0.0.1", "1.0.0.127.in-addr.arpa", MP_IP_LOOPBACK},

		{"", NULL, NULL, 0},
		{"192.0.2", NULL, NULL, 0},
		{"192.0.2.256", NULL, NULL, 0},
		{"192.0.2.1.", NULL, NULL, 0},
		{"192.0.2.1 ", NULL, NULL, 0},
		{" 192.0.2.1", NULL, NULL, 0},
		{"192.0.2.1/24", NULL, NULL, 0},
		{"192.0.2.010", NULL, NULL, 0},
		{"3221225994", NULL, NULL, 0},
		{"0xc0.0.2.1", NULL, NULL, 0},
		{"[2001:db8::1]", NULL, NULL, 0},
		{"fe80::1%eth0", NULL, NULL, 0},
		{"2001:db8::1::2", NULL, NULL, 0},
		{"2001:db8:1:2:3:4:5:6:7", NULL, NULL, 0},
		{"2001:db8::/32", NULL, NULL, 0},
		{"12345::", NULL, NULL, 0},
		{":", NULL, NULL, 0},
		{"mail.example", NULL, NULL, 0},
		{"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[MP_IP_TEXT], reverse[MP_IP_REVERSE];
		struct mp_ip a, again;

		row_bool(rows[i].in, mp_ip_parse(mp_str(rows[i].in), &a), rows[i].text != NULL);
		if (!rows[i].text)
			continue;
		row_str(rows[i].in, mp_ip_text(&a, text), rows[i].text);
		row_str(rows[i].in, mp_ip_reverse(&a, reverse), rows[i].reverse);
		row_int(rows[i].in, mp_ip_kind(&a), rows[i].kind);
		row_bool(rows[i].in, mp_ip_parse(mp_str(text), &again) && mp_ip_eq(&a, &again), true);
	}
}

static void addresses_with_nul(void **state)
{
	struct mp_ip out;

	(void)state;
	assert_false(mp_ip_parse(mp_strn("192.0.2.1\0junk", 14), &out));
	assert_false(mp_ip_parse(mp_strn("192.0.2.1\0", 10), &out));
	assert_false(mp_ip_parse(mp_str(NULL), &out));
	assert_true(mp_ip_parse(mp_strn("192.0.2.123", 9), &out)); /* the view ends before the text does */
	assert_true(out.b[3] == 1);
}

static void no_address(void **state)
{
	struct mp_ip none = {.family = MP_IPNONE};
	char text[MP_IP_TEXT];

	(void)state;
	assert_string_equal(mp_ip_text(&none, text), "");
	assert_int_equal(mp_ip_kind(&none), MP_IP_OTHER);
}

static void order_of_addresses(void **state)
{
	static const char *const sorted[] = {"0.0.0.0", "10.0.0.1", "192.0.2.1", "192.0.2.2", "203.0.113.1",
		"::", "::1", "2001:db8::1", "2001:db8::2", "ff02::1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sorted); i++)
		for (size_t k = 0; k < ARRAY_LEN(sorted); k++) {
			struct mp_ip a = ip(sorted[i]), b = ip(sorted[k]);
			int cmp = mp_ip_cmp(&a, &b);

			row_int(sorted[i], (cmp > 0) - (cmp < 0), (i > k) - (i < k));
			row_bool(sorted[i], mp_ip_eq(&a, &b), i == k);
		}
}

static void networks(void **state)
{
	static const struct {
		const char *ip, *net;
		unsigned prefix;
		bool in;
	} rows[] = {
		{"192.0.2.1", "192.0.2.0", 24, true},
		{"192.0.3.1", "192.0.2.0", 24, false},
		{"192.0.3.1", "192.0.2.0", 23, true},
		{"192.0.2.1", "192.0.2.1", 32, true},
		{"192.0.2.2", "192.0.2.1", 32, false},
		{"192.0.2.2", "192.0.2.3", 31, true},
		{"198.51.100.1", "0.0.0.0", 0, true},
		{"192.0.2.1", "192.0.2.1", 33, false},
		{"127.255.255.255", "128.0.0.0", 1, false},
		{"255.0.0.0", "128.0.0.0", 1, true},
		{"2001:db8::1", "2001:db8::", 32, true},
		{"2001:db9::1", "2001:db8::", 32, false},
		{"2001:db9::1", "2001:db8::", 31, true},
		{"2001:db8::1", "2001:db8::1", 128, true},
		{"2001:db8::2", "2001:db8::1", 128, false},
		{"2001:db8::1", "2001:db8::1", 129, false},
		{"192.0.2.1", "::", 0, false},
		{"2001:db8::1", "0.0.0.0", 0, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_ip a = ip(rows[i].ip), net = ip(rows[i].net);
		char label[120];

		snprintf(label, sizeof(label), "%s in %s/%u", rows[i].ip, rows[i].net, rows[i].prefix);
		row_bool(label, mp_ip_in(&a, &net, rows[i].prefix), rows[i].in);
	}
}

static void socket_addresses(void **state)
{
	static const char *const rows[] = {"192.0.2.10", "2001:db8::25", "::1", "0.0.0.0"};
	struct sockaddr_storage ss;
	struct sockaddr_in6 mapped = {.sin6_family = AF_INET6, .sin6_port = htons(25)};
	struct mp_ip got;
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_ip a = ip(rows[i]);

		port = 0;
		row_int(rows[i], mp_ip_sockaddr(&a, 65025, &ss),
			a.family == MP_IPV4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
		row_bool(rows[i], mp_ip_from_sockaddr((struct sockaddr *)&ss, &got, &port), true);
		row_bool(rows[i], mp_ip_eq(&a, &got), true);
		row_int(rows[i], port, 65025);
		row_bool(rows[i], mp_ip_from_sockaddr((struct sockaddr *)&ss, &got, NULL), true);
	}
	/* what a dual-stack socket reports of an IPv4 peer */
	assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.10", &mapped.sin6_addr), 1);
	assert_true(mp_ip_from_sockaddr((struct sockaddr *)&mapped, &got, &port));
	assert_int_equal(got.family, MP_IPV4);
	assert_int_equal(port, 25);

	memset(&ss, 0, sizeof(ss));
	ss.ss_family = AF_UNIX;
	assert_false(mp_ip_from_sockaddr((struct sockaddr *)&ss, &got, &port));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors),
		cmocka_unit_test(memory),
		cmocka_unit_test(ascii_classes),
		cmocka_unit_test(comparing),
		cmocka_unit_test(trimming),
		cmocka_unit_test(splitting),
		cmocka_unit_test(numbers),
		cmocka_unit_test(reading),
		cmocka_unit_test(buffers),
		cmocka_unit_test(buffers_end_at_their_maximum),
		cmocka_unit_test(buffers_grow),
		cmocka_unit_test(arenas),
		cmocka_unit_test(arrays_grow),
		cmocka_unit_test(addresses),
		cmocka_unit_test(addresses_with_nul),
		cmocka_unit_test(no_address),
		cmocka_unit_test(order_of_addresses),
		cmocka_unit_test(networks),
		cmocka_unit_test(socket_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
