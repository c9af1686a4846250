package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The place in a container that something is mounted on. Missing directories and the target itself are made,
 * and removed again on close unless kept. Each step is resolved from the container's root, so that links
 * mean what they mean inside, whatever the container does to them meanwhile.
 */
final class ContainerTarget implements AutoCloseable {

    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    private final Descriptor root;
    private final Path containerPath;
    private final boolean directory;
    private final Deque<Created> created = new ArrayDeque<>();

    private record Created(Descriptor parent, FileName name, int removal) {}

    /**
     * A place that need not exist yet.
     *
     * @param directory what is made if it does not exist: a directory, or else an empty file
     */
    ContainerTarget(Descriptor root, Path containerPath, boolean directory) {
        this.root = root;
        this.containerPath = containerPath;
        this.directory = directory;
    }

    /** Opens the place (O_PATH), or what is mounted on it, after making what is missing. */
    Descriptor open() {
        int opened = Opening.inRoot(root, FileName.of(containerPath), Opening.PATH_ONLY);
        return opened == -Errno.ENOENT ? make() : checked(opened, containerPath);
    }

    /** What was made stays. */
    void keep() {
        created.forEach(made -> made.parent().close());
        created.clear();
    }

    private Descriptor make() {
        Descriptor parent = checked(Opening.inRoot(root, FileName.of("/"), Opening.PATH_ONLY), containerPath);
        for (int names = 1; names <= containerPath.getNameCount(); names++) {
            Path step = Path.of("/").resolve(containerPath.subpath(0, names));
            boolean last = names == containerPath.getNameCount();
            parent = stepInto(step, parent, last);
        }
        return parent;
    }

    /** Opens the step, which is made in the open parent if it is missing; takes over the parent. */
    private Descriptor stepInto(Path step, Descriptor parent, boolean last) {
        FileName path = FileName.of(step);
        int opened = Opening.inRoot(root, path, Opening.PATH_ONLY);
        if (opened >= 0) {
            parent.close();
            return new Descriptor(opened);
        }
        boolean made = false;
        try {
            if (opened != -Errno.ENOENT) {
                throw refused(-opened, step);
            }
            made = makeEntry(parent, step, last);
        } finally {
            if (!made) {
                parent.close();
            }
        }
        int entered = Opening.inRoot(root, path, Opening.PATH_ONLY);
        if (entered == -Errno.ENOENT && !made) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT, "'" + step + "' in the container is a link that leads nowhere");
        }
        return checked(entered, step);
    }

    /** False if there is one meanwhile, made by another bind or by the container itself. */
    private boolean makeEntry(Descriptor parent, Path step, boolean last) {
        FileName name = FileName.of(step.getFileName());
        boolean file = last && !directory;
        int result = file
                ? Opening.create(parent.number(), name, FILE_MODE)
                : FileCalls.mkdirat(parent.number(), name.terminated(), DIRECTORY_MODE);
        int error = result >= 0 ? 0 : file ? -result : Errno.last();
        if (error == Errno.EEXIST) {
            return false;
        }
        if (error != 0) {
            throw refused(error, step);
        }
        if (file) {
            new Descriptor(result).close();
        }
        created.push(new Created(parent, name, file ? 0 : FileCalls.AT_REMOVEDIR));
        return true;
    }

    private static Descriptor checked(int opened, Path path) {
        if (opened < 0) {
            throw refused(-opened, path);
        }
        return new Descriptor(opened);
    }

    private static SoftwareContainerException refused(int error, Path path) {
        String place = "'" + path + "' in the container ";
        return switch (error) {
            case Errno.ENOTDIR, Errno.ELOOP ->
                new SoftwareContainerException(
                        ErrorKind.INVALID_ARGUMENT, place + "does not lead through directories: " + Errno.name(error));
            case Errno.ENAMETOOLONG ->
                new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, place + "is too long: " + Errno.name(error));
            default ->
                new SoftwareContainerException(ErrorKind.HOST_REFUSED, place + "cannot be made: " + Errno.name(error));
        };
    }

    /** Removes what was made, newest first; what the container has put into it meanwhile stays. */
    @Override
    public void close() {
        for (Created made : created) {
            FileCalls.unlinkat(made.parent().number(), made.name().terminated(), made.removal());
            made.parent().close();
        }
        created.clear();
    }
}
