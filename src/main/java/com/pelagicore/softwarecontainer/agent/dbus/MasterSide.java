package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.bus.PassedFile;
import com.pelagicore.softwarecontainer.process.Terminal;

/** The side of a terminal that its caller gets. */
record MasterSide(Terminal terminal) implements PassedFile {

    @Override
    public int number() {
        return terminal.master().number();
    }

    @Override
    public void close() {
        terminal.close();
    }
}
