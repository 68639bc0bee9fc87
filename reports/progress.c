/* reports/progress.c - see reports/progress.h */
#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "reports/progress.h"
#include "reports/report.h"
#include "reports/wrap.h"

#define ERASE "\r\x1b[K"

struct rep_progress {
	int fd;
	bool on;
	bool shown;         /* there is a line to erase */
	uint64_t shown_sec; /* what that line says */
	uint64_t shown_sum;
};

struct rep_progress *rep_progress_new(int fd, const char *term)
{
	struct rep_progress *p = mp_xcalloc(1, sizeof(*p));

	p->fd = fd;
	p->on = term && *term && strcmp(term, "dumb") != 0 && isatty(fd);
	return p;
}

void rep_progress_free(struct rep_progress *p)
{
	if (!p)
		return;
	rep_progress_clear(p);
	free(p);
}

static void put(struct rep_progress *p, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t done = write(p->fd, s, n);

		if (done < 0 && errno == EINTR)
			continue;
		/* A terminal that is gone or stopped: the run goes on without it. */
		if (done <= 0)
			return;
		s += done;
		n -= (size_t)done;
	}
}

/* FNV-1a, to tell whether a line is another than the last */
static uint64_t sum_of(const char *s)
{
	uint64_t h = 14695981039346656037u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h;
}

static unsigned columns(int fd)
{
	struct winsize ws;

	return ioctl(fd, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 ? ws.ws_col : REP_WIDTH;
}

void rep_progress_show(struct rep_progress *p, const char *text, uint64_t elapsed_ms)
{
	uint64_t sec = elapsed_ms / 1000, sum = sum_of(text ? text : "");
	struct rep_page pg = {0};
	const char *line;

	if (!p->on || elapsed_ms < REP_PROGRESS_AFTER_MS)
		return;
	if (p->shown && sec == p->shown_sec && sum == p->shown_sum)
		return;
	pg.a = mp_arena_new();
	line = mp_printf(pg.a, "mailprobe: %llu s%s%s", (unsigned long long)sec, text ? "  " : "", text ? text : "");
	/* The last column stays free: some terminals wrap as soon as it is written. */
	line = mp_printf(pg.a, ERASE "%s", rep_cut(&pg, line, columns(p->fd) - 1));
	put(p, line, strlen(line));
	p->shown = true;
	p->shown_sec = sec;
	p->shown_sum = sum;
	mp_arena_free(pg.a);
}

void rep_progress_clear(struct rep_progress *p)
{
	if (!p->on || !p->shown)
		return;
	put(p, ERASE, strlen(ERASE));
	p->shown = false;
}
