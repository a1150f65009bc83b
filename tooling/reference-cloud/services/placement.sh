# Placement. Sourced by `up`.

placement_config() {
  mkdir -p "$ETC/placement"
  cat > "$ETC/placement/placement.conf" <<-EOF
	[DEFAULT]
	debug = $(debug)
	use_stderr = true
	[api]
	auth_strategy = keystone
	[placement_database]
	connection = $(dburl placement)
	[keystone_authtoken]
	$(auth placement)
	www_authenticate_uri = http://127.0.0.1:5000
	memcached_servers = 127.0.0.1:$MCPORT
	EOF
}

placement_schema() {
  once schema-placement bash -c "as env OS_PLACEMENT_CONFIG_DIR='$ETC/placement' placement-manage --config-file '$ETC/placement/placement.conf' db sync"
}

placement_start() { uwsgi placement-api 8778 2 $WSGI_PLACEMENT OS_PLACEMENT_CONFIG_DIR="$ETC/placement"; }

placement_wait() { wait_for 120 placement-api answers http://127.0.0.1:8778/; }
