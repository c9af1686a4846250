package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;
import java.util.List;

/** The program that gives containers their shell and tools. */
public interface Busybox {

    /**
     * The executable on the host.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED if there is none
     */
    Path program();

    /** Names that the program can be called by; file names, {@code busybox} itself may be among them. */
    List<String> applets();
}
