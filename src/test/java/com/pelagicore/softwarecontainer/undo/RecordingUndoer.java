package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is asked to undo, and fails where it is told to. */
final class RecordingUndoer implements Undoer {

    private final List<String> calls = new ArrayList<>();
    private String failing = "";

    List<String> calls() {
        return calls;
    }

    void failOn(String call) {
        failing = call;
    }

    void succeed() {
        failing = "";
    }

    private void record(String call) {
        calls.add(call);
        if (call.equals(failing)) {
            throw new IllegalStateException(call);
        }
    }

    @Override
    public void unmount(Path hostPath) {
        record("unmount " + hostPath);
    }

    @Override
    public void deleteTree(Path hostPath) {
        record("deleteTree " + hostPath);
    }

    @Override
    public void stopContainer(String name, String marker) {
        record("stopContainer " + name + " " + marker);
    }

    @Override
    public void undefineContainer(String name, String marker) {
        record("undefineContainer " + name + " " + marker);
    }

    @Override
    public void unmountInside(long initPid, long initStartTicks, Path containerPath, long mount) {
        record("unmountInside " + initPid + " " + initStartTicks + " " + containerPath + " " + mount);
    }

    @Override
    public void writeInside(long initPid, long initStartTicks, Path containerPath, String content) {
        record("writeInside " + initPid + " " + initStartTicks + " " + containerPath + " " + content.strip());
    }

    @Override
    public void endWatch(String name) {
        record("endWatch " + name);
    }

    @Override
    public void removeNode(long initPid, long initStartTicks, Path containerPath, DeviceNumber number) {
        record("removeNode " + initPid + " " + initStartTicks + " " + containerPath + " " + number);
    }

    @Override
    public void restoreNode(
            long initPid, long initStartTicks, Path containerPath, DeviceNumber number, int permissionBits) {
        record("restoreNode " + initPid + " " + initStartTicks + " " + containerPath + " " + number + " "
                + permissionBits);
    }

    @Override
    public void restoreCgroup(String name, String marker, String key, String value) {
        record("restoreCgroup " + name + " " + marker + " " + key + " " + value);
    }

    @Override
    public void detachNetwork(int container, String bridge) {
        record("detachNetwork " + container + " " + bridge);
    }

    @Override
    public void restoreNetwork(int container, long initPid, long initStartTicks) {
        record("restoreNetwork " + container + " " + initPid + " " + initStartTicks);
    }

    @Override
    public void writeBack(Path upper, Path lower) {
        record("writeBack " + upper + " " + lower);
    }

    @Override
    public void closeBus(String container, Bus bus) {
        record("closeBus " + container + " " + bus);
    }

    @Override
    public void restoreBusRules(String container, Bus bus, List<BusRule> rules) {
        record("restoreBusRules " + container + " " + bus + " " + rules);
    }
}
