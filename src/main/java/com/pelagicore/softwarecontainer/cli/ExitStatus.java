package com.pelagicore.softwarecontainer.cli;

/** Exit statuses of the tool; documented in softwarecontainer(1). Those of {@code run} and {@code exec} differ. */
final class ExitStatus {

    static final int DONE = 0;
    /** The agent refused or failed; something was found missing. */
    static final int REFUSED = 1;

    static final int USAGE = 2;
    /** No bus, or no agent on it. */
    static final int UNREACHABLE = 3;

    static final int ACCESS_DENIED = 4;
    /** Of {@code run} and {@code exec}: whatever went wrong, it was not the program. */
    static final int TOOL_FAILED = 125;
    /** And the number of the signal that ended the program. */
    static final int KILLED = 128;

    private ExitStatus() {}
}
