/*
 * base/banned.h - functions that cannot be used safely here fail to compile
 *
 * Included last by base/base.h. Unbounded writers, parsers that cannot tell an error from 0, clocks with hidden
 * state, and blocking name look-ups: each has a bounded counterpart in base/ or an observer.
 */
#ifndef MP_BANNED_H
#define MP_BANNED_H

#if defined(__GNUC__) && !defined(MP_ALLOW_BANNED)
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison atoi atol atoll strtok
#pragma GCC poison gmtime localtime ctime asctime
#pragma GCC poison inet_ntoa inet_addr gethostbyname gethostbyaddr
#endif

#endif
