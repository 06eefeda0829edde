# A PostgreSQL of our own in the scratch folder, for as long as the tests run. Sourced by tests/run.

postgres_pid=

# PostgreSQL refuses to run as root; any other user will do.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then runuser -u "$postgres_user" -- "$@"; else "$@"; fi
}

start_postgres() {
    local bin folder=$scratch/postgres port begun=$SECONDS
    bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")
    postgres_user=$(id -un)
    if [ "$(id -u)" -eq 0 ]; then
        postgres_user=nobody
        if id postgres >/dev/null 2>&1; then postgres_user=postgres; fi
    fi
    mkdir "$folder"
    if [ "$(id -u)" -eq 0 ]; then chown "$postgres_user" "$folder"; fi
    # In /, since the user may not be allowed into the current folder. No sync: the data dies with the folder.
    (cd / && as_postgres "$bin/initdb" --pgdata="$folder/data" --username=jebi --auth=trust \
        --encoding=UTF8 --no-locale --no-sync >"$scratch/postgres.log" 2>&1) || { cat "$scratch/postgres.log" >&2; return 1; }
    for _ in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 10000))
        launch_postgres "$bin" "$folder" "$port"
        if wait_for_postgres "$bin" "$port"; then
            (cd / && as_postgres "$bin/createdb" --host=127.0.0.1 --port="$port" --username=jebi jebi)
            export JEBI_TEST_POSTGRES="postgres://jebi@127.0.0.1:$port/jebi"
            printf '== PostgreSQL is up on port %d (%d s)\n' "$port" $((SECONDS - begun))
            return 0
        fi
    done
    cat "$scratch/postgres.log" >&2
    echo "PostgreSQL did not start; its log is above." >&2
    return 1
}

# fsync is off because nothing here outlives the run; connections, because many tests run at once.
launch_postgres() {
    local bin=$1 folder=$2 port=$3
    (
        cd /
        as_postgres "$bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories="$folder" -c max_connections=300 -c fsync=off \
            -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=128MB
    ) >>"$scratch/postgres.log" 2>&1 &
    postgres_pid=$!
}

wait_for_postgres() {
    local bin=$1 port=$2
    for _ in $(seq 100); do
        if "$bin/pg_isready" --quiet --host=127.0.0.1 --port="$port"; then
            # Somebody else's server may answer on this port; ours must be alive.
            kill -0 "$postgres_pid" 2>/dev/null && return 0
        fi
        kill -0 "$postgres_pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

stop_postgres() {
    [ -n "$postgres_pid" ] || return 0
    local data=$scratch/postgres/data
    if [ -f "$data/postmaster.pid" ]; then
        # "Fast": sessions that tests left open do not hold it.
        kill -INT "$(head -n 1 "$data/postmaster.pid")" 2>/dev/null || true
    fi
    wait "$postgres_pid" 2>/dev/null || true
}
