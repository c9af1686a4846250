package com.pelagicore.softwarecontainer.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A name in a directory.
 *
 * @param directory as far as the file system tells with the name; false may be wrong
 */
record DirectoryEntry(FileName name, boolean directory) {

    private static final int BATCH_BYTES = 32_768;
    private static final int DT_DIR = 4;

    /** The next entries of an open directory, without {@code .} and {@code ..}; empty at the end. */
    static List<DirectoryEntry> read(int directory) {
        byte[] buffer = new byte[BATCH_BYTES];
        List<DirectoryEntry> entries = List.of();
        long filled = 1;
        while (entries.isEmpty() && filled > 0) {
            filled = FileCalls.getdents64(directory, buffer, buffer.length);
            if (filled < 0) {
                throw Errno.refused("getdents64()");
            }
            entries = parse(buffer, Math.toIntExact(filled));
        }
        return entries;
    }

    /** All entries of an open directory from its beginning. */
    static List<DirectoryEntry> readAll(int directory) {
        rewind(directory);
        List<DirectoryEntry> all = new ArrayList<>();
        for (List<DirectoryEntry> batch = read(directory); !batch.isEmpty(); batch = read(directory)) {
            all.addAll(batch);
        }
        return all;
    }

    static void rewind(int directory) {
        if (FileCalls.lseek(directory, 0, FileCalls.SEEK_SET) < 0) {
            throw Errno.refused("lseek()");
        }
    }

    /** {@code struct linux_dirent64}, getdents(2): inode 8, offset 8, length 2, type 1, name. */
    static List<DirectoryEntry> parse(byte[] buffer, int filled) {
        ByteBuffer records = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
        List<DirectoryEntry> entries = new ArrayList<>();
        int start = 0;
        while (start < filled) {
            FileName name = FileName.in(buffer, start + 19);
            if (!name.isDots()) {
                entries.add(new DirectoryEntry(name, buffer[start + 18] == DT_DIR));
            }
            start += Short.toUnsignedInt(records.getShort(start + 16));
        }
        return entries;
    }
}
