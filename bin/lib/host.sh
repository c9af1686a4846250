# What of the host an agent may change; bash, to be sourced.
#
# host_snapshot DIRECTORY          writes one sorted list per kind of thing
# host_compare BEFORE DIRECTORY    prints a line per kind and what differs; status 0 if nothing does

HOST_MARK=SOFTWARECONTAINER_DEMO # in the environment of the agent and of all that it starts
HOST_KINDS=(mounts "network links" processes cgroups files)

host_snapshot() {
    mkdir -p "$1"
    LC_ALL=C
    # mount point, root and type; the ids change when a mount is made again
    awk '{ for (i = 7; $i != "-"; i++); print $5, "from", $4, $(i + 1) }' /proc/self/mountinfo | sort >"$1/mounts"
    ls /sys/class/net >"$1/network links"
    host_processes | sort >"$1/processes"
    { find /sys/fs/cgroup -type d 2>/dev/null || true; } | sort >"$1/cgroups"
    {
        find /run/lxc /run/netns /run/softwarecontainer /var/lib/lxc /var/lib/softwarecontainer /tmp/softwarecontainer-* \
            -xdev 2>/dev/null || true # most of them are missing
    } | sort >"$1/files"
}

# Those in a pid namespace of their own, and those with the mark.
host_processes() {
    local process own
    own=$(readlink /proc/self/ns/pid)
    for process in /proc/[0-9]*; do
        # it may end at any moment
        if [ "$(readlink "$process/ns/pid" 2>/dev/null || echo "$own")" != "$own" ] ||
            grep -qsz "^$HOST_MARK=" "$process/environ"; then
            { tr '\0' ' ' <"$process/cmdline" && echo; } 2>/dev/null || true
        fi
    done
}

host_compare() {
    local before=$1 after=$2 kind end=$((SECONDS + 10))
    # the kernel removes namespaces and cgroups a moment after their last process
    host_snapshot "$after"
    while ! diff -rq "$before" "$after" >/dev/null && [ "$SECONDS" -lt "$end" ]; do
        host_snapshot "$after"
    done
    for kind in "${HOST_KINDS[@]}"; do
        if diff "$before/$kind" "$after/$kind" >"$after/difference"; then
            printf '  %-14s %4d before, the same now\n' "$kind" "$(wc -l <"$before/$kind")"
        else
            printf '  %-14s %sDIFFERENT%s\n' "$kind" "$RED" "$PLAIN"
            sed -n 's/^>/      new: /p; s/^</      gone:/p' "$after/difference"
        fi
    done
    rm -f "$after/difference"
    diff -rq "$before" "$after" >/dev/null
}
