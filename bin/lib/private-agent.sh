# An agent on a bus of its own, with all its directories below one temporary directory; bash, to be sourced.
#
# private_agent_directory   makes DIRECTORY
# private_bus_for_nobody    before the start: lets the user of the D-Bus filter onto the bus
# private_bus_start         starts dbus-daemon; BUS is its address
# private_agent_start       starts bin/softwarecontainer-agent; AGENT_PID; its log is $DIRECTORY/agent.log;
#                           AGENT_RUN_BY is a command that takes the agent's command as its last arguments
# private_agent_stop        ends the agent in good order
# private_agent_end         ends what runs and removes DIRECTORY; for a trap

DIRECTORY='' BUS='' BUS_PID='' AGENT_PID='' AGENT_RUN_BY=()
AGENT_NAME=com.pelagicore.SoftwareContainerAgent
: "${DEADLINE_SECONDS:=30}"

# Not below TMPDIR: a socket's path has room for 107 bytes, and LXC's must be reachable for everybody.
private_agent_directory() {
    DIRECTORY=$(mktemp -d /tmp/softwarecontainer-XXXXXX)
    # the buses are in it, where contained clients come as other users, and containers reach their roots through it
    chmod 711 "$DIRECTORY"
    mkdir "$DIRECTORY"/{manifests,defaults,lxc,state,mounts}
    cat >"$DIRECTORY/bus.conf" <<-END
	<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
	  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
	<busconfig>
	  <listen>unix:path=$DIRECTORY/bus</listen>
	  <auth>EXTERNAL</auth>
	  <policy context="default">
	    <allow user="*"/>
	    <allow own="*"/>
	    <allow send_destination="*"/>
	    <allow receive_sender="*"/>
	  </policy>
	</busconfig>
	END
    cat >"$DIRECTORY/agent.conf" <<-END
	[SoftwareContainer]
	# who contained clients of the agent are on the bus
	access-group=nogroup
	state-dir=$DIRECTORY/state
	shared-mounts-dir=$DIRECTORY/mounts
	lxc-path=$DIRECTORY/lxc
	service-manifest-dir=$DIRECTORY/manifests
	default-service-manifest-dir=$DIRECTORY/defaults
	recovery=destroy
	END
}

# The D-Bus filter does not run as root.
private_bus_for_nobody() {
    chmod 711 "$DIRECTORY"
    sed -i 's|<allow own="\*"/>|<allow user="nobody"/>&|' "$DIRECTORY/bus.conf"
}

private_bus_start() {
    local ready
    # the address is printed when the bus can be reached: reading it is waiting for it
    exec {ready}< <(exec dbus-daemon --config-file="$DIRECTORY/bus.conf" --nofork --nopidfile --print-address=1 \
        2>"$DIRECTORY/bus.log")
    BUS_PID=$!
    read -r -t "$DEADLINE_SECONDS" -u "$ready" BUS || {
        cat "$DIRECTORY/bus.log"
        return 1
    }
}

# Follows the bus from before the start, so that the moment at which the name gets an owner cannot be missed.
private_agent_start() {
    local events monitor line status=1
    exec {events}< <(exec busctl --address="$BUS" monitor 2>&1 \
        --match="type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='$AGENT_NAME'")
    monitor=$!
    IFS= read -r -t "$DEADLINE_SECONDS" -u "$events" line || true # "Monitoring bus message stream."
    "${AGENT_RUN_BY[@]}" bin/softwarecontainer-agent -a "$BUS" -c "$DIRECTORY/agent.conf" "$@" \
        >>"$DIRECTORY/agent.log" 2>&1 </dev/null &
    AGENT_PID=$!
    local end=$((SECONDS + DEADLINE_SECONDS))
    while [ "$SECONDS" -lt "$end" ]; do
        if IFS= read -r -t 0.2 -u "$events" line; then
            case $line in *NameOwnerChanged*) status=0 && break ;; esac
        elif ! kill -0 "$AGENT_PID" 2>/dev/null; then
            break # it ended before it had the name
        fi
    done
    end_process "$monitor"
    exec {events}<&-
    [ $status = 0 ] || cat "$DIRECTORY/agent.log"
    return $status
}

private_agent_stop() {
    [ -n "$AGENT_PID" ] || return 0
    end_process "$AGENT_PID"
    AGENT_PID=''
}

private_agent_end() {
    private_agent_stop
    [ -z "$BUS_PID" ] || end_process "$BUS_PID"
    BUS_PID=''
    if [ -n "$DIRECTORY" ]; then
        private_agent_remove_leftovers
        # nothing must be mounted there any more, and if it is, the host's files below it are not ours to delete
        rm -rf --one-file-system -- "$DIRECTORY"
        # liblxc keeps its lock files by LXC path, for ever; this path is not used again
        rm -rf -- "/run/lxc/lock$DIRECTORY"
        DIRECTORY=''
    fi
}

# Only an agent that was killed leaves any.
private_agent_remove_leftovers() {
    local name mount
    for name in $(lxc-ls -P "$DIRECTORY/lxc" -1 2>/dev/null); do
        printf 'removing container %s, which the agent left\n' "$name" >&2
        lxc-stop -k -P "$DIRECTORY/lxc" -n "$name" || true
    done
    for mount in $(awk -v below="$DIRECTORY/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r); do
        printf 'unmounting %s, which the agent left\n' "$mount" >&2
        umount -l "$mount" || true
    done
}

# SIGTERM, after the deadline SIGKILL; returns when the process is gone.
end_process() {
    kill "$1" 2>/dev/null || return 0
    timeout "$DEADLINE_SECONDS" tail -s 0.05 --pid="$1" -f /dev/null || kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
