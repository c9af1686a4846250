/**
 * Service manifests (JSON files) to catalogue to gateway configurations.
 *
 * <p>Reads files once at start; knows no gateway by name. Start at {@link
 * com.pelagicore.softwarecontainer.capability.Catalogue}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.capability;

import org.jspecify.annotations.NullMarked;
