/**
 * liblxc by JNA and the lxc-* tools: implements {@link
 * com.pelagicore.softwarecontainer.container.ContainerRuntime}.
 *
 * <p>Never starts or attaches inside the JVM (docs/ARCHITECTURE.md, native facts). Start at {@code LxcRuntime}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.lxc;

import org.jspecify.annotations.NullMarked;
