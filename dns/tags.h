/*
 * dns/tags.h - tag=value lists, the form of DKIM keys, DMARC records and their kin
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
 * Fails:  never; any bytes give a list, bounded by DNS_TAGS_MAX and DNS_TAG_FAULTS_MAX.
 * Uses:   no I/O, no clock.
 * RFC:    6376 3.2.
 */
#ifndef DNS_TAGS_H
#define DNS_TAGS_H

#include "base/arena.h"

enum { DNS_TAGS_MAX = 64, DNS_TAG_FAULTS_MAX = 8 };

struct dns_tag {
	struct mp_str name, value; /* without the white space around them */
	size_t at, value_at;       /* offsets in the record, from 0 */
};

enum dns_tag_trouble {
	DNS_TAG_EMPTY,     /* nothing between two semicolons, or no tag at all */
	DNS_TAG_NO_EQUALS, /* "foo;" */
	DNS_TAG_BAD_NAME,  /* no letter first, or a character that no name has */
	DNS_TAG_BAD_VALUE, /* a byte that is no printable ASCII */
	DNS_TAG_TWICE,     /* the name was there before; the first one is kept */
	DNS_TAG_TOO_MANY,  /* the list is longer than any real one; the rest was not read */
};

struct dns_tag_fault {
	enum dns_tag_trouble trouble;
	size_t at;           /* where: offset in the record */
	struct mp_str where; /* the tag-spec, or the name that is there twice */
};

struct dns_tags {
	size_t n;
	struct dns_tag tag[DNS_TAGS_MAX];
	size_t n_faults; /* those kept */
	struct dns_tag_fault fault[DNS_TAG_FAULTS_MAX];
};

void dns_tags_parse(struct mp_str record, struct dns_tags *out);

/* The tag of that name, as it is written (case counts), or NULL. */
const struct dns_tag *dns_tag_find(const struct dns_tags *tags, const char *name);

/* For a sentence: "has no '=' in \"foo\" (byte 12)". Bytes are counted from 1. */
char *dns_tag_fault_words(struct mp_arena *a, const struct dns_tag_fault *f);

/* A value, or another part of a record, short and safe to show: cut at 60 bytes. */
const char *dns_tag_shown(struct mp_arena *a, struct mp_str s);

/* The next item of a list with `separator`, white space around it removed. False at the end. */
bool dns_tag_item(struct mp_str *rest, char separator, struct mp_str *item);

#endif
