# Nova: API, conductor, scheduler, and a fake hypervisor in each of three zones. Sourced by `up`.

nova_config() {
  mkdir -p "$ETC/nova/scheduler.d"    # guests/up puts a file into it
  cat > "$ETC/nova/nova.conf" <<-EOF
	[DEFAULT]
	$(common_default)
	my_ip = 127.0.0.1
	state_path = $DATA/nova
	enabled_apis = osapi_compute
	osapi_compute_listen = 127.0.0.1
	osapi_compute_listen_port = 8774
	osapi_compute_workers = 3
	compute_driver = $NOVA_COMPUTE_DRIVER
	default_availability_zone = nova
	allow_resize_to_same_host = true
	instance_usage_audit = false
	reserved_host_memory_mb = 0
	sync_power_state_interval = -1
	vif_plugging_is_fatal = true
	vif_plugging_timeout = 60
	[wsgi]
	api_paste_config = $ETC/nova/api-paste.ini
	[api]
	auth_strategy = keystone
	[api_database]
	connection = $(dburl nova nova_api)
	max_pool_size = 10
	max_overflow = 40
	[conductor]
	workers = 2
	[scheduler]
	workers = 1
	discover_hosts_in_cells_interval = 300
	[filter_scheduler]
	# without ImagePropertiesFilter: the fake hypervisor says that it is of type "fake",
	# and images that ask for hypervisor_type=kvm must find a host all the same
	enabled_filters = ComputeFilter,ComputeCapabilitiesFilter,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter,SameHostFilter,DifferentHostFilter
	[vnc]
	enabled = false
	[glance]
	region_name = $REGION
	[placement]
	$(auth placement)
	[neutron]
	$(auth neutron)
	[cinder]
	$(auth cinder)
	os_region_name = $REGION
	catalog_info = volumev3::publicURL
	[cache]
	enabled = true
	backend = dogpile.cache.memcached
	memcache_servers = 127.0.0.1:$MCPORT
	$(common_tail nova)
	EOF
  # nova-compute must not know the databases
  awk '/^\[/ {skip = ($0 == "[database]" || $0 == "[api_database]")} !skip' "$ETC/nova/nova.conf" > "$ETC/nova/nova-compute.conf"
  local z
  for z in nova z1 z2; do
    mkdir -p "$DATA/nova/$z"
    cat > "$ETC/nova/compute-$z.conf" <<-EOF
	[DEFAULT]
	host = compute-$z
	state_path = $DATA/nova/$z
	EOF
  done
  copy_packaged nova api-paste.ini
}

nova_db() {
  as nova-manage --config-file "$ETC/nova/nova.conf" api_db sync &&
  as nova-manage --config-file "$ETC/nova/nova.conf" cell_v2 map_cell0 --database_connection "$1" &&
  as nova-manage --config-file "$ETC/nova/nova.conf" db sync &&
  { as nova-manage --config-file "$ETC/nova/nova.conf" cell_v2 list_cells | grep -q ' cell1 ' ||
    as nova-manage --config-file "$ETC/nova/nova.conf" cell_v2 create_cell --name=cell1; }
}
export -f nova_db

nova_schema() { once schema-nova bash -c 'nova_db "$1"' - "$(dburl nova nova_cell0)"; }

nova_start() {
  launch nova-conductor /usr/bin/nova-conductor --config-file "$ETC/nova/nova.conf"
  if [ -z "$WSGI_NOVA" ]; then
    launch nova-api /usr/bin/nova-api --config-file "$ETC/nova/nova.conf"
  else
    UWSGI_THREADS=1 uwsgi nova-api 8774 4 $WSGI_NOVA OS_NOVA_CONFIG_DIR="$ETC/nova"
  fi
  launch nova-scheduler /usr/bin/nova-scheduler --config-file "$ETC/nova/nova.conf" --config-dir "$ETC/nova/scheduler.d"
}

# The hypervisors want placement.
nova_compute_start() {
  local z
  for z in nova z1 z2; do
    launch nova-compute-$z /usr/bin/nova-compute --config-file "$ETC/nova/nova-compute.conf" --config-file "$ETC/nova/compute-$z.conf"
  done
}

nova_wait() { wait_for 120 nova-api answers http://127.0.0.1:8774/; }
