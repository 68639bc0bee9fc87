/*
 * tests/unit/tree.h - small file trees for one test: what stands below a root directory of its own
 *
 * Owns:   the directory, until tree_remove(). Fails: the test ends. Uses: files below $TMPDIR or /tmp.
 */
#ifndef MP_TEST_TREE_H
#define MP_TEST_TREE_H

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "row.h"

/* "-> target" as text makes a link. A table of files ends with path NULL. */
struct tree_file {
	const char *path, *text;
};

static inline void tree_parents(const char *path)
{
	char part[512];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		mkdir(part, 0700);
	}
}

static inline void tree_add_bytes(const char *root, const char *path, const void *bytes, size_t n)
{
	char full[512];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	tree_parents(full);
	f = fopen(full, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	fclose(f);
}

static inline void tree_add(const char *root, const char *path, const char *text)
{
	char full[512];

	if (strncmp(text, "-> ", 3) != 0) {
		tree_add_bytes(root, path, text, strlen(text));
		return;
	}
	snprintf(full, sizeof(full), "%s%s", root, path);
	tree_parents(full);
	assert_int_equal(symlink(text + 3, full), 0);
}

/* The root directory, in `root`; files may be NULL. */
static inline const char *tree_make(char root[static 256], const struct tree_file *files)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(root, 256, "%s/mailprobe-test-XXXXXX", tmp && strlen(tmp) < 200 ? tmp : "/tmp");
	assert_non_null(mkdtemp(root));
	for (; files && files->path; files++)
		tree_add(root, files->path, files->text);
	return root;
}

static inline int tree_remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void tree_remove(const char *root)
{
	nftw(root, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
