/* reports/file.c - bytes into a file, whole or not at all: see rep_file_write() in reports/report.h */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "reports/report.h"

/* Where the bytes go. */
struct place {
	const char *path;   /* of the file itself, links followed */
	struct stat st;     /* when it exists */
	bool exists, whole; /* whole: replace it by a rename */
};

static int cannot(struct mp_err *err, const char *path, const char *what, int sys)
{
	char why[128];

	/* strerror() is the one way that is the same on all systems; there is one thread. */
	snprintf(why, sizeof(why), "%s", strerror(sys));
	mp_fail(err, MP_EIO, "cannot %s %s: %s", what, path, why);
	if (err)
		err->sys = sys;
	return MP_EIO;
}

/* A file that a rename would not do justice: other names for it, or its owner, would be lost. */
static bool plain_file_of_ours(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1 && st->st_uid == geteuid();
}

static int find_place(struct mp_arena *a, const char *path, struct place *out, struct mp_err *err)
{
	char *real;

	if (!*path)
		return cannot(err, "a file without a name", "write", ENOENT);
	out->path = path;
	out->exists = stat(path, &out->st) == 0;
	if (!out->exists) {
		struct stat link;

		if (errno != ENOENT)
			return cannot(err, path, "write", errno);
		/* A link to nothing: the file that it names is made, and the link stays. */
		out->whole = lstat(path, &link) != 0;
		return MP_OK;
	}
	if (S_ISDIR(out->st.st_mode))
		return cannot(err, path, "write", EISDIR);
	/* A rename would get round a file's own permissions. */
	if (access(path, W_OK) != 0)
		return cannot(err, path, "write", errno);
	out->whole = plain_file_of_ours(&out->st);
	real = out->whole ? realpath(path, NULL) : NULL;
	if (real)
		out->path = mp_dup(a, real);
	free(real);
	return MP_OK;
}

/* A new, empty file beside the place. -1 with errno. */
static int make_beside(struct mp_arena *a, const struct place *place, char **name)
{
	const char *slash = strrchr(place->path, '/');
	int dir = slash ? (int)(slash - place->path) + 1 : 0, fd;

	*name = mp_printf(a, "%.*s.mailprobe-XXXXXX", dir, place->path);
	fd = mkstemp(*name);
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* 0, or errno. */
static int write_all(int fd, struct mp_str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return 0;
}

static mode_t mode_for_new(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static int write_in_place(const char *path, struct mp_str bytes, struct mp_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666), sys;

	if (fd < 0)
		return cannot(err, path, "write", errno);
	sys = write_all(fd, bytes);
	if (close(fd) != 0 && !sys)
		sys = errno;
	return sys ? cannot(err, path, "write", sys) : MP_OK;
}

static int write_whole(int fd, const char *temporary, const struct place *place, struct mp_str bytes, const char *path,
	struct mp_err *err)
{
	int sys = write_all(fd, bytes);

	if (!sys && fchmod(fd, place->exists ? place->st.st_mode & 07777 : mode_for_new()) != 0)
		sys = errno;
	if (close(fd) != 0 && !sys)
		sys = errno;
	if (!sys && rename(temporary, place->path) == 0)
		return MP_OK;
	unlink(temporary);
	/* The bytes are good, but the name cannot be replaced: a mount point, as containers have it. */
	return sys ? cannot(err, path, "write", sys) : write_in_place(path, bytes, err);
}

int rep_file_write(const char *path, struct mp_str bytes, struct mp_err *err)
{
	struct mp_arena *a;
	struct place place;
	char *temporary;
	int rc, fd = -1;

	if (strcmp(path, "-") == 0) {
		int sys = write_all(STDOUT_FILENO, bytes);

		return sys ? cannot(err, "to standard output", "write", sys) : MP_OK;
	}
	a = mp_arena_new();
	rc = find_place(a, path, &place, err);
	if (rc == MP_OK && place.whole)
		fd = make_beside(a, &place, &temporary);
	if (fd >= 0)
		rc = write_whole(fd, temporary, &place, bytes, path, err);
	else if (rc == MP_OK)
		rc = write_in_place(path, bytes, err);
	mp_arena_free(a);
	return rc;
}

int rep_file_check(const char *path, struct mp_err *err)
{
	struct mp_arena *a;
	struct place place;
	char *temporary;
	int rc, fd;

	if (strcmp(path, "-") == 0)
		return fcntl(STDOUT_FILENO, F_GETFL) < 0 ? cannot(err, "to standard output", "write", errno) : MP_OK;
	a = mp_arena_new();
	rc = find_place(a, path, &place, err);
	if (rc == MP_OK && place.whole && !place.exists) {
		fd = make_beside(a, &place, &temporary);
		if (fd >= 0) {
			close(fd);
			unlink(temporary);
		} else {
			rc = cannot(err, path, "write", errno);
		}
	}
	mp_arena_free(a);
	return rc;
}
