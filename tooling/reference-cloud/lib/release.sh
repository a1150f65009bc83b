# Options of `up`, `check`, `down` and `restart`, and where the cloud of a release lives. Sourced; HERE is the folder of
# the caller.

export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV || true
for v in $(compgen -e | grep -E '^OS_' || true) http_proxy https_proxy HTTP_PROXY HTTPS_PROXY; do unset "$v"; done

SKIPPED=75    # exit code: this release cannot run here (told from 1, which is a failure)

# Takes `--release NAME` (or `--release=NAME`) out of the arguments: sets RELEASE and REST, then what select_release sets.
# With `--help` it prints the comment at the caller's beginning instead, and ends.
read_release() {
  RELEASE=${REFERENCE_CLOUD_RELEASE:-zed} REST=()
  while [ $# -gt 0 ]; do
    case $1 in
      --release)
        [ $# -gt 1 ] || { echo "${0##*/}: --release needs a name: $(releases)" >&2; exit 2; }
        RELEASE=$2; shift ;;
      -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0 ;;
      --release=*) RELEASE=${1#--release=} ;;
      *) REST+=("$1") ;;
    esac
    shift
  done
  select_release
}

releases() { (cd "$HERE/releases" && ls -- *.sh) | sed 's/\.sh$//' | paste -sd ' '; }

# Sets for RELEASE: the data of releases/RELEASE.sh, STATE (everything the cloud keeps), and for a release in a chroot
# ROOT and NETNS.
select_release() {
  case " $(releases) " in
    *" $RELEASE "*) ;;
    *) echo "${0##*/}: unknown release \"$RELEASE\": use one of $(releases)" >&2; exit 2 ;;
  esac
  . "$HERE/releases/$RELEASE.sh"
  local default=/var/lib/reference-cloud
  [ "$RELEASE" = zed ] || default=$default-$RELEASE
  STATE=${REFERENCE_CLOUD_STATE:-$default}
  ROOT=${REFERENCE_CLOUD_CHROOTS:-/var/lib/reference-cloud-chroots}/$RELEASE
  NETNS=reference-cloud-$RELEASE
}

# True inside the chroot of the release.
inside() { [ "${REFERENCE_CLOUD_INSIDE:-}" = "$RELEASE" ]; }

# True where the release needs its chroot and this process is outside of it.
outside() { [ "$CHROOT" = 1 ] && ! inside; }

require_root() { [ "$(id -u)" = 0 ] || { echo "${0##*/}: run me as root" >&2; exit 1; }; }

# unable TEXT: this release cannot be brought up here. Newer releases move, and need what this machine may not be able to
# fetch: that is SKIPPED. For the machine's own release it is a failure.
unable() {
  if [ "$CHROOT" = 1 ]; then
    echo "SKIPPED reference cloud $RELEASE: $*" >&2
    exit $SKIPPED
  fi
  fail "$@"
}

fail() { echo "${0##*/}: $*" >&2; exit 1; }
