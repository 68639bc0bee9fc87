/*
 * probe/spamc.h - one exchange with SpamAssassin's spamd: a request with a message goes out, what comes back is kept
 *
 * Owns:   its socket; itself until `done` was called or mp_spamc_drop(). The message is borrowed until then.
 * Fails:  by an outcome, with a line that says why. Addresses are tried in order until one can be connected to.
 * Uses:   network, the loop's thread. It sets no limit to time: the caller does.
 * Known:  SpamAssassin's spamd/PROTOCOL: "REPORT SPAMC/1.5", Content-length, the message; spamd closes behind its answer.
 */
#ifndef MP_SPAMC_H
#define MP_SPAMC_H

#include <uv.h>

#include "base/buf.h"
#include "probe/fetch.h"

struct mp_spamc;

/* `reason` is NULL with MP_FETCHED. The exchange is over; the caller forgets it. May be called before start returns. */
typedef void mp_spamc_done(void *user, enum mp_fetch_outcome outcome, const char *reason);

/* `lines` go before the message, as a receiving server would put them there. What comes is added to `body`, to its bound. */
struct mp_spamc *mp_spamc_start(uv_loop_t *loop, const struct mp_fetch_question *q, struct mp_str message,
	struct mp_buf *body, mp_spamc_done *done, void *user);
/* The address that is connected to; MP_IPNONE: none is. */
struct mp_ip mp_spamc_address(const struct mp_spamc *s);
void mp_spamc_drop(struct mp_spamc *s); /* `done` is then not called */

#endif
