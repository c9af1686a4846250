# What bin/test and bin/demo have in common; bash, to be sourced.

# Colours only for a reader at a terminal (https://no-color.org).
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    BOLD=$'\e[1m' DIM=$'\e[2m' GREEN=$'\e[32m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
    BOLD='' DIM='' GREEN='' RED='' PLAIN=''
fi

heading() { printf '\n%s%s%s\n' "$BOLD" "$*" "$PLAIN"; }
say() { printf '%s\n' "$*"; }
die() {
    printf '%s%s: %s%s\n' "$RED" "${0##*/}" "$*" "$PLAIN" >&2
    exit 1
}

require_root() {
    [ "$(id -u)" = 0 ] || die "must run as root: it makes containers, mounts and cgroups; try 'sudo $0'."
}

# install_packages [PROGRAM_OR_FILE=PACKAGE...]: what every build and test needs, and these. Debian 12 and newer.
install_packages() {
    local packages
    mapfile -t packages < <({ packages_for_build && packages_of_missing "$@"; } | sort -u)
    install_missing "${packages[@]}"
}

# install_programs PROGRAM_OR_FILE=PACKAGE...: these alone.
install_programs() {
    local packages
    mapfile -t packages < <(packages_of_missing "$@" | sort -u)
    install_missing "${packages[@]}"
}

packages_for_build() {
    # the JDK before maven, whose dependency would choose a smaller one
    command -v javac >/dev/null && javac -version 2>&1 | grep -qE 'javac (1[7-9]|[2-9][0-9])' || echo default-jdk-headless
    packages_of_missing mvn=maven gcc=gcc lxc-start=lxc busybox=busybox-static dbus-daemon=dbus-daemon busctl=systemd
    # PID 1 of the containers is linked statically
    compgen -G '/usr/lib*/libc.a' >/dev/null || compgen -G '/usr/lib/*/libc.a' >/dev/null || echo libc6-dev
    # the busybox of package "busybox" needs a C library, which a container does not have at start
    if command -v busybox >/dev/null && ! dpkg-query -W -f '${db:Status-Status}' busybox-static 2>/dev/null | grep -qx installed; then
        echo busybox-static
    fi
}

packages_of_missing() {
    local program_package
    for program_package in "$@"; do
        command -v "${program_package%%=*}" >/dev/null || [ -e "${program_package%%=*}" ] || echo "${program_package#*=}"
    done
}

install_missing() {
    [ $# = 0 ] && return 0
    command -v apt-get >/dev/null || die "these Debian packages are missing, and there is no apt-get: $*"
    heading "Installing $*"
    export DEBIAN_FRONTEND=noninteractive
    # the lists of packages may be missing or too old: fetched only then
    apt_install "$@" 2>/dev/null || {
        say "The package lists are missing or out of date: apt-get update."
        apt-get -o DPkg::Lock::Timeout=600 -q update || die "apt-get update ended with status $?."
        apt_install "$@" || die "apt-get could not install $*."
    }
}

# Waits up to ten minutes for another apt or dpkg to end.
apt_install() {
    apt-get -o DPkg::Lock::Timeout=600 -q -y --no-install-recommends install "$@"
}
