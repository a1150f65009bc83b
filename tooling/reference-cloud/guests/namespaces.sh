# The namespaces that hold the guest host (sourced by `up`): its own network, mounts and /dev. They vanish with their
# last process, and with them every bridge, tap, rule, address and mount of the host.

# Nova and Neutron call sudo and rootwrap: the host's daemons run as root already. A kernel without vfat cannot mount
# Nova's vfat config drive to fill it: there, the copy is made by mtools when Nova unmounts it.
write_commands() {
  mkdir -p "$BIN"
  cat > "$BIN/sudo" <<-'S'
	#!/bin/sh
	while :; do case $1 in -*) shift ;; *-rootwrap) shift 2 ;; *) break ;; esac; done
	exec "$@"
	S
  cat > "$BIN/mount" <<-'S'
	#!/bin/sh
	case "$*" in
	"-o loop,uid="*) shift 2; printf %s "$1" > "$2.image"; exit 0 ;;
	esac
	exec /usr/bin/mount "$@"
	S
  cat > "$BIN/umount" <<-'S'
	#!/bin/sh
	[ -e "$1.image" ] || exec /usr/bin/umount "$@"
	image=$(cat "$1.image"); rm -f "$1.image"
	MTOOLS_SKIP_CHECK=1 mcopy -s -i "$image" "$1"/* :: && rm -rf "$1"/*
	S
  # ebtables refuses to delete a rule with a list of MACs by its text, and the bridge agent tries for ever: delete its number.
  # The agent takes the text from the list of rules.
  cat > "$BIN/ebtables" <<-'S'
	#!/bin/bash
	case "$*" in
	"-t nat --concurrent -D "*" --among-src "*)
	  chain=$5 rule="${*:6}"
	  number=$(/usr/sbin/ebtables -t nat -L "$chain" | sed '1,/^Bridge chain/d' | grep -nxF -e "$rule" | head -n 1 | cut -d: -f1)
	  [ -z "$number" ] || set -- -t nat --concurrent -D "$chain" "$number" ;;
	esac
	exec /usr/sbin/ebtables "$@"
	S
  chmod 755 "$BIN"/{sudo,mount,umount,ebtables}
}

# 203.0.113.1 is the gateway of the external network: floating IPs answer there. 10.255.0.1 is where vxlan starts.
# /dev has no kvm: one that opens and does not work makes libvirt probe QEMU for half a minute per server.
start_namespaces() {
  alive namespaces && return 0
  rm -f "$RUN/namespaces.ready"
  start namespaces unshare --net --mount --propagation private bash -c "
    set -e
    mount -t sysfs sysfs /sys
    mkdir -p /run/netns /run/libvirt /etc/libvirt /var/lib/libvirt /var/cache/libvirt
    mount -t tmpfs -o mode=755 tmpfs /run/netns; mount --make-shared /run/netns
    mount -t tmpfs -o mode=755 tmpfs /run/libvirt
    mount --bind $ETC/libvirt /etc/libvirt
    mount --bind $DATA/libvirt /var/lib/libvirt
    mount --bind $DATA/libvirt-cache /var/cache/libvirt
    mkdir -p $RUN/dev; mount -t tmpfs -o mode=755 tmpfs $RUN/dev
    for f in /dev/*; do
      case \$f in /dev/kvm) continue ;; esac
      if [ -d \$f ] && [ ! -L \$f ]; then mkdir $RUN\$f; mount --rbind \$f $RUN\$f; else cp -a \$f $RUN/dev/; fi
    done
    mount --rbind $RUN/dev /dev
    ip link set lo up
    ip link add wire type veth peer name wire-end
    ip addr add 10.255.0.1/24 dev wire; ip link set wire up; ip link set wire-end up
    ip link add ext type veth peer name ext-end
    ip addr add 203.0.113.1/24 dev ext-end; ip link set ext up; ip link set ext-end up
    touch $RUN/namespaces.ready
    exec sleep infinity"
  local i
  for i in $(seq 200); do [ ! -e "$RUN/namespaces.ready" ] && alive namespaces || break; sleep 0.1; done
  [ -e "$RUN/namespaces.ready" ] || { tail -5 "$LOG/namespaces.log" >&2; die "cannot make the host's namespaces"; }
}
# The cloud's ports on the host's own loopback: identity, compute, metadata, volumes, placement, images, network, memcached, RabbitMQ
start_port_forward() {
  start port-forward python3 "$HERE/py/port_forward.py" "$(pid_of namespaces)" 5000 8774 8775 8776 8778 9292 9696 21211 25671
}
