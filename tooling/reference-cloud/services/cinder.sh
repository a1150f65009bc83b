# Cinder, with a driver that keeps no bytes (drivers/refcloud/storage.py). Sourced by `up`.

cinder_config() {
  mkdir -p "$ETC/cinder"
  cat > "$ETC/cinder/cinder.conf" <<-EOF
	[DEFAULT]
	$(common_default)
	my_ip = 127.0.0.1
	host = refcloud
	state_path = $DATA/cinder
	image_conversion_dir = $DATA/cinder/conversion
	auth_strategy = keystone
	osapi_volume_listen = 127.0.0.1
	osapi_volume_listen_port = 8776
	osapi_volume_workers = 2
	api_paste_config = $ETC/cinder/api-paste.ini
	resource_query_filters_file = $ETC/cinder/resource_filters.json
	glance_api_servers = http://127.0.0.1:9292
	enabled_backends = nova,z1,z2
	storage_availability_zone = nova
	default_availability_zone = nova
	allow_availability_zone_fallback = false
	# else the API knows a zone that a new volume service brings only after an hour
	az_cache_duration = 1
	volume_clear = none
	backend_stats_polling_interval = 10
	[nova]
	$(auth nova)
	$(common_tail cinder)
	$(for z in nova z1 z2; do printf '[%s]\nvolume_driver = refcloud.storage.FakeStorageDriver\nvolume_backend_name = fake\nbackend_availability_zone = %s\n' $z $z; done)
	EOF
  copy_packaged cinder api-paste.ini
  copy_packaged cinder resource_filters.json

  # cinder-volume runs "sudo cinder-rootwrap FILE COMMAND" to look into images: here that is COMMAND
  mkdir -p "$STATE/bin"
  cat > "$STATE/bin/sudo" <<-'EOF'
	#!/bin/sh
	# nothing here touches a real disk, so nothing needs root
	[ "$1" = cinder-rootwrap ] && shift 2
	exec "$@"
	EOF
  chmod 755 "$STATE/bin/sudo"
}

cinder_schema() { once schema-cinder bash -c "as cinder-manage --config-file '$ETC/cinder/cinder.conf' db sync"; }

cinder_start() {
  if [ -z "$WSGI_CINDER" ]; then
    launch cinder-api /usr/bin/cinder-api --config-file "$ETC/cinder/cinder.conf"
  else
    UWSGI_ARGS="--pyargv --config-file=$ETC/cinder/cinder.conf" uwsgi cinder-api 8776 3 $WSGI_CINDER
  fi
  launch cinder-scheduler /usr/bin/cinder-scheduler --config-file "$ETC/cinder/cinder.conf"
  launch cinder-volume PATH="$STATE/bin:$PATH" /usr/bin/cinder-volume --config-file "$ETC/cinder/cinder.conf"
}

cinder_wait() { wait_for 120 cinder-api answers http://127.0.0.1:8776/; }
