package com.pelagicore.softwarecontainer.undo;

import java.nio.file.Path;

/** Changes the host back; one method per kind of {@link UndoStep}. All are idempotent. */
public interface Undoer {

    void unmount(Path hostPath);

    void deleteTree(Path hostPath);

    void stopContainer(String name, String marker);

    void undefineContainer(String name, String marker);

    void unmountInside(long initPid, long initStartTicks, Path containerPath, long mountBelow);

    void endWatch(String name);

    void writeBack(Path upper, Path lower);
}
