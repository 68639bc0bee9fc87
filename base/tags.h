/*
 * base/tags.h - tag=value lists, the form of DKIM keys, DMARC records and their kin
 *
 *     tag-list  = tag-spec *( ";" tag-spec ) [ ";" ]
 *     tag-spec  = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
 *     tag-name  = ALPHA *( ALPHA / DIGIT / "_" )
 *     tag-value = [ tval *( 1*(WSP / FWS) tval ) ]      ; tval: printable ASCII without ";"
 *
 * Every well-formed tag is kept, every fault is kept beside them: what follows from a fault is the reader's to say
 * (RFC 6376 takes the whole list as invalid, RFC 9989 passes over the faulty part).
 *
 * Owns:   nothing; views point into the bytes given, the rest lives in the arena.
 * Fails:  never; any bytes give a list, bounded by MP_TAGS_MAX and MP_TAG_FAULTS_MAX.
 * Uses:   no I/O, no clock.
 * RFC:    6376 3.2.
 */
#ifndef MP_TAGS_H
#define MP_TAGS_H

#include "base/arena.h"

enum { MP_TAGS_MAX = 64, MP_TAG_FAULTS_MAX = 8 };

struct mp_tag {
	struct mp_str name, value; /* without the white space around them */
	size_t at, value_at;       /* offsets in the record, from 0 */
};

enum mp_tag_trouble {
	MP_TAG_EMPTY,     /* nothing between two semicolons, or no tag at all */
	MP_TAG_NO_EQUALS, /* "foo;" */
	MP_TAG_BAD_NAME,  /* no letter first, or a character that no name has */
	MP_TAG_BAD_VALUE, /* a byte that is no printable ASCII */
	MP_TAG_TWICE,     /* the name was there before; the first one is kept */
	MP_TAG_TOO_MANY,  /* the list is longer than any real one; the rest was not read */
};

struct mp_tag_fault {
	enum mp_tag_trouble trouble;
	size_t at;           /* where: offset in the record */
	struct mp_str where; /* the tag-spec, or the name that is there twice */
};

struct mp_tags {
	size_t n;
	struct mp_tag tag[MP_TAGS_MAX];
	size_t n_faults; /* those kept */
	struct mp_tag_fault fault[MP_TAG_FAULTS_MAX];
};

void mp_tags_parse(struct mp_str record, struct mp_tags *out);

/* The tag of that name, as it is written (case counts), or NULL. */
const struct mp_tag *mp_tag_find(const struct mp_tags *tags, const char *name);

/* For a sentence: "has no '=' in \"foo\" (byte 12)". Bytes are counted from 1. */
char *mp_tag_fault_words(struct mp_arena *a, const struct mp_tag_fault *f);

/* A value, or another part of a record, short and safe to show: cut at 60 bytes. */
const char *mp_tag_shown(struct mp_arena *a, struct mp_str s);

/* The next item of a list with `separator`, white space around it removed. False at the end. */
bool mp_tag_item(struct mp_str *rest, char separator, struct mp_str *item);

#endif
