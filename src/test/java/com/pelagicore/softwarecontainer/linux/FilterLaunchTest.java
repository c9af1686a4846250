package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.UserIds;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterLaunchTest {

    @TempDir
    private Path directory;

    @Test
    void leavesNoProcessThatIsNoFilter() throws Exception {
        Path control = directory.resolve("control");
        FilterProgram program = new FilterProgram(TalkativeFilter.class.getName(), 0, new UserIds(List.of()));

        assertThatThrownBy(() -> FilterLaunch.start(program, control))
                .hasMessage("the D-Bus filter could not be started: it said 'hello'")
                .extracting("kind")
                .isEqualTo(ErrorKind.HOST_REFUSED);

        for (ProcessHandle child : started(control)) {
            assertThat(child.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
        }
        assertThat(started(control)).isEmpty();
    }

    private static List<ProcessHandle> started(Path control) {
        return ProcessHandle.current()
                .children()
                .filter(child ->
                        child.info().arguments().map(List::of).orElse(List.of()).contains(control.toString()))
                .toList();
    }
}
