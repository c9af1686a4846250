package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.PassedFile;
import com.pelagicore.softwarecontainer.bus.Variant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * This tool's streams for a program without terminal. Files and pipes are passed on as they are, so nothing is
 * copied, and a reader that goes away ends the program as it would outside. A terminal never is: whoever has it
 * reads all that is typed there, also when the program has long ended.
 */
final class ProgramStreams {

    private static final Map<Console.Stream, String> NAMES = Map.of(
            Console.Stream.INPUT, "StandardInput",
            Console.Stream.OUTPUT, "StandardOutput",
            Console.Stream.ERROR, "StandardError");

    private final Console console;
    private final Map<String, Variant> options = new HashMap<>();
    private final List<PassedFile> programsEnds = new ArrayList<>();
    private final List<Pump> outputs = new ArrayList<>();

    ProgramStreams(Console console) {
        this.console = console;
        for (Console.Stream stream : Console.Stream.values()) {
            PassedFile file = console.isTerminal(stream) ? pipeTo(stream) : console.standard(stream);
            options.put(NAMES.get(stream), new Variant("h", file));
        }
    }

    /** For {@code Execute}. */
    Map<String, Variant> options() {
        return options;
    }

    private PassedFile pipeTo(Console.Stream stream) {
        Console.Pipe pipe = console.pipe();
        PassedFile terminal = console.standard(stream);
        if (stream == Console.Stream.INPUT) {
            Pump.start(console, terminal, pipe.writing(), () -> pipe.writing().close());
            programsEnds.add(pipe.reading());
            return pipe.reading();
        }
        outputs.add(Pump.start(
                console, pipe.reading(), terminal, () -> pipe.reading().close()));
        programsEnds.add(pipe.writing());
        return pipe.writing();
    }

    /** The program has its ends, or will never get them. */
    void passed() {
        programsEnds.forEach(PassedFile::close);
    }

    /** Waits for what the program wrote last. */
    void drain() {
        outputs.forEach(Pump::drain);
    }
}
