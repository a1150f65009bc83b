# The chroot and the network namespace of a release that is not the machine's own. Sourced after lib/release.sh.
#
# Each release has its own root file system ($ROOT) and its own loopback interface ($NETNS), so that all of them use the
# same ports and can be up at the same time. The state folder is at the same path inside and outside.

# The Debian mirror that this machine uses itself; nothing where none is found: debootstrap then uses its own default.
mirror() {
  [ -z "${REFERENCE_CLOUD_MIRROR:-}" ] || { echo "$REFERENCE_CLOUD_MIRROR"; return; }
  { awk '/^URIs:/ {print $2}' /etc/apt/sources.list.d/*.sources
    awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) print $i}' /etc/apt/sources.list; } 2>/dev/null |
    { grep -v security || true; } | head -1
}

host_tools() {
  local missing=()
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  command -v ip >/dev/null || missing+=(iproute2)
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  [ ${#missing[@]} = 0 ] && return 0
  echo "installing ${missing[*]} on this machine"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -q update; apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}"; } \
    > "$ROOT.log" 2>&1 || unable "${missing[*]} cannot be installed on this machine (see $ROOT.log)"
}

# Makes the root file system; goes on where an earlier attempt was interrupted.
make_root() {
  if [ ! -e "$ROOT/etc/reference-cloud-root" ]; then
    echo "fetching Debian $SUITE into $ROOT"
    mkdir -p "$ROOT"
    local from
    from=$(mirror) || true
    debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
      --include=ca-certificates,procps,iproute2 "$SUITE" "$ROOT" ${from:+"$from"} >> "$ROOT.log" 2>&1 ||
      { tail -5 "$ROOT.log" >&2; unable "Debian $SUITE cannot be fetched from ${from:-the default mirror} (see $ROOT.log)"; }
    date -u +%FT%TZ > "$ROOT/etc/reference-cloud-root"
  fi
  printf 'Acquire::Check-Valid-Until "false";\n' > "$ROOT/etc/apt/apt.conf.d/99reference-cloud"
  printf '#!/bin/sh\nexit 101\n' > "$ROOT/usr/sbin/policy-rc.d"    # packages must not start daemons
  chmod 755 "$ROOT/usr/sbin/policy-rc.d"
  printf '127.0.0.1 localhost\n' > "$ROOT/etc/hosts"
  cp -L /etc/resolv.conf "$ROOT/etc/resolv.conf"
}

mount_root() {
  mountpoint -q "$ROOT/proc" || mount -t proc proc "$ROOT/proc"
  mountpoint -q "$ROOT/sys" || mount -t sysfs -o ro sys "$ROOT/sys"
  local d
  for d in /dev /dev/pts /dev/shm; do mountpoint -q "$ROOT$d" || mount --bind "$d" "$ROOT$d"; done
  mkdir -p "$STATE" "$ROOT$STATE"
  mountpoint -q "$ROOT$STATE" || mount --bind "$STATE" "$ROOT$STATE"
}

unmount_root() {
  local d
  for d in "$STATE" /dev/shm /dev/pts /dev /sys /proc; do
    ! mountpoint -q "$ROOT$d" || umount "$ROOT$d" || echo "down: $ROOT$d is still in use" >&2
  done
}

make_namespace() {
  [ -e "/run/netns/$NETNS" ] || ip netns add "$NETNS"
  in_namespace ip link set lo up
}

delete_namespace() { [ ! -e "/run/netns/$NETNS" ] || ip netns delete "$NETNS"; }

# in_namespace COMMAND...: a command of this machine with the loopback interface of the cloud.
in_namespace() { nsenter --net="/run/netns/$NETNS" -- "$@"; }

# Sets IN_ROOT: the command that runs its arguments inside the root, with the network of the caller.
root_command() {
  IN_ROOT=(chroot "$ROOT" /usr/bin/env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME=/root REFERENCE_CLOUD_INSIDE="$RELEASE"
    REFERENCE_CLOUD_STATE="$STATE")
  local name
  for name in DEBUG OCTAVIA TLS PASSWORD; do
    name=REFERENCE_CLOUD_$name
    [ -z "${!name:-}" ] || IN_ROOT+=("$name=${!name}")
  done
}

# Copies this folder into the root: the checkout may go away while the cloud runs.
copy_tooling() {
  local to=$ROOT/opt/reference-cloud
  rm -rf "$to"
  mkdir -p "$to"
  cp -R "$HERE"/. "$to"/
  rm -rf "$to/node_modules"
}

# Makes everything that a release in a chroot needs, then runs `up` inside: packages with the network of the machine,
# daemons in the namespace.
up_in_chroot() {
  mkdir -p "$(dirname "$ROOT")"
  exec 8> "$ROOT.lock"
  flock -w 1800 8 || unable "another up of $RELEASE is at work"
  host_tools
  make_root
  mount_root
  make_namespace
  copy_tooling
  root_command
  local up=(bash /opt/reference-cloud/up --release "$RELEASE")
  "${IN_ROOT[@]}" "${up[@]}" --packages 8>&- || exit $?
  [ "${1:-}" != --packages ] || exit 0
  in_namespace "${IN_ROOT[@]}" "${up[@]}" "$@" 8>&- || exit $?
  exit 0
}
