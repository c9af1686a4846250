package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A connected Unix stream socket that never blocks. */
public interface FilterSocket extends EventSource {

    /** Nothing more will come: the peer has closed, or the connection is broken. */
    int END = -1;

    /**
     * Adds bytes to a direct buffer, which has room.
     *
     * @param descriptors gets those that came with the bytes, in order
     * @return number of bytes; 0: none at the moment; {@link #END}
     */
    int receive(ByteBuffer target, Consumer<PassedDescriptor> descriptors);

    /**
     * Sends from a direct buffer and moves its position.
     *
     * @param descriptors go with the first byte; stay the caller's
     * @return number of bytes; 0: none at the moment; {@link #END}
     */
    int send(ByteBuffer source, List<PassedDescriptor> descriptors);
}
