# Parts that the configuration files of several services share. Sourced by `up`.

dburl() { echo "mysql+pymysql://$1:$DB_PASSWORD@127.0.0.1:$DBPORT/${2:-$1}?charset=utf8"; }

message_bus() { echo "rabbit://openstack:$MQ_PASSWORD@127.0.0.1:$MQPORT/"; }

debug() { [ "$DEBUG" = 1 ] && echo true || echo false; }

auth() { # keystone credentials of a service user
  cat <<-EOF
	auth_type = password
	auth_url = http://127.0.0.1:5000
	project_domain_name = Default
	user_domain_name = Default
	project_name = service
	username = $1
	password = $SERVICE_PASSWORD
	region_name = $REGION
	EOF
}
common_default() {
  cat <<-EOF
	debug = $(debug)
	use_stderr = true
	transport_url = $(message_bus)
	rpc_response_timeout = 60
	EOF
}
common_tail() { # common_tail SERVICE [DATABASE]
  cat <<-EOF

	[database]
	connection = $(dburl "$1" "${2:-$1}")
	max_pool_size = 10
	max_overflow = 40
	connection_recycle_time = 3600

	[keystone_authtoken]
	$(auth "$1")
	www_authenticate_uri = http://127.0.0.1:5000
	memcached_servers = 127.0.0.1:$MCPORT
	service_token_roles = service
	service_token_roles_required = true

	[oslo_concurrency]
	lock_path = $DATA/$1/lock

	[oslo_messaging_rabbit]
	heartbeat_timeout_threshold = 120

	[oslo_messaging_notifications]
	driver = noop

	[service_user]
	send_service_user_token = true
	$(auth "$1")
	EOF
}

# copy_packaged SERVICE FILE: copies a file that newer packages keep in /usr/share instead of /etc
copy_packaged() {
  local f
  for f in "/etc/$1/$2" "/usr/share/$1-common/$2"; do
    [ ! -e "$f" ] || { cp "$f" "$ETC/$1/"; return 0; }
  done
  unable "the package of $1 has no $2"
}
