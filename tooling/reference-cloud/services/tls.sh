# A TLS listener in front of each API, with a private CA. Sourced by `up`.

tls_config() {
  mkdir -p "$ETC/nginx"
  {
    cat <<-EOF
	worker_processes 1;
	pid $RUN/nginx.own.pid;
	error_log $LOG/nginx-error.log;
	daemon off;
	events { worker_connections 512; }
	http {
	  access_log off;
	  client_body_temp_path $DATA/nginx/body;
	  proxy_temp_path $DATA/nginx/proxy;
	  fastcgi_temp_path $DATA/nginx/fastcgi;
	  uwsgi_temp_path $DATA/nginx/uwsgi;
	  scgi_temp_path $DATA/nginx/scgi;
	  ssl_certificate $STATE/tls/server.pem;
	  ssl_certificate_key $STATE/tls/server.key;
	  client_max_body_size 0;
	  proxy_request_buffering off;
	  proxy_http_version 1.1;
	  proxy_read_timeout 300s;
	  proxy_set_header Host \$http_host;
	  proxy_set_header Accept-Encoding "";
	  proxy_redirect ~^http://127\.0\.0\.1:(\d\d\d\d)/(.*)\$ https://127.0.0.1:1\$1/\$2;
	  proxy_redirect ~^http://127\.0\.0\.1:(1\d\d\d\d)/(.*)\$ https://127.0.0.1:\$1/\$2;
	  sub_filter_types application/json application/json-home application/openstack-images-v2.1-json-patch;
	  sub_filter_once off;
	EOF
    local p
    for p in 5000 9292 8774 8776 8778 9696 9876; do
      echo "  sub_filter 'http://127.0.0.1:$p' 'https://127.0.0.1:1$p';"
      echo "  sub_filter 'http://127.0.0.1:1$p' 'https://127.0.0.1:1$p';"
    done
    for p in 5000 9292 8774 8776 8778 9696 9876; do
      echo "  server { listen 127.0.0.1:1$p ssl; location / { proxy_pass http://127.0.0.1:$p; } }"
    done
    echo "}"
  } > "$ETC/nginx/nginx.conf"
}

make_certificates() {
  [ -s "$STATE/tls/server.pem" ] && return 0
  mkdir -p "$STATE/tls"
  (
    cd "$STATE/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=reference-cloud test CA" \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
      -keyout ca.key -out ca.pem
    openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr
    printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' > ext
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile ext -out server.pem
    rm -f ext server.csr
    chown root:$RUNAS -- *.key; chmod 640 -- *.key; chmod 644 -- *.pem
  ) > "$LOG/setup-tls.log" 2>&1 || { cat "$LOG/setup-tls.log" >&2; fail "the certificates cannot be made"; }
}

tls_start() {
  launch nginx /usr/sbin/nginx -c "$ETC/nginx/nginx.conf"
  wait_for 30 nginx curl -sf --cacert "$STATE/tls/ca.pem" https://127.0.0.1:15000/v3
}
