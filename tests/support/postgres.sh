# A PostgreSQL of our own in the scratch folder, for as long as the tests run. Sourced by tests/run.
# With JEBI_TEST_DURABLE=1 it is one to be measured: what it has committed survives a power cut, as in operation.

postgres_pid=
postgres_folder=

# PostgreSQL refuses to run as root; any other user will do.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then runuser -u "$postgres_user" -- "$@"; else "$@"; fi
}

start_postgres() {
    local bin folder port begun=$SECONDS
    bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")
    postgres_user=$(id -un)
    if [ "$(id -u)" -eq 0 ]; then
        postgres_user=nobody
        if id postgres >/dev/null 2>&1; then postgres_user=postgres; fi
    fi
    folder=$scratch/postgres
    if is_durable; then
        folder=$(real_disk) && folder=$(mktemp -d "$folder/jebi-postgres.XXXXXX") || return 1
    else
        mkdir "$folder"
    fi
    postgres_folder=$folder
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
            printf '== PostgreSQL is up on port %d, %s (%d s)\n' "$port" \
                "$(is_durable && echo "durable, in $folder" || echo "not durable")" $((SECONDS - begun))
            return 0
        fi
    done
    cat "$scratch/postgres.log" >&2
    echo "PostgreSQL did not start; its log is above." >&2
    return 1
}

is_durable() { [ "${JEBI_TEST_DURABLE:-}" = 1 ]; }

# Where a sync is one: memory has nothing to sync. The first of these folders that is on a disk.
real_disk() {
    local folder
    for folder in "$scratch" /var/tmp /home; do
        case $(stat --file-system --format=%T "$folder" 2>/dev/null) in
            '' | tmpfs | ramfs) ;;
            *) echo "$folder"; return 0 ;;
        esac
    done
    echo "No folder on a disk for a durable PostgreSQL: set TMPDIR to one." >&2
    return 1
}

# Syncs are off, unless they are what is measured, because nothing here outlives the run; connections, because many
# tests run at once.
launch_postgres() {
    local bin=$1 folder=$2 port=$3 syncs=off
    if is_durable; then syncs=on; fi
    (
        cd /
        as_postgres "$bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories="$folder" -c max_connections=300 -c fsync="$syncs" \
            -c synchronous_commit="$syncs" -c full_page_writes="$syncs" -c shared_buffers=128MB
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
    [ -n "$postgres_folder" ] || return 0
    local data=$postgres_folder/data
    if [ -f "$data/postmaster.pid" ]; then
        # "Fast": sessions that tests left open do not hold it.
        kill -INT "$(head -n 1 "$data/postmaster.pid")" 2>/dev/null || true
    fi
    [ -z "$postgres_pid" ] || wait "$postgres_pid" 2>/dev/null || true
    rm -rf "$postgres_folder"
}
