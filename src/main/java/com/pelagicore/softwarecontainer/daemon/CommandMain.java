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
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Main.version());
        System.exit(Tool.run(host, arguments));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }
}
