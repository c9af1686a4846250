package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.List;

/** Changes the host back; one method per kind of {@link UndoStep}. All are idempotent. */
public interface Undoer {

    void unmount(Path hostPath);

    void deleteTree(Path hostPath);

    void stopContainer(String name, String marker);

    void undefineContainer(String name, String marker);

    void unmountInside(long initPid, long initStartTicks, Path containerPath, long mount);

    void writeInside(long initPid, long initStartTicks, Path containerPath, String content);

    void endWatch(String name);

    void removeNode(long initPid, long initStartTicks, Path containerPath, DeviceNumber number);

    void restoreNode(long initPid, long initStartTicks, Path containerPath, DeviceNumber number, int permissionBits);

    void restoreCgroup(String name, String marker, String key, String value);

    void detachNetwork(int container, String bridge);

    void restoreNetwork(int container, long initPid, long initStartTicks);

    void writeBack(Path upper, Path lower);

    void closeBus(String container, Bus bus);

    void restoreBusRules(String container, Bus bus, List<BusRule> rules);
}
