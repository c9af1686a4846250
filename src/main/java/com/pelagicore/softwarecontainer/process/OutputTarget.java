package com.pelagicore.softwarecontainer.process;

import java.nio.file.Path;

/**
 * A file of the host that output goes to; it is created or truncated.
 *
 * @param hostPath absolute
 * @param user whose rights have to suffice to open it, and whose it is if it is created
 */
public record OutputTarget(Path hostPath, HostUser user) {}
