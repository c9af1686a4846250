package com.pelagicore.softwarecontainer.process;

/** A terminal that only knows what was done with it. */
public final class FakeTerminal implements Terminal {

    private final TerminalSize size;
    private boolean masterOpen = true;
    private boolean slaveOpen = true;

    FakeTerminal(TerminalSize size) {
        this.size = size;
    }

    public TerminalSize size() {
        return size;
    }

    public boolean isMasterOpen() {
        return masterOpen;
    }

    public boolean isSlaveOpen() {
        return slaveOpen;
    }

    @Override
    public OpenFile master() {
        return new OpenFile(90);
    }

    @Override
    public OpenFile slave() {
        return new OpenFile(91);
    }

    @Override
    public void closeSlave() {
        slaveOpen = false;
    }

    @Override
    public void close() {
        slaveOpen = false;
        masterOpen = false;
    }
}
