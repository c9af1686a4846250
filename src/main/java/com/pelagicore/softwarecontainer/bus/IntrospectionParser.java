package com.pelagicore.softwarecontainer.bus;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads interfaces, methods and properties from introspection XML (D-Bus specification, "Introspection Data Format"). */
final class IntrospectionParser {

    private final List<InterfaceDescription> interfaces = new ArrayList<>();
    private final List<MethodDescription> methods = new ArrayList<>();
    private final List<PropertyDescription> properties = new ArrayList<>();
    private final List<String> inNames = new ArrayList<>();
    private final List<String> outNames = new ArrayList<>();
    private final StringBuilder inSignature = new StringBuilder();
    private final StringBuilder outSignature = new StringBuilder();
    private String interfaceName = "";
    private String methodName = "";

    private IntrospectionParser() {}

    /**
     * Reads the interfaces of the root node.
     *
     * @throws IllegalArgumentException if it is not XML or an attribute is missing
     */
    static List<InterfaceDescription> parse(String xml) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        IntrospectionParser parser = new IntrospectionParser();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
            while (reader.hasNext()) {
                parser.accept(reader.next(), reader);
            }
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException("introspection data is not XML: " + e.getMessage(), e);
        }
        return List.copyOf(parser.interfaces);
    }

    private void accept(int event, XMLStreamReader reader) {
        if (event == XMLStreamConstants.START_ELEMENT) {
            begin(reader);
        } else if (event == XMLStreamConstants.END_ELEMENT) {
            end(reader.getLocalName());
        }
    }

    private void begin(XMLStreamReader reader) {
        switch (reader.getLocalName()) {
            case "interface" -> interfaceName = attribute(reader, "name");
            case "method" -> methodName = attribute(reader, "name");
            case "arg" -> argument(reader);
            case "property" ->
                properties.add(new PropertyDescription(attribute(reader, "name"), attribute(reader, "type")));
            default -> {}
        }
    }

    private void end(String element) {
        switch (element) {
            case "interface" -> {
                interfaces.add(new InterfaceDescription(interfaceName, methods, properties));
                methods.clear();
                properties.clear();
            }
            case "method" -> {
                methods.add(new MethodDescription(
                        methodName, inSignature.toString(), inNames, outSignature.toString(), outNames));
                forgetArguments();
            }
            case "signal" -> forgetArguments();
            default -> {}
        }
    }

    private void argument(XMLStreamReader reader) {
        boolean isOut = "out".equals(reader.getAttributeValue(null, "direction"));
        (isOut ? outSignature : inSignature).append(attribute(reader, "type"));
        (isOut ? outNames : inNames).add(attribute(reader, "name"));
    }

    private void forgetArguments() {
        inNames.clear();
        outNames.clear();
        inSignature.setLength(0);
        outSignature.setLength(0);
    }

    private static String attribute(XMLStreamReader reader, String name) {
        String value = reader.getAttributeValue(null, name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "element '" + reader.getLocalName() + "' of introspection data has no attribute '" + name + "'");
        }
        return value;
    }
}
