package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which ids of the host those of a container are: uid_map of user_namespaces(7), which never changes. */
final class UserMap {

    private UserMap() {}

    /**
     * The container's ids; empty: it has those of the host.
     *
     * @throws SoftwareContainerException WRONG_STATE if the process is gone
     */
    static Optional<IdRange> of(InitProcess init) {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(init.pid()), "uid_map")));
        } catch (IOException missing) {
            throw gone(init);
        }
    }

    /** One line: first id inside, first id here, count. */
    static Optional<IdRange> parse(String map) {
        String[] fields = map.strip().split("\\s+", -1);
        long first = Long.parseLong(fields[1]);
        return first == 0
                ? Optional.empty()
                : Optional.of(new IdRange(Math.toIntExact(first), Math.toIntExact(Long.parseLong(fields[2]))));
    }

    /**
     * The user namespace of a process, to map mounts by.
     *
     * @throws SoftwareContainerException WRONG_STATE if the process is gone
     */
    static Descriptor namespaceOf(InitProcess init) {
        int opened = Opening.host(FileName.of("/proc/" + init.pid() + "/ns/user"), 0);
        if (opened < 0) {
            throw gone(init);
        }
        return new Descriptor(opened);
    }

    private static SoftwareContainerException gone(InitProcess init) {
        return new SoftwareContainerException(
                ErrorKind.WRONG_STATE, "the container's init, process " + init.pid() + ", is gone");
    }
}
