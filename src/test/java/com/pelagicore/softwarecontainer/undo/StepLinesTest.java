package com.pelagicore.softwarecontainer.undo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** That each kind of line is read as it was written is in {@link UndoJournalTest}. */
class StepLinesTest {

    @Test
    void knowsNoIdOfAMountThatAnEarlierAgentWroteDown() {
        String line =
                """
                {"undo":"unmount-inside","initPid":12,"initStartTicks":34,"path":"/app","mountBelow":77}""";

        UndoStep step = StepLines.parse(JsonMapper.shared().readTree(line));

        assertThat(step).isEqualTo(new UndoStep.UnmountInside(12, 34, Path.of("/app"), UndoStep.UnmountInside.UNKNOWN));
    }
}
