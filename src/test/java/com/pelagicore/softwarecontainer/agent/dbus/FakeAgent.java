package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Writes down what it is asked for; container 7 exists. */
class FakeAgent implements Agent {

    static final int CONTAINER = 7;

    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    @Override
    public List<ContainerId> list() {
        return List.of(new ContainerId(3), new ContainerId(CONTAINER));
    }

    @Override
    public List<String> capabilities() {
        return List.of("com.example.A", "com.example.Ä b");
    }

    @Override
    public ContainerId create(String config) {
        if (config.isEmpty()) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT, "Empty JSON config strings are not supported.");
        }
        calls.add("create " + config.length());
        return new ContainerId(CONTAINER);
    }

    @Override
    public long execute(
            int id, String commandLine, String workingDirectory, String outputFile, Map<String, String> environment) {
        require(id);
        calls.add(String.join("|", "execute " + id, commandLine, workingDirectory, outputFile, environment.toString()));
        return 4711;
    }

    @Override
    public void suspend(int id) {
        require(id);
        calls.add("suspend " + id);
    }

    @Override
    public void resume(int id) {
        require(id);
        calls.add("resume " + id);
    }

    @Override
    public void destroy(int id) {
        require(id);
        calls.add("destroy " + id);
    }

    @Override
    public void bindMount(int id, String pathInHost, String pathInContainer, boolean readOnly) {
        require(id);
        calls.add(String.join("|", "bindMount " + id, pathInHost, pathInContainer, String.valueOf(readOnly)));
    }

    @Override
    public void setCapabilities(int id, List<String> names) {
        require(id);
        calls.add("setCapabilities " + id + names);
    }

    private static void require(int id) {
        if (id != CONTAINER) {
            throw new SoftwareContainerException(ErrorKind.NOT_FOUND, "Invalid Container ID: " + id + ".");
        }
    }
}
