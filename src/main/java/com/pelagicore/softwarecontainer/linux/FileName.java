package com.pelagicore.softwarecontainer.linux;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A file name or path as the kernel has it: bytes, which need not be text in any encoding. */
final class FileName {

    /** Names nothing: calls with AT_EMPTY_PATH work on the descriptor itself. */
    static final FileName EMPTY = new FileName(new byte[1]);

    static final FileName PARENT = of("..");

    /** What java.nio turns path strings into bytes with. */
    private static final Charset PATH_CHARSET =
            Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

    private final byte[] terminated;

    private FileName(byte[] terminated) {
        this.terminated = terminated;
    }

    static FileName of(String ascii) {
        return new FileName((ascii + '\0').getBytes(StandardCharsets.UTF_8));
    }

    static FileName of(Path path) {
        return new FileName((path.toString() + '\0').getBytes(PATH_CHARSET));
    }

    /** The name in a buffer, from {@code start} up to the next NUL. */
    static FileName in(byte[] buffer, int start) {
        int end = start;
        while (buffer[end] != 0) {
            end++;
        }
        return new FileName(Arrays.copyOfRange(buffer, start, end + 1));
    }

    /** The bytes with a NUL behind; not to be changed. */
    byte[] terminated() {
        return terminated;
    }

    boolean isDots() {
        return Arrays.equals(terminated, new byte[] {'.', 0}) || Arrays.equals(terminated, PARENT.terminated);
    }

    /** The path that leads through all of them. */
    static FileName joined(List<FileName> names) {
        if (names.isEmpty()) {
            return EMPTY;
        }
        byte[] path =
                new byte[names.stream().mapToInt(name -> name.terminated.length).sum()];
        int end = 0;
        for (FileName name : names) {
            System.arraycopy(name.terminated, 0, path, end, name.terminated.length);
            end += name.terminated.length;
            path[end - 1] = '/';
        }
        path[end - 1] = 0;
        return new FileName(path);
    }

    /** This directory's entry of the name. */
    FileName resolve(FileName entry) {
        return terminated.length == 1 ? entry : joined(List.of(this, entry));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileName name && Arrays.equals(terminated, name.terminated);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(terminated);
    }

    /** For messages: bytes that are not text are replaced. */
    @Override
    public String toString() {
        return new String(terminated, 0, terminated.length - 1, StandardCharsets.UTF_8);
    }
}
