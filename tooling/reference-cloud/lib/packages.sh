# Debian packages of the cloud. Sourced by `up`.

PACKAGES="mariadb-server rabbitmq-server memcached openssl openssh-client curl jq qemu-utils
  keystone glance-api placement-api
  nova-api nova-conductor nova-scheduler nova-compute nova-compute-ironic
  neutron-server cinder-api cinder-scheduler cinder-volume
  uwsgi-core uwsgi-plugin-python3 python3-pymysql python3-memcache
  python3-openstackclient python3-osc-placement"
[ "$OCTAVIA" = 1 ] && PACKAGES="$PACKAGES octavia-api octavia-worker octavia-housekeeping python3-octaviaclient"
[ "$TLS" = 1 ] && PACKAGES="$PACKAGES nginx-light"

install_packages() {
  local missing=() p
  for p in $PACKAGES; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || missing+=("$p")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "installing ${#missing[@]} packages and what they need (minutes; see $LOG/apt.log)"
  local made_policy=0
  if [ ! -e /usr/sbin/policy-rc.d ]; then    # packages must not start daemons
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    made_policy=1
  fi
  export DEBIAN_FRONTEND=noninteractive
  # no package may configure a database or an endpoint by itself
  if command -v debconf-set-selections >/dev/null; then
    debconf-set-selections <<-'SEL'
	keystone keystone/configure_db boolean false
	keystone keystone/register-endpoint boolean false
	glance-common glance/configure_db boolean false
	glance-api glance/configure_api-endpoint boolean false
	placement-common placement/configure_db boolean false
	placement-api placement/configure_api-endpoint boolean false
	nova-common nova/configure_db boolean false
	nova-api nova/configure_api-endpoint boolean false
	neutron-common neutron/configure_db boolean false
	neutron-api neutron/configure_api-endpoint boolean false
	cinder-common cinder/configure_db boolean false
	cinder-api cinder/configure_api-endpoint boolean false
	octavia-common octavia/configure_db boolean false
	octavia-api octavia/configure_api-endpoint boolean false
	SEL
  fi
  local rc=0
  timeout 300 apt-get -q update > "$LOG/apt.log" 2>&1 || say "apt-get update failed (see $LOG/apt.log); using the lists at hand"
  timeout 3600 apt-get -q install -y --no-install-recommends \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    -o DPkg::Lock::Timeout=120 "${missing[@]}" >> "$LOG/apt.log" 2>&1 || rc=$?
  [ $made_policy = 1 ] && rm -f /usr/sbin/policy-rc.d
  [ $rc = 0 ] || { tail -20 "$LOG/apt.log" >&2; unable "the packages cannot be installed: apt-get ended with $rc (see $LOG/apt.log)"; }
  say "packages installed"
}

# Writes versions.json: the release, its Debian suite, and the version of each service's package.
write_versions() {
  local p
  for p in keystone glance-api placement-api nova-api neutron-server cinder-api octavia-api python3-openstackclient; do
    dpkg-query -W -f='${Package} ${source:Upstream-Version}\n' "$p" 2>/dev/null || true
  done | jq -R 'split(" ") | {(.[0]): .[1]}' | jq -s --arg release "$RELEASE" --arg suite "$SUITE" \
    '{release: $release, suite: $suite, packages: add}' > "$STATE/versions.json"
}

show_versions() { jq -r '.packages | to_entries | map("\(.key) \(.value)") | join(", ")' "$STATE/versions.json"; }
