package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.BusTransport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the tool finds where it runs.
 *
 * @param connect to the first address where a bus listens
 * @param directory that it was called in, absolute
 * @param version of this tool
 */
public record ToolHost(
        Console console,
        Function<List<BusAddress>, BusTransport> connect,
        PrintStream output,
        PrintStream error,
        Map<String, String> environment,
        Path directory,
        String version) {}
