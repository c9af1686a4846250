package com.pelagicore.softwarecontainer.process;

/** A new pseudo-terminal of a container (pts(4)). */
public interface Terminal extends AutoCloseable {

    /** The side of whoever looks at it. */
    OpenFile master();

    /** The side of the process. */
    OpenFile slave();

    /** The process has it now. From then on the terminal hangs up when the process has ended. Closed already: nothing. */
    void closeSlave();

    /** Both sides. Closed already: nothing. */
    @Override
    void close();
}
