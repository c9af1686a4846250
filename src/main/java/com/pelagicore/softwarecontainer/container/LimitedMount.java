package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A mount that somebody with or without limits asks for.
 *
 * @param directory on the host; what is mounted has to lie in it, wherever links lead; empty: anywhere
 */
public record LimitedMount(BindMount mount, Optional<Path> directory) {}
