# Octavia, with a network driver that makes VIP ports and nothing else (drivers/refcloud/balancer.py). Sourced by `up`.

octavia_config() {
  mkdir -p "$ETC/octavia"
  cat > "$ETC/octavia/octavia.conf" <<-EOF
	[DEFAULT]
	$(common_default)
	[api_settings]
	bind_host = 127.0.0.1
	bind_port = 9876
	auth_strategy = keystone
	enabled_provider_drivers = amphora:The noop amphora driver,octavia:An alias of amphora
	default_provider_driver = amphora
	healthcheck_enabled = true
	[controller_worker]
	amp_image_tag = amphora
	client_ca = $STATE/tls/ca.pem
	amphora_driver = amphora_noop_driver
	compute_driver = compute_noop_driver
	network_driver = refcloud_network_driver
	image_driver = image_noop_driver
	volume_driver = volume_noop_driver
	workers = 1
	amp_active_retries = 5
	amp_active_wait_sec = 1
	[task_flow]
	engine = serial
	persistence_connection = $(dburl octavia octavia_persistence)
	[certificates]
	ca_certificate = $STATE/tls/ca.pem
	ca_private_key = $STATE/tls/ca.key
	server_certs_key_passphrase = insecure-key-do-not-use-this-key
	cert_generator = local_cert_generator
	cert_manager = local_cert_manager
	[oslo_messaging]
	topic = octavia_prov
	[service_auth]
	$(auth octavia)
	[neutron]
	region_name = $REGION
	service_name = neutron
	endpoint_type = publicURL
	[health_manager]
	heartbeat_key = insecure
	bind_ip = 127.0.0.1
	[house_keeping]
	load_balancer_expiry_age = 3600
	$(common_tail octavia)
	EOF
}

octavia_schema() { once schema-octavia bash -c "as octavia-db-manage --config-file '$ETC/octavia/octavia.conf' upgrade head"; }

octavia_start() {
  UWSGI_ARGS="--pyargv --config-file=$ETC/octavia/octavia.conf" uwsgi octavia-api 9876 2 $WSGI_OCTAVIA OS_OCTAVIA_CONFIG_DIR="$ETC/octavia"
  launch octavia-worker REFCLOUD_OCTAVIA=worker /usr/bin/octavia-worker --config-file "$ETC/octavia/octavia.conf"
  launch octavia-housekeeping /usr/bin/octavia-housekeeping --config-file "$ETC/octavia/octavia.conf"
  wait_for 120 octavia-api answers http://127.0.0.1:9876/
}
