/* tests/unit/test_base.c - the ground floor */
#include "base/ip.h"

#include <setjmp.h>
#include <cmocka.h>

static void reverse_names(void **state)
{
	char out[MP_IP_REVERSE];
	struct mp_ip ip;

	(void)state;
	assert_true(mp_ip_parse(mp_str("192.0.2.10"), &ip));
	assert_string_equal(mp_ip_reverse(&ip, out), "10.2.0.192.in-addr.arpa");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reverse_names)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
