/* probe/cache.c - see probe/cache.h */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/cache.h"

enum { PATH_BYTES = 4096, NAME_BYTES = 200 };

char *mp_cache_dir(struct mp_arena *a)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	/* The XDG specification: relative paths are to be ignored. */
	if (xdg && xdg[0] == '/')
		return mp_printf(a, "%s/mailprobe", xdg);
	return home && home[0] == '/' ? mp_printf(a, "%s/.cache/mailprobe", home) : NULL;
}

/* DIR/NAME with `suffix`, as a file's name may be. False when it is too long. */
static bool path_of(const char *dir, const char *name, const char *suffix, struct mp_buf *out)
{
	mp_buf_reset(out);
	mp_buf_addf(out, "%s/", dir);
	for (size_t i = 0; name[i] && i < NAME_BYTES; i++)
		mp_buf_addc(out, mp_isalnum(name[i]) || name[i] == '-' || (name[i] == '.' && i) ? name[i] : '_');
	mp_buf_adds(out, suffix);
	return !out->full;
}

bool mp_cache_read(const char *dir, const char *name, struct mp_buf *out, int64_t *written_ms)
{
	struct mp_buf path = MP_BUF(PATH_BYTES);
	char chunk[16384];
	struct stat st;
	ssize_t n = -1;
	int fd = path_of(dir, name, "", &path) ? open(path.p, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;

	mp_buf_release(&path);
	mp_buf_reset(out);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid()) {
		*written_ms = (int64_t)st.st_mtime * 1000;
		while ((n = read(fd, chunk, sizeof(chunk))) > 0 && mp_buf_add(out, chunk, (size_t)n))
			continue;
	}
	close(fd);
	return n == 0 && !out->full;
}

/* The directory and the one above it (~/.cache of a new account); what is there already stays as it is. */
static void make_dir(const char *dir)
{
	const char *slash = strrchr(dir, '/');
	struct mp_buf above = MP_BUF(PATH_BYTES);

	if (slash && slash > dir && mp_buf_add(&above, dir, (size_t)(slash - dir)))
		mkdir(above.p, 0700);
	mp_buf_release(&above);
	mkdir(dir, 0700);
}

static bool write_all(int fd, struct mp_str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n <= 0)
			return false;
		bytes = mp_strn(bytes.p + n, bytes.n - (size_t)n);
	}
	return true;
}

void mp_cache_write(const char *dir, const char *name, struct mp_str bytes)
{
	struct mp_buf path = MP_BUF(PATH_BYTES), temporary = MP_BUF(PATH_BYTES);
	int fd = -1;

	make_dir(dir);
	if (path_of(dir, name, "", &path) && path_of(dir, name, ".XXXXXX", &temporary))
		fd = mkstemp(temporary.p);
	if (fd >= 0) {
		bool ok = write_all(fd, bytes);

		if (close(fd) != 0 || !ok || rename(temporary.p, path.p) != 0)
			unlink(temporary.p);
	}
	mp_buf_release(&path);
	mp_buf_release(&temporary);
}
