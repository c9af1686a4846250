package com.pelagicore.softwarecontainer.gateway.pulse;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Gives sound; the element format is in docs/gateways/pulseaudio.md. */
public final class PulseGateway implements Gateway {

    private static final Path SOCKET = Path.of("/gateways/pulse_socket");
    private static final Path COOKIE = Path.of("/gateways/pulse_cookie");

    @Override
    public String id() {
        return "pulseaudio";
    }

    /** The more permissive one wins: one element with audio is enough. */
    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        List<ConfigElement> granting = new ArrayList<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            if (PulseConfig.of(element).audio()) {
                granting.add(element);
            }
        }
        return granting.isEmpty() ? List.of() : items(granting.get(0), host);
    }

    private static List<SpecItem> items(ConfigElement element, HostFacts host) {
        PulseServer server = PulseServer.of(host, element);
        List<SpecItem> items = new ArrayList<>();
        items.add(new SocketMount(server.socket(), SOCKET, server.origin()));
        items.add(new EnvironmentVariable("PULSE_SERVER", "unix:" + SOCKET));
        server.cookie().ifPresent(cookie -> {
            items.add(new BindMount(cookie, COOKIE, true));
            items.add(new EnvironmentVariable("PULSE_COOKIE", COOKIE.toString()));
        });
        return items;
    }
}
