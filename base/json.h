/*
 * base/json.h - jansson with the bounds and defaults that evidence and reports need
 *
 * Owns:   as jansson does: "new reference" results are the caller's, set/append here steal what they are given.
 * Fails:  setters never (they abort on out of memory); getters give the default or false, and never crash on a value
 *         of another type: saved reports are foreign bytes.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_JSON_H
#define MP_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"

enum { MP_JSON_MAX = 64 * 1024 * 1024 }; /* the largest document that is read */

/* Text is passed through mp_text()'s rules, so any bytes will do. NULL gives JSON null. */
json_t *mp_j(const char *s);
json_t *mp_jstr(struct mp_str s);

void mp_jset(json_t *object, const char *key, json_t *value);     /* steals value */
void mp_jset_str(json_t *object, const char *key, const char *s); /* null when s is NULL */
void mp_jset_int(json_t *object, const char *key, int64_t v);
void mp_jset_bool(json_t *object, const char *key, bool v);
void mp_jpush(json_t *array, json_t *value); /* steals value */

/* Getters. `path` is one member's name; no nesting. */
const char *mp_jget_str(const json_t *object, const char *key, const char *or_else);
int64_t mp_jget_int(const json_t *object, const char *key, int64_t or_else);
double mp_jget_num(const json_t *object, const char *key, double or_else);
bool mp_jget_bool(const json_t *object, const char *key, bool or_else);
json_t *mp_jget(const json_t *object, const char *key);                   /* borrowed; NULL when absent or JSON null */
json_t *mp_jget_array(const json_t *object, const char *key);             /* borrowed; NULL unless an array */
char *mp_jdup(struct mp_arena *a, const json_t *object, const char *key); /* copy of a string member, or NULL */

/*
 * Parse a document of at most MP_JSON_MAX bytes: one value, nothing behind it, no duplicate keys.
 * Returns a new reference or NULL; `err` names line and column.
 */
json_t *mp_json_parse(struct mp_str text, struct mp_err *err);
/* Write `j` with an indent of `indent` columns (0: one line) and keys in the order set. Ends with a newline. */
void mp_json_write(const json_t *j, int indent, struct mp_buf *out);

#endif
