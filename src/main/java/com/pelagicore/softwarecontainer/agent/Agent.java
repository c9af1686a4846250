package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.List;
import java.util.Map;

/**
 * The use cases, one method per verb. Arguments come straight from a caller and are checked here; errors are
 * {@code SoftwareContainerException}. Thread-safe: containers are independent, verbs on one container run
 * one after the other, {@code list} and {@code capabilities} never wait.
 */
public interface Agent {

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

    void suspend(int id);

    void resume(int id);

    void destroy(int id);

    void bindMount(int id, String pathInHost, String pathInContainer, boolean readOnly);

    /** Grants the capabilities in addition to what is granted already; all of them or, on any error, none. */
    void setCapabilities(int id, List<String> names);
}
