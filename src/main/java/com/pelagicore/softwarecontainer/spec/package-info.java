/**
 * What is asked of gateways, and what may be done to a container, as data: spec items, their sum and difference.
 *
 * <p>Pure; knows no gateway and no container. Start at {@link com.pelagicore.softwarecontainer.spec.ContainerSpec}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.spec;

import org.jspecify.annotations.NullMarked;
