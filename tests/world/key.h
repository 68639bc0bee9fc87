/*
 * tests/world/key.h - a key that messages are signed with (Ed25519), and its public half as a DKIM record has it
 *
 * Owns:   nothing. Fails: never. Uses: no I/O, no clock.
 */
#ifndef WORLD_KEY_H
#define WORLD_KEY_H

#define ED25519_PKCS8                                                        \
	"-----BEGIN PRIVATE KEY-----\n"                                      \
	"MC4CAQAwBQYDK2VwBCIEIM18kSBkzOEhlI2y9bxC25XhPR+/qxZZ4Qxt3nOl8ZlN\n" \
	"-----END PRIVATE KEY-----\n"
#define ED25519_P "u1oDVj/9WToETf3kD3Kib/oajosO/WrmazPHr9/DezU="

#endif
