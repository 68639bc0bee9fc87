/* reports/jsonl.c - the report as it is, on one line: to be appended to a file of many */
#include "reports/report.h"

static int write_jsonl(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	(void)style;
	mp_json_write(report, 0, out);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_jsonl = {
	.name = "jsonl",
	.suffixes = {".jsonl"},
	.write = write_jsonl,
};
