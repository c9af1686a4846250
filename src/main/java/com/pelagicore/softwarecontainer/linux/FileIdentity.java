package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.Native;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** As whom the calling thread, which must end afterwards, makes files. */
final class FileIdentity {

    private static final int PR_SET_SECUREBITS = 28;
    private static final long SECBIT_NO_SETUID_FIXUP = 1 << 2;

    static {
        Native.register(FileIdentity.class, "c");
    }

    private FileIdentity() {}

    /**
     * Makes files of a container's root. All rights over files stay (capabilities(7), securebits).
     *
     * <p>On a mount that is mapped to a container others than its users cannot even make files (EOVERFLOW).
     *
     * @param id its user and group on the host
     */
    static void assume(int id) {
        if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) < 0) {
            throw Errno.refused("prctl(PR_SET_SECUREBITS)");
        }
        // both answer the identity before and have no errors
        int ignored = setfsgid(id) + setfsuid(id);
    }

    /** Does some work on a thread that makes files as that user; throws what the work throws. */
    static void run(int id, Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        assume(id);
                        work.run();
                        done.complete(null);
                    } catch (Throwable failed) {
                        done.completeExceptionally(failed);
                    }
                },
                "as-" + id);
        thread.setDaemon(true);
        thread.start();
        try {
            done.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private static native int prctl(int option, long bits, long third, long fourth, long fifth);

    private static native int setfsuid(int user);

    private static native int setfsgid(int group);
}
