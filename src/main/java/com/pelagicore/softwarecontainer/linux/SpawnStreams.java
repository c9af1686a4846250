package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.process.OpenFile;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import java.util.List;
import java.util.Optional;

/** The standard descriptors that a request to start a process carries, and how init is to take them. */
final class SpawnStreams implements AutoCloseable {

    private final OutputFile output;
    private final List<Integer> numbers;
    private final int flags;

    private SpawnStreams(OutputFile output, List<Integer> numbers, int flags) {
        this.output = output;
        this.numbers = numbers;
        this.flags = flags;
    }

    /**
     * Opens what is not open yet.
     *
     * @param namespace of the container's users; empty: that of the host
     */
    static SpawnStreams open(StandardStreams streams, UserOutput users, Optional<Descriptor> namespace) {
        if (streams instanceof StandardStreams.ToFile toFile) {
            OutputFile output =
                    toFile.output().map(target -> open(target, users)).orElseGet(OutputFile::discarding);
            showTo(namespace, output);
            int number = output.descriptor().number();
            return new SpawnStreams(output, List.of(output.input().number(), number, number), InitWire.TO_FILE);
        }
        OutputFile nothing = OutputFile.discarding();
        if (streams instanceof StandardStreams.OnTerminal on) {
            int number = on.terminal().number();
            return new SpawnStreams(nothing, List.of(number, number, number), InitWire.TERMINAL);
        }
        StandardStreams.Given given = (StandardStreams.Given) streams;
        OpenFile none = new OpenFile(nothing.input().number());
        return new SpawnStreams(
                nothing,
                List.of(
                        given.input().orElse(none).number(),
                        given.output().orElse(none).number(),
                        given.error().orElse(none).number()),
                0);
    }

    private static OutputFile open(OutputTarget target, UserOutput users) {
        return target.user().isRoot() ? OutputFile.open(target.hostPath()) : users.open(target);
    }

    private static void showTo(Optional<Descriptor> namespace, OutputFile output) {
        try {
            namespace.ifPresent(output::showTo);
        } catch (RuntimeException refused) {
            output.close();
            throw refused;
        }
    }

    /** Input, output, error; open until this is closed. */
    List<Integer> numbers() {
        return numbers;
    }

    /** For {@link InitWire#SPAWN}. */
    int flags() {
        return flags;
    }

    /** The process has started: a file that was made for it stays. */
    void keep() {
        output.keep();
    }

    @Override
    public void close() {
        output.close();
    }
}
