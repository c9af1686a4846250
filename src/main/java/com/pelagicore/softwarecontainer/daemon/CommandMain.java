package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.cli.Tool;
import com.pelagicore.softwarecontainer.cli.ToolHost;
import com.pelagicore.softwarecontainer.linux.BusSocket;
import com.pelagicore.softwarecontainer.linux.LinuxConsole;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The program {@code softwarecontainer}: a client, which shares nothing with the agent but the jar. */
final class CommandMain {

    private CommandMain() {}

    public static void main(String[] arguments) {
        // what the libraries would log is for nobody here; saves the start of java.util.logging
        System.setProperty("slf4j.internal.verbosity", "WARN");
        System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        ToolHost host = new ToolHost(
                new LinuxConsole(),
                BusSocket::connect,
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                callersEnvironment(),
                Path.of("").toAbsolutePath(),
                Main.version());
        System.exit(Tool.run(host, arguments));
    }

    /** The start script has set one variable, and passes on what it was, if it was set. */
    private static Map<String, String> callersEnvironment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("LC_ALL");
        Optional.ofNullable(System.getProperty("softwarecontainer.lc-all"))
                .ifPresent(value -> environment.put("LC_ALL", value));
        return environment;
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }
}
