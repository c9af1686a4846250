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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class UndoJournalTest {

    private static final JsonNode OPTIONS =
            JsonNodeFactory.instance.objectNode().put("writeBuffer", false);

    private static final BusRule RULE =
            new BusRule(Bus.SYSTEM, BusRule.Direction.INCOMING, "a.b", "/x y", List.of("M", "N*"));

    private static final UndoStep UNMOUNT = new UndoStep.Unmount(Path.of("/run/x/rootfs"));
    private static final UndoStep DELETE = new UndoStep.DeleteTree(Path.of("/run/x"));
    /** About a running container. */
    private static final UndoStep[] RUNNING = {
        new UndoStep.UnmountInside(12, 34, Path.of("/app"), 1),
        new UndoStep.WriteInside(12, 34, Path.of("/env"), "export A='ö'"),
        new UndoStep.RemoveNode(12, 34, Path.of("/dev/x"), new DeviceNumber(false, 10, 200)),
        new UndoStep.RestoreNode(12, 34, Path.of("/dev/y"), new DeviceNumber(true, 4095, 1048575), 0644),
        new UndoStep.RestoreNetwork(7, 4711, 99)
    };

    private static final UndoStep STOP = new UndoStep.StopContainer("SC-7", "marker");

    private final RecordingUndoer undoer = new RecordingUndoer();

    @TempDir
    private Path directory;

    private Journals journals;
    private UndoJournal journal;
    private Path file;

    @BeforeEach
    void create() {
        journals = new Journals(directory, "boot", JournalFile.ON_DISK);
        journal = journals.create("SC-7", OPTIONS, Confinement.LEGACY);
        file = directory.resolve("SC-7");
    }

    @Test
    void undoesWhatIsNotCommittedNewestFirst() {
        try (UndoScope scope = journal.scope(undoer)) {
            scope.announce(DELETE);
            scope.announce(UNMOUNT);
        }

        assertThat(undoer.calls()).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
        assertThat(journal.isEmpty()).isTrue();
    }

    @Test
    void keepsWhatIsCommitted() {
        commit(DELETE);

        assertThat(undoer.calls()).isEmpty();
        assertThat(journal.isEmpty()).isFalse();
    }

    @Test
    void rollsBackOnlyTheNewestScope() {
        commit(DELETE);

        try (UndoScope scope = journal.scope(undoer)) {
            scope.announce(UNMOUNT);
        }
        journals.open(file).undoAll(undoer);

        assertThat(undoer.calls()).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
    }

    @Test
    void isReadAgainByALaterAgentWithEveryKindOfStep() {
        commit(
                UNMOUNT,
                DELETE,
                STOP,
                new UndoStep.UndefineContainer("SC-7", "marker"),
                new UndoStep.EndWatch("SC-7:/app"),
                new UndoStep.RestoreCgroup("SC-7", "marker", "devices.deny", "c 10:200 rw"),
                new UndoStep.DetachNetwork(7, "br-0"),
                new UndoStep.WriteBack(Path.of("/up per"), Path.of("/löwer")),
                new UndoStep.CloseBus("SC-7", Bus.SESSION),
                new UndoStep.RestoreBusRules("SC-7", Bus.SYSTEM, List.of(RULE)));
        for (UndoStep step : RUNNING) {
            journal.append(step);
        }

        UndoJournal later = journals.open(file);
        later.undo(later.size(), undoer);

        assertThat(later.header()).isEqualTo(journal.header());
        assertThat(later.header().options()).isEqualTo(OPTIONS);
        assertThat(undoer.calls())
                .containsExactly(
                        "restoreNetwork 7 4711 99",
                        "restoreNode 12 34 /dev/y b 4095:1048575 420",
                        "removeNode 12 34 /dev/x c 10:200",
                        "writeInside 12 34 /env export A='ö'",
                        "unmountInside 12 34 /app 1",
                        "restoreBusRules SC-7 SYSTEM " + List.of(RULE),
                        "closeBus SC-7 SESSION",
                        "writeBack /up per /löwer",
                        "detachNetwork 7 br-0",
                        "restoreCgroup SC-7 marker devices.deny c 10:200 rw",
                        "endWatch SC-7:/app",
                        "undefineContainer SC-7 marker",
                        "stopContainer SC-7 marker",
                        "deleteTree /run/x",
                        "unmount /run/x/rootfs");
    }

    @Test
    void tellsALaterAgentWhatIsHalfOfAChange() {
        commit(DELETE);
        journal.append(UNMOUNT);
        journal.append(STOP);

        UndoJournal later = journals.open(file);
        later.undoUnfinished(undoer);

        assertThat(undoer.calls()).containsExactly("stopContainer SC-7 marker", "unmount /run/x/rootfs");
        assertThat(later.size()).isEqualTo(1);
        assertThat(later.hasCommits()).isTrue();
    }

    @Test
    void knowsThatNothingWasEverFinished() {
        journal.append(DELETE);

        UndoJournal later = journals.open(file);
        assertThat(later.hasCommits()).isFalse();
        later.undoUnfinished(undoer);

        assertThat(undoer.calls()).containsExactly("deleteTree /run/x");
    }

    @Test
    void keepsTheNewestFactOfEachKindThatBelongsToAFinishedChange() {
        journal.note("init", number(1));
        try (UndoScope scope = journal.scope(undoer)) {
            scope.note("init", number(2));
            scope.note("grant", number(3));
            scope.commit();
        }
        try (UndoScope scope = journal.scope(undoer)) {
            scope.announce(DELETE);
            scope.note("grant", number(4));
        }

        for (UndoJournal each : List.of(journal, journals.open(file))) {
            assertThat(each.fact("init")).contains(number(2));
            assertThat(each.fact("grant")).contains(number(3));
            assertThat(each.fact("other")).isEmpty();
            assertThat(each.factKinds()).containsExactlyInAnyOrder("init", "grant");
        }
    }

    @Test
    void passesOverStepsAboutARunningContainerWhenAllIsUndone() {
        commit(DELETE, STOP);
        commit(RUNNING);

        journal.undoAll(undoer);

        assertThat(undoer.calls()).containsExactly("stopContainer SC-7 marker", "deleteTree /run/x");
        assertThat(journal.isEmpty()).isTrue();
    }

    @Test
    void knowsAJournalOfAnEarlierBoot() {
        assertThat(journals.open(file).isOfEarlierBoot()).isFalse();
        assertThat(new Journals(directory, "another", JournalFile.ON_DISK)
                        .open(file)
                        .isOfEarlierBoot())
                .isTrue();
    }

    @Test
    void remembersThatEverythingIsToBeUndone() {
        commit(DELETE, UNMOUNT);

        journal.beginDestroying();
        undoer.failOn("deleteTree /run/x");
        assertThatThrownBy(() -> journal.undoAll(undoer)).isNotNull();

        UndoJournal later = journals.open(directory.resolve("SC-7.destroying"));
        assertThat(later.isDestroying()).isTrue();
        assertThat(later.size()).isEqualTo(1);
        assertThat(file).doesNotExist();
        later.delete();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void keepsHowTheContainerIsConfined() {
        Confinement confined = new Confinement(
                false, Optional.of(new IdRange(1_000_000, 65_536)), true, Optional.of("tight"), OptionalInt.of(100));
        journals.create("SC-8", OPTIONS, confined).close();

        assertThat(journals.open(directory.resolve("SC-8")).header().confinement())
                .isEqualTo(confined);
    }

    @Test
    void dropsALineThatACrashCutOffAndGoesOnBehindTheOthers() throws IOException {
        commit(DELETE);
        Files.writeString(file, "{\"undo\":\"unmount\",\"pa", StandardOpenOption.APPEND);

        UndoJournal later = journals.open(file);
        later.append(UNMOUNT);
        journals.open(file).undoAll(undoer);

        assertThat(undoer.calls()).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
    }

    @Test
    void refusesToNoteAFactThatWouldMakeAWholeOfHalfAChange() {
        try (UndoScope scope = journal.scope(undoer)) {
            scope.announce(DELETE);
            assertThatThrownBy(() -> journal.note("init", number(1))).isInstanceOf(IllegalStateException.class);
        }

        assertThat(journals.open(file).hasCommits()).isFalse();
    }

    @Test
    void undoesAChangeWhoseEndCannotBeWrittenDown() {
        FullDisk disk = new FullDisk();
        UndoJournal full = new Journals(directory, "boot", disk).create("SC-8", OPTIONS, Confinement.LEGACY);

        assertThatThrownBy(() -> {
                    try (UndoScope scope = full.scope(undoer)) {
                        scope.announce(DELETE);
                        disk.full = true;
                        scope.note("grant", number(1));
                        scope.commit();
                    }
                })
                .hasMessageContaining("No space left on device")
                .extracting("kind")
                .isEqualTo(ErrorKind.HOST_REFUSED);

        assertThat(undoer.calls()).containsExactly("deleteTree /run/x");
        assertThat(full.fact("grant")).isEmpty();
        UndoJournal later = journals.open(directory.resolve("SC-8"));
        assertThat(later.isEmpty()).isTrue();
        assertThat(later.hasCommits()).isFalse();
    }

    @Test
    void isReadableByRootOnlyAndGoneWhenDeleted() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        journal.delete();

        assertThat(directory).isEmptyDirectory();
    }

    private void commit(UndoStep... steps) {
        try (UndoScope scope = journal.scope(undoer)) {
            List.of(steps).forEach(scope::announce);
            scope.commit();
        }
    }

    private static JsonNode number(int value) {
        return JsonNodeFactory.instance.numberNode(value);
    }
}
