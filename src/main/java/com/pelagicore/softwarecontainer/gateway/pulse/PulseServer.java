package com.pelagicore.softwarecontainer.gateway.pulse;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The host's sound server, found as its clients find it: pulse-client.conf(5), and "Server Strings" of PulseAudio's
 * documentation. PipeWire has its socket at the same place.
 *
 * @param socket absolute
 * @param origin where the socket's path comes from, for messages
 * @param cookie absolute; proves to a server of another user that the client may use it
 */
record PulseServer(Path socket, String origin, Optional<Path> cookie) {

    private static final String SERVER = "PULSE_SERVER";
    private static final String RUNTIME_DIRECTORY = "XDG_RUNTIME_DIR";
    private static final String SCHEME = "unix:";
    private static final String OF_THE_AGENT = " in the environment of the agent";

    /**
     * The server of the configuration, of PULSE_SERVER or of XDG_RUNTIME_DIR, in this order.
     *
     * @param element is refused if there is none, or it cannot be reached by a socket
     */
    static PulseServer of(HostFacts host, ConfigElement element) {
        Optional<Path> cookie = cookie(host, element);
        Optional<String> setting = host.setting("pulse-socket");
        if (setting.isPresent()) {
            return new PulseServer(Path.of(setting.get()), "'pulse-socket' of the configuration", cookie);
        }
        Optional<String> server = host.variable(SERVER);
        if (server.isPresent()) {
            return new PulseServer(socket(server.get(), element), SERVER + OF_THE_AGENT, cookie);
        }
        String directory = host.variable(RUNTIME_DIRECTORY)
                .orElseThrow(() -> element.refuse("'audio' needs a sound server, and there is neither 'pulse-socket'"
                        + " in the configuration nor " + SERVER + " or " + RUNTIME_DIRECTORY + OF_THE_AGENT));
        Path socket = absolute(directory, RUNTIME_DIRECTORY, element).resolve("pulse/native");
        return new PulseServer(socket, RUNTIME_DIRECTORY + OF_THE_AGENT, cookie);
    }

    private static Path socket(String server, ConfigElement element) {
        if (server.chars().anyMatch(Character::isWhitespace)) {
            throw refused(server, "names several servers; 'pulse-socket' of the configuration can name one", element);
        }
        if (server.startsWith("{")) {
            throw refused(server, "is bound to one machine; 'pulse-socket' of the configuration is not", element);
        }
        String path = server.startsWith(SCHEME) ? server.substring(SCHEME.length()) : server;
        if (!path.startsWith("/")) {
            throw refused(server, "is neither a path nor 'unix:' and a path", element);
        }
        return absolute(path, SERVER, element);
    }

    /** One that nobody has named is nothing that must be there. */
    private static Optional<Path> cookie(HostFacts host, ConfigElement element) {
        Optional<String> setting = host.setting("pulse-cookie");
        if (setting.isPresent()) {
            return setting.map(Path::of);
        }
        Optional<String> variable = host.variable("PULSE_COOKIE");
        if (variable.isPresent()) {
            return variable.map(path -> absolute(path, "PULSE_COOKIE", element));
        }
        return host.variable("HOME")
                .filter(home -> home.startsWith("/"))
                .map(home -> absolute(home, "HOME", element).resolve(".config/pulse/cookie"))
                .filter(host.exists());
    }

    private static Path absolute(String text, String variable, ConfigElement element) {
        try {
            if (text.startsWith("/")) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // as below
        }
        throw element.refuse(
                "'audio' needs " + variable + OF_THE_AGENT + ", which is not an absolute path: " + Quoted.text(text));
    }

    private static RuntimeException refused(String server, String reason, ConfigElement element) {
        return element.refuse(
                "'audio' needs " + SERVER + OF_THE_AGENT + ", which " + reason + ": " + Quoted.text(server));
    }
}
