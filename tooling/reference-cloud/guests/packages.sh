# Installs the guest host's packages (sourced by `up`). The guests' kernel is only unpacked, never installed: the
# machine's own boot files stay as they are.
PACKAGES="libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 python3-libvirt
  neutron-linuxbridge-agent neutron-dhcp-agent neutron-metadata-agent neutron-l3-agent
  dnsmasq-base iptables ebtables ipset conntrack genisoimage iproute2
  busybox-static syslinux syslinux-common mtools dosfstools fdisk kmod udev jq cpio"
KERNEL=$DATA/kernel # boot/vmlinuz-* and lib/modules/*

install_packages() {
  local missing=() p made_policy=0 rc=0
  for p in $PACKAGES; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$p" 2> /dev/null | grep -q '^ii' || missing+=("$p")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "installing ${#missing[@]} packages and their dependencies"
  if [ ! -e /usr/sbin/policy-rc.d ]; then # keeps packages from starting daemons
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    made_policy=1
  fi
  timeout 900 env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends -o Dpkg::Options::=--force-confold \
    -o DPkg::Lock::Timeout=300 "${missing[@]}" > "$LOG/apt.log" 2>&1 || rc=$?
  [ $made_policy = 0 ] || rm -f /usr/sbin/policy-rc.d
  [ $rc = 0 ] || { tail -20 "$LOG/apt.log" >&2; die "apt-get install failed ($rc)"; }
}

unpack_kernel() {
  compgen -G "$KERNEL/boot/vmlinuz-*" > /dev/null && return 0
  local package folder
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/ {print $2; exit}')
  [ -n "$package" ] || die "apt knows no linux-image-cloud-amd64: run apt-get update"
  say "unpacking $package"
  folder=$(mktemp -d)
  # the download user of apt may not write to a folder of root
  (cd "$folder" && timeout 300 apt-get -q -o APT::Sandbox::User=root download "$package" > "$LOG/kernel.log" 2>&1) \
    || { tail -5 "$LOG/kernel.log" >&2; rm -rf "$folder"; die "cannot download $package"; }
  rm -rf "$KERNEL"; mkdir -p "$KERNEL"
  dpkg-deb -x "$folder"/*.deb "$KERNEL"
  rm -rf "$folder"
  depmod -b "$KERNEL" "$(basename "$KERNEL"/lib/modules/*)"
}

# libvirt looks up its default user even when its configuration names another
make_libvirt_user() {
  getent group libvirt-qemu > /dev/null || groupadd --system libvirt-qemu
  getent passwd libvirt-qemu > /dev/null || useradd --system --no-create-home --gid libvirt-qemu --shell /usr/sbin/nologin libvirt-qemu
}
