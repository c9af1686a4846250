package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.TerminalProcess;
import com.pelagicore.softwarecontainer.process.Recipients;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The use cases, one method per verb. Arguments come straight from a caller and are checked here; errors are
 * {@code SoftwareContainerException}. Thread-safe: containers are independent, verbs on one container run
 * one after the other, {@code list} and {@code capabilities} never wait.
 */
public interface Agent {

    /** Does nothing if the caller may see which containers and capabilities there are; else ACCESS_DENIED. */
    void requireLook();

    /** Ids of all containers, ascending; also of those that died. */
    List<ContainerId> list();

    /** Names of all capabilities that can be granted, sorted by byte value. */
    List<String> capabilities();

    /**
     * Creates and starts a container.
     *
     * @param config JSON array of objects, see dbus-interfaces/com.pelagicore.SoftwareContainerAgent.xml
     */
    ContainerId create(String config);

    /**
     * Starts a process in a container.
     *
     * @param id as it came from the caller; checked here
     * @param outputFile on the host; empty: output is discarded
     * @return pid of the process as the host sees it
     */
    long execute(
            int id, String commandLine, String workingDirectory, String outputFile, Map<String, String> environment);

    /** The same from options that are read already. Its id may be another container's by the time it is looked up. */
    Container create(ContainerOptions options);

    /**
     * Starts a process with streams of the caller.
     *
     * @return pid of the process as the host sees it
     */
    long execute(int id, Program program, StandardStreams.Given streams);

    /** Starts a process on a new terminal of the container, which is the caller's to close. */
    TerminalProcess executeInTerminal(int id, Program program, TerminalSize size);

    /**
     * Sends a signal to a process that was started in the container.
     *
     * @param process its pid; 0: all processes of the container
     * @param signal as it came from the caller
     */
    void signal(int id, long process, Recipients recipients, int signal);

    /**
     * Ends a process group in good order, SIGTERM first, and SIGKILL after the grace period.
     *
     * @param process pid of its leader; 0: all processes of the container
     * @return ends with the process; fails with {@code SoftwareContainerException}
     */
    CompletableFuture<Void> stop(int id, long process, Duration grace);

    void suspend(int id);

    void resume(int id);

    void destroy(int id);

    void bindMount(int id, String pathInHost, String pathInContainer, boolean readOnly);

    /** Makes all mounts or, on any error, none. */
    void mount(int id, List<MountRequest> mounts);

    /** As {@link #setCapabilities}, but an empty list grants the defaults. */
    void grant(int id, List<String> names);

    /** Grants the capabilities in addition to what is granted already; all of them or, on any error, none. */
    void setCapabilities(int id, List<String> names);
}
