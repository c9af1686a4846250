package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What to mount where: {@code HOST:CONTAINER}, with {@code :rw} for writing. A colon in a path is written
 * {@code \:}.
 *
 * @param hostPath as given, perhaps relative to where the tool was called
 */
record MountSpec(String hostPath, String containerPath, boolean readOnly) {

    /** Reads one. */
    static final class Converter implements ITypeConverter<MountSpec> {

        @Override
        public MountSpec convert(String text) {
            List<String> parts = split(text);
            boolean hasMode = parts.size() == 3 && List.of("ro", "rw").contains(parts.get(2));
            if (parts.size() != 2 && !hasMode) {
                throw new TypeConversionException(
                        "'" + text + "' is no mount, as in /opt/app:/app or data:/var/data:rw");
            }
            return new MountSpec(
                    parts.get(0),
                    parts.get(1),
                    parts.size() == 2 || parts.get(2).equals("ro"));
        }
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == ':') {
                part.append(text.charAt(++i));
            } else if (c == ':') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** As {@code Mount} takes it. */
    List<Object> toWire(Path directory) {
        return List.of(
                directory.resolve(hostPath).toString(), containerPath, Map.of("ReadOnly", new Variant("b", readOnly)));
    }
}
