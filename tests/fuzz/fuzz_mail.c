/*
 * tests/fuzz/fuzz_mail.c - any bytes as a message: the same in any split, the same when it was saved, and every part of it
 * read: signatures, ARC sets, Received, Authentication-Results, verdicts
 */
#include "base/text.h"
#include "smtp/arc.h"
#include "smtp/authres.h"
#include "smtp/changed.h"
#include "smtp/mail.h"
#include "smtp/noted.h"
#include "smtp/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void shown(const char *s)
{
	if (s)
		require(mp_utf8_valid(mp_str(s)) && !strpbrk(s, "\r\n\x1b"));
}

static const struct smtp_mail *read_mail(struct mp_arena *a, struct mp_str in, size_t step)
{
	struct smtp_reader *r = smtp_reader_new(a);
	const struct smtp_mail *m;

	for (size_t at = 0; at < in.n; at += in.n - at < step ? in.n - at : step)
		smtp_reader_feed(r, mp_strn(in.p + at, in.n - at < step ? in.n - at : step));
	m = smtp_reader_end(r);
	smtp_reader_free(r);
	return m;
}

static void read_field(struct mp_arena *a, const struct smtp_field *f)
{
	struct smtp_authres said;
	struct smtp_hop hop;

	smtp_received_read(a, f->value, &hop);
	shown(hop.helo);
	shown(hop.rdns);
	shown(hop.by);
	shown(hop.with);
	shown(hop.id);
	shown(hop.to);
	shown(hop.envelope_from);
	smtp_authres_read(a, f->value, &said);
	shown(said.id);
	require(said.n <= SMTP_AUTHRES_RESULTS);
	for (size_t i = 0; i < said.n; i++) {
		require(said.result[i].method && said.result[i].result);
		shown(said.result[i].method);
		shown(said.result[i].result);
		shown(said.result[i].reason);
		for (size_t k = 0; k < said.result[i].n; k++)
			shown(said.result[i].property[k].value);
	}
	smtp_parameter(a, f->value, "boundary");
}

static void read_sets(struct mp_arena *a, const struct smtp_header *h)
{
	uint8_t hash[SMTP_HASH];
	struct smtp_arc arc;

	smtp_arc_read(a, h, &arc);
	require(arc.n <= SMTP_ARC_SETS);
	shown(arc.fault);
	for (size_t i = 1; i <= arc.n && !arc.fault; i++)
		smtp_arc_seal_hash(&arc, i, hash);
}

/* A key that no input can have signed for, so that every known change is tried. Reading it would be half of all time. */
static struct smtp_public *key_of_nobody(void)
{
	static struct smtp_public *key;

	if (!key)
		key = smtp_public_new("MCowBQYDK2VwAyEAu1oDVj/9WToETf3kD3Kib/oajosO/WrmazPHr9/DezU=");
	return key;
}

static void look_for_changes(struct mp_arena *a, const struct smtp_header *h)
{
	size_t i = smtp_field_find(h, "DKIM-Signature", 0);
	struct smtp_changed c;
	struct smtp_sig s;

	if (i < h->n) {
		smtp_sig_read(a, SMTP_SIG_DKIM, &h->field[i], &s);
		if (s.trouble == SMTP_SIG_GOOD && s.n_names < 8)
			require(!smtp_sig_changed(a, h, &h->field[i], &s, key_of_nobody(), &c));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str in = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();
	const struct smtp_mail *m = read_mail(a, in, SIZE_MAX / 2), *split = read_mail(a, in, 1 + size % 5), *back;
	json_t *saved = smtp_mail_to_json(m), *other = smtp_mail_to_json(split);
	struct smtp_noted *noted = mp_allocn(a, SMTP_NOTED_MAX, sizeof(*noted));
	size_t n;

	require(json_equal(saved, other));
	json_decref(other);
	require(smtp_mail_from_json(saved, a, &back, NULL) == MP_OK);
	other = smtp_mail_to_json(back);
	require(json_equal(saved, other));
	json_decref(other);
	json_decref(saved);
	for (size_t i = 0; i < m->header.n && i < 64; i++)
		read_field(a, &m->header.field[i]);
	read_sets(a, &m->header);
	look_for_changes(a, &m->header);
	n = smtp_noted_read(a, &m->header, noted);
	require(n <= SMTP_NOTED_MAX);
	for (size_t i = 0; i < n; i++) {
		shown(noted[i].value);
		shown(noted[i].words);
	}
	mp_arena_free(a);
	return 0;
}
