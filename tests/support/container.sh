# A container in which systemd is process 1, with the programs of this machine: /usr is the machine's and read only, /etc and
# /var are empty and in memory, and the network is the machine's. Sourced by tests/run. Only root can boot one.

container=       # the process of systemd-nspawn
container_init=  # the container's systemd
container_name=jebi-tests-$$

boot_container() {
    local folder=$1 program=$2 unit=()
    # Where systemd runs it makes a unit for the container; elsewhere nobody does.
    [ -d /run/systemd/system ] || unit=(--keep-unit)
    # systemd-firstboot would ask for a time zone.
    systemd-nspawn --quiet --directory=/ --volatile=yes --register=no "${unit[@]}" --machine="$container_name" \
        --bind="$folder/local:/usr/local" --bind-ro="$folder/jebi:/srv/jebi" \
        --bind-ro="$program:/srv/jebi/target/release/jebi" --bind-ro="$folder/presets:/etc/systemd/system-preset" \
        --console=pipe --boot systemd.mask=systemd-firstboot.service >"$folder/console" 2>&1 </dev/null &
    container=$!
    eventually has_booted_or_gone && ! is_gone && return 0
    cat "$folder/console" >&2
    echo "No systemd booted in a container; what systemd-nspawn said is above. It needs to mount and to make cgroups." >&2
    return 1
}

has_booted_or_gone() { is_gone || has_booted; }

# All that is wanted at the start was started, or failed: of that, ours is looked at by itself.
has_booted() {
    find_init || return 1
    case $(inside systemctl is-system-running --wait 2>/dev/null) in running | degraded) ;; *) return 1 ;; esac
}

# Not before it is systemd: until then it is a part of systemd-nspawn that is still out here.
find_init() { container_init=$(pgrep --parent "$container" --exact systemd) && is_init; }

# And not another process that has its number by now.
is_init() {
    [ "$(cat "/proc/$container_init/comm" 2>/dev/null)" = systemd ] &&
        [ "$(readlink "/proc/$container_init/ns/pid")" != "$(readlink /proc/self/ns/pid)" ]
}

inside() {
    nsenter --target "$container_init" --all --wdns=/ -- \
        env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin LANG=C.UTF-8 "$@"
}

# As with the switch; and if it does not end by that, as if the plug were pulled.
stop_container() {
    [ -n "$container" ] || return 0
    kill -TERM "$container" 2>/dev/null || true
    eventually is_gone || kill -KILL "$container" 2>/dev/null || true
    wait "$container" 2>/dev/null || true
    # It does not end with a systemd-nspawn that was killed.
    if is_init; then kill -KILL "$container_init"; fi
    # systemd-nspawn leaves these where /run is no memory, and where no systemd made it a unit.
    rmdir "/run/systemd/nspawn/propagate/$container_name" 2>/dev/null || true
    container=
}

is_gone() { ! kill -0 "$container" 2>/dev/null; }
