/* tests/fuzz/fuzz_compose.c - a file given by --message: refused with one line, or whole lines that keep to RFC 5322 */
#include "base/text.h"
#include "probe/compose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_case c = {.run_id = "0", .header_from = "a@b.example", .mail_from = "", .domain = "b.example"};
	struct mp_arena *a = mp_arena_new();
	struct mp_message said;
	struct smtp_message m;
	struct mp_err err = {.msg = ""};

	if (mp_compose_file(a, &c, "f", mp_strn((const char *)data, size), "i@b.example", &said, &m, &err) == MP_OK) {
		size_t line = 0;

		if (m.bytes.n != said.size || m.bytes.n < 2 || strpbrk(m.id, "\r\n"))
			abort();
		for (size_t i = 0; i < m.bytes.n; i++) {
			bool end = m.bytes.p[i] == '\r';

			if (m.bytes.p[i] == '\n' || (end && (i + 1 == m.bytes.n || m.bytes.p[i + 1] != '\n')))
				abort();
			line = end ? 0 : line + 1;
			if (line > MP_MESSAGE_LINE || m.bytes.p[i] == '\0')
				abort();
			i += end;
		}
		if (line)
			abort();
		if (said.subject && !mp_utf8_valid(mp_str(said.subject)))
			abort();
	} else if (!err.msg[0] || strchr(err.msg, '\n')) {
		abort();
	}
	mp_arena_free(a);
	return 0;
}
