# What of the host an agent may change; bash, to be sourced.
#
# host_snapshot DIRECTORY          writes one sorted list per kind of thing
# host_compare BEFORE DIRECTORY    prints a line per kind and what differs; status 0 if nothing does

HOST_MARK=SOFTWARECONTAINER_DEMO # in the environment of the agent and of all that it starts
HOST_KINDS=(mounts "network links" processes cgroups files)

host_snapshot() {
    local LC_ALL=C
    export LC_ALL # for the order
    mkdir -p "$1"
    # mount point, root and type; the ids change when a mount is made again
    awk '{ for (i = 7; $i != "-"; i++); print $5, "from", $4, $(i + 1) }' /proc/self/mountinfo | sort >"$1/mounts"
    ls /sys/class/net >"$1/network links"
    host_processes | sort >"$1/processes"
    # where the monitors of all containers of a host go at their end, and which stays
    { find /sys/fs/cgroup -type d ! -name lxc.pivot 2>/dev/null || true; } | sort >"$1/cgroups"
    {
        find /run/netns /run/softwarecontainer /var/lib/lxc /var/lib/softwarecontainer \
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
    local before=$1 after=$2 kind same=0 end=$((SECONDS + 10)) LC_ALL=C
    export LC_ALL
    host_snapshot "$after"
    host_differences "$before" "$after" >"$after.different"
    # The kernel removes namespaces and cgroups a moment after their last process. And containers of others come
    # and go meanwhile: only what stays different counts.
    while [ -s "$after.different" ] && [ "$SECONDS" -lt "$end" ]; do
        host_snapshot "$after"
        host_differences "$before" "$after" | comm -12 - "$after.different" >"$after.still"
        mv "$after.still" "$after.different"
    done
    for kind in "${HOST_KINDS[@]}"; do
        if grep "^$kind " "$after.different" >"$after.lines"; then
            printf '  %-14s %sDIFFERENT%s\n' "$kind" "$RED" "$PLAIN"
            sed "s/^$kind /      /" "$after.lines"
            same=1
        else
            printf '  %-14s %4d before, the same now\n' "$kind" "$(wc -l <"$before/$kind")"
        fi
    done
    return $same
}

# One sorted line for each thing that is new or gone.
host_differences() {
    local kind LC_ALL=C
    export LC_ALL
    for kind in "${HOST_KINDS[@]}"; do
        comm -13 "$1/$kind" "$2/$kind" | sed "s/^/$kind new:  /"
        # what others end is not ours
        comm -23 "$1/$kind" "$2/$kind" | { grep -vE 'SC-[0-9]|lxc|/sbin/init' || true; } | sed "s/^/$kind gone: /"
    done | sort
}
