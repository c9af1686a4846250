package com.pelagicore.softwarecontainer.gateway.pulse;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;

/** One element of the pulseaudio gateway. */
record PulseConfig(boolean audio) {

    static PulseConfig of(ConfigElement element) {
        return new PulseConfig(element.flag("audio"));
    }
}
