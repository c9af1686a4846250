package com.pelagicore.softwarecontainer.capability;

import com.pelagicore.softwarecontainer.config.InvalidJson;
import com.pelagicore.softwarecontainer.config.LocatedJson;
import com.pelagicore.softwarecontainer.config.Problem;
import com.pelagicore.softwarecontainer.config.TextFile;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.spec.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Reads one service manifest; the format is in docs/man/softwarecontainer-service-manifest.5. Checks the
 * shape down to the elements of "config"; what they mean is for the gateways.
 */
final class ManifestReader {

    private static final int MAX_FILE_BYTES = 4 << 20;

    private final Path file;
    private final LocatedJson json;
    private final Consumer<Problem> problems;

    private ManifestReader(Path file, LocatedJson json, Consumer<Problem> problems) {
        this.file = file;
        this.json = json;
        this.problems = problems;
    }

    /** What can be read of the file; everything else is told to {@code problems}. */
    static List<Capability> read(Path file, Consumer<Problem> problems) {
        try {
            LocatedJson json = LocatedJson.parse(TextFile.read(file, MAX_FILE_BYTES));
            return new ManifestReader(file, json, problems).capabilities();
        } catch (IOException e) {
            problems.accept(new Problem(file.toString(), "Could not read the service manifest: " + e.getMessage()));
        } catch (InvalidJson e) {
            problems.accept(new Problem(
                    file + ":" + e.line(),
                    "Could not parse the service manifest: " + e.reason() + ", column " + e.column()));
        }
        return List.of();
    }

    private List<Capability> capabilities() {
        JsonNode root = json.root();
        if (!root.isObject()) {
            problem(root, root, "The service manifest root is not a json object");
            return List.of();
        }
        Optional<JsonNode> array = array(
                root,
                "capabilities",
                "Could not parse the \"capability\" object: 'capabilities' is missing",
                "The \"capability\" key does not point to an array: 'capabilities' must be an array");
        List<Capability> capabilities = new ArrayList<>();
        array.ifPresent(elements ->
                elements.forEach(element -> capability(element, elements).ifPresent(capabilities::add)));
        return capabilities;
    }

    private Optional<Capability> capability(JsonNode element, JsonNode parent) {
        if (!element.isObject()) {
            problem(element, parent, "A \"capability\" in the Service Manifest is not a json object");
            return Optional.empty();
        }
        Optional<String> name = name(element);
        String shown = name.map(Quoted::text).orElse("a capability without name");
        Optional<JsonNode> array = array(
                element,
                "gateways",
                "Could not read the \"gateway\" objects in " + shown + ": 'gateways' is missing",
                "The \"gateway\" object is not an array: 'gateways' in " + shown + " must be an array");
        List<GatewayConfig> gateways = new ArrayList<>();
        array.ifPresent(elements -> elements.forEach(
                gateway -> gateway(gateway, elements, name.orElse("")).ifPresent(gateways::add)));
        return name.map(text -> new Capability(text, gateways));
    }

    private Optional<String> name(JsonNode element) {
        Optional<String> name = text(element, "name", "Could not read the name of the \"capability\" object");
        // D-Bus strings have no NUL: ListCapabilities could not answer any more
        if (name.isPresent() && name.get().indexOf('\0') >= 0) {
            problem(element, element, "Could not read the name of the \"capability\" object: 'name' contains NUL");
            return Optional.empty();
        }
        return name;
    }

    private Optional<GatewayConfig> gateway(JsonNode element, JsonNode parent, String capability) {
        if (!element.isObject()) {
            problem(element, parent, "A \"gateway\" in the Service Manifest is not a json object");
            return Optional.empty();
        }
        Optional<String> id =
                text(element, "id", "Could not read the ID of the \"gateway\" object in the Service Manifest");
        String shown = id.map(text -> " (" + Quoted.line(text, Quoted.MAX_CHARACTERS) + ")")
                .orElse("");
        Optional<JsonNode> array = array(
                element,
                "config",
                "Could not read the \"gateway\" object's configuration element" + shown + ": 'config' is missing",
                "The \"gateway\" object's configuration is not an array" + shown + ": 'config' must be an array");
        if (id.isEmpty() || array.isEmpty()) {
            return Optional.empty();
        }
        List<GatewayConfig.Element> elements = new ArrayList<>();
        array.get().forEach(json -> elements.add(new GatewayConfig.Element(json, this.json.lineOf(json, array.get()))));
        return Optional.of(new GatewayConfig(id.get(), capability, file, json.lineOf(element, element), elements));
    }

    private Optional<String> text(JsonNode object, String key, String error) {
        Optional<JsonNode> value = object.optional(key);
        if (value.isPresent() && value.get().isString()) {
            return value.get().stringValueOpt();
        }
        String reason = value.isPresent() ? "' must be a string" : "' is missing";
        problem(object, object, error + ": '" + key + reason);
        return Optional.empty();
    }

    private Optional<JsonNode> array(JsonNode object, String key, String missing, String wrongType) {
        Optional<JsonNode> value = object.optional(key);
        if (value.isEmpty()) {
            problem(object, object, missing);
        } else if (!value.get().isArray()) {
            problem(value.get(), object, wrongType);
        }
        return value.filter(JsonNode::isArray);
    }

    private void problem(JsonNode at, JsonNode parent, String text) {
        problems.accept(new Problem(file + ":" + json.lineOf(at, parent), text));
    }
}
