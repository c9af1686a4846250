/**
 * main(): options, wiring by constructors, the list of built-in gateways, shutdown.
 *
 * <p>The only room that names implementations of ports. Start at {@link
 * com.pelagicore.softwarecontainer.daemon.Main}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.daemon;

import org.jspecify.annotations.NullMarked;
