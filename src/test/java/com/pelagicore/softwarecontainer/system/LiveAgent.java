package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.config.Recovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The agent as bin/softwarecontainer-agent starts it, on a bus and in directories of its own. What it writes goes to a
 * log file, which failures show.
 */
final class LiveAgent implements AutoCloseable {

    /** An agent that ended by itself. */
    record Ended(int status, String output) {}

    private final Path directory;
    private final PrivateBus bus;
    private final PrivateBus sessionBus;
    private final AgentLaunch launch;
    private Process process;

    /**
     * @param directory empty, existing; short, as sockets are in it
     */
    LiveAgent(Path directory) {
        this.directory = directory;
        for (String each : List.of("manifests", "defaults", "lxc", "state", "mounts", "outputs", "data")) {
            makeDirectory(directory.resolve(each));
        }
        // users that are not root reach the buses: contained clients are such
        setPermissions(directory, "rwx--x--x");
        bus = new PrivateBus(directory);
        sessionBus = new PrivateBus(directory, "session-bus");
        launch = new AgentLaunch(directory, bus, sessionBus);
        launch.configure("state-dir", directory.resolve("state").toString());
        launch.configure("shared-mounts-dir", directory.resolve("mounts").toString());
        launch.configure("lxc-path", lxcPath().toString());
        launch.configure("service-manifest-dir", manifests().toString());
        launch.configure("default-service-manifest-dir", defaultManifests().toString());
        launch.configure("shutdown-timeout", "1");
        launch.configure("recovery", "destroy");
        launch.configure("access-group", String.valueOf(OtherUser.ACCESS_GROUP));
        TestManifests.write(this);
    }

    Path directory() {
        return directory;
    }

    Path lxcPath() {
        return directory.resolve("lxc");
    }

    Path manifests() {
        return directory.resolve("manifests");
    }

    Path defaultManifests() {
        return directory.resolve("defaults");
    }

    /** A directory of the host that test capabilities mount. */
    Path data() {
        return directory.resolve("data");
    }

    Path configFile() {
        return launch.configFile();
    }

    PrivateBus bus() {
        return bus;
    }

    /** The one that containers get as session bus; {@link #bus} is their system bus. */
    PrivateBus sessionBus() {
        return sessionBus;
    }

    /** A new connection. */
    AgentClient connect() {
        return new AgentClient(bus.socket(), directory.resolve("outputs"));
    }

    /**
     * For the next start.
     *
     * @param command takes the agent's command as its last arguments
     */
    void runBy(List<String> command) {
        launch.runBy(command);
    }

    /** For the next start. */
    void configure(String key, String value) {
        launch.configure(key, value);
    }

    /** For the next starts. */
    void withoutConfiguration(String key) {
        launch.withoutConfiguration(key);
    }

    /** For the next starts: a variable of the agent's environment. */
    void variable(String name, String value) {
        launch.variable(name, value);
    }

    /** Without all that {@link #variable} has set. */
    void withoutVariables() {
        launch.withoutVariables();
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Starts it and waits until it answers: what an earlier agent left is cleared away after the name is owned. */
    void start(String... arguments) {
        CompletableFuture<Boolean> owned = new CompletableFuture<>();
        try (BusClient watcher = new BusClient(bus.socket(), signal -> ownerChanged(signal, owned))) {
            watcher.match("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='"
                    + AgentClient.NAME + "'");
            launch(arguments);
            process.onExit().thenAccept(ended -> owned.complete(false));
            if (!Deadlines.get(owned)) {
                throw new AssertionError("the agent ended with status " + process.exitValue() + ":\n" + log());
            }
        }
        try (AgentClient client = connect()) {
            client.list();
        }
    }

    /** Starts it, and does not wait for anything. */
    void launch(String... arguments) {
        process = launch.launch(logFile(), arguments);
    }

    /** Starts it once with another umask than 022. */
    void startWithUmask(String mask) {
        launch.withUmask(mask, this::start);
    }

    /**
     * Starts it once as on a host with cgroup v2 only: in a mount namespace of its own where that covers
     * /sys/fs/cgroup. Only device rules and the freezer work there, as the host's v1 keeps the other controllers. If
     * the host has no other cgroups, that is nothing special; and another mount would change the options of the first.
     */
    void startOnUnifiedCgroups() {
        launch.onUnifiedCgroups(this::start);
    }

    /**
     * Starts it without an address on the command line.
     *
     * @param variable of the environment, gets the address
     */
    void startOnBusOfEnvironment(String variable, String... arguments) {
        launch.onBusOfEnvironment(variable, () -> start(arguments));
    }

    /** Starts another one and waits for its end. */
    Ended startAndAwaitEnd(String... arguments) {
        Path output = directory.resolve("second.log");
        try {
            Files.deleteIfExists(output);
            Process other = launch.launch(output, arguments);
            if (!other.waitFor(Deadlines.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                other.destroyForcibly().waitFor();
                throw new AssertionError("the agent did not end:\n" + Files.readString(output));
            }
            Ended ended = new Ended(other.exitValue(), Files.readString(output));
            Files.delete(output);
            return ended;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** {@code kill -9}. */
    void crash() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Ends it in good order. */
    int stop() {
        process.destroy();
        return awaitExit();
    }

    /** Waits until it ended by itself. */
    int awaitExit() {
        return Deadlines.get(process.onExit()).exitValue();
    }

    void restart(Recovery recovery) {
        configure("recovery", recovery.name().toLowerCase(Locale.ROOT));
        start();
    }

    String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if the agent left containers or mounts; removes them nevertheless. */
    @Override
    public void close() {
        if (isRunning()) {
            stop();
        }
        bus.close();
        sessionBus.close();
        List<String> left = removeWhatIsLeft();
        // liblxc keeps its lock files by LXC path, for ever; this path is not used again
        Trees.delete(Path.of("/run/lxc/lock" + lxcPath()).getParent());
        Trees.delete(directory);
        if (!left.isEmpty()) {
            throw new AssertionError("the agent left " + left);
        }
    }

    private List<String> removeWhatIsLeft() {
        List<String> left = new ArrayList<>();
        for (String name :
                Programs.run("lxc-ls", "-P", lxcPath().toString(), "-1").split("\\s+")) {
            if (!name.isEmpty()) {
                left.add(name);
                Programs.run(
                        "/bin/sh",
                        "-c",
                        "lxc-stop -k -P \"$0\" -n \"$1\" || true",
                        lxcPath().toString(),
                        name);
            }
        }
        for (String mount : Trees.mountsBelow(directory)) {
            left.add(mount);
            Programs.run("umount", "-l", mount);
        }
        return left;
    }

    private Path logFile() {
        return directory.resolve("agent.log");
    }

    private static void ownerChanged(BusMessage signal, CompletableFuture<Boolean> owned) {
        if (signal.member().equals("NameOwnerChanged") && !signal.body().get(2).equals("")) {
            owned.complete(true);
        }
    }

    private static void setPermissions(Path path, String permissions) {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void makeDirectory(Path path) {
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
