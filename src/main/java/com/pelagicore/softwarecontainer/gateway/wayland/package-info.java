/** The wayland gateway: windows by a compositor of the host (docs/gateways/wayland.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.wayland;

import org.jspecify.annotations.NullMarked;
