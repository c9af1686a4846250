/**
 * The daemon's configuration (key file, command line, defaults) and the options of one container.
 *
 * <p>Reads and validates, changes nothing. Start at {@link com.pelagicore.softwarecontainer.config.Startup}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.config;

import org.jspecify.annotations.NullMarked;
