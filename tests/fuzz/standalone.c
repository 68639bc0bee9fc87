/* tests/fuzz/standalone.c - the main of a fuzz target where there is no libFuzzer: replay the corpus, whole and damaged */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/base.h"

enum {
	MAX_SEED = 1024 * 1024,
	MAX_CUTS = 2048,  /* lengths at which a seed is cut */
	MAX_FLIPS = 2048, /* damaged copies of a seed */
	MAX_PATH = 4096,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long n_seeds, n_runs;

/* An exact copy each time: a read past the end is then seen by valgrind and AddressSanitizer. */
static void feed(const uint8_t *p, size_t n)
{
	uint8_t *copy = mp_xmalloc(n ? n : 1);

	if (n)
		memcpy(copy, p, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	n_runs++;
}

/* xorshift32: the same damage in every run */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void replay(uint8_t *p, size_t n)
{
	static const uint8_t odd[] = {0x00, 0xff, 0x7f, 0x80, '\r', '\n', '.', ' ', '%', '"', 0xc0, 0x3f};
	size_t step = n / MAX_CUTS + 1;
	uint32_t state = 2463534242u;

	n_seeds++;
	feed(p, n);
	for (size_t cut = 0; cut < n; cut += step)
		feed(p, cut);
	for (size_t i = 0; i < MAX_FLIPS && i < 8 * n; i++) {
		size_t at = next_random(&state) % n;
		uint8_t kept = p[at];

		p[at] = i % 2 ? odd[next_random(&state) % ARRAY_LEN(odd)]
			      : (uint8_t)(kept ^ 1u << next_random(&state) % 8);
		feed(p, n);
		p[at] = kept;
	}
}

static bool replay_file(const char *path)
{
	uint8_t *p = mp_xmalloc(MAX_SEED);
	FILE *f = fopen(path, "rb");
	bool ok = false;

	if (f) {
		size_t n = fread(p, 1, MAX_SEED, f);

		ok = !ferror(f) && feof(f);
		if (ok)
			replay(p, n);
		fclose(f);
	}
	if (!ok)
		printf("FAIL %s: unreadable, or over %d bytes\n", path, MAX_SEED);
	free(p);
	return ok;
}

static bool replay_path(const char *path)
{
	bool ok = true;
	struct dirent *e;
	DIR *d = opendir(path);

	if (!d)
		return replay_file(path);
	while ((e = readdir(d))) {
		char file[MAX_PATH];

		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		ok = replay_file(file) && ok;
	}
	closedir(d);
	return ok;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	const char *srcdir = getenv("srcdir");
	char corpus[MAX_PATH];
	bool ok = true;

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			ok = replay_path(argv[i]) && ok;
	} else {
		if (!strncmp(name, "fuzz_", 5))
			name += 5;
		snprintf(corpus, sizeof(corpus), "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", name);
		ok = replay_path(corpus);
	}
	feed((const uint8_t *)"", 0);
	if (!n_seeds)
		printf("FAIL no seed for %s\n", name);
	else if (ok)
		printf("PASS %s: %lu seeds, %lu inputs\n", name, n_seeds, n_runs);
	return ok && n_seeds ? 0 : 1;
}
