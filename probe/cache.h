/*
 * probe/cache.h - what was fetched, kept on disk between runs
 *
 * $XDG_CACHE_HOME/mailprobe, else ~/.cache/mailprobe; a file for each thing kept. Files appear whole or not at all.
 *
 * Owns:   files of that directory.
 * Fails:  reading with false. Writing in silence: without a directory that can be written to, nothing is kept.
 * Uses:   files, environment (mp_cache_dir() alone).
 */
#ifndef MP_CACHE_H
#define MP_CACHE_H

#include "base/arena.h"
#include "base/buf.h"

/* NULL where neither variable names an absolute path. The directory need not be there. */
char *mp_cache_dir(struct mp_arena *a);
/*
 * The bytes kept under `name` into `out` (no more than it can hold: a larger file is none), and when they were written,
 * since 1970. `name` may hold any bytes; those that are unusual in a file's name are replaced.
 */
bool mp_cache_read(const char *dir, const char *name, struct mp_buf *out, int64_t *written_ms);
void mp_cache_write(const char *dir, const char *name, struct mp_str bytes);

#endif
