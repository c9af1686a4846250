package com.pelagicore.softwarecontainer.system;

/** Exchanges two names without end, each exchange in one step. */
final class Exchange {

    /** Python; the arguments are the names. */
    static final String PROGRAM =
            """
            import ctypes, os, sys
            libc = ctypes.CDLL(None)
            AT_FDCWD, RENAME_EXCHANGE = -100, 2
            a, b = (os.fsencode(name) for name in sys.argv[1:])
            while True:
                libc.renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE)
            """;

    private Exchange() {}
}
