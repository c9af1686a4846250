package com.pelagicore.softwarecontainer.agent;

/** The agent as each caller has it. Thread-safe. */
public interface Agents {

    /** For one call: what it may do is decided anew with each. */
    Agent of(Caller caller);
}
