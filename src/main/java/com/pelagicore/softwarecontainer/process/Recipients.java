package com.pelagicore.softwarecontainer.process;

/** Who gets a signal. */
public enum Recipients {
    /** The process alone. */
    PROCESS,
    /** All of the process group that it leads. */
    GROUP
}
