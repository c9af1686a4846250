package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.process.InitListener;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.sun.jna.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketInitLinkTest {

    private final List<String> heard = new ArrayList<>();

    private final InitListener listener = new InitListener() {
        @Override
        public void started(long pid, List<String> arguments) {
            heard.add("started " + pid);
        }

        @Override
        public void ended(long pid, int waitStatus, Runnable collected) {
            heard.add("ended " + pid);
        }

        @Override
        public void lost() {
            heard.add("lost");
        }
    };

    /** The kernel then tells of the end of the connection first (ECONNRESET), and of the messages afterwards. */
    @Test
    void hearsAllThatAnInitHadSentWhichDiedBeforeItReadAll() {
        int[] ends = new int[2];
        int made = NativeLibrary.getInstance("c")
                .getFunction("socketpair")
                .invokeInt(new Object[] {LinkCalls.AF_UNIX, LinkCalls.SOCK_SEQPACKET, 0, ends});
        assertThat(made).isZero();
        InitProcess self = InitProcess.of(ProcessHandle.current().pid()).orElseThrow();
        SocketInitLink link = new SocketInitLink(self, new Descriptor(ends[0]), listener, new UserOutput());
        try (Descriptor init = new Descriptor(ends[1])) {
            link.signalAll(15);
            InitWire.send(init.number(), InitWire.Message.of(InitWire.ENDED, 1, 0, 4711), List.of());
            InitWire.send(init.number(), InitWire.Message.of(InitWire.ENDED, 2, 0, 4712), List.of());
        }

        boolean goesOn = link.receive();
        link.finish();

        assertThat(goesOn).isFalse();
        assertThat(heard).containsExactly("ended 4711", "ended 4712", "lost");
    }
}
