#!/bin/bash
# A Postfix of our own, for tests/it/mail: takes mail on port LISTEN of loopback and hands everything on to
# port RELAY, also what it has to say itself: delivery reports of a real mail server.
#
#   postfix.sh FOLDER LISTEN RELAY      runs until its standard input ends
#
# Postfix's master process must be root; the folder is emptied by whoever made it.
set -euo pipefail
folder=$1 listen=$2 relay=$3
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

mkdir -p "$folder/etc" "$folder/spool" "$folder/data"
as_root chown root "$folder/spool" "$folder/etc"
as_root chown postfix "$folder/data"
cat >"$folder/etc/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $folder/spool
data_directory = $folder/data
maillog_file = $folder/data/log
maillog_file_prefixes = $folder
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mta.test
mydestination =
mynetworks = 127.0.0.0/8
local_transport = error:no local mail
alias_maps =
alias_database =
relayhost = [127.0.0.1]:$relay
smtp_host_lookup = native
# A report leaves as soon as it is made.
minimal_backoff_time = 1s
queue_run_delay = 1s
bounce_queue_lifetime = 1m
smtpd_recipient_restrictions = permit_mynetworks, reject
smtputf8_enable = no
CONF
cat >"$folder/etc/master.cf" <<CONF
127.0.0.1:$listen inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
proxymap unix - - n - - proxymap
CONF
as_root /usr/sbin/postfix -c "$folder/etc" start >/dev/null 2>"$folder/start.log" || { cat "$folder/start.log" >&2; exit 1; }
trap 'as_root /usr/sbin/postfix -c "$folder/etc" stop >/dev/null 2>&1 || true; as_root chown -R "$(id -u)" "$folder"' EXIT
echo ready
cat >/dev/null
