package com.pelagicore.softwarecontainer.agent;

import java.util.List;

/** What a call is about to do, as far as it matters for who may. As it came from the caller: nothing is checked. */
public sealed interface Intent {

    record Look() implements Intent {}

    record Create() implements Intent {}

    /** Anything with one container but {@link Mount}. */
    record Use(int container) implements Intent {}

    record Mount(int container, List<HostPath> hostPaths) implements Intent {

        public Mount {
            hostPaths = List.copyOf(hostPaths);
        }
    }

    record HostPath(String text, boolean writable) {}
}
