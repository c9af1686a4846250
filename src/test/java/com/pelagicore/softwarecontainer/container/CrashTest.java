package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent dies at each step of each verb; the next one finds a host on which the call was made, or was not. */
class CrashTest {

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
            void make(CrashTrial trial) {
                trial.containers.create(trial.options.value());
            }
        },
        GRANT {
            @Override
            void make(CrashTrial trial) {
                trial.grant();
            }
        },
        GRANT_MORE {
            @Override
            void prepare(CrashTrial trial) {
                trial.grant();
            }

            @Override
            void make(CrashTrial trial) {
                trial.grantMore();
            }
        },
        RENEW_DEVICES {
            @Override
            void prepare(CrashTrial trial) {
                trial.grantMore();
                trial.host.devices.onHost.put(CrashTrial.DEVICE, CrashTrial.device(7));
                trial.host.devices.onHost.remove(CrashTrial.OTHER_DEVICE);
            }

            @Override
            void make(CrashTrial trial) {
                trial.containers.renewDevices();
            }
        },
        BIND_MOUNT {
            @Override
            void make(CrashTrial trial) {
                trial.container().bindMounts(Specs.unlimited(writable(trial.data, "/mounted")));
            }
        },
        SUSPEND {
            @Override
            void make(CrashTrial trial) {
                trial.container().suspend();
            }
        },
        RESUME {
            @Override
            void prepare(CrashTrial trial) {
                trial.container().suspend();
            }

            @Override
            void make(CrashTrial trial) {
                trial.container().resume();
            }
        },
        EXECUTE {
            @Override
            void make(CrashTrial trial) {
                trial.container().execute(List.of("true"), Map.of(), "/", Optional.empty());
            }
        },
        DESTROY {
            @Override
            void prepare(CrashTrial trial) {
                trial.grantMore();
            }

            @Override
            void make(CrashTrial trial) {
                trial.containers.destroy(trial.container());
            }
        };

        void prepare(CrashTrial trial) {}

        abstract void make(CrashTrial trial);
    }

    static Stream<Arguments> calls() {
        return Arrays.stream(Call.values()).flatMap(call -> Arrays.stream(Recovery.values())
                .flatMap(recovery -> Stream.of(Options.PLAIN, Options.BUFFER_IN_MEMORY)
                        .map(options -> Arguments.of(call, recovery, options))));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void leavesACallDoneOrNotDoneWhereverItDies(Call call, Recovery recovery, Options options) {
        CrashTrial whole = new CrashTrial(directory, options);
        call.prepare(whole);
        Object before = whole.visible();
        call.make(whole);
        Object after = whole.visible();
        whole.end();

        int number = 0;
        boolean died = true;
        while (died) {
            CrashTrial trial = new CrashTrial(directory, options);
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

    /** Also in the middle of tidying up after the first death; not all pairs of steps, of which there are thousands. */
    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"CREATE", "GRANT_MORE", "RENEW_DEVICES", "DESTROY"})
    void toleratesThatTheNextAgentDiesAsWell(Call call) {
        boolean died = true;
        for (int number = 1; died; number += 3) {
            boolean nextDied = true;
            for (int next = number % 2; nextDied; next += 2) {
                CrashTrial trial = new CrashTrial(directory, Options.PLAIN);
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
}
