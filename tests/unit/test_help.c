/* tests/unit/test_help.c - every check and every cause is explained, with nothing made up and nothing too long */
#include "probe/check.h"
#include "probe/howto.h"
#include "smtp/cause.h"
#include "tests/unit/row.h"

static void every_check(void **state)
{
	size_t missing = 0;

	(void)state;
	for (size_t i = 0; i < mp_n_checks; i++) {
		const struct mp_help_row *row = mp_help_row(mp_checks[i]->id);

		if (row && row->why && *row->why && row->howtos[0])
			continue;
		print_message(
			"check '%s' is not explained: it wants a row in probe/howto.c, with why it matters and how "
			"its fault is mended\n",
			mp_checks[i]->id);
		missing++;
	}
	assert_int_equal(missing, 0);
}

static void every_cause(void **state)
{
	size_t missing = 0;

	(void)state;
	for (int c = SMTP_CAUSE_UNKNOWN + 1; c < SMTP_CAUSE__COUNT; c++) {
		if (mp_help_row(smtp_causes[c].id) && *smtp_causes[c].meaning && smtp_causes[c].fix[0])
			continue;
		print_message("cause '%s' is not explained: it wants a meaning and a fix in smtp/cause.c and a row in "
			      "probe/howto.c\n",
			smtp_causes[c].id);
		missing++;
	}
	assert_int_equal(missing, 0);
}

/* What a cause points to is there to be read about, but for checks to come. */
static void causes_point_to_rows(void **state)
{
	(void)state;
	for (int c = 0; c < SMTP_CAUSE__COUNT; c++)
		for (size_t i = 0; i < ARRAY_LEN(smtp_causes[c].points_to) && smtp_causes[c].points_to[i]; i++)
			if (!mp_help_row(smtp_causes[c].points_to[i]))
				fail_msg("cause '%s' points to '%s', which has no row in probe/howto.c",
					smtp_causes[c].id, smtp_causes[c].points_to[i]);
}

static void how_tos_are_whole(void **state)
{
	/* The hosters and servers that people have: by the rows of the three that matter most. */
	static const struct {
		const char *id;
		const char *where[12];
	} rows[] = {
		{"ptr.exists",
			{"AWS (EC2)", "Azure", "Google Cloud", "Hetzner Cloud", "OVHcloud", "DigitalOcean", "Vultr",
				"Linode (Akamai)", "Scaleway", "IONOS Cloud", "own delegation", "part of a /24"}},
		{"ehlo.syntax", {"Postfix", "Exim", "OpenSMTPD", "sendmail", "Exchange"}},
		{"dkim.key", {"OpenDKIM", "rspamd", "Exim", "OpenSMTPD"}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t k = 0; k < ARRAY_LEN(rows[i].where) && rows[i].where[k]; k++) {
			const struct mp_howto *h = mp_help_row(rows[i].id)->howtos[0];
			bool there = false;

			for (size_t w = 0; w < ARRAY_LEN(h->ways) && h->ways[w].where; w++)
				there = there || (strcmp(h->ways[w].where, rows[i].where[k]) == 0 && *h->ways[w].how);
			row_bool(rows[i].where[k], there, true);
			row_bool(rows[i].id, *h->title && *h->first, true);
		}
}

/* A way fits its column and says since when it holds by its owner's words, or nothing; each table has some that do. */
static void ways_are_dated(void **state)
{
	(void)state;
	for (size_t i = 0; i < mp_n_checks; i++) {
		const struct mp_help_row *row = mp_help_row(mp_checks[i]->id);

		for (size_t k = 0; k < ARRAY_LEN(row->howtos) && row->howtos[k]; k++) {
			const struct mp_howto *h = row->howtos[k];
			size_t dated = 0;

			for (size_t w = 0; w < ARRAY_LEN(h->ways) && h->ways[w].where; w++) {
				const char *v = h->ways[w].verified;

				row_bool(h->ways[w].where, strlen(h->ways[w].where) <= 16, true);
				row_bool(h->ways[w].where,
					!v || (strlen(v) == 7 && strncmp(v, "20", 2) == 0 && v[4] == '-'), true);
				dated += v != NULL;
			}
			row_bool(h->title, dated > 0, true);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_check),
		cmocka_unit_test(every_cause),
		cmocka_unit_test(causes_point_to_rows),
		cmocka_unit_test(how_tos_are_whole),
		cmocka_unit_test(ways_are_dated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
