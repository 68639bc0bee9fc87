/* reports/json.c - the report as it is: one JSON document, keys in the tree's order */
#include "reports/report.h"

static int write_json(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	(void)style;
	mp_json_write(report, 2, out);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_json = {
	.name = "json",
	.suffixes = {".json"},
	.write = write_json,
};
