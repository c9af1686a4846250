/** The pulseaudio gateway: sound by a PulseAudio or PipeWire server of the host (docs/gateways/pulseaudio.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.pulse;

import org.jspecify.annotations.NullMarked;
