package com.pelagicore.softwarecontainer.gateway.wayland;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The host's compositor, found as its clients find it: wl_display_connect(3).
 *
 * @param socket absolute, not the root
 * @param origin where the socket's path comes from, for messages
 */
record Compositor(Path socket, String origin) {

    private static final String SETTING = "wayland-socket";
    private static final String DISPLAY = "WAYLAND_DISPLAY";
    private static final String RUNTIME_DIRECTORY = "XDG_RUNTIME_DIR";
    private static final String OF_THE_AGENT = " in the environment of the agent";

    /**
     * The compositor of the configuration, or of WAYLAND_DISPLAY.
     *
     * @param element is refused if there is none
     */
    static Compositor of(HostFacts host, ConfigElement element) {
        Optional<String> setting = host.setting(SETTING);
        if (setting.isPresent()) {
            return new Compositor(path(setting.get(), SETTING, element), "'" + SETTING + "' of the configuration");
        }
        String display = host.variable(DISPLAY)
                .orElseThrow(() -> element.refuse("'enabled' needs a compositor, and there is neither '" + SETTING
                        + "' in the configuration nor " + DISPLAY + OF_THE_AGENT));
        if (display.startsWith("/")) {
            return new Compositor(path(display, DISPLAY, element), DISPLAY + OF_THE_AGENT);
        }
        String directory = host.variable(RUNTIME_DIRECTORY)
                .filter(path -> path.startsWith("/"))
                .orElseThrow(() -> element.refuse("'enabled' needs an absolute path in " + RUNTIME_DIRECTORY
                        + OF_THE_AGENT + ", as " + DISPLAY + " is the name " + Quoted.text(display)));
        return new Compositor(
                path(directory + "/" + display, DISPLAY, element),
                RUNTIME_DIRECTORY + " and " + DISPLAY + OF_THE_AGENT);
    }

    private static Path path(String text, String source, ConfigElement element) {
        try {
            Path path = Path.of(text).normalize();
            if (path.getNameCount() > 0) {
                return path;
            }
        } catch (InvalidPathException e) {
            // as below
        }
        throw element.refuse("'enabled' needs " + source + ", which does not name a socket: " + Quoted.text(text));
    }

    /** Name of the socket in its directory. */
    String display() {
        return String.valueOf(socket.getFileName());
    }
}
