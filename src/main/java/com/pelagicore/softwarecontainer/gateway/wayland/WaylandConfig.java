package com.pelagicore.softwarecontainer.gateway.wayland;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;

/** One element of the wayland gateway. */
record WaylandConfig(boolean enabled) {

    static WaylandConfig of(ConfigElement element) {
        return new WaylandConfig(element.flag("enabled"));
    }
}
