# tests/lab/servers/nginx.sh - nginx, for the policies of MTA-STS; sourced by tests/lab/run

sts_policy() # DOMAIN MODE MX
{
	mkdir -p "$work/www/mta-sts.$1/.well-known"
	printf 'version: STSv1\r\nmode: %s\r\nmx: %s\r\nmax_age: 86400\r\n' "$2" "$3" \
		>"$work/www/mta-sts.$1/.well-known/mta-sts.txt"
}
have_nginx=no
if command -v nginx >/dev/null 2>&1; then
	sts_policy enforce.sts.example enforce plain-valid.dane.example
	sts_policy self.sts.example enforce '*.dane.example'
	sts_policy other.sts.example enforce mx.elsewhere.example
	sts_policy testing.sts.example testing '*.dane.example'
	sts_policy stranger.sts.example enforce plain-valid.dane.example
	sts_policy both.dane.example enforce ee-self.dane.example
	cat >"$work/nginx.conf" <<C
user root;
daemon off;
worker_processes 1;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path $work/nginx-body;
	proxy_temp_path $work/nginx-proxy;
	fastcgi_temp_path $work/nginx-fastcgi;
	uwsgi_temp_path $work/nginx-uwsgi;
	scgi_temp_path $work/nginx-scgi;
	default_type text/plain;
	server {
		listen 198.51.100.62:443 ssl;
		ssl_certificate $work/sts.pem;
		ssl_certificate_key $work/sts.key;
		root $work/www/\$host;
	}
}
C
	nginx -c "$work/nginx.conf" >"$work/nginx.out.log" 2>&1 &
	wait_for "nginx" listens 198.51.100.62:443
	have_nginx=yes
fi
