# The two units of docs/deploy, as they stand, under a systemd that runs: installed by the lines that jebi.service and
# docs/deploy/README.md give, started, killed and stopped. Sourced by tests/run; tests/support/container.sh boots it.

step_systemd() {
    local program folder=$scratch/systemd port unit
    [ "$(id -u)" -eq 0 ] || { echo "Only root can boot systemd. To do that: $(systemd_as_root)" >&2; return 1; }
    [ -n "${JEBI_TEST_BINARY:-}" ] || build_programs
    program=$(realpath "${JEBI_TEST_BINARY:-$target/debug/jebi}")
    # jebi.toml moves the others; this one is in jebi-work.service.
    if listens 9465; then echo "Something listens on port 9465, which jebi-work.service has: end it first." >&2; return 1; fi
    while port=$((30000 + RANDOM % 1000 * 2)); listens "$port" || listens $((port + 1)); do :; done
    trap stop_container EXIT
    lay_out "$folder" "$program" "$port"
    if ! boot_container "$folder" "$program"; then
        # Whether a machine can do that says nothing of jebi: where nobody asked for this step it is left out, and said to be.
        [ -n "$left_out_where" ] || return 1
        echo systemd >"$left_out_where"
        return 0
    fi

    local advice="This is what docs/deploy tells an operator to do: mend the unit or the page."
    inside sh -ec "cd /srv/jebi; $(sed -n 's/^#   \(install .*\)/\1/p' docs/deploy/jebi.service)"
    proves "jebi-run migrate" 'jebi-run-*' inside jebi-run migrate
    proves "the units start" jebi inside sh -ec "$(sed -n 's/^#   \(systemctl .*\)/\1/p' docs/deploy/jebi.service) jebi-work"
    proves "/readyz answers from outside" jebi eventually is_ready "$port"
    proves "jebi work answers at its metrics" jebi-work \
        eventually curl --silent --fail --output /dev/null 127.0.0.1:9465/metrics
    for unit in jebi jebi-work; do
        proves "$unit was started once and stays" "$unit" has "$unit" ActiveState=active SubState=running NRestarts=0
        proves "$unit is shut in" "$unit" is_shut_in "$unit"
    done
    proves "a password from a pipe reaches jebi-run" 'jebi-run-*' inside sh -ec \
        'echo "a long password of hers" | jebi-run clerk add "Kim Minji" --role clerk'
    proves "jebi-run beside the unit, with its folder" 'jebi-run-*' inside sh -ec \
        'cd /srv/jebi; install -o "$(stat -c %u /var/lib/jebi/)" -m 400 round.toml /var/lib/jebi/
        jebi-run plan round.toml | grep -x safe'
    # A whole round asks the system for more than a start does: a drill, in what jebi.service is shut in.
    sed "s,^ExecStart=.*,ExecStart=/usr/local/bin/jebi drill tongyeong --scale 0.01 --sample 1000 --report /var/lib/jebi/drill,
        s/^Type=.*/Type=oneshot\\nUser=jebi/; s/^Restart=.*/Restart=no/" docs/deploy/jebi.service |
        inside tee /run/systemd/system/jebi-drill.service >/dev/null
    proves "a round holds, shut in like the unit" jebi-drill inside systemctl start jebi-drill

    advice="Restart= and RestartSec= of the unit bring it back."
    for unit in jebi jebi-work; do
        inside systemctl kill -s KILL "$unit"
        proves "$unit comes back when it is killed" "$unit" eventually has "$unit" ActiveState=active SubState=running NRestarts=1
    done
    proves "jebi is ready again" jebi eventually is_ready "$port"
    advice="Within TimeoutStopSec= of the unit it has to end by itself: limits.drain_ms is shorter."
    for unit in jebi jebi-work; do
        inside systemctl stop "$unit"
        proves "$unit stops" "$unit" has "$unit" ActiveState=inactive Result=success ExecMainCode=1 ExecMainStatus=0
    done
}

# has UNIT PROPERTY=VALUE…: systemd says all of that of it.
has() {
    local shown property
    shown=$(inside systemctl show "$1") || return 1
    for property in "${@:2}"; do grep -qxF "$property" <<<"$shown" || return 1; done
}

# Nobody's user and nothing but its own: what systemd was asked for, read from the process and not from systemd.
is_shut_in() {
    local unit=$1 process user status wanted key other
    process=$(inside systemctl show --property=MainPID --value "$unit") || return 1
    status=$(inside cat "/proc/$process/status") || return 1
    for wanted in 'CapEff:\t0+' 'CapBnd:\t0+' 'NoNewPrivs:\t1' 'Seccomp:\t2'; do
        grep -qxP "$wanted" <<<"$status" || { echo "/proc/$process/status has no $wanted" >&2; return 1; }
    done
    # All four of them; a user of the moment is one of these (systemd.exec(5)).
    user=$(sed -n 's/^Uid:\t\([0-9]*\)\t\1\t\1\t\1$/\1/p' <<<"$status")
    [ "${user:-0}" -ge 61184 ] && [ "$user" -le 65519 ] || { echo "It runs as user ${user:-of several}" >&2; return 1; }
    for key in secret.key pass.key database-url; do
        reads "$user" "/run/credentials/$unit.service/$key" || { echo "jebi cannot read $key" >&2; return 1; }
        for other in "65534 /run/credentials/$unit.service/$key" "$user /etc/jebi/$key" "65534 /etc/jebi/$key"; do
            # shellcheck disable=SC2086 # who and what
            if reads $other; then echo "It can be read, as $other" >&2; return 1; fi
        done
    done
    # Not even root could write elsewhere, from where the process is.
    inside nsenter --target "$process" --mount -- sh -ec \
        "cd /var/lib/$unit; touch here; rm here; ! touch /etc/jebi/here && ! touch /usr/local/here" 2>/dev/null ||
        { echo "It can write elsewhere than to /var/lib/$unit, or not there" >&2; return 1; }
}

# Who jebi is has no other groups; nor has 65534, nobody.
reads() { inside setpriv --reuid="$1" --regid="$1" --clear-groups cat "$2" >/dev/null 2>&1; }

# With the program that is built already: root's cargo, if there is one, would leave files behind that are root's.
systemd_as_root() { echo "sudo JEBI_TEST_BINARY=$target/debug/jebi tests/run systemd"; }

# What an operator has at hand, in the folder that is /srv/jebi in the container.
lay_out() {
    local folder=$1 program=$2 port=$3 database=jebi_systemd
    mkdir -p "$folder/local/bin" "$folder/local/sbin" "$folder/jebi/target/release" "$folder/jebi/docs/deploy" "$folder/presets"
    touch "$folder/jebi/target/release/jebi"
    cp docs/deploy/jebi*.service "$folder/jebi/docs/deploy"
    cp docs/round.example.toml "$folder/jebi/round.toml"
    openssl rand -hex 32 >"$folder/jebi/secret.key"
    openssl rand -hex 32 >"$folder/jebi/pass.key"
    "$(compgen -G '/usr/lib/postgresql/*/bin/createdb' | sort -V | tail -n 1)" \
        --maintenance-db="$JEBI_TEST_POSTGRES" "$database"
    printf '%s' "${JEBI_TEST_POSTGRES%/*}/$database" >"$folder/jebi/database-url"
    # The settings of the page, and ports that nobody has.
    sed -n '/^cat > jebi.toml/,/^END/p' docs/deploy/README.md | sed '1d;$d' >"$folder/settings"
    printf 'listen = "127.0.0.1:%d"\nmetrics = "127.0.0.1:%d"\n' "$port" $((port + 1)) |
        cat - "$folder/settings" >"$folder/jebi/jebi.toml"
    sed -n '/^#!\/bin\/sh$/,/^```/p' docs/deploy/README.md | sed '$d' >"$folder/local/sbin/jebi-run"
    chmod 755 "$folder/local/sbin/jebi-run"
    # Else an /etc that is empty enables every service of this machine.
    echo 'disable *' >"$folder/presets/00-none.preset"
}

# proves WHAT UNIT COMMAND…: or says why not, with the unit's journal.
proves() {
    local what=$1 unit=$2 status=0
    "${@:3}" || status=$?
    [ "$status" -ne 0 ] || { printf 'ok: %s\n' "$what"; return 0; }
    inside journalctl --no-pager --quiet --lines=60 --unit="$unit" >&2 || true
    inside systemctl --no-pager --lines=0 status "$unit" >&2 || true
    printf '\nNot so: %s. Above is the journal of %s. %s\n' "$what" "$unit" "$advice" >&2
    return 1
}

eventually() {
    for _ in $(seq 150); do
        if "$@"; then return 0; fi
        sleep 0.2
    done
    return 1
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
is_ready() { [ "$(curl --silent --output /dev/null --write-out '%{http_code}' "127.0.0.1:$1/readyz")" = 200 ]; }
