# MariaDB, RabbitMQ and memcached. Sourced by `up`.

SOCK=$RUN/mariadb.sock

backends_config() {
  mkdir -p "$ETC/rabbitmq"
  cat > "$ETC/rabbitmq/rabbitmq.conf" <<-EOF
	listeners.tcp.1 = 127.0.0.1:$MQPORT
	default_user = openstack
	default_pass = $MQ_PASSWORD
	default_permissions.configure = .*
	default_permissions.read = .*
	default_permissions.write = .*
	log.console = true
	log.console.level = warning
	log.file = false
	vm_memory_high_watermark.absolute = 2GB
	disk_free_limit.absolute = 50MB
	EOF
  cat > "$ETC/rabbitmq/env.conf" <<-EOF
	NODENAME=refcloud@localhost
	CONFIG_FILE=$ETC/rabbitmq/rabbitmq.conf
	EOF
  echo '[].' > "$ETC/rabbitmq/enabled_plugins"
}

backends_start() {
  once mariadb-datadir bash -c "rm -rf '$DATA/mysql'; mkdir '$DATA/mysql'; chown $RUNAS: '$DATA/mysql'; \
    mariadb-install-db --no-defaults --user=$RUNAS --datadir='$DATA/mysql' --auth-root-authentication-method=normal --skip-test-db"
  launch mariadb /usr/sbin/mariadbd --no-defaults --datadir="$DATA/mysql" --socket="$SOCK" --pid-file="$DATA/mysql/own.pid" \
    --bind-address=127.0.0.1 --port=$DBPORT --max-connections=2000 --character-set-server=utf8 --collation-server=utf8_general_ci \
    --innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=2 --skip-log-bin --skip-name-resolve --tmpdir="$DATA/tmp" \
    --loose-innodb-snapshot-isolation=OFF
  launch epmd ERL_EPMD_PORT=$EPMD /usr/bin/epmd -port $EPMD -address 127.0.0.1
  launch memcached /usr/bin/memcached -l 127.0.0.1 -p $MCPORT -U 0 -m 128 -c 2048
  sleep 0.5
  launch rabbitmq RABBITMQ_CONF_ENV_FILE="$ETC/rabbitmq/env.conf" RABBITMQ_NODENAME=refcloud@localhost \
    RABBITMQ_CONFIG_FILE="$ETC/rabbitmq/rabbitmq.conf" RABBITMQ_MNESIA_BASE="$DATA/rabbitmq" RABBITMQ_LOG_BASE="$LOG" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$ETC/rabbitmq/enabled_plugins" RABBITMQ_DIST_PORT=$MQDIST \
    RABBITMQ_PID_FILE="$DATA/rabbitmq.pid" ERL_EPMD_PORT=$EPMD ERL_EPMD_ADDRESS=127.0.0.1 RUNNING_UNDER_SYSTEMD=true \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
    /usr/lib/rabbitmq/bin/rabbitmq-server
  wait_for 60 mariadb mariadb --no-defaults --socket="$SOCK" -uroot -e 'select 1'
  [ -e "$DONE/databases" ] || { make_databases && touch "$DONE/databases"; }
}

sql() { mariadb --no-defaults --socket="$SOCK" -uroot "$@"; }

make_databases() {
  {
    for d in keystone glance placement nova neutron cinder octavia; do
      echo "CREATE DATABASE IF NOT EXISTS $d CHARACTER SET utf8;"
      echo "CREATE USER IF NOT EXISTS '$d'@'127.0.0.1' IDENTIFIED BY '$DB_PASSWORD';"
      echo "GRANT ALL ON $d.* TO '$d'@'127.0.0.1';"
    done
    for d in nova_api nova_cell0; do
      echo "CREATE DATABASE IF NOT EXISTS $d CHARACTER SET utf8; GRANT ALL ON $d.* TO 'nova'@'127.0.0.1';"
    done
    echo "CREATE DATABASE IF NOT EXISTS octavia_persistence CHARACTER SET utf8; GRANT ALL ON octavia_persistence.* TO 'octavia'@'127.0.0.1';"
    echo "ALTER USER 'root'@'localhost' IDENTIFIED VIA unix_socket; FLUSH PRIVILEGES;"
  } | sql
}
