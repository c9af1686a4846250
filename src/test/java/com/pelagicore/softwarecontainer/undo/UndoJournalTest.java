package com.pelagicore.softwarecontainer.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class UndoJournalTest {

    private static final JournalHeader HEADER = header(Confinement.LEGACY);

    private static final BusRule RULE =
            new BusRule(Bus.SYSTEM, BusRule.Direction.INCOMING, "a.b", "/x y", List.of("M", "N*"));

    private static final UndoStep UNMOUNT = new UndoStep.Unmount(Path.of("/run/x/rootfs"));
    private static final UndoStep DELETE = new UndoStep.DeleteTree(Path.of("/run/x"));
    private static final UndoStep STOP = new UndoStep.StopContainer("SC-7", "marker");

    private static JournalHeader header(Confinement confinement) {
        return new JournalHeader(
                "SC-7", "boot", "marker", JsonNodeFactory.instance.objectNode().put("writeBuffer", false), confinement);
    }

    private final RecordingUndoer undoer = new RecordingUndoer();

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("SC-7");
    }

    @Test
    void undoesWhatIsNotCommittedNewestFirst() {
        UndoJournal journal = UndoJournal.create(file, HEADER);

        try (UndoScope scope = journal.scope(undoer)) {
            scope.announce(DELETE);
            scope.announce(UNMOUNT);
        }

        assertThat(undoer.calls()).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
        assertThat(journal.isEmpty()).isTrue();
    }

    @Test
    void keepsWhatIsCommitted() {
        UndoJournal journal = UndoJournal.create(file, HEADER);

        announce(journal, DELETE);

        assertThat(undoer.calls()).isEmpty();
        assertThat(journal.isEmpty()).isFalse();
    }

    @Test
    void rollsBackOnlyTheNewestScope() {
        UndoJournal journal = UndoJournal.create(file, HEADER);
        announce(journal, DELETE);

        try (UndoScope scope = journal.scope(undoer)) {
            scope.announce(UNMOUNT);
        }
        UndoJournal.open(file).undoAll(undoer);

        assertThat(undoer.calls()).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
    }

    @Test
    void isReadAgainByALaterAgentWithEveryKindOfStep() {
        UndoJournal journal = UndoJournal.create(file, HEADER);
        announce(
                journal,
                UNMOUNT,
                DELETE,
                STOP,
                new UndoStep.UndefineContainer("SC-7", "marker"),
                new UndoStep.UnmountInside(12, 34, Path.of("/app"), 1),
                new UndoStep.EndWatch("SC-7:/app"),
                new UndoStep.RemoveNode(12, 34, Path.of("/dev/x"), new DeviceNumber(false, 10, 200)),
                new UndoStep.RestoreNode(12, 34, Path.of("/dev/y"), new DeviceNumber(true, 4095, 1048575), 0644),
                new UndoStep.RestoreCgroup("SC-7", "marker", "devices.deny", "c 10:200 rw"),
                new UndoStep.RestoreNetwork(7, 4711, 99),
                new UndoStep.DetachNetwork(7, "br-0"),
                new UndoStep.WriteBack(Path.of("/up per"), Path.of("/löwer")),
                new UndoStep.CloseBus("SC-7", Bus.SESSION),
                new UndoStep.RestoreBusRules("SC-7", Bus.SYSTEM, List.of(RULE)));
        journal.note("init", JsonNodeFactory.instance.objectNode().put("pid", 12));

        UndoJournal later = UndoJournal.open(file);
        later.undoAll(undoer);

        assertThat(later.header()).isEqualTo(HEADER);
        assertThat(undoer.calls())
                .containsExactly(
                        "restoreBusRules SC-7 SYSTEM " + List.of(RULE),
                        "closeBus SC-7 SESSION",
                        "writeBack /up per /löwer",
                        "detachNetwork 7 br-0",
                        "restoreNetwork 7 4711 99",
                        "restoreCgroup SC-7 marker devices.deny c 10:200 rw",
                        "restoreNode 12 34 /dev/y b 4095:1048575 420",
                        "removeNode 12 34 /dev/x c 10:200",
                        "endWatch SC-7:/app",
                        "unmountInside 12 34 /app 1",
                        "undefineContainer SC-7 marker",
                        "stopContainer SC-7 marker",
                        "deleteTree /run/x",
                        "unmount /run/x/rootfs");
    }

    @Test
    void keepsHowTheContainerIsConfined() {
        Confinement confined = new Confinement(
                false, Optional.of(new IdRange(1_000_000, 65_536)), true, Optional.of("tight"), OptionalInt.of(100));
        UndoJournal.create(file, header(confined)).close();

        assertThat(UndoJournal.open(file).header().confinement()).isEqualTo(confined);
    }

    @Test
    void dropsALineThatACrashCutOffAndGoesOnBehindTheOthers() throws IOException {
        announce(UndoJournal.create(file, HEADER), DELETE);
        Files.writeString(file, "{\"undo\":\"unmount\",\"pa", StandardOpenOption.APPEND);

        announce(UndoJournal.open(file), UNMOUNT);
        UndoJournal.open(file).undoAll(undoer);

        assertThat(undoer.calls()).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
    }

    @Test
    void endsAtAStepThatFailsAndGoesOnThereTheNextTime() {
        UndoJournal journal = UndoJournal.create(file, HEADER);
        announce(journal, DELETE, UNMOUNT, STOP);
        undoer.failOn("unmount /run/x/rootfs");

        assertThatThrownBy(() -> journal.undoAll(undoer)).hasMessage("unmount /run/x/rootfs");

        assertThat(undoer.calls()).containsExactly("stopContainer SC-7 marker", "unmount /run/x/rootfs");
        undoer.succeed();
        UndoJournal.open(file).undoAll(undoer);
        assertThat(undoer.calls().subList(2, 4)).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
    }

    @Test
    void refusesToActOnACorruptLineAndSaysWhich() throws IOException {
        announce(UndoJournal.create(file, HEADER), DELETE);
        Files.writeString(file, "{\"undo\":\"format-disk\"}\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> UndoJournal.open(file))
                .isInstanceOf(UnreadableJournal.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("format-disk");
    }

    @Test
    void refusesAFormatNewerThanItself() throws IOException {
        Files.writeString(file, "{\"format\":2,\"container\":\"SC-7\"}\n");

        assertThatThrownBy(() -> UndoJournal.open(file))
                .isInstanceOf(UnreadableJournal.class)
                .hasMessageContaining("newer than this agent");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Files.createFile(file);

        assertThatThrownBy(() -> UndoJournal.open(file)).isInstanceOf(UnreadableJournal.class);
    }

    @Test
    void refusesToReplaceTheJournalOfAnEarlierContainer() {
        announce(UndoJournal.create(file, HEADER), DELETE);

        assertThatThrownBy(() -> UndoJournal.create(file, HEADER))
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);
    }

    @Test
    void isReadableByRootOnlyAndGoneWhenDeleted() throws IOException {
        UndoJournal journal = UndoJournal.create(file, HEADER);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        journal.delete();
        assertThat(file).doesNotExist();
    }

    private void announce(UndoJournal journal, UndoStep... steps) {
        try (UndoScope scope = journal.scope(undoer)) {
            List.of(steps).forEach(scope::announce);
            scope.commit();
        }
    }
}
