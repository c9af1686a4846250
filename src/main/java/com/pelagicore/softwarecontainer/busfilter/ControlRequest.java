package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.util.List;
import java.util.OptionalInt;

/**
 * What an agent asks of the filter; docs/adr/0010. Each can be repeated without harm. {@link Identify}, {@link
 * ListOpen}, {@link Claim} and {@link Retire}, and how they and their answers are written, must never change: an agent
 * of any version has to be able to take the place of a filter of any other.
 */
public sealed interface ControlRequest {

    /** Of all requests but those that never change; part of every {@link Identify identity}. */
    int VERSION = 1;

    /** Asks for the text that the filter was started with; an agent that would give another retires the filter. */
    record Identify() implements ControlRequest {}

    /** Asks for the buses that are open: one line each, container and bus with a space between. */
    record ListOpen() implements ControlRequest {}

    /** Asks for the listening socket of an open bus, which comes with the answer; the filter keeps it as well. */
    record Claim(String container, Bus bus) implements ControlRequest {}

    /**
     * No connection is taken any more, neither from containers nor from agents; those that exist go on under their
     * rules, and the filter ends with the last of them.
     */
    record Retire() implements ControlRequest {}

    /**
     * Serves a container from now on with these rules and the listening socket that goes with the request.
     * Connections of a bus that is open already go on, under the new rules.
     *
     * @param addresses of the host's bus
     * @param user who its clients are there; empty: the user that the filter runs as
     */
    record Open(String container, Bus bus, String addresses, OptionalInt user, List<BusRule> rules)
            implements ControlRequest {

        public Open {
            rules = List.copyOf(rules);
        }
    }

    /** Replaces all rules of a container on a bus, for connections that exist as well. */
    record Replace(String container, Bus bus, List<BusRule> rules) implements ControlRequest {

        public Replace {
            rules = List.copyOf(rules);
        }
    }

    /** Ends serving it and hangs up on its clients; not served: nothing. */
    record Close(String container, Bus bus) implements ControlRequest {}

    /** Tells which unique name the agent itself has on a bus. */
    record Agent(Bus bus, String uniqueName) implements ControlRequest {}
}
