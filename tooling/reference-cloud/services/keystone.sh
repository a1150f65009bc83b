# Keystone, and the services, users and roles in it. Sourced by `up`.

keystone_config() {
  mkdir -p "$ETC/keystone"
  cat > "$ETC/keystone/keystone.conf" <<-EOF
	[DEFAULT]
	$(common_default)
	public_endpoint = http://127.0.0.1:5000/
	[token]
	provider = fernet
	expiration = 14400
	[fernet_tokens]
	key_repository = $DATA/keystone/fernet-keys
	[fernet_receipts]
	key_repository = $DATA/keystone/fernet-keys
	[credential]
	key_repository = $DATA/keystone/credential-keys
	[cache]
	enabled = true
	backend = dogpile.cache.memcached
	memcache_servers = 127.0.0.1:$MCPORT
	[database]
	connection = $(dburl keystone)
	[oslo_messaging_notifications]
	driver = noop
	EOF
}

keystone_db() {
  mkdir -p "$DATA/keystone"; chown $RUNAS: "$DATA/keystone"
  local k="as keystone-manage --config-file $ETC/keystone/keystone.conf"
  $k db_sync && $k fernet_setup --keystone-user $RUNAS --keystone-group $RUNAS &&
  $k credential_setup --keystone-user $RUNAS --keystone-group $RUNAS &&
  $k bootstrap --bootstrap-password "$1" --bootstrap-region-id $REGION --bootstrap-service-name keystone \
    --bootstrap-admin-url http://127.0.0.1:5000/v3/ --bootstrap-internal-url http://127.0.0.1:5000/v3/ \
    --bootstrap-public-url http://127.0.0.1:5000/v3/
}
export -f keystone_db

keystone_schema() { once schema-keystone bash -c 'keystone_db "$1"' - "$ADMIN_PASSWORD"; }

keystone_start() {
  uwsgi keystone 5000 3 $WSGI_KEYSTONE OS_KEYSTONE_CONFIG_DIR="$ETC/keystone"
  wait_for 90 keystone answers http://127.0.0.1:5000/v3
  say "keystone answers"
  once identity-$OCTAVIA env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME="$DATA/home" REGION=$REGION OCTAVIA="$OCTAVIA" \
    ADMIN_PASSWORD="$ADMIN_PASSWORD" SERVICE_PASSWORD="$SERVICE_PASSWORD" USER_PASSWORD="$USER_PASSWORD" \
    /usr/bin/python3 "$HERE/fixtures/identity.py"
}
