# Starts the guest host's daemons (sourced by `up` and `config-drive`).

start_daemons() {
  local agent=(--config-file "$CLOUD_ETC/neutron/neutron.conf" --config-file "$ETC/agent.conf")
  start_in_host virtlogd /usr/sbin/virtlogd
  start_in_host libvirtd /usr/sbin/libvirtd
  start_as_cloud cinder-volume /usr/bin/cinder-volume --config-file "$CLOUD_ETC/cinder/cinder.conf" --config-file "$ETC/cinder.conf"
  start_as_cloud metadata-api /usr/bin/nova-api --config-file "$CLOUD_ETC/nova/nova.conf" --config-file "$ETC/metadata-api.conf"
  wait_for 60 libvirtd in_host virsh -q list
  start_nova_compute
  start_in_host linuxbridge-agent /usr/bin/neutron-linuxbridge-agent "${agent[@]}"
  start_in_host dhcp-agent /usr/bin/neutron-dhcp-agent "${agent[@]}"
  start_in_host metadata-agent /usr/bin/neutron-metadata-agent "${agent[@]}"
  start_in_host l3-agent /usr/bin/neutron-l3-agent "${agent[@]}"
}

# Started anew when its configuration has changed; guests go on meanwhile. Returns when Nova knows that it is there again
# (fixtures.py waits for the first start).
start_nova_compute() {
  local sum known=0
  [ ! -e "$RUN/compute.sum" ] || known=1
  sum=$(md5sum < "$ETC/compute.conf")
  [ "$(cat "$RUN/compute.sum" 2> /dev/null)" = "$sum" ] || stop nova-compute
  ! alive nova-compute || return 0
  echo "$sum" > "$RUN/compute.sum"
  start_in_host nova-compute /usr/bin/nova-compute --config-file "$CLOUD_ETC/nova/nova-compute.conf" --config-file "$ETC/compute.conf"
  [ $known = 1 ] || return 0
  env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME="$DATA" STATE="$STATE" /usr/bin/python3 "$HERE/py/wait_for_compute.py" 180 2> "$LOG/wait-for-compute.log" \
    || { tail -3 "$LOG/wait-for-compute.log" >&2; die "nova-compute is not ready in time"; }
}
