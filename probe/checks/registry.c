/* probe/checks/registry.c - the table of checks, in the order of the report */
#include "probe/checks/checks.h"

const struct mp_check *const mp_checks[] = {
	&mp_check_resolver_health,
	&mp_check_host_witness,
	&mp_check_host_fqdn,
	&mp_check_ehlo_syntax,
	&mp_check_ehlo_resolves,
	&mp_check_ehlo_matches_source,
	&mp_check_ptr_exists,
	&mp_check_ptr_single,
	&mp_check_ptr_fcrdns,
	&mp_check_ptr_matches_ehlo,
	&mp_check_ptr_generic,
	&mp_check_ptr_syntax,
	&mp_check_ptr_propagation,
	&mp_check_mx_sender,
	&mp_check_dnsbl_ip,
	&mp_check_dnsbl_domain,
	&mp_check_tls_rpt_sender,
	&mp_check_dane_sender,
	&mp_check_bimi_sender,
	&mp_check_dnssec_sender,
	&mp_check_mx_target,
	&mp_check_egress_port25,
	&mp_check_smtp_session,
	&mp_check_smtp_starttls,
	&mp_check_tls_certificate,
	&mp_check_tls_version,
};
const size_t mp_n_checks = ARRAY_LEN(mp_checks);
