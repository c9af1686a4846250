package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "mount",
        description =
                "Makes files or directories of the host appear in a container: all of them or, on any error, none.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softwarecontainer mount 0 /opt/app:/app",
            "  softwarecontainer mount 0 ./config.json:/etc/app.json ./data:/var/app:rw"
        })
final class MountCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(index = "0", paramLabel = "CONTAINER", converter = ContainerNumber.class, description = "its number")
    private int container;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "HOST:PATH[:rw]",
            converter = MountSpec.Converter.class,
            description =
                    "path on the host and path in the container; read-only unless :rw is there; a colon in a path is"
                            + " written \\:")
    private List<MountSpec> mounts = List.of();

    MountCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        List<List<Object>> wire = mounts.stream()
                .map(mount -> mount.toWire(tool.host().directory()))
                .toList();
        return AgentConnection.callOnce(tool, "mounting", container, AgentMethod.MOUNT, wire);
    }
}
