package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.busfilter.FilterHost;
import com.pelagicore.softwarecontainer.busfilter.FilterListener;
import com.pelagicore.softwarecontainer.busfilter.FilterSocket;
import com.pelagicore.softwarecontainer.busfilter.PassedDescriptor;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Sockets of the filter process, and its way from root to an unprivileged user. */
public final class LinuxFilterHost implements FilterHost {

    private static final int PRIVATE = 0600;
    private static final int UNCHANGED = -1;

    private final DescriptorMessage message = new DescriptorMessage();
    private int ownUser;

    /** Makes the socket file that only root can connect to. */
    public FilterListener listen(Path path) {
        return new StreamListener(StreamListener.listen(path, PRIVATE), message);
    }

    /**
     * Leaves the session of the agent, all privileges and the user root for good. The kernel takes the
     * capabilities away with the last uid 0 and lets other processes of the same user neither trace this one
     * nor look into it (prctl(2), PR_SET_DUMPABLE). glibc changes all threads of the process at once.
     */
    public void becomeUser(int uid) {
        int ignored = FilterCalls.setsid();
        if (FilterCalls.setgroups(0, Pointer.NULL) < 0
                || FilterCalls.setresgid(uid, uid, uid) < 0
                || FilterCalls.setresuid(uid, uid, uid) < 0) {
            throw Errno.refused("setresuid(" + uid + ")");
        }
        ownUser = uid;
    }

    @Override
    public FilterListener listener(PassedDescriptor descriptor) {
        return new StreamListener(((OwnedDescriptor) descriptor).descriptor(), message);
    }

    @Override
    public FilterSocket connect(String addresses, OptionalInt user) {
        if (user.isEmpty()) {
            return connect(addresses);
        }
        becomeEffectively(user.getAsInt());
        try {
            return connect(addresses);
        } finally {
            becomeOneselfAgain();
        }
    }

    /** Not a refusal, which would be the one container's: as somebody else the filter must not go on. */
    private void becomeOneselfAgain() {
        try {
            becomeEffectively(ownUser);
        } catch (SoftwareContainerException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server sees the effective user of the time of connect(2) (unix(7), SO_PEERCRED). */
    private static void becomeEffectively(int user) {
        if (FilterCalls.setresuid(UNCHANGED, user, UNCHANGED) < 0) {
            throw Errno.refused("setresuid(" + user + ")");
        }
    }

    private FilterSocket connect(String addresses) {
        List<String> problems = new ArrayList<>();
        for (BusAddress address : BusAddress.parse(addresses)) {
            Descriptor socket = StreamListener.newSocket();
            try {
                byte[] name = address.name().getBytes(StandardCharsets.UTF_8);
                boolean isAbstract = address.namespace() == BusAddress.Namespace.ABSTRACT;
                SocketCalls.connect(socket, name, isAbstract, address.toString());
                return new StreamSocket(socket, message);
            } catch (SoftwareContainerException e) {
                socket.close();
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        throw new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "the host's bus cannot be reached: " + String.join(", ", problems));
    }
}
