package com.pelagicore.softwarecontainer.undo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Real journals; somebody is told before and after whatever is done to one, so before and after each change to the
 * host that is announced there, too. Whoever is told may throw, or never return.
 */
public final class SteppedJournals implements JournalFile.Source {

    private final Consumer<Path> step;

    /** @param step gets the file */
    public SteppedJournals(Consumer<Path> step) {
        this.step = step;
    }

    @Override
    public JournalFile create(Path path) throws IOException {
        step.accept(path);
        JournalFile file = JournalFile.ON_DISK.create(path);
        step.accept(path);
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
            step.accept(file.path());
            operation.run();
            step.accept(file.path());
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
