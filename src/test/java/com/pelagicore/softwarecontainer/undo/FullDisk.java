package com.pelagicore.softwarecontainer.undo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Real files, of which at some time only half a line can be written. */
final class FullDisk implements JournalFile.Source {

    boolean full;

    @Override
    public JournalFile create(Path path) throws IOException {
        return new File(JournalFile.ON_DISK.create(path));
    }

    @Override
    public JournalFile open(Path path) throws IOException {
        return new File(JournalFile.ON_DISK.open(path));
    }

    private final class File implements JournalFile {

        private final JournalFile file;

        private File(JournalFile file) {
            this.file = file;
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public void write(long offset, byte[] line) throws IOException {
            if (full) {
                file.write(offset, Arrays.copyOf(line, line.length / 2));
                throw new IOException("No space left on device");
            }
            file.write(offset, line);
        }

        @Override
        public void truncate(long offset) throws IOException {
            file.truncate(offset);
        }

        @Override
        public void rename(String name) throws IOException {
            file.rename(name);
        }

        @Override
        public void delete() throws IOException {
            file.delete();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
