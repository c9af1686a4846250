package com.pelagicore.softwarecontainer.gateway.wayland;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Gives windows; the element format is in docs/gateways/wayland.md. */
public final class WaylandGateway implements Gateway {

    private static final Path DIRECTORY = Path.of("/gateways");

    @Override
    public String id() {
        return "wayland";
    }

    /** The more permissive one wins: one element that enables is enough. */
    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        List<ConfigElement> enabling = new ArrayList<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            if (WaylandConfig.of(element).enabled()) {
                enabling.add(element);
            }
        }
        return enabling.isEmpty() ? List.of() : items(enabling.get(0), host);
    }

    private static List<SpecItem> items(ConfigElement element, HostFacts host) {
        Compositor compositor = Compositor.of(host, element);
        String display = compositor.display();
        return List.of(
                new SocketMount(compositor.socket(), DIRECTORY.resolve(display), compositor.origin()),
                new EnvironmentVariable("XDG_RUNTIME_DIR", DIRECTORY.toString()),
                new EnvironmentVariable("WAYLAND_DISPLAY", display));
    }
}
