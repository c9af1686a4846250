package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.outgoing;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.CgroupSetting;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent dies at each step of each verb; the next one finds a host on which the call was made, or was not. */
class CrashTest {

    private static final Path DEVICE = Path.of("/dev/a");
    private static final Path OTHER_DEVICE = Path.of("/dev/b");

    @TempDir
    private Path directory;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectory(directory.resolve("data"));
        Files.createFile(directory.resolve("socket"));
    }

    /** What a client asks for last. */
    enum Call {
        CREATE {
            @Override
            void make(Trial trial) {
                trial.containers.create(trial.options.value());
            }
        },
        GRANT {
            @Override
            void make(Trial trial) {
                trial.grant();
            }
        },
        GRANT_MORE {
            @Override
            void prepare(Trial trial) {
                trial.grant();
            }

            @Override
            void make(Trial trial) {
                trial.grantMore();
            }
        },
        RENEW_DEVICES {
            @Override
            void prepare(Trial trial) {
                trial.grantMore();
                trial.host.devices.onHost.put(DEVICE, device(7));
                trial.host.devices.onHost.remove(OTHER_DEVICE);
            }

            @Override
            void make(Trial trial) {
                trial.container().renewDevices();
            }
        },
        BIND_MOUNT {
            @Override
            void make(Trial trial) {
                trial.container().bindMounts(Specs.unlimited(writable(trial.data, "/mounted")));
            }
        },
        SUSPEND {
            @Override
            void make(Trial trial) {
                trial.container().suspend();
            }
        },
        RESUME {
            @Override
            void prepare(Trial trial) {
                trial.container().suspend();
            }

            @Override
            void make(Trial trial) {
                trial.container().resume();
            }
        },
        EXECUTE {
            @Override
            void make(Trial trial) {
                trial.container().execute(List.of("true"), Map.of(), "/", Optional.empty());
            }
        },
        DESTROY {
            @Override
            void prepare(Trial trial) {
                trial.grantMore();
            }

            @Override
            void make(Trial trial) {
                trial.containers.destroy(trial.container());
            }
        };

        void prepare(Trial trial) {}

        abstract void make(Trial trial);
    }

    static Stream<Arguments> calls() {
        return Arrays.stream(Call.values()).flatMap(call -> Arrays.stream(Recovery.values())
                .flatMap(recovery -> Stream.of(Options.PLAIN, Options.BUFFER_IN_MEMORY)
                        .map(options -> Arguments.of(call, recovery, options))));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void leavesACallDoneOrNotDoneWhereverItDies(Call call, Recovery recovery, Options options) {
        Trial whole = new Trial(options);
        call.prepare(whole);
        Object before = whole.visible();
        call.make(whole);
        Object after = whole.visible();
        whole.end();

        int number = 0;
        boolean died = true;
        while (died) {
            Trial trial = new Trial(options);
            call.prepare(trial);
            died = trial.dieAfter(number, () -> call.make(trial));

            trial.restart(recovery);

            String when = call + ", step " + number;
            if (recovery == Recovery.ADOPT) {
                assertThat(trial.visible()).as(when).isIn(before, after);
                assertThat(trial.containers.ids())
                        .as(when)
                        .hasSameSizeAs(trial.host.runtime.running().keySet());
            }
            trial.end();
            assertThat(trial.host.snapshot()).as(when).isEqualTo(trial.empty);
            number++;
        }
        assertThat(number).isGreaterThan(1);
    }

    /** Also in the middle of tidying up after the first death. */
    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"CREATE", "GRANT_MORE", "RENEW_DEVICES", "DESTROY"})
    void toleratesThatTheNextAgentDiesAsWell(Call call) {
        boolean died = true;
        for (int number = 1; died; number += 2) {
            boolean nextDied = true;
            for (int next = 0; nextDied; next++) {
                Trial trial = new Trial(Options.PLAIN);
                call.prepare(trial);
                died = trial.dieAfter(number, () -> call.make(trial));
                trial.loseAgent();
                nextDied = trial.dieAfter(next, () -> trial.recover(Recovery.ADOPT));

                trial.restart(Recovery.ADOPT);

                trial.end();
                assertThat(trial.host.snapshot())
                        .as(call + ", steps " + number + " and " + next)
                        .isEqualTo(trial.empty);
            }
        }
    }

    private static DeviceFile device(int minor) {
        return new DeviceFile(new DeviceNumber(false, 10, minor), 0660, 0, 0);
    }

    /** A host with a container, and an agent that dies. */
    private final class Trial {

        private final Options options;
        private final Crashes crashes = new Crashes();
        private final ModelHost host;
        private final Path data;
        private final Path socket;
        private final ModelHost.Snapshot empty;
        private Containers containers;

        private Trial(Options options) {
            this.options = options;
            data = directory.resolve("data");
            socket = directory.resolve("socket");
            host = new ModelHost(directory, crashes);
            host.calls.observe(call -> crashes.step());
            host.cgroups.defaults.put("memory.max", "max");
            host.devices.onHost.put(DEVICE, device(1));
            host.devices.onHost.put(OTHER_DEVICE, device(2));
            empty = host.snapshot();
            containers = new Containers(host.containerHost(), new RecordingListener());
            containers.create(options.value());
        }

        private Container container() {
            return containers.get(0);
        }

        private void grant() {
            container()
                    .grant(
                            Set.of("a"),
                            always(
                                    variable("A", "1"),
                                    writable(data, "/data"),
                                    new SocketMount(socket, Path.of("/socket"), "test"),
                                    DeviceNode.asOnHost(DEVICE),
                                    new CgroupSetting("memory.max", "1000"),
                                    outgoing("10.0.0.1"),
                                    rule(Bus.SYSTEM, "a.b")));
        }

        private void grantMore() {
            container()
                    .grant(
                            Set.of("b"),
                            always(
                                    variable("A", "2"),
                                    writable(data, "/data"),
                                    readOnly(data, "/more"),
                                    new SocketMount(socket, Path.of("/socket"), "test"),
                                    new SocketMount(socket, Path.of("/socket2"), "test"),
                                    DeviceNode.withPermissions(DEVICE, 0777),
                                    DeviceNode.asOnHost(OTHER_DEVICE),
                                    new CgroupSetting("memory.max", "2000"),
                                    outgoing("10.0.0.1"),
                                    outgoing("10.0.0.2"),
                                    rule(Bus.SYSTEM, "a.b"),
                                    rule(Bus.SYSTEM, "a.c"),
                                    rule(Bus.SESSION, "a.b")));
        }

        private BusRule rule(Bus bus, String name) {
            return new BusRule(bus, BusRule.Direction.BOTH, name, "*", List.of("*"));
        }

        /** Whether it came to that. */
        private boolean dieAfter(int steps, Runnable action) {
            crashes.liveFor(steps);
            try {
                action.run();
            } catch (Crashes.Dead dead) {
                return true;
            }
            return crashes.isDead();
        }

        private void loseAgent() {
            host.loseAgent();
        }

        private void restart(Recovery recovery) {
            loseAgent();
            crashes.liveOn();
            recover(recovery);
        }

        private void end() {
            containers.ids().forEach(id -> containers.destroy(containers.get(id.value())));
        }

        private void recover(Recovery recovery) {
            containers = new Containers(host.containerHost(), new RecordingListener());
            host.rootfs().removeLeftovers(containers.recover(recovery));
        }

        /** What clients and contained programs can tell of the host; not what is random or in a journal. */
        private Object visible() {
            ModelHost.Snapshot now = host.snapshot();
            Map<String, Object> all = new TreeMap<>();
            all.put("mounts", now.mounts());
            all.put(
                    "containers",
                    new TreeMap<>(host.runtime.running()).toString()
                            + now.defined().stream().sorted().toList());
            all.put("frozen", host.runtime.frozen());
            all.put(
                    "inside",
                    now.mountedInside().stream()
                            .map(each -> each.init() + " " + each.mount() + " " + each.upper())
                            .sorted()
                            .toList());
            all.put("devices", now.devicesInside());
            all.put("cgroups", now.cgroups());
            all.put("network", now.networks());
            all.put("links", now.openLinks());
            all.put("watches", now.watches());
            all.put("buses", new TreeMap<>(now.buses()));
            all.put(
                    "environment",
                    host.runtime.running().values().stream()
                            .map(init -> host.containerMounts
                                    .file(init, Path.of("/gateways/env"))
                                    .orElse(""))
                            .toList());
            all.put("files", now.files().keySet().stream().toList());

            all.put(
                    "granted",
                    containers.ids().stream()
                            .map(id -> containers.get(id.value()).grantedCapabilities())
                            .toList());
            return all;
        }
    }
}
