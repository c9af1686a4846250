package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is granted to a container.
 *
 * @param capabilities in the order in which they were granted, without the defaults
 * @param spec what they and the defaults amount to
 */
record Grant(Set<String> capabilities, ContainerSpec spec) {

    Grant {
        capabilities = Collections.unmodifiableSet(new LinkedHashSet<>(capabilities));
    }
}
