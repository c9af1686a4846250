package com.pelagicore.softwarecontainer.bus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Introspection data of an object.
 *
 * @param xml as it is answered to Introspect
 * @param interfaces what the XML says
 */
public record Introspection(String xml, List<InterfaceDescription> interfaces) {

    public Introspection {
        interfaces = List.copyOf(interfaces);
    }

    /** Reads a resource that is part of the program; a defect in it is a bug. */
    public static Introspection ofResource(String name) {
        try (InputStream resource = Introspection.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("resource '" + name + "' is missing");
            }
            String xml = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return new Introspection(xml, IntrospectionParser.parse(xml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
