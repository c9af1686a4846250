package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;
import java.util.List;

/** Any file serves as program. */
public record FakeBusybox(Path program, List<String> applets) implements Busybox {}
