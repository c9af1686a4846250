package com.pelagicore.softwarecontainer.lxc;

import com.sun.jna.NativeLibrary;
import java.util.Optional;

/** What the installed liblxc can do. */
public final class LxcProbe {

    private static final String LIBRARY = "liblxc.so.1";

    private LxcProbe() {}

    /** {@code 5.0.2}; empty text: it is not installed. */
    public static String version() {
        try {
            return NativeLibrary.getInstance(LIBRARY)
                    .getFunction("lxc_get_version")
                    .invokeString(new Object[0], false);
        } catch (UnsatisfiedLinkError missing) {
            return "";
        }
    }

    /** What it lacks to filter system calls; empty: nothing. */
    public static Optional<String> systemCallFilter() {
        try {
            int supported = NativeLibrary.getInstance(LIBRARY)
                    .getFunction("lxc_config_item_is_supported")
                    .invokeInt(new Object[] {"lxc.seccomp.profile"});
            // a C bool: one byte of the register
            return (supported & 0xff) != 0 ? Optional.empty() : Optional.of("liblxc was built without libseccomp");
        } catch (UnsatisfiedLinkError missing) {
            return Optional.of("liblxc cannot be asked: " + missing.getMessage());
        }
    }
}
