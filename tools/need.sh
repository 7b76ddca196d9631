# need.sh: installs by name what is missing; sourced by run and check.
#
#   need PACKAGE...   Debian packages; asks for sudo when not root, and says what it will install

need() {
    local package missing=()
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            { echo "missing: ${missing[*]}; install them as root: apt-get install ${missing[*]}" >&2
              exit 1; }
        as_root=(sudo)
    fi
    echo "installing with apt: ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build_packages=(gcc libc6-dev meson ninja-build pkg-config libssl-dev libsodium-dev libsqlite3-dev
    libzstd-dev libxml2-dev libmicrohttpd-dev libcurl4-openssl-dev ca-certificates libcmocka-dev)
