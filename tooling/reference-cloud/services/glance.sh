# Glance. Sourced by `up`.

glance_config() {
  mkdir -p "$ETC/glance"
  cat > "$ETC/glance/glance-api.conf" <<-EOF
	[DEFAULT]
	$(common_default)
	bind_host = 127.0.0.1
	bind_port = 9292
	workers = 2
	enabled_backends = file:file
	node_staging_uri = file://$DATA/glance/staging
	# the staging and tasks stores
	[os_glance_staging_store]
	filesystem_store_datadir = $DATA/glance/staging
	[os_glance_tasks_store]
	filesystem_store_datadir = $DATA/glance/tasks
	[glance_store]
	default_backend = file
	[file]
	filesystem_store_datadir = $DATA/glance/images
	[paste_deploy]
	flavor = keystone
	config_file = $ETC/glance/glance-api-paste.ini
	$(common_tail glance)
	EOF
  copy_packaged glance glance-api-paste.ini
}

glance_schema() { once schema-glance bash -c "as glance-manage --config-file '$ETC/glance/glance-api.conf' db_sync"; }

glance_start() {
  if [ -z "$WSGI_GLANCE" ]; then
    launch glance-api /usr/bin/glance-api --config-file "$ETC/glance/glance-api.conf"
    return
  fi
  # Cinder uploads images in chunks of 1 MiB, which with their frame are just more than uwsgi takes by default.
  UWSGI_ARGS="--chunked-input-limit 8388608 --chunked-input-timeout 60 --socket-timeout 60" \
    uwsgi glance-api 9292 2 $WSGI_GLANCE OS_GLANCE_CONFIG_DIR="$ETC/glance"
}

glance_wait() { wait_for 120 glance-api answers http://127.0.0.1:9292/; }
