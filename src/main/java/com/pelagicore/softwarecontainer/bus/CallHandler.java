package com.pelagicore.softwarecontainer.bus;

/** Answers the calls of one method. May be called from several threads at once, see {@link Turn}. */
@FunctionalInterface
public interface CallHandler {

    /**
     * Answers one call, whose arguments have the types that the introspection data says.
     *
     * @throws BusError to answer with that error; anything else is logged and answered as an internal error
     */
    Answer handle(BusCall call);
}
