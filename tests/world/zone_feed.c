/* tests/world/zone_feed.c - answers a judge's DNS questions from a zone; see tests/world/zone.h */
#include "base/evidence.h"
#include "tests/world/zone.h"

struct mp_question *world_zone_feed(const struct world_zone *z, struct mp_evidence *ev)
{
	struct mp_question *q;

	while ((q = mp_evidence_next_wanted(ev))) {
		if (q->kind != &dns_kind)
			return q;
		mp_evidence_answer(ev, q, world_zone_answer(z, q->params, mp_evidence_arena(ev)));
	}
	return NULL;
}
