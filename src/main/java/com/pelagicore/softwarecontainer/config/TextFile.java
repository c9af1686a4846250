package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that operators write: regular, UTF-8, bounded in size. */
public final class TextFile {

    private TextFile() {}

    /**
     * The whole text.
     *
     * @throws IOException whose message says why, without the path
     */
    public static String read(Path file, int maxBytes) throws IOException {
        // a FIFO or a device would block, or never end
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(Files.isDirectory(file) ? "it is a directory" : "it is not a regular file");
        }
        byte[] bytes = bytes(file, maxBytes);
        if (bytes.length > maxBytes) {
            throw new IOException("it is larger than " + maxBytes + " bytes");
        }
        return decode(bytes);
    }

    private static byte[] bytes(Path file, int maxBytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("it does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException("it is not readable", e);
        } catch (IOException e) {
            throw new IOException(Quoted.line(String.valueOf(e.getMessage()), 2 * Quoted.MAX_CHARACTERS), e);
        }
    }

    private static String decode(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8", e);
        }
    }
}
