# Configuration files of the guest host's daemons (sourced by `up`). Each daemon of Nova, Neutron and Cinder reads the
# reference cloud's own file first and then one of these.
write_configuration() {
  mkdir -p "$ETC"/{libvirt,providers} "$CLOUD_ETC/neutron/server.d" "$CLOUD_ETC/nova/scheduler.d"
  [ -s "$ETC/secret" ] || (umask 077; openssl rand -hex 12 > "$ETC/secret")
  write_libvirt_configuration
  write_nova_configuration
  write_neutron_configuration
  write_cinder_configuration
  chown -R root:refcloud "$ETC" "$CLOUD_ETC/neutron/server.d" "$CLOUD_ETC/nova/scheduler.d"
  chmod -R u=rwX,g=rX,o= "$ETC" "$CLOUD_ETC/neutron/server.d" "$CLOUD_ETC/nova/scheduler.d"
  chown refcloud: "$DATA/volumes"
}

write_libvirt_configuration() {
  cat > "$ETC/libvirt/qemu.conf" <<-C
	user = "root"
	group = "root"
	security_driver = "none"
	security_default_confined = 0
	dynamic_ownership = 0
	remember_owner = 0
	namespaces = []
	cgroup_controllers = []
	C
  printf 'auth_unix_rw = "none"\nauth_unix_ro = "none"\nlog_level = 3\n' > "$ETC/libvirt/libvirtd.conf"
  printf 'max_size = 8388608\nmax_backups = 1\n' > "$ETC/libvirt/virtlogd.conf"
}

# The trait keeps other servers off this host, and guest flavors off the others.
write_nova_configuration() {
  cat > "$ETC/compute.conf" <<-C
	[DEFAULT]
	host = guests
	compute_driver = libvirt.LibvirtDriver
	state_path = $DATA/nova
	instances_path = $DATA/nova/instances
	reserved_host_memory_mb = 512
	sync_power_state_interval = 600
	ram_allocation_ratio = 1.0
	cpu_allocation_ratio = 16.0
	running_deleted_instance_action = reap
	config_drive_format = $CONFIG_DRIVE_FORMAT
	vif_plugging_timeout = 300
	[libvirt]
	virt_type = qemu
	images_type = qcow2
	# a guest's loader reads in small pieces: past the page cache that takes twice the processor time
	disk_cachemodes = file=writeback
	# a guest that ignores its power button is reset after this time (Nova's default: 120)
	wait_soft_reboot_seconds = 30
	[cinder]
	cross_az_attach = false
	[compute]
	provider_config_location = $ETC/providers
	[oslo_concurrency]
	lock_path = $DATA/lock
	C
  cat > "$ETC/providers/guests.yaml" <<-C
	meta: {schema_version: '1.0'}
	providers:
	  - identification: {uuid: \$COMPUTE_NODE}
	    traits: {additional: [CUSTOM_GUESTS]}
	C
  printf '[scheduler]\nenable_isolated_aggregate_filtering = true\n' > "$SCHEDULER_EXTRA"
  cat > "$ETC/metadata-api.conf" <<-C
	[DEFAULT]
	enabled_apis = metadata
	metadata_listen = 127.0.0.1
	metadata_listen_port = 8775
	metadata_workers = 1
	[neutron]
	service_metadata_proxy = true
	metadata_proxy_shared_secret = $(cat "$ETC/secret")
	C
}

# Networks are given to the host's DHCP agent one by one (fixtures.py): automatic scheduling would start a dnsmasq for
# every network of the cloud.
write_neutron_configuration() {
  cat > "$NEUTRON_EXTRA" <<-C
	[DEFAULT]
	dhcp_agent_notification = true
	network_auto_schedule = false
	router_auto_schedule = false
	[ml2]
	mechanism_drivers = linuxbridge,refcloud,openvswitch
	[experimental]
	linuxbridge = true
	C
  cat > "$ETC/agent.conf" <<-C
	[DEFAULT]
	host = guests
	state_path = $DATA/neutron
	interface_driver = linuxbridge
	# DHCP agent
	force_metadata = true
	enable_isolated_metadata = true
	dnsmasq_local_resolv = false
	# metadata agent
	metadata_proxy_shared_secret = $(cat "$ETC/secret")
	nova_metadata_host = 127.0.0.1
	nova_metadata_port = 8775
	metadata_workers = 1
	metadata_proxy_user = root
	metadata_proxy_group = root
	# L3 agent
	agent_mode = legacy
	[agent]
	root_helper = sudo
	[linux_bridge]
	physical_interface_mappings = public:ext
	[vxlan]
	enable_vxlan = true
	local_ip = 10.255.0.1
	l2_population = false
	[securitygroup]
	enable_security_group = true
	firewall_driver = iptables
	enable_ipset = true
	[oslo_concurrency]
	lock_path = $DATA/lock
	C
}

write_cinder_configuration() {
  cat > "$ETC/cinder.conf" <<-C
	[DEFAULT]
	host = guests
	enabled_backends = guests
	[guests]
	volume_driver = file_volumes.FileVolumeDriver
	volume_backend_name = guests
	backend_availability_zone = guests
	file_volumes_folder = $DATA/volumes
	C
}
