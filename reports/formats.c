/* reports/formats.c - the table of forms: see reports/report.h */
#include "reports/report.h"

const struct rep_format *const rep_formats[] = {
	&rep_text,
	&rep_json,
	&rep_html,
	&rep_markdown,
	&rep_jsonl,
	&rep_prometheus,
	&rep_junit,
	NULL,
};

const struct rep_format *rep_format_by_name(const char *name)
{
	for (size_t i = 0; name && rep_formats[i]; i++)
		if (strcmp(rep_formats[i]->name, name) == 0)
			return rep_formats[i];
	return NULL;
}

const struct rep_format *rep_format_by_ending(const char *path)
{
	for (size_t i = 0; path && rep_formats[i]; i++)
		for (size_t k = 0; k < ARRAY_LEN(rep_formats[i]->suffixes) && rep_formats[i]->suffixes[k]; k++)
			if (mp_str_iends(mp_str(path), rep_formats[i]->suffixes[k]))
				return rep_formats[i];
	return NULL;
}
