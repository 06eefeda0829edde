# Installs what is missing on a Debian machine, and nothing that is there. Sourced by tests/run.
# Daemons that come with a package (PostgreSQL, Kannel) are kept from starting: the tests start their own.

# install_for STEP…: everything these steps need.
install_for() {
    local begun=$SECONDS packages=()
    need cc build-essential
    need pkg-config pkg-config
    case " $* " in *" rust "* | *" browser "*)
        need_file /usr/bin/python3 python3
        need_file '/usr/lib/python3*/ensurepip/__init__.py' python3-venv
    esac
    case " $* " in *" rust "*)
        need_file '/usr/lib/postgresql/*/bin/initdb' postgresql
        need_file /usr/sbin/bearerbox kannel
        need_file /usr/lib/kannel/test/fakesmsc kannel-extras
        need_file /usr/sbin/haproxy haproxy
        need patroni patroni
        need etcd etcd-server
        need_file '/usr/lib/*/faketime/libfaketimeMT.so.1' libfaketime
        need_file /usr/sbin/nginx nginx-light
        need docker-compose docker-compose
        need systemd-analyze systemd
        need openssl openssl
        need_file /usr/sbin/postfix postfix
        need pdftotext poppler-utils
        need zbarimg zbar-tools
        need_file '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc' fonts-noto-cjk
    esac
    # The Rust tests run the browser's verifier too, which needs no packages of npm's for that.
    case " $* " in *" rust "* | *" verifier "* | *" browser "*) need node nodejs ;; esac
    case " $* " in *" rust "* | *" verifier "* | *" browser "*) need npm npm ;; esac
    case " $* " in *" browser "*)
        need chromium chromium
        need chromedriver chromium-driver
        need_file '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc' fonts-noto-cjk
        need_file '/usr/lib/*/faketime/libfaketimeMT.so.1' libfaketime
    esac
    case " $* " in *" systemd "*)
        need_file '/usr/lib/postgresql/*/bin/initdb' postgresql
        need systemd-nspawn systemd-container
        need_file /usr/lib/systemd/system/dbus.socket dbus
        need openssl openssl
        need curl curl
        need nsenter util-linux
        need pgrep procps
    esac
    if [ ${#packages[@]} -gt 0 ]; then
        printf '== Installing %s\n' "${packages[*]}"
        install_packages "${packages[@]}"
    fi
    case " $* " in *" rust "* | *" browser "*) install_python ;; esac
    case " $* " in *" rust "* | *" browser "*) install_packages_of tests/peers/sms ;; esac
    case " $* " in *" rust "*) install_packages_of tests/peers/oidc ;; esac
    case " $* " in *" verifier "*) install_packages_of public-audit/browser ;; esac
    case " $* " in *" browser "*) install_browser ;; esac
    # Whom sudo makes root may have no cargo, and needs none for a program that is built.
    if [ "$*" = systemd ] && [ -n "${JEBI_TEST_BINARY:-}" ]; then return; fi
    command -v cargo >/dev/null || { echo "cargo is missing: install Rust with rustup (https://rustup.rs), then run this again." >&2; exit 1; }
    printf '== Everything the tests need is here (%d s)\n' $((SECONDS - begun))
}

need() { command -v "$1" >/dev/null || packages+=("$2"); }
need_file() { compgen -G "$1" >/dev/null || packages+=("$2"); }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        echo "Needs root or sudo: $*" >&2
        return 1
    fi
}

install_packages() {
    local policy=/usr/sbin/policy-rc.d ours=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        ours=yes
    fi
    local status=0
    # A list of packages from the day the machine was made may name versions that are gone.
    as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh "$@" || status=$?
    if [ -n "$ours" ]; then as_root rm -f "$policy"; fi
    return "$status"
}

# A virtual environment with the mail server that plays the other side, what the example seller needs, and schemathesis.
install_python() {
    local venv=$target/tests/python wanted=tests/support/requirements.txt
    if ! cmp -s "$wanted" "$venv/installed.txt"; then
        rm -rf "$venv"
        /usr/bin/python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
        cp "$wanted" "$venv/installed.txt"
    fi
    export JEBI_TEST_PYTHON=$venv/bin/python
}

# The browser tests' packages, and the clock they turn.
install_browser() {
    JEBI_TEST_FAKETIME=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' | head -n 1)
    export JEBI_TEST_FAKETIME
    install_packages_of tests/browser
    install_packages_of tests/peers/oidc
}

# install_packages_of FOLDER: what its lock file says.
install_packages_of() {
    local folder=$1
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
        # Every version is in the lock file; nothing is downloaded by install scripts.
        (cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund)
        cp "$folder/package-lock.json" "$folder/node_modules/.installed"
    fi
}
