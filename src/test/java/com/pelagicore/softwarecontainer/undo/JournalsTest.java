package com.pelagicore.softwarecontainer.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.spec.Confinement;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class JournalsTest {

    private static final JsonNode OPTIONS = JsonNodeFactory.instance.objectNode();

    @TempDir
    private Path directory;

    private Journals journals;

    @BeforeEach
    void open() {
        journals = new Journals(directory, "boot", JournalFile.ON_DISK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SC-7", "SC-7.destroying", "SC-7.quarantined", "SC-7.destroying.quarantined"})
    void refusesToReplaceTheJournalOfAnEarlierContainer(String earlier) throws IOException {
        Files.writeString(directory.resolve(earlier), "something");

        assertThatThrownBy(() -> journals.create("SC-7", OPTIONS, Confinement.LEGACY))
                .hasMessageContaining(earlier)
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);

        assertThat(directory.resolve(earlier)).hasContent("something");
        journals.create("SC-8", OPTIONS, Confinement.LEGACY);
    }

    @Test
    void replacesNoOtherJournalWhenADestroyBegins() throws IOException {
        UndoJournal journal = journals.create("SC-7", OPTIONS, Confinement.LEGACY);
        Path other = Files.writeString(directory.resolve("SC-7.destroying"), "something");

        assertThatThrownBy(journal::beginDestroying).hasCauseInstanceOf(FileAlreadyExistsException.class);

        assertThat(other).hasContent("something");
        assertThat(journal.isDestroying()).isFalse();
    }

    @Test
    void leavesNothingIfTheHeaderCannotBeWritten() {
        FullDisk disk = new FullDisk();
        disk.full = true;

        assertThatThrownBy(() -> new Journals(directory, "boot", disk).create("SC-7", OPTIONS, Confinement.LEGACY))
                .extracting("kind")
                .isEqualTo(ErrorKind.HOST_REFUSED);

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void removesAJournalThatNeverGotItsHeader() throws IOException {
        journals.create("SC-1", OPTIONS, Confinement.LEGACY);
        Files.writeString(directory.resolve("SC-7.new"), "{\"format\":2,\"contai");

        assertThat(journals.leftovers()).containsExactly(directory.resolve("SC-1"));

        assertThat(directory.resolve("SC-7.new")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "SC-0, SC-0",
        "SC-12.destroying, SC-12",
        "foo,",
        "SC-,",
        "SC-1.new,",
        "SC-1.quarantined,",
        "SC-1.destroying.new,"
    })
    void tellsJournalsByTheirNames(String name, String container) {
        assertThat(Journals.containerOf(directory.resolve(name)).orElse(null)).isEqualTo(container);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"undo\":\"format-disk\"}                                      | unknown undo step 'format-disk'",
                "{\"undo\":\"unmount\"}                                          | key 'path' is missing",
                "{\"undo\":\"unmount\",\"path\":7}                               | 'path' is not text",
                "{\"undo\":\"unmount\",\"path\":\"/x\",\"lazily\":true}          | unknown key 'lazily'",
                "{\"undo\":\"restore-node\",\"initPid\":1.5,\"initStartTicks\":2} | 'initPid' is not a whole number",
                "{\"commit\":{},\"undo\":\"unmount\"}                            | unknown key 'undo'",
                "{}                                                              | unknown undo step ''",
                "nonsense                                                        | nonsense",
            })
    void refusesToActOnALineThatItDoesNotKnowAndSaysWhich(String line, String reason) throws IOException {
        journals.create("SC-7", OPTIONS, Confinement.LEGACY);
        Path file = directory.resolve("SC-7");
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> journals.open(file))
                .isInstanceOf(UnreadableJournal.class)
                .hasMessageContaining("SC-7, line 2: ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"format\":4,\"container\":\"SC-7\"} | format 4 is newer than this agent, which knows 3",
                "{\"container\":\"SC-7\"} | no header",
                "{\"format\":2,\"container\":\"SC-7\",\"bootId\":\"b\",\"marker\":\"m\",\"options\":{},\"x\":1} | unknown key 'x'",
                "{\"format\":2,\"container\":\"SC-8\",\"bootId\":\"b\",\"marker\":\"m\",\"options\":{}} | the journal of SC-8",
                "[] | no header"
            })
    void refusesAHeaderThatItDoesNotKnow(String header, String reason) throws IOException {
        Path file = Files.writeString(directory.resolve("SC-7"), header + "\n");

        assertThatThrownBy(() -> journals.open(file))
                .isInstanceOf(UnreadableJournal.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Path file = Files.createFile(directory.resolve("SC-7"));

        assertThatThrownBy(() -> journals.open(file)).isInstanceOf(UnreadableJournal.class);
    }

    /** As agents before format 2 wrote them: what is whole is not known, so nothing is. */
    @Test
    void takesAllOfAJournalOfFormat1ForHalfMade() throws IOException {
        Path file = Files.writeString(
                directory.resolve("SC-7"),
                """
                {"format":1,"container":"SC-7","bootId":"boot","marker":"m","options":{"writeBuffer":false}}
                {"undo":"delete-tree","path":"/state/SC-7"}
                {"undo":"stop-container","name":"SC-7","marker":"m"}
                {"fact":"init","value":{"pid":1,"startTicks":2}}
                """);

        UndoJournal journal = journals.open(file);

        assertThat(journal.hasCommits()).isFalse();
        assertThat(journal.size()).isEqualTo(2);
    }

    @Test
    void followsNoLinkAndMovesItAside() throws IOException {
        Path target = Files.writeString(directory.resolve("elsewhere"), "precious");
        Path planted = Files.createSymbolicLink(directory.resolve("SC-7"), target);

        assertThatThrownBy(() -> journals.open(planted)).isInstanceOf(UnreadableJournal.class);
        Path aside = journals.quarantine(planted);

        assertThat(aside).isSymbolicLink();
        assertThat(target).hasContent("precious");
        assertThat(journals.quarantined()).containsExactly("SC-7");
        assertThat(journals.leftovers()).containsExactly(target);
    }
}
