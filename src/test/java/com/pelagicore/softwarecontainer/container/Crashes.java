package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.undo.JournalFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Lets an agent die at one of its steps: before or after something is done to a journal, or before a call of a port.
 * Once dead it does nothing any more, not even tidy up.
 */
final class Crashes implements JournalFile.Source {

    /** No agent may catch this. */
    static final class Dead extends Error {

        private static final long serialVersionUID = 1L;
    }

    private int steps;
    private int last = Integer.MAX_VALUE;

    /** From now on the agent lives, for so many steps. */
    void liveFor(int number) {
        steps = 0;
        last = number;
    }

    /** From now on it does not die. */
    void liveOn() {
        liveFor(Integer.MAX_VALUE);
    }

    boolean isDead() {
        return steps > last;
    }

    /** One more. */
    void step() {
        if (steps > last) {
            throw new Dead();
        }
        steps++;
        if (steps > last) {
            throw new Dead();
        }
    }

    @Override
    public JournalFile create(Path path) throws IOException {
        step();
        JournalFile file = JournalFile.ON_DISK.create(path);
        step();
        return new File(file);
    }

    @Override
    public JournalFile open(Path path) throws IOException {
        return new File(JournalFile.ON_DISK.open(path));
    }

    private interface Operation {
        void run() throws IOException;
    }

    private final class File implements JournalFile {

        private final JournalFile file;

        private File(JournalFile file) {
            this.file = file;
        }

        private void perform(Operation operation) throws IOException {
            step();
            operation.run();
            step();
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public void write(long offset, byte[] line) throws IOException {
            perform(() -> file.write(offset, line));
        }

        @Override
        public void truncate(long offset) throws IOException {
            perform(() -> file.truncate(offset));
        }

        @Override
        public void rename(String name) throws IOException {
            perform(() -> file.rename(name));
        }

        @Override
        public void delete() throws IOException {
            perform(file::delete);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
