# Shared by the scripts of this folder (sourced, not run): paths, messages, and daemons identified by pid and start time.
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
STATE=${REFERENCE_CLOUD_STATE:-/var/lib/reference-cloud} # the reference cloud's state
CLOUD_ETC=$STATE/etc
GUESTS=$STATE/guests                                     # the guest host's state
ETC=$GUESTS/etc LOG=$GUESTS/log RUN=$GUESTS/run DATA=$GUESTS/data BIN=$GUESTS/bin
# One more configuration file for a daemon of the reference cloud: its `up` passes these folders with --config-dir
NEUTRON_EXTRA=$CLOUD_ETC/neutron/server.d/guests.conf
SCHEDULER_EXTRA=$CLOUD_ETC/nova/scheduler.d/guests.conf
SKIPPED=75                                               # exit code: this machine cannot run guests

T0=$SECONDS
say() { printf '[%4ds] guests: %s\n' $((SECONDS - T0)) "$*"; }
die() { echo "guests: $*" >&2; exit 1; }
need_root() { [ "$(id -u)" = 0 ] || die "run me as root"; }

# Start time of a process in clock ticks; empty for a process that has ended. A pid alone may have been reused.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | awk '$1 != "Z" {print $20}'; }
pid_of() { cut -d' ' -f1 "$RUN/$1.pid" 2> /dev/null; }
alive() { # alive NAME: the process that was started under this name still runs
  local pid since
  [ -s "$RUN/$1.pid" ] && read -r pid since < "$RUN/$1.pid" && [ -n "$since" ] && [ "$(start_time "$pid")" = "$since" ]
}
start() { # start NAME COMMAND...: in a session of its own, unless it runs
  local name=$1 pid; shift
  alive "$name" && return 0
  setsid "$@" >> "$LOG/$name.log" 2>&1 < /dev/null 9>&- &
  pid=$!
  sleep 0.2
  echo "$pid $(start_time $pid)" > "$RUN/$name.pid"
}
in_namespaces() { # the command prefix that enters the host's namespaces, with a clean environment
  ENTER=(nsenter -t "$(pid_of namespaces)" -n -m env -i "PATH=$BIN:$PATH" LC_ALL=C.UTF-8 "HOME=$DATA" "PYTHONPATH=$STATE/py:$HERE/py")
}
in_host() { in_namespaces; "${ENTER[@]}" "$@"; }
start_in_host() { local name=$1; shift; in_namespaces; start "$name" "${ENTER[@]}" "$@"; }
start_as_cloud() { # as the reference cloud's own user, in the machine's namespaces
  local name=$1; shift
  start "$name" setpriv --reuid=refcloud --regid=refcloud --init-groups env -i "PATH=$STATE/bin:$PATH" LC_ALL=C.UTF-8 \
    "HOME=$STATE/data/home" "TMPDIR=$STATE/data/tmp" "PYTHONPATH=$STATE/py:$HERE/py" "$@"
}
stop() { # stop NAME...: ask, wait up to 20 s, then kill; each daemon with the whole session it leads
  local name pid session members i
  for name in "$@"; do
    if alive "$name"; then
      pid=$(pid_of "$name"); session=$(ps -o sid= -p "$pid" | tr -d ' ' || true)
      kill "$pid" 2> /dev/null || true
      for i in $(seq 100); do
        members=$(ps -e -o pid=,sid=,stat= | awk -v s="$session" '$2 == s && $3 !~ /^Z/ {print $1}')
        [ -n "$members" ] || break
        sleep 0.2
      done
      [ -z "$members" ] || kill -KILL $members 2> /dev/null || true
    fi
    rm -f "$RUN/$name.pid"
  done
}
wait_for() { # wait_for SECONDS NAME COMMAND...: run COMMAND until it succeeds; the daemon NAME must stay alive
  local limit=$(($1 + SECONDS)) name=$2; shift 2
  until "$@" > /dev/null 2>&1; do
    alive "$name" || { tail -20 "$LOG/$name.log" >&2; die "$name died (see $LOG/$name.log)"; }
    [ $SECONDS -lt $limit ] || { tail -20 "$LOG/$name.log" >&2; die "$name not ready in time (see $LOG/$name.log)"; }
    sleep 0.5
  done
}
