package com.pelagicore.softwarecontainer.bus;

import java.util.Optional;

/**
 * Who knows the value of a property of a {@link BusObject}.
 *
 * @param writer empty: the property can only be read
 */
public record PropertyHandler(String interfaceName, String name, Reader reader, Optional<Writer> writer) {

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

    /** Sets the value. May be called from several threads at once, by whoever reaches the bus. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Takes the value over.
         *
         * @param call of {@code Properties.Set}, for who calls
         * @param value in the shape of {@link Arguments}, of the property's type
         * @throws BusError to answer with that error
         */
        void write(BusCall call, Object value);
    }

    /** A property that can only be read. */
    public PropertyHandler(String interfaceName, String name, Reader reader) {
        this(interfaceName, name, reader, Optional.empty());
    }
}
