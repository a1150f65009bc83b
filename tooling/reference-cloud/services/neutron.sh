# Neutron, with a mechanism driver that binds every port (drivers/refcloud/wires.py). Sourced by `up`.

neutron_config() {
  mkdir -p "$ETC/neutron/server.d"    # guests/up puts a file into it
  cat > "$ETC/neutron/neutron.conf" <<-EOF
	[DEFAULT]
	$(common_default)
	bind_host = 127.0.0.1
	bind_port = 9696
	state_path = $DATA/neutron
	auth_strategy = keystone
	core_plugin = ml2
	service_plugins = router,trunk
	api_paste_config = $ETC/neutron/api-paste.ini
	api_workers = 2
	rpc_workers = 1
	rpc_state_report_workers = 0
	allow_overlapping_ips = true
	notify_nova_on_port_status_changes = true
	notify_nova_on_port_data_changes = true
	send_events_interval = 1
	dhcp_agent_notification = false
	[nova]
	$(auth nova)
	[placement]
	$(auth placement)
	$(common_tail neutron)
	EOF
  cat > "$ETC/neutron/ml2.ini" <<-EOF
	[ml2]
	type_drivers = flat,vlan,vxlan
	tenant_network_types = vxlan
	mechanism_drivers = refcloud,openvswitch
	extension_drivers = port_security
	[ml2_type_flat]
	flat_networks = public
	[ml2_type_vlan]
	network_vlan_ranges = public:100:200
	[ml2_type_vxlan]
	vni_ranges = 1:10000
	[securitygroup]
	enable_security_group = true
	EOF
  copy_packaged neutron api-paste.ini
}

neutron_schema() {
  once schema-neutron bash -c "as neutron-db-manage --config-file '$ETC/neutron/neutron.conf' --config-file '$ETC/neutron/ml2.ini' upgrade heads"
}

neutron_start() {
  local files=(--config-file "$ETC/neutron/neutron.conf" --config-file "$ETC/neutron/ml2.ini") worker
  if [ -z "$WSGI_NEUTRON" ]; then
    launch neutron-server /usr/bin/neutron-server "${files[@]}" --config-dir "$ETC/neutron/server.d"
  else
    UWSGI_THREADS=1 UWSGI_ARGS="--set start-time=$(date +%s)" uwsgi neutron-server 9696 3 $WSGI_NEUTRON \
      OS_NEUTRON_CONFIG_DIR="$ETC/neutron" "OS_NEUTRON_CONFIG_FILES=neutron.conf;ml2.ini"
  fi
  for worker in $NEUTRON_WORKERS; do launch "neutron-$worker" "/usr/bin/neutron-$worker" "${files[@]}"; done
}

neutron_wait() { wait_for 180 neutron-server answers http://127.0.0.1:9696/; }
