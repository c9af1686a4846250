# What the scripts of this directory have in common; bash, to be sourced.
#
# VM_CACHE            where images are kept; default $XDG_CACHE_HOME/softwarecontainer-vm or ~/.cache/softwarecontainer-vm
# VM_SUITE            Debian suite to build from; default: the host's
# VM_MAX_AGE_DAYS     an image that is older is built again, so that updates of packages arrive; default 30
# VM_VERBOSE          1: shows what the tools print

set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin # not always on the PATH of a CI job

VM_SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
VM_CACHE=${VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/softwarecontainer-vm}
VM_SUITE=${VM_SUITE:-$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")}
. "$VM_SCRIPTS/../../../bin/lib/common.sh"

log() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# 125: not the command in the machine, but the machine itself
fail() {
    log "$*"
    exit 125
}

# Why this host can make no machine; nothing if it can.
obstacle() {
    if [ "$(id -u)" != 0 ]; then
        echo "root is needed, as the image has device nodes and files of many owners"
    elif ! command -v apt-get >/dev/null || [ "$(dpkg --print-architecture)" != amd64 ]; then
        echo "the image is made of Debian's amd64 packages, on Debian and amd64 only"
    fi
}

require_no_obstacle() {
    local obstacle
    obstacle=$(obstacle)
    [ -z "$obstacle" ] || fail "$obstacle"
}

usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
    exit "$1"
}

# Runs a command and shows what it prints only if it fails.
quietly() {
    local printed status=0
    if [ "${VM_VERBOSE:-0}" = 1 ]; then
        "$@" >&2
        return
    fi
    printed=$(mktemp)
    "$@" >"$printed" 2>&1 || status=$?
    if [ $status != 0 ]; then
        log "'$1' ended with status $status:"
        tail -n 40 "$printed" >&2
    fi
    rm -f "$printed"
    return $status
}

# One-line sources for VM_SUITE: the Debian mirrors of the host's own apt configuration.
apt_sources() {
    host_mirrors | sources_of_suite
}

# Without signed-by: mmdebstrap finds Debian's keyring by itself.
host_mirrors() {
    apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages'
}

sources_of_suite() {
    local host
    host=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
    awk -F'|' -v host="$host" -v suite="$VM_SUITE" '
        $1 != "Debian" || index($3, host) != 1 { next }
        {
            source = $2 " " suite substr($3, length(host) + 1)
            if (!(source in components)) order[++n] = source
            if (index(components[source] " ", " " $4 " ") == 0) components[source] = components[source] " " $4
        }
        END { for (i = 1; i <= n; i++) print "deb " order[i] components[order[i]] }'
}

# locked NAME FUNCTION: runs the function while nobody else does so, so that what jobs share is built once.
locked() {
    mkdir -p "$VM_CACHE"
    (
        flock 9
        "$2"
    ) 9>"$VM_CACHE/$1.lock"
}

is_fresh() { [ -e "$1" ] && [ -z "$(find "$1" -maxdepth 0 -mtime +"${VM_MAX_AGE_DAYS:-30}")" ]; }

short_hash() { sha256sum | cut -c1-12; }
