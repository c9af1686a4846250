package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import java.util.OptionalLong;

/** The kinds of containers there are. */
enum Options {
    PLAIN(new ContainerOptions(false, OptionalLong.empty())),
    BUFFER_ON_DISK(new ContainerOptions(true, OptionalLong.empty())),
    BUFFER_IN_MEMORY(new ContainerOptions(true, OptionalLong.of(1 << 20)));

    private final ContainerOptions value;

    Options(ContainerOptions value) {
        this.value = value;
    }

    ContainerOptions value() {
        return value;
    }
}
