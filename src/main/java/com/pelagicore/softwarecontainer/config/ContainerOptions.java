package com.pelagicore.softwarecontainer.config;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The options of one container, from the argument of Create.
 *
 * @param writeBuffer changes to the root and to mounted directories go to a buffer first
 * @param temporaryFileSystemBytes size of the tmpfs that holds the buffer; empty: the buffer is on disk
 * @param busUser uid of its clients on the host's D-Bus buses; empty: that of the configuration
 * @param legacy asks for the privileges of earlier releases
 * @param bound ends with the connection of who created it; a later agent does not adopt it
 */
public record ContainerOptions(
        boolean writeBuffer,
        OptionalLong temporaryFileSystemBytes,
        OptionalInt busUser,
        boolean legacy,
        boolean bound) {

    public static final long DEFAULT_TEMPORARY_FILE_SYSTEM_BYTES = 104_857_600;

    public ContainerOptions(boolean writeBuffer, OptionalLong temporaryFileSystemBytes) {
        this(writeBuffer, temporaryFileSystemBytes, OptionalInt.empty(), false, false);
    }

    public ContainerOptions {
        if (!writeBuffer && temporaryFileSystemBytes.isPresent()) {
            throw new IllegalArgumentException("a temporary file system without a write buffer");
        }
    }
}
