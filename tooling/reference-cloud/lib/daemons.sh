# Starts and watches daemons, each by its pid file and start time. Sourced by `up`; `down` reads the same files.

starttime() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'; }  # nothing for a dead process

alive() {   # alive NAME: the process started under that name is still that process
  local pid st
  [ -s "$RUN/$1.pid" ] && [ -s "$RUN/$1.start" ] || return 1
  pid=$(cat "$RUN/$1.pid"); st=$(cat "$RUN/$1.start")
  [ "$(starttime "$pid")" = "$st" ]
}

STARTED=0
launch() {  # launch NAME [VAR=VALUE...] COMMAND [ARG...]
  local name=$1; shift
  alive "$name" && return 0
  rm -f "$RUN/$name.pid" "$RUN/$name.start"
  touch "$LOG/$name.log"; chown $RUNAS: "$LOG/$name.log"
  start-stop-daemon --start --quiet --background --make-pidfile --pidfile "$RUN/$name.pid" \
    --chuid $RUNAS --chdir "$DATA" --output "$LOG/$name.log" --startas /usr/bin/env -- \
    -i PATH=$PATH LC_ALL=C.UTF-8 HOME="$DATA/home" TMPDIR="$DATA/tmp" PYTHONPATH="$PY" "$@" 9>&-
  local i pid=
  for i in $(seq 1 50); do
    [ -s "$RUN/$name.pid" ] && pid=$(cat "$RUN/$name.pid") && [ -n "$(starttime "$pid")" ] && break
    sleep 0.1
  done
  starttime "${pid:-0}" > "$RUN/$name.start" || true
  STARTED=$((STARTED + 1))
}

# uwsgi NAME PORT PROCESSES SCRIPT|MODULE:CALLABLE [VAR=VALUE...]: an API behind uwsgi.
# UWSGI_THREADS: threads of a process (default 2). UWSGI_ARGS: more options.
uwsgi() {
  local name=$1 port=$2 processes=$3 app=$4 how=--wsgi-file; shift 4
  case $app in *:*) how=--module ;; esac
  launch "$name" "$@" /usr/bin/uwsgi --plugins python3 --http-socket "127.0.0.1:$port" $how "$app" --procname-prefix-spaced "$name" \
    --master --processes "$processes" --threads "${UWSGI_THREADS:-2}" --lazy-apps --enable-threads --thunder-lock --buffer-size 65535 \
    --listen 100 --die-on-term --need-app --no-orphans --disable-logging --add-header "Connection: close" ${UWSGI_ARGS:-}
}

wait_for() { # wait_for SECONDS NAME COMMAND...: run COMMAND until it succeeds; NAME must stay alive
  local limit=$(($1 * TIME_FACTOR + SECONDS)) name=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    if ! alive "$name"; then tail -25 "$LOG/$name.log" >&2; unable "$name ended (see $LOG/$name.log)"; fi
    [ $SECONDS -lt $limit ] || { tail -25 "$LOG/$name.log" >&2; unable "$name is not ready in time (see $LOG/$name.log)"; }
    sleep 0.5
  done
}

as() { # as COMMAND...: a management command as the service user
  setpriv --reuid=$RUNAS --regid=$RUNAS --init-groups \
    env -i PATH=$PATH LC_ALL=C.UTF-8 HOME="$DATA/home" TMPDIR="$DATA/tmp" PYTHONPATH="$PY" "$@"
}

once() { # once MARK COMMAND...: run COMMAND unless it succeeded before
  local mark=$1; shift
  [ -e "$DONE/$mark" ] && return 0
  timeout $((420 * TIME_FACTOR)) "$@" > "$LOG/setup-$mark.log" 2>&1 ||
    { tail -25 "$LOG/setup-$mark.log" >&2; unable "$mark failed (see $LOG/setup-$mark.log)"; }
  touch "$DONE/$mark"
}

answers() { local c; c=$(curl -s -o /dev/null -m 30 -w '%{http_code}' "$1"); [[ "$c" =~ ^(200|300|401)$ ]]; }
port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
export -f as answers port_open

check_ports() { # a port that another program holds: say so before half of the cloud is up
  local n p
  while read -r n p; do
    alive "$n" || ! port_open "$p" || fail "port $p (for $n) is already taken by another program"
  done <<-EOF
	mariadb $DBPORT
	rabbitmq $MQPORT
	memcached $MCPORT
	keystone 5000
	glance-api 9292
	placement-api 8778
	nova-api 8774
	neutron-server 9696
	cinder-api 8776
	EOF
  [ "$OCTAVIA" = 0 ] || alive octavia-api || ! port_open 9876 || fail "port 9876 (for octavia-api) is already taken"
}
