package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.daemon.FailpointMain;
import com.pelagicore.softwarecontainer.daemon.Failpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A host with an agent that can be stopped at each step of its journals and killed there. */
final class FailpointScene implements AutoCloseable {

    /** The program of the product but for its main class: options, class archive and all. */
    private static final String JAVA =
            """
            #!/bin/sh
            for argument; do
                shift
                case $argument in
                    -jar) set -- "$@" -cp ;;
                    */softwarecontainer-agent.jar) set -- "$@" "$argument:%s" -Dfailpoints=%s %s ;;
                    *) set -- "$@" "$argument" ;;
                esac
            done
            exec %s "$@"
            """;

    private static final String MANIFEST =
            """
            {"capabilities": [
              {"name": "first", "gateways": [
                {"id": "env", "config": [{"name": "VARIABLE", "value": "one"}]},
                {"id": "file", "config": [{"path-host": "%1$s", "path-container": "/opt/one"}]},
                {"id": "network", "config": [{"direction": "OUTGOING", "allow": [
                  {"host": "198.51.100.2", "ports": 80, "protocols": "tcp"}]}]},
                {"id": "dbus", "config": [{"dbus-gateway-config-system": [
                  {"direction": "outgoing", "interface": "com.pelagicore.SoftwareContainerAgent", "object-path": "*",
                   "method": "List"}]}]},
                {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": "0600"}]},
                {"id": "cgroups", "config": [{"setting": "pids.max", "value": "100"}]},
                {"id": "pulseaudio", "config": [{"audio": true}]}]},
              {"name": "second", "gateways": [
                {"id": "env", "config": [{"name": "VARIABLE", "value": "two", "mode": "append", "separator": "+"}]},
                {"id": "file", "config": [{"path-host": "%1$s", "path-container": "/opt/two", "read-only": false}]},
                {"id": "network", "config": [{"direction": "OUTGOING", "allow": [
                  {"host": "198.51.100.2", "ports": 81, "protocols": "tcp"}]}]},
                {"id": "dbus", "config": [{"dbus-gateway-config-session": [], "dbus-gateway-config-system": [
                  {"direction": "outgoing", "interface": "com.pelagicore.SoftwareContainerAgent", "object-path": "*",
                   "method": "ListCapabilities"}]}]},
                {"id": "devicenode", "config": [{"name": "/dev/net/tun", "mode": "0666"}, {"name": "/dev/fuse"}]},
                {"id": "cgroups", "config": [{"setting": "pids.max", "value": "200"}]},
                {"id": "wayland", "config": [{"enabled": true}]}]}
            ]}
            """;

    private static final String CALL = "busctl --timeout=5 --address=$DBUS_SYSTEM_BUS_ADDRESS call " + AgentClient.NAME
            + " " + AgentClient.PATH + " " + AgentClient.NAME + " ";

    /** What a contained program can tell of what it was given. */
    private static final String INSIDE = "echo variable $VARIABLE; cat /gateways/env 2>/dev/null;"
            + " cut -d' ' -f4-6 /proc/self/mountinfo; stat -c '%n %a %t:%T' /dev/* /dev/net/* 2>/dev/null | grep -v ' 0:0$'; ls /sys/class/net;"
            + " for each in List ListCapabilities; do " + CALL + "$each >/dev/null 2>&1 && echo may $each; done;"
            + " true";

    /** What the host has of it: $0 is the LXC path, $1 the id. */
    private static final String OUTSIDE = "lxc-cgroup -P $0 -n SC-$1 pids.max;"
            + " lxc-cgroup -P $0 -n SC-$1 devices.list 2>/dev/null | sort;"
            + " nft -s list ruleset | awk '/(chain|set) c'$1'_/,/}/'; ip -o link | grep -o 'sc'$1'-' || true";

    private final NetworkScene scene;
    private final Path places;
    private final Path data;
    private final Failpoints failpoints;

    /** @param places empty, existing */
    FailpointScene(Path places) throws IOException {
        this.places = places;
        data = Files.createDirectory(places.resolve("data"));
        scene = new NetworkScene(MANIFEST.formatted(data));
        Path points = Files.createDirectory(places.resolve("failpoints"));
        failpoints = new Failpoints(points);
        LiveAgent agent = scene.agent();
        agent.variable("JAVA_HOME", javaHome(points).toString());
        // any socket will do
        agent.configure("pulse-socket", agent.bus().socket().toString());
        agent.configure("wayland-socket", agent.bus().socket().toString());
        // contained clients are nobody on the bus of the host
        agent.configure("access-group", "nogroup");
        scene.start();
        try (AgentClient client = agent.connect()) {
            // what the first network and the first bus leave behind is no change of a test
            client.destroy(NetworkScene.granted(client, "second"));
        }
    }

    private Path javaHome(Path points) throws IOException {
        Path java = Files.createDirectories(places.resolve("java/bin")).resolve("java");
        Files.writeString(
                java,
                JAVA.formatted(
                        Path.of("target/test-classes").toAbsolutePath(),
                        points,
                        FailpointMain.class.getName(),
                        Path.of(System.getProperty("java.home"), "bin/java")));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return places.resolve("java");
    }

    LiveAgent agent() {
        return scene.agent();
    }

    Failpoints failpoints() {
        return failpoints;
    }

    /** Of the host, writable for containers. */
    Path data() {
        return data;
    }

    String network() {
        return scene.network();
    }

    HostSnapshot snapshot() {
        return HostSnapshot.take(
                agent().directory().resolve("state"), agent().directory().resolve("mounts"));
    }

    static String name(int id) {
        return "SC-" + id;
    }

    void awaitStops(Collection<Integer> ids) {
        Deadlines.await(() -> ids.stream().allMatch(id -> failpoints.hasStopped(name(id))));
    }

    /** All that can be told of a container that runs; the same for two that were made in the same way. */
    String view(AgentClient client, int id) {
        String outside =
                Programs.run(host("/bin/sh", "-ec", OUTSIDE, agent().lxcPath().toString(), String.valueOf(id)));
        return (client.shell(id, INSIDE) + "\n" + outside)
                .replaceAll("\\bSC-" + id + "\\b", "SC-N")
                .replaceAll("\\bsc" + id + "-[0-9a-f]*", "INTERFACE")
                .replaceAll("\\bc" + id + "_", "cN_")
                .replaceAll("\\b([0-9a-f]{2}:){5}[0-9a-f]{2}\\b", "MAC")
                .replaceAll("\\bfd[0-9a-f]*:[0-9a-f:]*", "ADDRESS")
                .replaceAll("10\\.0\\.3\\." + (id + 2) + "\\b", "ADDRESS")
                .replaceAll("(fe80::[0-9a-f:]*:3|0a0003|c0540afffe0003)%02x\\b".formatted(id + 2), "ADDRESS");
    }

    private String[] host(String... command) {
        return scene.host().command(command).toArray(String[]::new);
    }

    /** Names of containers: each answer that something of the host gives to the question which there are. */
    Set<TreeSet<String>> onHost() {
        Path directory = agent().directory();
        String running = Programs.run(host("lxc-ls", "-P", agent().lxcPath().toString(), "--active", "-1"));
        return Stream.of(
                        running.lines().collect(Collectors.toCollection(TreeSet::new)),
                        names(agent().lxcPath()),
                        names(directory.resolve("state/journals")),
                        names(directory.resolve("state/containers")),
                        names(directory.resolve("mounts")))
                .collect(Collectors.toSet());
    }

    private static TreeSet<String> names(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith("SC-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void killAndRestart(Recovery recovery) {
        agent().crash();
        failpoints.clear();
        agent().restart(recovery);
    }

    @Override
    public void close() {
        scene.close();
    }
}
