package com.pelagicore.softwarecontainer.busfilter;

import java.util.OptionalInt;

/** Makes sockets. */
public interface FilterHost {

    /** Takes over a descriptor on which another process called listen(2). */
    FilterListener listener(PassedDescriptor descriptor);

    /**
     * Connects.
     *
     * @param addresses D-Bus server addresses; the first that can be reached counts
     * @param user whom the server takes this process for; empty: who it is
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED
     */
    FilterSocket connect(String addresses, OptionalInt user);
}
