package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeftoversTest {

    @TempDir
    private Path directory;

    private final RecordingHandler log = new RecordingHandler();
    private final Logger logger = Logger.getLogger(Leftovers.class.getName());
    private ModelHost host;
    private Containers earlier;

    @BeforeEach
    void makeHost() {
        host = new ModelHost(directory);
        earlier = new Containers(host.containerHost(), new RecordingListener());
        logger.addHandler(log);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void restoreLog() {
        logger.removeHandler(log);
        logger.setUseParentHandlers(true);
    }

    @Test
    void leavesTheHostAsItWasBeforeTheEarlierAgent() throws IOException {
        ModelHost.Snapshot before = host.snapshot();
        Path data = Files.createDirectory(directory.resolve("data"));
        for (Options options : Options.values()) {
            Container container = earlier.create(options.value());
            container.grant(Set.of("a"), always(variable("A", "1"), writable(data, "/data")));
        }
        earlier.get(1).suspend();
        host.runtime.kill("SC-2");

        assertThat(recover()).isEmpty();

        assertThat(host.snapshot()).isEqualTo(before);
        assertThat(host.trees.writtenBack).hasSize(2);
        assertThat(log.messages)
                .containsExactly(
                        "container SC-0 of an earlier agent destroyed",
                        "container SC-1 of an earlier agent destroyed",
                        "container SC-2 of an earlier agent destroyed");
    }

    @Test
    void stopsProcessesFirstAndThenUndoesTheNewestStepFirst() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        earlier.create(Options.BUFFER_ON_DISK.value()).bindMounts(Specs.unlimited(writable(data, "/data")));
        host.calls.reset();

        recover();

        assertThat(host.calls.made())
                .extracting(call -> call.replace(directory.toString(), ""))
                .containsExactly(
                        "stop SC-0",
                        "writeBack /state/containers/SC-0/mount-0/upper",
                        "delete /state/containers/SC-0/mount-0",
                        "stop SC-0",
                        "undefine SC-0",
                        "unmount /shared/SC-0/rootfs",
                        "delete /shared/SC-0",
                        "delete /state/containers/SC-0",
                        "closeOthers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"undo\":\"format-disk\"}\n", "not JSON\n"})
    void quarantinesACorruptJournalAndTouchesNothing(String line) throws IOException {
        earlier.create(Options.PLAIN.value());
        Path journal = host.journals().resolve("SC-0");
        Files.writeString(journal, line, StandardOpenOption.APPEND);
        host.calls.reset();

        assertThat(recover()).containsExactly("SC-0");

        Path aside = host.journals().resolve("SC-0.quarantined");
        assertThat(host.calls.made()).containsExactly("closeOthers");
        assertThat(journal).doesNotExist();
        assertThat(aside).content().endsWith(line);
        assertThat(log.messages)
                .singleElement()
                .asString()
                .startsWith("journal " + journal + ", line ")
                .endsWith("; moved to '" + aside + "', what it stands for is left alone");
    }

    @Test
    void keepsNoJournalOpenWhoseFactsItDoesNotKnow() throws IOException {
        earlier.create(Options.PLAIN.value());
        Path journal = host.journals().resolve("SC-0");
        Files.writeString(journal, "{\"commit\":{\"weather\":1}}\n", StandardOpenOption.APPEND);

        assertThat(recover()).containsExactly("SC-0");

        assertThat(log.messages).singleElement().asString().contains("unknown fact 'weather'");
        Path aside = host.journals().resolve("SC-0.quarantined");
        assertThat(openFiles())
                .filteredOn(aside::equals)
                .as("that of the earlier agent")
                .hasSize(1);
    }

    private static List<Path> openFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    files.add(Files.readSymbolicLink(descriptor));
                }
            }
        }
        return files;
    }

    @Test
    void quarantinesTheJournalOfANewerAgent() throws IOException {
        Files.writeString(host.journals().resolve("SC-4"), "{\"format\":99,\"container\":\"SC-4\"}\n");

        assertThat(recover()).containsExactly("SC-4");

        assertThat(host.journals().resolve("SC-4.quarantined")).exists();
        assertThat(log.messages).singleElement().asString().contains("format 99 is newer than this agent");
    }

    @Test
    void keepsTheTreesOfQuarantinedJournalsAtLaterStartsToo() throws IOException {
        earlier.create(Options.BUFFER_ON_DISK.value());
        Files.writeString(host.journals().resolve("SC-0"), "{\"undo\":\"newer\"}\n", StandardOpenOption.APPEND);
        recover();
        ModelHost.Snapshot quarantined = host.snapshot();

        Set<String> remaining = recover();
        host.rootfs().removeLeftovers(remaining);

        assertThat(remaining).containsExactly("SC-0");
        assertThat(host.snapshot()).isEqualTo(quarantined);
        assertThat(host.rootOf("SC-0")).exists();
    }

    @Test
    void letsContainersBeMadeBesideAQuarantinedOne() throws IOException {
        earlier.create(Options.PLAIN.value());
        Files.writeString(host.journals().resolve("SC-0"), "{\"undo\":\"newer\"}\n", StandardOpenOption.APPEND);
        recover();

        Containers next = new Containers(host.containerHost(), new RecordingListener());

        assertThat(next.create(Options.PLAIN.value()).id()).isEqualTo(new ContainerId(1));
    }

    @Test
    void putsALinkPlantedAsJournalAsideAndTouchesNeitherItsTargetNorTheContainer() throws IOException {
        earlier.create(Options.PLAIN.value());
        Path real = Files.move(host.journals().resolve("SC-0"), directory.resolve("elsewhere"));
        Path planted = Files.createSymbolicLink(host.journals().resolve("SC-0"), real);
        host.calls.reset();

        assertThat(recover()).containsExactly("SC-0");

        assertThat(host.calls.made()).containsExactly("closeOthers");
        Path aside = host.journals().resolve("SC-0.quarantined");
        assertThat(aside).isSymbolicLink();
        assertThat(real).exists();
        assertThat(log.messages)
                .containsExactly("journal " + planted + ", which is not a plain file; moved to '" + aside
                        + "', what it stands for is left alone");
    }

    @Test
    void keepsTheJournalOfWhatCannotBeDestroyedAndGoesOnWithTheOthers() {
        earlier.create(Options.PLAIN.value());
        earlier.create(Options.PLAIN.value());
        host.calls.observe(call -> {
            if (call.equals("undefine SC-0")) {
                throw new IllegalStateException("read-only file system");
            }
        });

        assertThat(recover()).containsExactly("SC-0");

        assertThat(host.journals())
                .isDirectoryContaining("glob:**/SC-0.destroying")
                .isDirectoryNotContaining("glob:**/SC-1");
        assertThat(host.rootOf("SC-0")).exists();
        assertThat(log.messages)
                .containsExactly(
                        "container SC-0 of an earlier agent could not be destroyed wholly",
                        "container SC-1 of an earlier agent destroyed");

        host.calls.observe(call -> {});
        assertThat(recover()).isEmpty();
        assertThat(host.rootOf("SC-0")).doesNotExist();
    }

    private Set<String> recover() {
        return new Containers(host.containerHost(), new RecordingListener()).recover(Recovery.DESTROY);
    }

    private static final class RecordingHandler extends Handler {

        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord event) {
            messages.add(new SimpleFormatter().formatMessage(event));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
