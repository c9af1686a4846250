/**
 * The gateway SPI and the compiler from gateway configurations to a container spec.
 *
 * <p>A gateway is a pure function from JSON to spec items; it never sees a container. Start at {@link
 * com.pelagicore.softwarecontainer.gateway.Gateway}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.gateway;

import org.jspecify.annotations.NullMarked;
