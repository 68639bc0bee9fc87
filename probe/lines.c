/* probe/lines.c - see probe/lines.h */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "probe/lines.h"
#include "probe/names.h"

char *mp_lines_where(const struct mp_lines *l, struct mp_str key)
{
	if (key.n == 0)
		return mp_printf(l->a, "%s:%u", l->path, l->line);
	return mp_printf(l->a, "%s:%u: %s", l->path, l->line, mp_shown(l->a, key));
}

int mp_lines_at(const struct mp_lines *l, struct mp_str key, struct mp_err *err)
{
	return mp_at(err, mp_lines_where(l, key));
}

static int too_large(const char *path, struct mp_err *err)
{
	return mp_fail(err, MP_EINVAL, "%s: larger than %d MiB", path, MP_LINES_MAX >> 20);
}

int mp_lines_of(struct mp_arena *a, const char *path, struct mp_str bytes, struct mp_lines *out, struct mp_err *err)
{
	path = mp_text(a, mp_str(path));
	if (bytes.n > MP_LINES_MAX)
		return too_large(path, err);
	if (bytes.n >= 3 && memcmp(bytes.p, "\xef\xbb\xbf", 3) == 0)
		bytes = mp_strn(bytes.p + 3, bytes.n - 3);
	*out = (struct mp_lines){.a = a, .path = path, .rest = bytes};
	return MP_OK;
}

int mp_lines_read(struct mp_arena *a, const char *root, const char *path, struct mp_lines *out, struct mp_err *err)
{
	struct mp_buf b = MP_BUF(MP_LINES_MAX + 1);
	char chunk[4096];
	ssize_t n = -1;
	int fd, rc;

	fd = open(mp_printf(a, "%s%s", root, path), O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0) {
		while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
			if (n > 0 && !mp_buf_add(&b, chunk, (size_t)n))
				break;
	}
	if (n < 0)
		rc = mp_fail(err, MP_EINVAL, "cannot read %s: %s", mp_text(a, mp_str(path)), strerror(errno));
	else if (b.full)
		rc = too_large(mp_text(a, mp_str(path)), err);
	else
		rc = mp_lines_of(a, path, mp_strn(mp_dupn(a, mp_buf_cstr(&b), b.n), b.n), out, err);
	if (fd >= 0)
		close(fd);
	mp_buf_release(&b);
	return rc;
}

int mp_lines_next(struct mp_lines *l, struct mp_str *line, struct mp_err *err)
{
	while (mp_str_split(&l->rest, '\n', line)) {
		l->line++;
		if (line->n > MP_LINE_MAX)
			mp_fail(err, MP_EINVAL, "the line is longer than %d bytes", MP_LINE_MAX);
		else if (memchr(line->p, '\0', line->n))
			mp_fail(err, MP_EINVAL, "the line holds a NUL byte; the file should be text");
		else if (!mp_utf8_valid(*line))
			mp_fail(err, MP_EINVAL, "the line is not UTF-8 text");
		else {
			if (line->n && line->p[line->n - 1] == '\r')
				line->n--;
			*line = mp_str_trim(*line);
			if (line->n == 0 || line->p[0] == '#' || line->p[0] == ';')
				continue;
			return MP_OK;
		}
		return mp_lines_at(l, MP_LIT(""), err);
	}
	*line = mp_strn(NULL, 0);
	return MP_OK;
}
