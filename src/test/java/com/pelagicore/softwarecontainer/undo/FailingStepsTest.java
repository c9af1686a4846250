package com.pelagicore.softwarecontainer.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.spec.Confinement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/** What happens to the other steps if one cannot be undone. */
class FailingStepsTest {

    private static final UndoStep UNMOUNT = new UndoStep.Unmount(Path.of("/run/x/rootfs"));
    private static final UndoStep DELETE = new UndoStep.DeleteTree(Path.of("/run/x"));
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
        journal = journals.create("SC-7", JsonNodeFactory.instance.objectNode(), Confinement.LEGACY);
        file = directory.resolve("SC-7");
    }

    @Test
    void writesBuffersBackThatLieBehindAStepThatFails() {
        commit(DELETE, writeBack("1", "/a"), writeBack("2", "/b"), UNMOUNT);
        undoer.failOn("unmount /run/x/rootfs");

        assertThatThrownBy(() -> journal.undoAll(undoer)).hasMessage("unmount /run/x/rootfs");

        assertThat(undoer.calls()).containsExactly("unmount /run/x/rootfs", "writeBack /2 /b", "writeBack /1 /a");
        assertThat(journals.open(file).size())
                .as("the next agent does it once more")
                .isEqualTo(4);
        undoer.succeed();
        journal.undoAll(undoer);
        assertThat(undoer.calls().subList(3, 5)).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
        assertThat(journal.isEmpty()).isTrue();
    }

    @Test
    void keepsTheOrderOfBuffersOfOnePlace() {
        commit(writeBack("1", "/a"), writeBack("2", "/b"), writeBack("3", "/a/c"));
        undoer.failOn("writeBack /3 /a/c");

        assertThatThrownBy(() -> journal.undoAll(undoer)).hasMessage("writeBack /3 /a/c");

        assertThat(undoer.calls()).containsExactly("writeBack /3 /a/c", "writeBack /2 /b");
        undoer.succeed();
        journal.undoAll(undoer);
        assertThat(undoer.calls().subList(2, 4)).containsExactly("writeBack /3 /a/c", "writeBack /1 /a");
    }

    private static UndoStep writeBack(String upper, String lower) {
        return new UndoStep.WriteBack(Path.of("/" + upper), Path.of(lower));
    }

    @Test
    void endsAtAStepThatFailsAndGoesOnThereTheNextTime() {
        commit(DELETE, UNMOUNT, STOP);
        undoer.failOn("unmount /run/x/rootfs");

        assertThatThrownBy(() -> journal.undoAll(undoer)).hasMessage("unmount /run/x/rootfs");

        assertThat(undoer.calls()).containsExactly("stopContainer SC-7 marker", "unmount /run/x/rootfs");
        undoer.succeed();
        journals.open(file).undoAll(undoer);
        assertThat(undoer.calls().subList(2, 4)).containsExactly("unmount /run/x/rootfs", "deleteTree /run/x");
    }

    private void commit(UndoStep... steps) {
        try (UndoScope scope = journal.scope(undoer)) {
            List.of(steps).forEach(scope::announce);
            scope.commit();
        }
    }
}
