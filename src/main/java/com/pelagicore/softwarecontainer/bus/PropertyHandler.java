package com.pelagicore.softwarecontainer.bus;

/** Who knows the value of a property of a {@link BusObject}. */
public record PropertyHandler(String interfaceName, String name, Reader reader) {

    /** Reads the value now. May be called from several threads at once. */
    @FunctionalInterface
    public interface Reader {

        /**
         * The value, in the shape of {@link Reply}.
         *
         * @param path of the object
         * @throws BusError to answer with that error
         */
        Object read(String path);
    }
}
