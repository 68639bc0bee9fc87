/*
 * tests/world/scenarios.h - senders, receivers and zones, each with one thing wrong, and what a report must say of them
 *
 * Adding a scenario is one row in scenarios.c: `mailprobe demo` lists and runs it, the whole-run tests hold it to its
 * promise.
 *
 * Owns:   static tables. Fails: NULL. Uses: no I/O, no clock.
 */
#ifndef WORLD_SCENARIOS_H
#define WORLD_SCENARIOS_H

#include "base/json.h"
#include "tests/world/filter_server.h"
#include "tests/world/https_server.h"
#include "tests/world/imap_server.h"
#include "tests/world/key.h"

/* Where a scenario's messages are signed (tests/world/key.h): with what, and the record that the zone needs for it. */
#define WORLD_SELECTOR "s1"
#define WORLD_DKIM_RECORD WORLD_SELECTOR "._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=" ED25519_P "\"\n"

/* In a zone, once: the SHA-256 of the receivers' key, for a TLSA record. */
#define WORLD_SPKI "%SPKI%"

struct world_receiver {
	const char *host;    /* NULL ends the list */
	const char *address; /* loopback; the zone must say the same */
	const char *policy;  /* a row of policies.c */
	enum world_cert cert;
	bool closed; /* the port is bound, but nobody listens: connection refused */
};

/* A web server; all of a scenario are at one port, which --mta-sts-port names. */
struct world_site {
	const char *host;    /* NULL ends the list */
	const char *address; /* loopback; the zone must say the same */
	const struct world_page *pages;
	enum world_cert cert;
	bool closed; /* as with receivers */
};

struct world_sender {
	const char *address;   /* loopback; NULL ends the list */
	const char *public_ip; /* as receivers see it */
	bool untold;           /* no --public-ip is given: only a receiver can tell */
};

/* Words are those of the report. What is NULL is not looked at. */
struct world_promise {
	const char *verdict, *basis;
	int exit_status;
	const char *summary_has; /* words that the verdict's summary must have */
	/* the first target's deciding session; outcome "": none decides */
	const char *outcome, *stage;
	const char *cause;  /* "": null, for it was accepted */
	int code;           /* of the deciding reply; 0: not looked at */
	const char *source; /* of the deciding session: the loopback address */
	const char *purpose;
	/* the first finding; its cause "": null */
	const char *finding, *certainty, *status;
	const char *request; /* the kind of its request; "": it needs none */
	int steps;           /* to mend it; 0: not looked at */
	/* the causes of all findings of status fail or warn, in any order, blanks between; "" for none */
	const char *causes;
	/*
	 * Checks: "ID STATUS", or "ID SUBJECT STATUS" with the subject or its beginning. There is at least one such check,
	 * and each has that status.
	 */
	const char *checks[20];
	const char *says[4];            /* words that stand in a check or a finding */
	const char *redacted_otherwise; /* what is said to be judged otherwise when it is redacted */
	/* of the first target, in order: "ehlo:changed sender:same"; "": nothing was varied */
	const char *diagnosis;
};

struct world_scenario {
	const char *id;
	const char *title;
	const char *story; /* two lines */
	const char *zone;  /* after world_zone_for_all, which world_start() puts before it; see WORLD_SPKI */
	struct world_sender senders[4];
	struct world_receiver receivers[5];
	struct world_site sites[3];
	const struct world_page *registries; /* what they say by RDAP; NULL: world_registries */
	struct world_mailbox mailboxes[5];   /* of what the first receiver takes, at imap.example.net */
	const char *message;                 /* a file that the client sends (--message); NULL: its own text */
	bool signs;                          /* the client signs; the zone has WORLD_DKIM_RECORD */
	struct world_filter filters[2];      /* of the sender's own: rspamd, spamd */
	const char *second_ns; /* a loopback address where the zones are served as well; see "@127..." of zone.h */
	const char *ehlo, *from;
	const char *to[4];    /* targets */
	const char *extra[6]; /* further arguments */
	struct world_promise promise;
};

/*
 * What registries say where nothing else is said, at WORLD_RDAP_HOST. In their bodies "@-3d@" is the time three days ago,
 * "@+9d@" in nine days.
 */
#define WORLD_RDAP_HOST "rdap.world.example"
#define WORLD_RDAP_ADDRESS "127.0.0.50"
extern const struct world_page world_registries[];

/* The root, the servers' own names, and the reverse zones: where all other names end. */
extern const char world_zone_for_all[];

extern const struct world_scenario world_scenarios[];
extern const size_t world_n_scenarios;
const struct world_scenario *world_scenario_by_id(const char *id); /* NULL when there is none */

/*
 * (In promise.c.) Hold a report (mailprobe.report/1) and the exit status to the promise, and to what every report must keep. True when it keeps it; else `why` has one line
 * for each difference: "verdict.status: got x, promised y".
 */
bool world_promise_kept(const struct world_scenario *s, const json_t *report, int exit_status, struct mp_buf *why);

#endif
