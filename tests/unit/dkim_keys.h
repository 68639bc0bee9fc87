/*
 * tests/unit/dkim_keys.h - keys made for the tests alone: private ones in PEM, public ones as records have them
 *
 * Owns: nothing. Fails: never. Uses: nothing.
 */
#ifndef MP_TEST_DKIM_KEYS_H
#define MP_TEST_DKIM_KEYS_H

#include "tests/world/key.h"

#define RSA1024_PKCS1                                                        \
	"-----BEGIN RSA PRIVATE KEY-----\n"                                  \
	"MIICXQIBAAKBgQCyTUABJrlTt25NVKHgkJL/ZIewNs9PqXBvZzS41+EfNHIy1gjY\n" \
	"Di02AQYDdaB7S7FvVbxbLRjHppx+7mUZS5Wq1drZnaNlGp+Y3enkscPH98gE60oZ\n" \
	"1+wyCwWcVtUXZvGOjhfoN1YmDUTQN6KClXxsdCACEkAh3TS+Uds+aHiROQIDAQAB\n" \
	"AoGAXkW/8Jvj4yKaPGLiEBUA0+34XDAunoUNAKoF0zG5QsF9G+nU1T9xohsabdvU\n" \
	"lTwpPZ+MLn0CnBU4q1gqthwjrkPLG5hQEptNOaLZXmHC7NoQUDUbFzlXq223MCHB\n" \
	"wfIYTBnjg7p5KjLCm2YVciqDfGTvKlwvLM3qrhJrwByOtoECQQDr06YyKAN+SoER\n" \
	"B0wXtOJTwroGHMzOCHTa+M3bgZrqGYSnaU92HPlimUxIeMwG6RrzK/0rQQwQYuQH\n" \
	"yQE61XrxAkEAwY3dmSgghSDJZhi0KlAoXmj/ljKQ7GAhtnY/otSQPJx5vRNuKc7Z\n" \
	"ds7X6HLM4FF/8Pj9M5VZTZpcol+WQKeqyQJBALVaw0FpEh6p7w2IXhURDsg5RNN0\n" \
	"jG+ZgzvuAGlhByAmVaRk0S3U5FfV6hsFgmmCFC6TUpNT55ImapQuGNsE1xECQQCA\n" \
	"5vgTzfOKdcFrKzyhiWy5I3hEET0PDx6ko6/Rw3qjwxoYX95YHZgaVbrY5cuoAN8S\n" \
	"HuCR//7PfeP/h2VLfd5xAkB9VRKoIvYKUVh0JPn96YrcopxtKFk3VgStWLPloS+F\n" \
	"EqqzXxpoORhIUYAsn3rk3znoCkWcBOuHh2YkqqGFkV6L\n"                     \
	"-----END RSA PRIVATE KEY-----\n"

#define RSA1024_PKCS8                                                        \
	"-----BEGIN PRIVATE KEY-----\n"                                      \
	"MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBALJNQAEmuVO3bk1U\n" \
	"oeCQkv9kh7A2z0+pcG9nNLjX4R80cjLWCNgOLTYBBgN1oHtLsW9VvFstGMemnH7u\n" \
	"ZRlLlarV2tmdo2Uan5jd6eSxw8f3yATrShnX7DILBZxW1Rdm8Y6OF+g3ViYNRNA3\n" \
	"ooKVfGx0IAISQCHdNL5R2z5oeJE5AgMBAAECgYBeRb/wm+PjIpo8YuIQFQDT7fhc\n" \
	"MC6ehQ0AqgXTMblCwX0b6dTVP3GiGxpt29SVPCk9n4wufQKcFTirWCq2HCOuQ8sb\n" \
	"mFASm005otleYcLs2hBQNRsXOVerbbcwIcHB8hhMGeODunkqMsKbZhVyKoN8ZO8q\n" \
	"XC8szequEmvAHI62gQJBAOvTpjIoA35KgREHTBe04lPCugYczM4IdNr4zduBmuoZ\n" \
	"hKdpT3Yc+WKZTEh4zAbpGvMr/StBDBBi5AfJATrVevECQQDBjd2ZKCCFIMlmGLQq\n" \
	"UCheaP+WMpDsYCG2dj+i1JA8nHm9E24pztl2ztfocszgUX/w+P0zlVlNmlyiX5ZA\n" \
	"p6rJAkEAtVrDQWkSHqnvDYheFREOyDlE03SMb5mDO+4AaWEHICZVpGTRLdTkV9Xq\n" \
	"GwWCaYIULpNSk1PnkiZqlC4Y2wTXEQJBAIDm+BPN84p1wWsrPKGJbLkjeEQRPQ8P\n" \
	"HqSjr9HDeqPDGhhf3lgdmBpVutjly6gA3xIe4JH//s994/+HZUt93nECQH1VEqgi\n" \
	"9gpRWHQk+f3pityinG0oWTdWBK1Ys+WhL4USqrNfGmg5GEhRgCyfeuTfOegKRZwE\n" \
	"64eHZiSqoYWRXos=\n"                                                 \
	"-----END PRIVATE KEY-----\n"

#define RSA1024_ENCRYPTED                                                    \
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"                            \
	"MIIC3TBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQICk/nsqeigaECAggA\n" \
	"MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAECBBDdvfS2quUasbtMI/RutstDBIIC\n" \
	"gKoNrL9Qijx+KdQbp8Oll4Zpqimt69yOi1gOPJ5Nvg0cYpTEl2QAdavj/Cdgj3jW\n" \
	"1oSpr5lKWwSeaiIMqSfIVHg0vlir1NsG2KZ9sKBAnWR9ZkxHYUZcKq33g9R+ukJj\n" \
	"bOGLwCsXLo+E/PcgAQTrxeOj5x2b1h9Izo6hbazTodsz/sMoVClyrvjYQa40Njvh\n" \
	"0fAbibtfdaBesv3kzUDGxke5gZ+JJUTHj0cOGPZ2SWtjJuyclm6lKeY0ZZVzPdte\n" \
	"wKu26pzL5ijvwxhLZGLRnU1ShpVJ1/SRU8GpLz8hIOBrfMJz9/UQTzQzdiHcKsNg\n" \
	"ui1lUmmVSAx0LtRSBbaIRIwVnwo9Q+GUKlojcVL1eBXc35KJaioKT9ge4UMMRwYv\n" \
	"apCJ7Ss9XVJlrpwsPcVCehPON6Hr6s71ns+oEEAaeIaUHsC+UxpsbUHqnnsIfBFq\n" \
	"yg4eQdt/W8mH19iMSdzJOJbsj2tvTQ5VMSvmrfKi3p3HH0aeOFqSnieoVK70B9Yf\n" \
	"f0ELZzN3QS1gU7JzjUIMp9iBb68rZQ9/k76+gQ7DWOa8f2Opxda9WkTI/tbL9rju\n" \
	"xGBUQj/jLfI8O4TblRBx5ix7Loa0oLs54mK3PES4OV7RSXmRbGf2UvLZcdb0qa8A\n" \
	"If61itIc9jfNGke5o2664nM+DMk7MmhhEQEQIcytbahE/tS5Zyp7f5gbtb8ITF8k\n" \
	"ls0hh4Tzjx8FZU7ux3ALR6AlIXeRqXvvEhE4IsYtRrur+Pbg8feceLrtmzAiuOi1\n" \
	"KHR9ygxTO0j2yWPYHPekKWwnL6sfIivxUTFWZiQELSjoLxX7SJSJt0v4DyTicw9u\n" \
	"rMrMSNWcfkF63fG40uAG8ag=\n"                                         \
	"-----END ENCRYPTED PRIVATE KEY-----\n"

#define EC_PRIVATE                                                           \
	"-----BEGIN EC PRIVATE KEY-----\n"                                   \
	"MHcCAQEEICoFqCZ4O8MHNl4SObHX76zoarEOVUJxnikCORcBCC7IoAoGCCqGSM49\n" \
	"AwEHoUQDQgAEDTOXF+Ib/6em50hm57VBUdwt+44+10BINAJlYHnEb0QJl9NckZRg\n" \
	"Sr1Us95xTvEBLYJh/YL8rbwpBWiyia1MVg==\n"                             \
	"-----END EC PRIVATE KEY-----\n"

#define RSA1024_P                                                                                              \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCyTUABJrlTt25NVKHgkJL/ZIewNs9PqXBvZzS41+EfNHIy1gjYDi02AQYDdaB7" \
	"S7FvVbxbLRjHppx+7mUZS5Wq1drZnaNlGp+Y3enkscPH98gE60oZ1+wyCwWcVtUXZvGOjhfoN1YmDUTQN6KClXxsdCACEkAh3TS+" \
	"Uds+aHiROQIDAQAB"

#define RSA1024_P_PKCS1                                                                                        \
	"MIGJAoGBALJNQAEmuVO3bk1UoeCQkv9kh7A2z0+pcG9nNLjX4R80cjLWCNgOLTYBBgN1oHtLsW9VvFstGMemnH7uZRlLlarV2tmd" \
	"o2Uan5jd6eSxw8f3yATrShnX7DILBZxW1Rdm8Y6OF+g3ViYNRNA3ooKVfGx0IAISQCHdNL5R2z5oeJE5AgMBAAE="

#define RSA1024_P_PRIVATE                                                                                      \
	"MIICXQIBAAKBgQCyTUABJrlTt25NVKHgkJL/ZIewNs9PqXBvZzS41+EfNHIy1gjYDi02AQYDdaB7S7FvVbxbLRjHppx+7mUZS5Wq" \
	"1drZnaNlGp+Y3enkscPH98gE60oZ1+wyCwWcVtUXZvGOjhfoN1YmDUTQN6KClXxsdCACEkAh3TS+Uds+aHiROQIDAQABAoGAXkW/" \
	"8Jvj4yKaPGLiEBUA0+34XDAunoUNAKoF0zG5QsF9G+nU1T9xohsabdvUlTwpPZ+MLn0CnBU4q1gqthwjrkPLG5hQEptNOaLZXmHC" \
	"7NoQUDUbFzlXq223MCHBwfIYTBnjg7p5KjLCm2YVciqDfGTvKlwvLM3qrhJrwByOtoECQQDr06YyKAN+SoERB0wXtOJTwroGHMzO" \
	"CHTa+M3bgZrqGYSnaU92HPlimUxIeMwG6RrzK/0rQQwQYuQHyQE61XrxAkEAwY3dmSgghSDJZhi0KlAoXmj/ljKQ7GAhtnY/otSQ" \
	"PJx5vRNuKc7Zds7X6HLM4FF/8Pj9M5VZTZpcol+WQKeqyQJBALVaw0FpEh6p7w2IXhURDsg5RNN0jG+ZgzvuAGlhByAmVaRk0S3U" \
	"5FfV6hsFgmmCFC6TUpNT55ImapQuGNsE1xECQQCA5vgTzfOKdcFrKzyhiWy5I3hEET0PDx6ko6/Rw3qjwxoYX95YHZgaVbrY5cuo" \
	"AN8SHuCR//7PfeP/h2VLfd5xAkB9VRKoIvYKUVh0JPn96YrcopxtKFk3VgStWLPloS+FEqqzXxpoORhIUYAsn3rk3znoCkWcBOuH" \
	"h2YkqqGFkV6L"

#define RSA512_P                                                                                               \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMl1d0Q9FfHYFaNhhbHTBIjonB/cqJJ8EKqZMjajFfx27+PQ/afYpuFW0rGdxDo8g6MF" \
	"2ami7W9t04Sjtf3H8/8CAwEAAQ=="

#define RSA2048_P                                                                                              \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuvB4XBL0zg0d/ai4R/fTxHdO2BcsjjoSMLYaNAVdxzarxv/6jOZpWpOL" \
	"HInKGcNBq6167tV5m4ib4fGZLe0BTfGpx+Tu7izAjCNhLsrJYI6APrGdkEHpkmrfE5SKbfbBrQ9vp7EPaL3imrIRYIdBxcZ1p3mb" \
	"aQqa1quu7M1MIhiVyjr9Pt8NHbvomsqz61VzXFAGttk3QzCj6p4+DslfQ44tTkbyKj3oT/p01YLm7EJTOwF0mJQP2VIEO3Fj4S1T" \
	"3E6yU87Xpay2NUPKFrTOQkPvU3YWe8bCoR2WgLMZaNt5b8iDcKmNVBXZkHDyYtdSbFnIL5okmY5dstoy6z3LiQIDAQAB"

#define ED25519_P_SPKI "MCowBQYDK2VwAyEAu1oDVj/9WToETf3kD3Kib/oajosO/WrmazPHr9/DezU="

/* The same as strings of a zone file. */
#define RSA1024_P_PRIVATE_STRINGS                                                                              \
	"MIICXQIBAAKBgQCyTUABJrlTt25NVKHgkJL/ZIewNs9PqXBvZzS41+EfNHIy1gjYDi02AQYDdaB7S7FvVbxbLRjHppx+7mUZS5Wq" \
	"1drZnaNlGp+Y3enkscPH98gE60oZ1+wyCwWcVtUXZvGOjhfoN1YmDUTQN6KClXxsdCACEkAh3TS+Uds+aHiROQIDAQABAoGAXkW/" \
	"8Jvj4yKaPGLiEBUA0+34XDAunoUNAKoF0zG5QsF9"                                                             \
	"\" \""                                                                                                \
	"G+nU1T9xohsabdvUlTwpPZ+MLn0CnBU4q1gqthwjrkPLG5hQEptNOaLZXmHC7NoQUDUbFzlXq223MCHBwfIYTBnjg7p5KjLCm2YV" \
	"ciqDfGTvKlwvLM3qrhJrwByOtoECQQDr06YyKAN+SoERB0wXtOJTwroGHMzOCHTa+M3bgZrqGYSnaU92HPlimUxIeMwG6RrzK/0r" \
	"QQwQYuQHyQE61XrxAkEAwY3dmSgghSDJZhi0KlAo"                                                             \
	"\" \""                                                                                                \
	"Xmj/ljKQ7GAhtnY/otSQPJx5vRNuKc7Zds7X6HLM4FF/8Pj9M5VZTZpcol+WQKeqyQJBALVaw0FpEh6p7w2IXhURDsg5RNN0jG+Z" \
	"gzvuAGlhByAmVaRk0S3U5FfV6hsFgmmCFC6TUpNT55ImapQuGNsE1xECQQCA5vgTzfOKdcFrKzyhiWy5I3hEET0PDx6ko6/Rw3qj" \
	"wxoYX95YHZgaVbrY5cuoAN8SHuCR//7PfeP/h2VL"                                                             \
	"\" \""                                                                                                \
	"fd5xAkB9VRKoIvYKUVh0JPn96YrcopxtKFk3VgStWLPloS+FEqqzXxpoORhIUYAsn3rk3znoCkWcBOuHh2YkqqGFkV6L"

#endif
