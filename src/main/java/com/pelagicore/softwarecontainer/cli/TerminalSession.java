package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.PassedFile;

/** A program's terminal, shown in this tool's: keys go there, output comes back, and the size follows. */
final class TerminalSession {

    private static final byte[] END_OF_FILE = {4};

    private final PassedFile master;
    private final Console.Restore restore;
    private final Pump output;

    private TerminalSession(PassedFile master, Console.Restore restore, Pump output) {
        this.master = master;
        this.restore = restore;
        this.output = output;
    }

    /** @param master closed with the session */
    static TerminalSession begin(Console console, PassedFile master) {
        boolean typed = console.isTerminal(Console.Stream.INPUT);
        Console.Restore restore = typed ? console.raw() : () -> {};
        if (typed) {
            Interruptions.onResize(() -> console.resize(master, console.size(Console.Stream.INPUT)));
        }
        Pump.start(console, console.standard(Console.Stream.INPUT), master, () -> {
            if (!typed) {
                console.write(master, END_OF_FILE, END_OF_FILE.length);
            }
        });
        // nobody reads any more: the program is hung up on
        Pump output = Pump.start(console, master, console.standard(Console.Stream.OUTPUT), master::close);
        return new TerminalSession(master, restore, output);
    }

    /** The program has ended: shows what it wrote last and puts the terminal back. */
    void end() {
        output.drain();
        restore.close();
        master.close();
    }
}
