/* tests/unit/test_receivers.c - the table of receivers: its rows are sound, aliases and MX hosts lead to the right one */
#include "base/text.h"
#include "probe/names.h"
#include "probe/raw.h"
#include "probe/receivers.h"
#include "row.h"

static void rows_are_sound(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < mp_n_receivers; i++) {
		const struct mp_receiver *r = &mp_receivers[i];
		const char *domain;

		assert_non_null(r->provider);
		assert_non_null(r->name);
		assert_non_null(r->verified);
		row_bool(r->alias, mp_str_iends(mp_str(r->alias), "-mx"), true);
		if (mp_domain_parse(a, mp_str(r->domain), &domain, NULL) != MP_OK || strcmp(domain, r->domain) != 0)
			fail_msg("row '%s': domain %s", r->alias, r->domain);
		for (size_t k = 0; k < ARRAY_LEN(r->domains) && r->domains[k]; k++)
			if (mp_domain_parse(a, mp_str(r->domains[k]), &domain, NULL) != MP_OK ||
				strcmp(domain, r->domains[k]) != 0)
				fail_msg("row '%s': domain %s", r->alias, r->domains[k]);
		assert_non_null(r->mx_suffix[0]);
		/* Something is judged, stages never go back in a row's list of one cause, and the list ends. */
		row_bool(r->alias, r->judges[0].cause != SMTP_CAUSE_UNKNOWN, true);
		row_bool(r->alias, r->judges[ARRAY_LEN(r->judges) - 1].cause == SMTP_CAUSE_UNKNOWN, true);
		for (size_t k = 0; k < ARRAY_LEN(r->judges) && r->judges[k].cause != SMTP_CAUSE_UNKNOWN; k++) {
			row_bool(r->alias, r->judges[k].cause < SMTP_EGRESS_BLOCKED, true);
			row_bool(r->alias,
				r->judges[k].stage >= SMTP_AT_BANNER && r->judges[k].stage <= SMTP_AT_MESSAGE, true);
			for (size_t m = 0; m < k; m++)
				if (r->judges[m].cause == r->judges[k].cause)
					fail_msg("row '%s': %s twice", r->alias, smtp_causes[r->judges[k].cause].id);
		}
	}
	mp_arena_free(a);
}

/* No name, domain or suffix belongs to two rows. */
static void rows_do_not_overlap(void **state)
{
	(void)state;
	for (size_t i = 0; i < mp_n_receivers; i++) {
		const struct mp_receiver *r = &mp_receivers[i];

		if (mp_receiver_by_alias(r->alias) != r || mp_receiver_of(r->domain, NULL) != r)
			fail_msg("row '%s': leads to another", r->alias);
		for (size_t k = 0; k < ARRAY_LEN(r->also) && r->also[k]; k++)
			if (mp_receiver_by_alias(r->also[k]) != r)
				fail_msg("row '%s': %s leads to another", r->alias, r->also[k]);
		for (size_t k = 0; k < ARRAY_LEN(r->domains) && r->domains[k]; k++)
			if (mp_receiver_of(r->domains[k], NULL) != r)
				fail_msg("row '%s': %s leads to another", r->alias, r->domains[k]);
		for (size_t k = 0; k < ARRAY_LEN(r->mx_suffix) && r->mx_suffix[k]; k++)
			if (mp_receiver_of(NULL, r->mx_suffix[k]) != r)
				fail_msg("row '%s': %s leads to another", r->alias, r->mx_suffix[k]);
	}
}

static void aliases(void **state)
{
	static const struct {
		const char *alias, *domain; /* NULL: unknown */
	} rows[] = {
		{"gmail-mx", "gmail.com"},
		{"gmail", "gmail.com"},
		{"GMAIL-MX", "gmail.com"},
		{"outlook-mx", "outlook.com"},
		{"outlook.com", "outlook.com"},
		{"hotmail-mx", "outlook.com"},
		{"hotmail", "outlook.com"},
		{"yahoo-mx", "yahoo.com"},
		{"aol-mx", "aol.com"},
		{"icloud-mx", "icloud.com"},
		{"gmx-mx", "gmx.net"},
		{"gmx", "gmx.net"},
		{"web.de-mx", "web.de"},
		{"web.de", "web.de"},
		{"webde-mx", "web.de"},
		{"t-online-mx", "t-online.de"},
		{"orange-mx", "orange.fr"},
		{"laposte-mx", "laposte.net"},
		{"free.fr-mx", "free.fr"},
		{"free-mx", "free.fr"},
		{"libero-mx", "libero.it"},
		{"comcast-mx", "comcast.net"},
		{"mail.ru-mx", "mail.ru"},
		{"mail.ru", "mail.ru"},
		{"yandex-mx", "yandex.ru"},
		{"zoho-mx", "zohomail.com"},
		{"proton-mx", "proton.me"},
		{"protonmail", "proton.me"},
		{"fastmail-mx", "fastmail.com"},
		{"qq-mx", "qq.com"},
		{"163-mx", "163.com"},
		{"gmial-mx", NULL},
		{"mx", NULL},
		{"-mx", NULL},
		{"", NULL},
		{"gmail-mx-mx", NULL},
		{"gmail.com", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct mp_receiver *r = mp_receiver_by_alias(rows[i].alias);

		row_str(rows[i].alias, r ? r->domain : NULL, rows[i].domain);
	}
}

static void by_domain_and_mx(void **state)
{
	static const struct {
		const char *domain, *mx, *alias; /* NULL: unknown */
	} rows[] = {
		{"gmail.com", NULL, "gmail-mx"},
		{"GMAIL.com.", NULL, "gmail-mx"},
		{"example.org", "aspmx.l.google.com", "gmail-mx"},
		{"example.org", "ASPMX2.GOOGLEMAIL.COM.", "gmail-mx"},
		{"hotmail.com", "hotmail-com.olc.protection.outlook.com", "outlook-mx"},
		{"example.org", "example-org.mail.protection.outlook.com", "microsoft365-mx"},
		{"example.org", "example-org.a-v1.mx.microsoft", "microsoft365-mx"},
		{"yahoo.com", "mta5.am0.yahoodns.net", "yahoo-mx"},
		{"aol.com", "mx-aol.mail.gm0.yahoodns.net", "aol-mx"},
		{NULL, "mx-aol.mail.gm0.yahoodns.net", "aol-mx"},
		{NULL, "mx00.emig.gmx.net", "gmx-mx"},
		{NULL, "mx-ha02.web.de", "web.de-mx"},
		{NULL, "mx01.mail.icloud.com", "icloud-mx"},
		{NULL, "163mx01.mxmail.netease.com", "163-mx"},
		{"example.org", "mx1.example.org", NULL},
		{"notgmail.com", "mail.notgoogle.com", NULL},
		{"mail.gmail.com", NULL, NULL},
		{NULL, NULL, NULL},
		{"", "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct mp_receiver *r = mp_receiver_of(rows[i].domain, rows[i].mx);

		row_str(rows[i].mx ? rows[i].mx : "no MX", r ? r->alias : NULL, rows[i].alias);
	}
}

static void lists_in_80_columns(void **state)
{
	struct mp_own_target own[] = {
		{.name = "partner", .server = {"mx.partner.example:2525", ""}, .rcpt = {"a@b.example", ""}},
		{.name = "club", .domain = {"club.example", ""}}};
	struct mp_raw raw = {.targets = own, .n_targets = 2, .config = "/etc/mailprobe.conf"};

	(void)state;
	for (int style = 0; style < 3; style++) {
		const struct mp_options o = {.raw = &raw, .quiet = style == 1, .verbose = style == 2};
		struct mp_str rest, line;
		char *text = NULL;
		size_t n = 0;
		FILE *f = open_memstream(&text, &n);

		assert_non_null(f);
		mp_targets_list(f, &o);
		fclose(f);
		rest = mp_strn(text, n);
		while (mp_str_split(&rest, '\n', &line))
			if (mp_text_width(line) > 80)
				fail_msg("too wide: \"%.*s\"", (int)line.n, line.p);
		for (size_t i = 0; i < mp_n_receivers; i++)
			if (!strstr(text, mp_receivers[i].alias))
				fail_msg("%s is not listed", mp_receivers[i].alias);
		assert_non_null(strstr(text, "partner"));
		assert_non_null(strstr(text, "mx:mx.partner.example:2525\n    to a@b.example\n"));
		assert_non_null(strstr(text, "club.example"));
		assert_true((strstr(text, "after the data:") != NULL) == (style != 1));
		assert_true((strstr(text, "https://postmaster.gmx.net/") != NULL) == (style == 2));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sound),
		cmocka_unit_test(rows_do_not_overlap),
		cmocka_unit_test(aliases),
		cmocka_unit_test(by_domain_and_mx),
		cmocka_unit_test(lists_in_80_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
