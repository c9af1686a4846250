package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.PassedFile;
import java.util.Set;

/** A console of which only is known which streams are a terminal. */
final class FakeConsole implements Console {

    private final Set<Stream> terminals;

    FakeConsole(Stream... terminals) {
        this.terminals = Set.of(terminals);
    }

    @Override
    public boolean isTerminal(Stream stream) {
        return terminals.contains(stream);
    }

    @Override
    public PassedFile standard(Stream stream) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Size size(Stream stream) {
        return new Size(24, 80);
    }

    @Override
    public Restore raw() {
        return () -> {};
    }

    @Override
    public void resize(PassedFile master, Size size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pipe pipe() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(PassedFile file, byte[] buffer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean write(PassedFile file, byte[] buffer, int count) {
        throw new UnsupportedOperationException();
    }
}
