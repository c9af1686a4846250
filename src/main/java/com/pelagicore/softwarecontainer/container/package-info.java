/**
 * Containers and their life: registry, state table, and what happens at each verb.
 *
 * <p>The container holds its lock; nobody else locks. Native work is behind the ports {@link
 * com.pelagicore.softwarecontainer.container.ContainerRuntime} and those of rooms rootfs and process.
 * Start at {@link com.pelagicore.softwarecontainer.container.Containers}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.container;

import org.jspecify.annotations.NullMarked;
