package com.pelagicore.softwarecontainer.process;

import java.util.Optional;

/** Where a process reads from and writes to. What is not given is /dev/null. */
public sealed interface StandardStreams {

    /**
     * As the legacy interface has it. A program that cannot be executed exits with 1.
     *
     * @param output receives stdout and stderr; empty: discarded
     */
    record ToFile(Optional<OutputTarget> output) implements StandardStreams {}

    /** Open files. A program that cannot be executed exits with 127 or 126, as with a shell. */
    record Given(Optional<OpenFile> input, Optional<OpenFile> output, Optional<OpenFile> error)
            implements StandardStreams {}

    /**
     * A terminal for all three, which becomes the controlling one. Exits as with {@link Given}.
     *
     * @param terminal nobody's controlling terminal yet
     */
    record OnTerminal(OpenFile terminal) implements StandardStreams {}
}
