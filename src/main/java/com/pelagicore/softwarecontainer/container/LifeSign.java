package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitListener;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.process.ProcessFiles;
import java.util.List;

/** Hears from the init of one container whether it lives, and passes on the ends of processes. */
final class LifeSign implements InitListener {

    private static final int SIGKILL = 9;

    private final ContainerId id;
    private final ContainerListener listener;
    private final ProcessFiles files;
    private final Processes processes = new Processes();
    private volatile boolean lost;
    private volatile boolean endExpected;

    /**
     * Of a container that lives.
     *
     * @param files what is in there goes on from the start
     */
    LifeSign(ContainerId id, ContainerListener listener, ProcessFiles files) {
        this.id = id;
        this.listener = listener;
        this.files = files;
        files.all().forEach((pid, arguments) -> processes.started(new RunningProcess(pid, arguments)));
    }

    boolean isLost() {
        return lost;
    }

    /** From now on the end of init is our own doing. */
    void expectEnd() {
        endExpected = true;
    }

    /** Those that run. */
    Processes processes() {
        return processes;
    }

    /** What can be seen of the container may have changed. */
    void changed() {
        listener.changed(id);
    }

    /**
     * After a container was stopped.
     *
     * @throws SoftwareContainerException WRONG_STATE if its init runs on nevertheless
     */
    static void requireGone(InitProcess init) {
        if (init.isAlive()) {
            throw new SoftwareContainerException(
                    ErrorKind.WRONG_STATE,
                    "its init, process " + init.pid() + ", still runs, but LXC knows of no such container of ours "
                            + "(was 'lxc-path' changed?)");
        }
    }

    @Override
    public void started(long pid, List<String> arguments) {
        files.add(pid, arguments);
        processes.started(new RunningProcess(pid, arguments));
        changed();
    }

    @Override
    public void ended(long pid, int waitStatus, Runnable heard) {
        Runnable whoeverWaits = processes.ended(pid);
        listener.processEnded(id, pid, waitStatus, () -> {
            files.remove(pid);
            heard.run();
        });
        changed();
        whoeverWaits.run();
    }

    /** Init has ended while there was no agent, and with it all that ran; what ended before that, nobody knows any more. */
    void diedMeanwhile() {
        processes.list().forEach(process -> ended(process.pid(), SIGKILL, () -> {}));
        lost();
    }

    @Override
    public void lost() {
        lost = true;
        if (!endExpected) {
            listener.died(id);
            changed();
        }
    }
}
