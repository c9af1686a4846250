package com.pelagicore.softwarecontainer.bus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the object at one path, or each of a family, can do: its introspection data, and a handler for each
 * method and property in it. Introspectable, Peer and Properties come with every object.
 */
public final class BusObject {

    /** A property with its type. */
    private record Property(PropertyDescription description, PropertyHandler handler) {

        Variant read(String path) {
            return new Variant(description.signature(), handler.reader().read(path));
        }

        void write(BusCall call, Variant value) {
            PropertyHandler.Writer writer =
                    handler.writer().orElseThrow(() -> BusError.propertyReadOnly(description.name()));
            if (!value.signature().equals(description.signature())) {
                throw BusError.invalidSignature(value.signature(), description.signature());
            }
            writer.write(call, value.value());
        }
    }

    private final Introspection introspection;
    private final List<Route> routes;
    private final List<Property> properties;
    private final Function<CallHandler, Admission> propertyAdmission;

    /**
     * Pairs what the introspection data names with handlers.
     *
     * @param propertyAdmission decides who may read and set properties
     * @throws IllegalArgumentException if a method or property has no handler or a handler is of neither
     */
    public BusObject(
            Introspection introspection,
            List<MethodHandler> methods,
            List<PropertyHandler> properties,
            Function<CallHandler, Admission> propertyAdmission) {
        this.propertyAdmission = propertyAdmission;
        this.introspection = introspection;
        Map<String, MethodHandler> methodsByName =
                byName(methods, handler -> handler.interfaceName() + "." + handler.member());
        this.routes = described(introspection)
                .flatMap(described ->
                        described.methods().stream().map(method -> route(described, method, methodsByName)))
                .toList();
        Map<String, PropertyHandler> propertiesByName =
                byName(properties, handler -> handler.interfaceName() + "." + handler.name());
        this.properties = described(introspection)
                .flatMap(described -> described.properties().stream()
                        .map(property -> property(described, property, propertiesByName)))
                .toList();
        if (routes.size() < methods.size() || this.properties.size() < properties.size()) {
            throw new IllegalArgumentException("introspection data does not name all of " + methodsByName.keySet()
                    + " and " + propertiesByName.keySet());
        }
    }

    /** An object with properties for everybody who reaches the bus. */
    public BusObject(Introspection introspection, List<MethodHandler> methods, List<PropertyHandler> properties) {
        this(introspection, methods, properties, Admission::ofAll);
    }

    /** An object without properties. */
    public BusObject(Introspection introspection, List<MethodHandler> methods) {
        this(introspection, methods, List.of());
    }

    /**
     * The properties of one interface, read now.
     *
     * @param path of the object
     * @throws BusError if one of them cannot be read
     */
    public Map<String, Variant> properties(String path, String interfaceName) {
        Map<String, Variant> values = new LinkedHashMap<>();
        properties.stream()
                .filter(property -> property.handler().interfaceName().equals(interfaceName))
                .forEach(property -> values.put(property.description().name(), property.read(path)));
        return values;
    }

    /** One of them; an empty name stands for any interface. */
    Variant property(String path, String interfaceName, String name) {
        return property(interfaceName, name).read(path);
    }

    /** Sets one of them, as a call of {@code Properties.Set} wants it. */
    void setProperty(BusCall call, String interfaceName, String name, Variant value) {
        property(interfaceName, name).write(call, value);
    }

    private Property property(String interfaceName, String name) {
        return properties.stream()
                .filter(property -> property.description().name().equals(name))
                .filter(property -> interfaceName.isEmpty()
                        || property.handler().interfaceName().equals(interfaceName))
                .findFirst()
                .orElseThrow(() -> BusError.unknownProperty(name));
    }

    Introspection introspection() {
        return introspection;
    }

    List<Route> routes() {
        return routes;
    }

    /** Who may use the methods of Properties. */
    Admission propertyAdmission(CallHandler handler) {
        return propertyAdmission.apply(handler);
    }

    boolean hasProperties() {
        return !properties.isEmpty();
    }

    private static Stream<InterfaceDescription> described(Introspection introspection) {
        return introspection.interfaces().stream()
                .filter(described -> !StandardMethods.INTERFACES.contains(described.name()));
    }

    private static <T> Map<String, T> byName(List<T> handlers, Function<T, String> name) {
        return handlers.stream().collect(Collectors.toMap(name, handler -> handler));
    }

    private static Route route(
            InterfaceDescription described, MethodDescription method, Map<String, MethodHandler> byName) {
        MethodHandler handler = required(byName, described.name() + "." + method.name());
        return new Route(described.name(), method, handler.turn(), handler.admission(), true);
    }

    private static Property property(
            InterfaceDescription described, PropertyDescription property, Map<String, PropertyHandler> byName) {
        return new Property(property, required(byName, described.name() + "." + property.name()));
    }

    private static <T> T required(Map<String, T> handlers, String name) {
        if (!handlers.containsKey(name)) {
            throw new IllegalArgumentException("no handler for " + name);
        }
        return Objects.requireNonNull(handlers.get(name));
    }
}
