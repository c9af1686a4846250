package com.pelagicore.softwarecontainer.capability;

import com.pelagicore.softwarecontainer.config.Problem;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.GatewayConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** All capabilities, as read from the service manifests at start. Does not change; thread-safe. */
public final class Catalogue {

    /** String order would put U+FFxx behind the supplementary planes. */
    private static final Comparator<String> BY_BYTES = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    private static final int MAX_NAMES_SHOWN = 10;

    private final SortedMap<String, List<GatewayConfig>> capabilities;
    private final List<GatewayConfig> defaults;

    private Catalogue(SortedMap<String, List<GatewayConfig>> capabilities, List<GatewayConfig> defaults) {
        this.capabilities = capabilities;
        this.defaults = List.copyOf(defaults);
    }

    /**
     * Reads the manifests: a {@code .json} file, or the ones in a directory; an empty path stands for none.
     * A capability that stands in several places has the gateways of all of them, in the order of the files.
     *
     * @throws InvalidManifests if there is a defect anywhere
     */
    public static Catalogue load(Path serviceManifests, Path defaultManifests) {
        List<Problem> problems = new ArrayList<>();
        SortedMap<String, List<GatewayConfig>> capabilities = read(serviceManifests, problems::add);
        SortedMap<String, List<GatewayConfig>> defaults = read(defaultManifests, problems::add);
        if (!problems.isEmpty()) {
            throw new InvalidManifests(problems);
        }
        return new Catalogue(
                capabilities, defaults.values().stream().flatMap(List::stream).toList());
    }

    /** What SetCapabilities takes, sorted by byte value; without the default capabilities. */
    public List<String> names() {
        return List.copyOf(capabilities.keySet());
    }

    /**
     * What to configure for a container with these capabilities: all default capabilities in the order of
     * their names, then the named ones as given, each once.
     *
     * @param names may be empty; default capabilities cannot be named
     * @throws SoftwareContainerException NOT_FOUND with the unknown names
     */
    public List<GatewayConfig> configurationOf(Collection<String> names) {
        Set<String> wanted = new LinkedHashSet<>(names);
        List<String> unknown =
                wanted.stream().filter(name -> !capabilities.containsKey(name)).toList();
        if (!unknown.isEmpty()) {
            throw notFound(unknown);
        }
        List<GatewayConfig> configuration = new ArrayList<>(defaults);
        wanted.forEach(name -> configuration.addAll(capabilities.getOrDefault(name, List.of())));
        return configuration;
    }

    private static SortedMap<String, List<GatewayConfig>> read(Path path, Consumer<Problem> problems) {
        SortedMap<String, List<GatewayConfig>> capabilities = new TreeMap<>(BY_BYTES);
        for (Path file : ManifestFiles.of(path, problems)) {
            for (Capability capability : ManifestReader.read(file, problems)) {
                capabilities
                        .computeIfAbsent(capability.name(), name -> new ArrayList<>())
                        .addAll(capability.gateways());
            }
        }
        return capabilities;
    }

    private static SoftwareContainerException notFound(List<String> names) {
        String shown = names.stream().limit(MAX_NAMES_SHOWN).map(Quoted::text).collect(Collectors.joining(", "));
        int more = names.size() - MAX_NAMES_SHOWN;
        return new SoftwareContainerException(
                ErrorKind.NOT_FOUND,
                "One or more capabilities were not found: " + shown + (more > 0 ? " and " + more + " more" : ""));
    }
}
