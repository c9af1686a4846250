package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.busfilter.ControlRequest;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterLinkIT {

    private static final String DEAF =
            """
            import signal, socket, sys
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[1])
            listener.listen(1)
            print('ready', flush=True)
            signal.pause()
            """;

    @TempDir
    private Path directory;

    @Test
    void killsAFilterThatTakesNoRequests() throws Exception {
        Path control = directory.resolve("control");
        Process deaf = new ProcessBuilder("python3", "-c", DEAF, control.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (FilterLink link = connect(deaf, control)) {
            BusRule rule = new BusRule(Bus.SYSTEM, BusRule.Direction.BOTH, "a.b", "/" + "x".repeat(1000), List.of("*"));
            ControlRequest large = new ControlRequest.Replace("SC-0", Bus.SYSTEM, Collections.nCopies(2000, rule));

            assertThatThrownBy(() -> link.request(large, List.of()))
                    .hasMessage("the D-Bus filter takes no requests")
                    .extracting("kind")
                    .isEqualTo(ErrorKind.TIMED_OUT);

            assertThat(deaf.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            deaf.destroyForcibly();
        }
    }

    private static FilterLink connect(Process deaf, Path control) throws Exception {
        assertThat(deaf.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
        return FilterLink.connect(control, () -> {}).orElseThrow();
    }
}
