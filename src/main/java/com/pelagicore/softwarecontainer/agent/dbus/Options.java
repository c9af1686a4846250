package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.bus.PassedFile;
import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.OpenFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The options of a call, {@code a{sv}}: each is taken once, and what nobody took is unknown. */
final class Options {

    private final Map<String, Variant> left;

    Options(Map<String, Variant> given) {
        this.left = new LinkedHashMap<>(given);
    }

    Optional<String> string(String name) {
        return take(name, "s").map(String.class::cast);
    }

    Optional<Boolean> bool(String name) {
        return take(name, "b").map(Boolean.class::cast);
    }

    Optional<Integer> uint16(String name) {
        return take(name, "q").map(Integer.class::cast);
    }

    Optional<Long> uint32(String name) {
        return take(name, "u").map(Long.class::cast);
    }

    Optional<Long> uint64(String name) {
        return take(name, "t").map(Long.class::cast);
    }

    Optional<OpenFile> file(String name) {
        return take(name, "h").map(file -> new OpenFile(((PassedFile) file).number()));
    }

    Map<String, String> strings(String name) {
        Map<String, String> strings = new LinkedHashMap<>();
        take(name, "a{ss}").ifPresent(value -> ((Map<?, ?>) value)
                .forEach((key, entry) -> strings.put((String) key, (String) entry)));
        return strings;
    }

    /**
     * To be called when all that are known were taken.
     *
     * @throws SoftwareContainerException INVALID_ARGUMENT
     */
    void requireNoOther() {
        left.keySet().stream().findFirst().ifPresent(name -> {
            throw invalid("there is no option " + Quoted.text(name));
        });
    }

    private Optional<Object> take(String name, String signature) {
        Variant value = left.remove(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.signature().equals(signature)) {
            throw invalid("option '" + name + "' is of type '" + value.signature() + "' and not '" + signature + "'");
        }
        return Optional.of(value.value());
    }

    private static SoftwareContainerException invalid(String message) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
