package com.pelagicore.softwarecontainer.undo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file of one journal. A crash comes between two of these calls: each is done or not done, but for the last line,
 * which may be cut off. One thread at a time.
 */
public interface JournalFile extends AutoCloseable {

    /** Where files of journals come from. */
    interface Source {

        /** Makes an empty file for root only; it must not exist. */
        JournalFile create(Path path) throws IOException;

        JournalFile open(Path path) throws IOException;
    }

    Source ON_DISK = new Source() {
        @Override
        public JournalFile create(Path path) throws IOException {
            return new OnDisk(
                    path,
                    FileChannel.open(
                            path,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        }

        @Override
        public JournalFile open(Path path) throws IOException {
            return new OnDisk(path, FileChannel.open(path, StandardOpenOption.WRITE));
        }
    };

    Path path();

    /** Writes a line, or a part of it if it throws. */
    void write(long offset, byte[] line) throws IOException;

    /** Cuts off all behind the offset. */
    void truncate(long offset) throws IOException;

    /** Gives the file another name in its directory, which must be free. */
    void rename(String name) throws IOException;

    void delete() throws IOException;

    @Override
    void close() throws IOException;

    /** A file, open for writing. */
    final class OnDisk implements JournalFile {

        private final FileChannel channel;
        private Path path;

        private OnDisk(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public void write(long offset, byte[] line) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                int ignored = channel.write(bytes, offset + bytes.position());
            }
        }

        @Override
        public void truncate(long offset) throws IOException {
            channel.truncate(offset);
        }

        @Override
        public void rename(String name) throws IOException {
            // rename(2), but not upon what is there
            path = Files.move(path, path.resolveSibling(name));
        }

        @Override
        public void delete() throws IOException {
            channel.close();
            Files.deleteIfExists(path);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
