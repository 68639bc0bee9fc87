/* smtp/mail.c - see smtp/mail.h */
#include "base/text.h"
#include "smtp/mail.h"

enum {
	PIECE = 8192, /* of a line that is looked at at once */
	LINE_MAX_5322 = 998,
	BANNER_LINES = 4,   /* that may have been put before */
	SNAPSHOTS = 200000, /* lines after which the body may have ended */
	TRIALS = 64,
};

static const char *const undo_names[] = {
	[SMTP_UNDO_NOTHING] = "nothing",
	[SMTP_UNDO_FOOTER] = "footer",
	[SMTP_UNDO_BANNER] = "banner",
	[SMTP_UNDO_PART] = "part",
	[SMTP_UNDO_SPACE] = "white-space",
	[SMTP_UNDO_LINE_ENDS] = "line-ends",
	[SMTP_UNDO_DOTS] = "dots",
	[SMTP_UNDO_FROM] = "from",
	[SMTP_UNDO_QUOTED] = "quoted-printable",
};

const char *smtp_undo_name(enum smtp_undo u)
{
	return undo_names[u];
}

/* How a line ended. */
enum ended {
	NOT_YET,
	BY_CRLF,
	BY_LF,
	BY_END, /* of the message */
};

/* One way to see the body, and its hash. */
struct trial {
	enum smtp_undo undo;
	struct smtp_body body;
	struct smtp_hash *hash;
	uint64_t limit; /* canonical bytes that are hashed (l); UINT64_MAX: all */
	uint64_t done;
	uint64_t skip;  /* lines before it begins */
	bool begun;     /* PART: the first part's own header is over */
	bool may_end;   /* after every line the body could have ended: a footer follows */
	bool soft;      /* QUOTED: the line before ended in a soft break */
	uint64_t lines; /* so far */
};

struct signature {
	size_t field;
	struct smtp_sig sig;
	size_t trial; /* the one that makes its body hash */
	bool footer;  /* the body could have ended */
	enum smtp_undo undo;
	uint64_t lines_then; /* how many lines there were when it did */
};

struct smtp_reader {
	struct mp_arena *a;
	struct smtp_mail *m;
	struct mp_buf line;   /* the beginning of a line; or what is left of one: at most PIECE */
	struct mp_buf header; /* up to SMTP_MAIL_HEADER */
	bool in_body, first_piece, any_line;
	bool skip_line;  /* "From " */
	uint64_t line_n; /* bytes of this line that have been passed on */
	size_t n_signatures;
	struct signature *signatures;
	size_t n_trials;
	struct trial trials[TRIALS];
	uint64_t body_n, snapshots;
	bool given_up; /* the body is too large to look for changes */
	const char *boundary;
	bool ended;
};

struct smtp_reader *smtp_reader_new(struct mp_arena *a)
{
	struct smtp_reader *r = mp_xcalloc(1, sizeof(*r));

	r->a = a;
	r->m = mp_alloc(a, sizeof(*r->m));
	r->line = MP_BUF(2 * PIECE);
	r->header = MP_BUF(SMTP_MAIL_HEADER);
	r->first_piece = true;
	return r;
}

void smtp_reader_free(struct smtp_reader *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_trials; i++)
		smtp_hash_free(r->trials[i].hash);
	mp_buf_release(&r->line);
	mp_buf_release(&r->header);
	free(r);
}

/* ---- trials */

static void hash_trial(void *to, struct mp_str bytes)
{
	struct trial *t = to;
	uint64_t room = t->limit - t->done;

	t->done += bytes.n;
	if (bytes.n > room)
		bytes.n = (size_t)room;
	if (t->done > t->limit)
		t->done = t->limit;
	smtp_hash_add(t->hash, bytes);
}

static struct trial *add_trial(struct smtp_reader *r, enum smtp_undo undo, enum smtp_canon how, uint64_t limit)
{
	struct trial *t;

	if (r->n_trials == TRIALS)
		return NULL;
	t = &r->trials[r->n_trials++];
	*t = (struct trial){.undo = undo, .limit = limit, .hash = smtp_hash_new(), .begun = undo != SMTP_UNDO_PART};
	smtp_body_init(&t->body, how, hash_trial, t);
	return t;
}

static size_t find_trial(const struct smtp_reader *r, enum smtp_canon how, uint64_t limit)
{
	size_t i = 0;

	while (i < r->n_trials &&
		(r->trials[i].undo != SMTP_UNDO_NOTHING || r->trials[i].body.how != how || r->trials[i].limit != limit))
		i++;
	return i;
}

/* Every way to see the body for signatures of one form. */
static void add_undos(struct smtp_reader *r, enum smtp_canon how, bool quoted)
{
	static const enum smtp_undo plain[] = {SMTP_UNDO_LINE_ENDS, SMTP_UNDO_DOTS, SMTP_UNDO_FROM};
	struct trial *t;

	if (how == SMTP_SIMPLE) {
		add_trial(r, SMTP_UNDO_SPACE, SMTP_SIMPLE, UINT64_MAX);
		add_trial(r, SMTP_UNDO_SPACE, SMTP_RELAXED, UINT64_MAX);
	}
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		add_trial(r, plain[i], how, UINT64_MAX);
	if (quoted)
		add_trial(r, SMTP_UNDO_QUOTED, how, UINT64_MAX);
	for (uint64_t skip = 1; skip <= BANNER_LINES; skip++)
		if ((t = add_trial(r, SMTP_UNDO_BANNER, how, UINT64_MAX)))
			t->skip = skip;
	if (r->boundary && (t = add_trial(r, SMTP_UNDO_PART, how, UINT64_MAX)))
		t->may_end = true;
}

static void add_trials(struct smtp_reader *r)
{
	const struct smtp_header *h = &r->m->header;
	size_t type = smtp_field_find(h, "Content-Type", 0), cte = smtp_field_find(h, "Content-Transfer-Encoding", 0);
	bool multipart = type < h->n && mp_str_ifind(h->field[type].value, "multipart/") >= 0;
	bool quoted = !multipart && cte < h->n && mp_str_ifind(h->field[cte].value, "quoted-printable") >= 0;
	bool used[2] = {false, false};

	if (multipart)
		r->boundary = smtp_parameter(r->a, h->field[type].value, "boundary");
	for (size_t i = 0; i < r->n_signatures; i++) {
		struct signature *s = &r->signatures[i];
		uint64_t limit = s->sig.has_length ? s->sig.length : UINT64_MAX;
		struct trial *t;

		s->trial = find_trial(r, s->sig.body, limit);
		if (s->trial == r->n_trials && (t = add_trial(r, SMTP_UNDO_NOTHING, s->sig.body, limit)))
			t->may_end = limit == UINT64_MAX;
		used[s->sig.body] = used[s->sig.body] || limit == UINT64_MAX;
	}
	for (enum smtp_canon how = SMTP_SIMPLE; how <= SMTP_RELAXED; how++)
		if (used[how])
			add_undos(r, how, quoted);
}

/* ---- the body, piece by piece */

static void text_of(struct trial *t, struct mp_str piece)
{
	smtp_body_text(&t->body, piece);
}

/* Lone CR and LF as line ends. A CR at the end of a piece was already found to be followed by no LF. */
static void line_ends(struct trial *t, struct mp_str piece)
{
	size_t from = 0;

	for (size_t i = 0; i < piece.n; i++)
		if (piece.p[i] == '\r' || piece.p[i] == '\n') {
			text_of(t, mp_strn(piece.p + from, i - from));
			smtp_body_line(&t->body);
			from = i + 1;
		}
	text_of(t, mp_strn(piece.p + from, piece.n - from));
}

/* Quoted-printable, decoded (RFC 2045 6.7). True: the line goes on behind a soft break. */
static bool unquote(struct trial *t, struct mp_str piece)
{
	size_t from = 0;

	for (size_t i = 0; i < piece.n; i++) {
		int high, low;
		char byte;

		if (piece.p[i] != '=')
			continue;
		text_of(t, mp_strn(piece.p + from, i - from));
		if (!mp_str_trim(mp_strn(piece.p + i + 1, piece.n - i - 1)).n)
			return true;
		high = mp_hexval(piece.p[i + 1]);
		low = i + 2 < piece.n ? mp_hexval(piece.p[i + 2]) : -1;
		from = i;
		if (high < 0 || low < 0)
			continue;
		byte = (char)(high << 4 | low);
		text_of(t, mp_strn(&byte, 1));
		from = i + 3;
		i += 2;
	}
	text_of(t, mp_strn(piece.p + from, piece.n - from));
	return false;
}

static bool begins_with(struct mp_str s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

static void try_piece(struct trial *t, struct mp_str piece, bool first)
{
	t->soft = false;
	switch (t->undo) {
	case SMTP_UNDO_DOTS:
		if (first && begins_with(piece, ".."))
			piece = mp_strn(piece.p + 1, piece.n - 1);
		break;
	case SMTP_UNDO_FROM:
		if (first && begins_with(piece, ">From "))
			piece = mp_strn(piece.p + 1, piece.n - 1);
		break;
	case SMTP_UNDO_LINE_ENDS:
		line_ends(t, piece);
		return;
	case SMTP_UNDO_QUOTED:
		t->soft = unquote(t, piece);
		return;
	case SMTP_UNDO_SPACE:
		/* of the simple form: white space at the end of lines, the commonest change of it */
		if (t->body.how == SMTP_SIMPLE)
			while (piece.n && mp_isblank(piece.p[piece.n - 1]))
				piece.n--;
		break;
	default:
		break;
	}
	text_of(t, piece);
}

/* Could the body have ended with this line? */
static void look_back(struct smtp_reader *r, struct trial *t)
{
	uint8_t hash[SMTP_HASH];

	if (++r->snapshots > SNAPSHOTS)
		return;
	smtp_hash_now(t->hash, MP_LIT("\r\n"), hash);
	for (size_t i = 0; i < r->n_signatures; i++) {
		struct signature *s = &r->signatures[i];

		if (s->sig.body != t->body.how || s->sig.has_length || memcmp(hash, s->sig.body_hash.p, SMTP_HASH) != 0)
			continue;
		s->footer = true;
		s->undo = t->undo == SMTP_UNDO_PART ? SMTP_UNDO_PART : SMTP_UNDO_FOOTER;
		s->lines_then = r->m->body_lines;
	}
}

static void try_line(struct smtp_reader *r, struct trial *t)
{
	t->lines++;
	if (t->soft)
		return;
	if (smtp_body_line(&t->body) && t->may_end)
		look_back(r, t);
}

/* Where the first part of a multipart begins: behind the empty line that ends its header. */
static void look_for_part(struct smtp_reader *r, struct trial *t, struct mp_str piece, bool first, enum ended how)
{
	if (!first)
		return;
	if (!t->lines) {
		if (begins_with(piece, "--") && begins_with(mp_strn(piece.p + 2, piece.n - 2), r->boundary))
			t->lines = 1;
	} else if (!piece.n && how != NOT_YET) {
		t->begun = true;
	}
}

static void body_piece(struct smtp_reader *r, struct mp_str piece, bool first, enum ended how)
{
	bool line = how == BY_CRLF || (how == BY_LF && r->m->lf);

	if (line)
		r->m->body_lines++;
	r->body_n += piece.n;
	for (size_t i = 0; i < r->n_trials; i++) {
		struct trial *t = &r->trials[i];

		if (t->undo != SMTP_UNDO_NOTHING && r->given_up)
			continue;
		if (!t->begun) {
			look_for_part(r, t, piece, first, how);
			continue;
		}
		if (t->skip) {
			t->skip -= line;
			continue;
		}
		try_piece(t, piece, first);
		if (how == BY_LF && !r->m->lf)
			try_piece(t, MP_LIT("\n"), false);
		if (line)
			try_line(r, t);
	}
	r->given_up = r->given_up || r->body_n > SMTP_MAIL_UNDO;
}

/* ---- the header */

/* A header is whole lines. */
static void finish_header(struct mp_buf *h)
{
	bool whole = h->n >= 2 && memcmp(h->p + h->n - 2, "\r\n", 2) == 0;

	if (!h->n || whole || mp_buf_adds(h, "\r\n"))
		return;
	while (h->n && !(h->n >= 2 && memcmp(h->p + h->n - 2, "\r\n", 2) == 0))
		h->n--;
}

static void header_over(struct smtp_reader *r)
{
	struct smtp_mail *m = r->m;

	r->in_body = true;
	finish_header(&r->header);
	m->header_bytes = mp_strn(mp_dupn(r->a, r->header.n ? r->header.p : "", r->header.n), r->header.n);
	smtp_header_parse(r->a, m->header_bytes, &m->header);
	r->signatures = mp_allocn(r->a, SMTP_MAIL_SIGNATURES, sizeof(*r->signatures));
	for (size_t i = 0; i < m->header.n && r->n_signatures < SMTP_MAIL_SIGNATURES; i++) {
		const struct smtp_field *f = &m->header.field[i];
		bool dkim = smtp_field_is(f, "DKIM-Signature"), arc = smtp_field_is(f, "ARC-Message-Signature");
		struct signature *s = &r->signatures[r->n_signatures];

		if (!dkim && !arc)
			continue;
		smtp_sig_read(r->a, dkim ? SMTP_SIG_DKIM : SMTP_SIG_ARC_MESSAGE, f, &s->sig);
		s->field = i;
		if (s->sig.trouble == SMTP_SIG_GOOD)
			r->n_signatures++;
	}
	add_trials(r);
}

static void header_piece(struct smtp_reader *r, struct mp_str piece, bool first, enum ended how)
{
	struct smtp_mail *m = r->m;
	bool line = how == BY_CRLF || (how == BY_LF && m->lf);

	if (first && line && !piece.n) {
		header_over(r);
		return;
	}
	if (r->header.n + piece.n + 2 > SMTP_MAIL_HEADER)
		m->header_cut = true;
	if (m->header_cut)
		return;
	mp_buf_addstr(&r->header, piece);
	if (line || how == BY_END)
		mp_buf_adds(&r->header, "\r\n");
	else if (how == BY_LF)
		mp_buf_adds(&r->header, "\n");
}

/* ---- lines */

static void count_odd(struct smtp_mail *m, struct mp_str piece)
{
	/* a CR in a piece is a lone one: one before LF was taken as part of the line end */
	for (const char *p = piece.p; piece.n && (p = memchr(p, '\r', (size_t)(piece.p + piece.n - p))); p++)
		m->lone_cr++;
	for (const char *p = piece.p; piece.n && (p = memchr(p, '\0', (size_t)(piece.p + piece.n - p))); p++)
		m->nul++;
}

static void piece_read(struct smtp_reader *r, struct mp_str piece, enum ended how)
{
	struct smtp_mail *m = r->m;
	bool first = r->first_piece;

	if (how != NOT_YET && how != BY_END && !r->any_line) {
		m->lf = how == BY_LF;
		r->any_line = true;
	}
	if (first && !r->in_body && !r->header.n && !m->mbox && begins_with(piece, "From ") &&
		!begins_with(piece, "From :")) {
		m->mbox = true;
		r->skip_line = true;
	}
	r->first_piece = how != NOT_YET && !(how == BY_LF && !m->lf);
	r->line_n += piece.n;
	if (r->first_piece) {
		m->long_lines += r->line_n > LINE_MAX_5322;
		r->line_n = 0;
	}
	count_odd(m, piece);
	m->lone_lf += how == BY_LF && !m->lf;
	if (!r->skip_line) {
		if (r->in_body)
			body_piece(r, piece, first, how);
		else
			header_piece(r, piece, first, how);
	}
	if (r->first_piece)
		r->skip_line = false;
}

void smtp_reader_feed(struct smtp_reader *r, struct mp_str bytes)
{
	r->m->size += bytes.n;
	while (bytes.n) {
		size_t room = PIECE - r->line.n;
		const char *lf = memchr(bytes.p, '\n', bytes.n < room ? bytes.n : room);
		size_t n = lf ? (size_t)(lf - bytes.p) : bytes.n < room ? bytes.n : room;

		mp_buf_add(&r->line, bytes.p, n);
		bytes = mp_strn(bytes.p + n, bytes.n - n);
		if (lf) {
			bool cr = r->line.n && r->line.p[r->line.n - 1] == '\r';

			bytes = mp_strn(bytes.p + 1, bytes.n - 1);
			piece_read(r, mp_strn(r->line.p, r->line.n - cr), cr ? BY_CRLF : BY_LF);
			mp_buf_reset(&r->line);
		} else if (r->line.n == PIECE) {
			/* a CR at its end may be half of a line end; white space belongs to what follows */
			size_t keep = 0;

			while (keep < PIECE / 2 &&
				(r->line.p[PIECE - 1 - keep] == '\r' || mp_isblank(r->line.p[PIECE - 1 - keep])))
				keep++;
			piece_read(r, mp_strn(r->line.p, PIECE - keep), NOT_YET);
			mp_buf_consume(&r->line, PIECE - keep);
		}
	}
}

static void conclude(struct smtp_reader *r, struct signature *s, struct smtp_body_fact *out)
{
	struct trial *own = &r->trials[s->trial];

	*out = (struct smtp_body_fact){.field = s->field, .length = own->body.n};
	smtp_hash_now(own->hash, mp_strn(NULL, 0), out->hash);
	if (memcmp(out->hash, s->sig.body_hash.p, SMTP_HASH) == 0)
		return;
	if (s->footer) {
		out->undo = s->undo;
		out->lines = r->m->body_lines - s->lines_then;
		return;
	}
	for (size_t i = 0; i < r->n_trials && !s->sig.has_length && !r->given_up; i++) {
		struct trial *t = &r->trials[i];
		uint8_t hash[SMTP_HASH];

		if (t->undo == SMTP_UNDO_NOTHING || (t->undo != SMTP_UNDO_SPACE && t->body.how != s->sig.body))
			continue;
		smtp_hash_now(t->hash, mp_strn(NULL, 0), hash);
		if (memcmp(hash, s->sig.body_hash.p, SMTP_HASH) != 0)
			continue;
		out->undo = t->undo;
		out->lines = t->undo == SMTP_UNDO_BANNER ? r->m->body_lines - t->lines : 0;
		return;
	}
}

const struct smtp_mail *smtp_reader_end(struct smtp_reader *r)
{
	struct smtp_mail *m = r->m;

	if (r->line.n)
		piece_read(r, mp_buf_str(&r->line), BY_END);
	mp_buf_reset(&r->line);
	if (!r->in_body) {
		m->no_body = true;
		header_over(r);
	}
	for (size_t i = 0; i < r->n_trials; i++)
		smtp_body_end(&r->trials[i].body);
	m->bodies = mp_allocn(r->a, r->n_signatures, sizeof(*m->bodies));
	m->n_bodies = r->n_signatures;
	for (size_t i = 0; i < r->n_signatures; i++)
		conclude(r, &r->signatures[i], &m->bodies[i]);
	return m;
}

const struct smtp_body_fact *smtp_mail_body(const struct smtp_mail *m, size_t field)
{
	for (size_t i = 0; i < m->n_bodies; i++)
		if (m->bodies[i].field == field)
			return &m->bodies[i];
	return NULL;
}

/* ---- saved: lines with every byte that is not printable ASCII as \xNN, so that they can be read and nothing is lost */

static json_t *line_json(struct mp_str line)
{
	struct mp_buf b = MP_BUF(4 * line.n + 1);
	json_t *j;

	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if ((mp_isprint(c) && c != '\\') || c == '\t')
			mp_buf_addc(&b, (char)c);
		else
			mp_buf_addf(&b, "\\x%02x", c);
	}
	j = mp_jstr(mp_buf_str(&b));
	mp_buf_release(&b);
	return j;
}

static bool line_of_json(const json_t *j, struct mp_buf *out)
{
	const char *s = json_string_value(j);

	if (!s || strlen(s) != json_string_length(j))
		return false;
	while (*s) {
		if (*s != '\\') {
			mp_buf_addc(out, *s++);
			continue;
		}
		if (s[1] != 'x' || mp_hexval(s[2]) < 0 || mp_hexval(s[3]) < 0)
			return false;
		mp_buf_addc(out, (char)(mp_hexval(s[2]) << 4 | mp_hexval(s[3])));
		s += 4;
	}
	return mp_buf_adds(out, "\r\n");
}

static const struct flag {
	const char *name;
	size_t at;
} flags[] =
	{
		{"header_cut", offsetof(struct smtp_mail, header_cut)},
		{"lf", offsetof(struct smtp_mail, lf)},
		{"mbox", offsetof(struct smtp_mail, mbox)},
		{"no_body", offsetof(struct smtp_mail, no_body)},
},
  counts[] = {
	  {"size", offsetof(struct smtp_mail, size)},
	  {"body_lines", offsetof(struct smtp_mail, body_lines)},
	  {"lone_cr", offsetof(struct smtp_mail, lone_cr)},
	  {"lone_lf", offsetof(struct smtp_mail, lone_lf)},
	  {"nul", offsetof(struct smtp_mail, nul)},
	  {"long_lines", offsetof(struct smtp_mail, long_lines)},
};

json_t *smtp_mail_to_json(const struct smtp_mail *m)
{
	json_t *j = json_object(), *lines = json_array(), *bodies = json_array();
	struct mp_str rest = m->header_bytes;
	struct mp_arena *a = mp_arena_new();

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		mp_jset_int(j, counts[i].name, (int64_t) * (const uint64_t *)((const char *)m + counts[i].at));
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		mp_jset_bool(j, flags[i].name, *(const bool *)((const char *)m + flags[i].at));
	while (rest.n) {
		size_t n = 0;

		while (n + 1 < rest.n && memcmp(rest.p + n, "\r\n", 2) != 0)
			n++;
		mp_jpush(lines, line_json(mp_strn(rest.p, n)));
		rest = mp_strn(rest.p + n + 2, rest.n - n - 2);
	}
	mp_jset(j, "header", lines);
	for (size_t i = 0; i < m->n_bodies; i++) {
		const struct smtp_body_fact *f = &m->bodies[i];
		json_t *one = json_object();

		mp_jset_int(one, "field", (int64_t)f->field);
		mp_jset_str(one, "hash", mp_base64_encode(a, f->hash, SMTP_HASH));
		mp_jset_int(one, "length", (int64_t)f->length);
		mp_jset_str(one, "undo", undo_names[f->undo]);
		mp_jset_int(one, "lines", (int64_t)f->lines);
		mp_jpush(bodies, one);
	}
	mp_jset(j, "bodies", bodies);
	mp_arena_free(a);
	return j;
}

static bool count_of_json(const json_t *j, const char *name, uint64_t *out)
{
	const json_t *v = mp_jget(j, name);

	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return false;
	*out = (uint64_t)json_integer_value(v);
	return true;
}

static bool body_of_json(const json_t *j, struct mp_arena *a, const struct smtp_mail *m, struct smtp_body_fact *out)
{
	const char *hash = mp_jget_str(j, "hash", ""), *undo = mp_jget_str(j, "undo", "");
	struct mp_bytes bytes;
	uint64_t field;
	size_t at;

	while (out->undo < SMTP_UNDO__COUNT && strcmp(undo, undo_names[out->undo]) != 0)
		out->undo++;
	if (out->undo == SMTP_UNDO__COUNT || strlen(hash) > 64 || mp_base64_decode(a, mp_str(hash), &bytes, &at) ||
		bytes.n != SMTP_HASH || !count_of_json(j, "field", &field) || field >= m->header.n ||
		!count_of_json(j, "length", &out->length) || !count_of_json(j, "lines", &out->lines))
		return false;
	out->field = (size_t)field;
	memcpy(out->hash, bytes.p, SMTP_HASH);
	return true;
}

static int wrong(struct mp_err *err, const char *member)
{
	return mp_fail(err, MP_EPARSE, "message.%s is not as it should be", member);
}

int smtp_mail_from_json(const json_t *j, struct mp_arena *a, const struct smtp_mail **out, struct mp_err *err)
{
	struct smtp_mail *m = mp_alloc(a, sizeof(*m));
	struct mp_buf header = MP_BUF(SMTP_MAIL_HEADER);
	json_t *lines = mp_jget_array(j, "header"), *bodies = mp_jget_array(j, "bodies");

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		if (!count_of_json(j, counts[i].name, (uint64_t *)((char *)m + counts[i].at)))
			return wrong(err, counts[i].name);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		const json_t *v = mp_jget(j, flags[i].name);

		if (!json_is_boolean(v))
			return wrong(err, flags[i].name);
		*(bool *)((char *)m + flags[i].at) = json_is_true(v);
	}
	for (size_t i = 0; i < json_array_size(lines); i++)
		if (!line_of_json(json_array_get(lines, i), &header)) {
			lines = NULL;
			break;
		}
	m->header_bytes = mp_strn(mp_dupn(a, header.n ? header.p : "", header.n), header.n);
	mp_buf_release(&header);
	if (!lines)
		return wrong(err, "header");
	smtp_header_parse(a, m->header_bytes, &m->header);
	m->n_bodies = json_array_size(bodies);
	if (!bodies || m->n_bodies > SMTP_MAIL_SIGNATURES)
		return wrong(err, "bodies");
	m->bodies = mp_allocn(a, m->n_bodies, sizeof(*m->bodies));
	for (size_t i = 0; i < m->n_bodies; i++)
		if (!body_of_json(json_array_get(bodies, i), a, m, &m->bodies[i]))
			return wrong(err, "bodies");
	*out = m;
	return MP_OK;
}
