package com.pelagicore.softwarecontainer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.environment.EnvironmentGateway;
import com.pelagicore.softwarecontainer.spec.GatewayConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A jar as somebody else would build it, with nothing but the public types of gateway and spec: docs/gateways/README.md. */
class PluginTest {

    private static final String SOURCE = exampleOfTheDocumentation();

    @TempDir
    Path directory;

    @Test
    void isFoundAndUsed() throws IOException {
        try (URLClassLoader loader = loader(jar(SOURCE, "org.example.TimeZoneGateway"))) {
            GatewayCompiler compiler = compiler(loader);

            assertThat(compiler.ids()).containsExactly("timezone", "env");
            assertThat(compiler.compile(List.of(zone("zone", "Europe/Berlin"))).environment())
                    .isEqualTo(Map.of("TZ", "Europe/Berlin"));
        }
    }

    @Test
    void hasItsErrorsReportedWithTheirPlace() throws IOException {
        try (URLClassLoader loader = loader(jar(SOURCE, "org.example.TimeZoneGateway"))) {
            GatewayCompiler compiler = compiler(loader);

            assertThat(refusalOf(() -> compiler.compile(List.of(zone("wrong", "x")))))
                    .isEqualTo("Could not set gateway configuration for capability 'cap': gateway 'timezone',"
                            + " /m.json:2: config[0]: 'zone' is missing");
        }
    }

    @Test
    void stopsTheStartIfItClaimsABuiltInId() throws IOException {
        String thief = SOURCE.replace("\"timezone\"", "\"env\"");
        try (URLClassLoader loader = loader(jar(thief, "org.example.TimeZoneGateway"))) {
            assertThat(refusalOf(() -> compiler(loader)))
                    .isEqualTo("Gateway id 'env' is claimed by two classes, org.example.TimeZoneGateway and "
                            + EnvironmentGateway.class.getName());
        }
    }

    @Test
    void stopsTheStartIfItHasNoId() throws IOException {
        for (String id : List.of("null", "\"\"")) {
            String anonymous = SOURCE.replace("\"timezone\"", id);
            try (URLClassLoader loader = loader(jar(anonymous, "org.example.TimeZoneGateway"))) {
                assertThat(refusalOf(() -> compiler(loader)))
                        .isEqualTo("A gateway plug-in cannot be used: org.example.TimeZoneGateway has no id");
            }
        }
    }

    @Test
    void stopsTheStartIfItsClassIsMissing() throws IOException {
        try (URLClassLoader loader = loader(jar(SOURCE, "org.example.Gone"))) {
            assertThat(refusalOf(() -> compiler(loader)))
                    .startsWith("A gateway plug-in cannot be used: ")
                    .contains("org.example.Gone");
        }
    }

    @Test
    void stopsTheStartIfItCannotBeMade() throws IOException {
        String broken = SOURCE.replace(
                "public String id() {", "public String id() { if (true) throw new IllegalStateException(\"no\");");
        try (URLClassLoader loader = loader(jar(broken, "org.example.TimeZoneGateway"))) {
            assertThat(refusalOf(() -> compiler(loader)))
                    .isEqualTo("A gateway plug-in cannot be used: org.example.TimeZoneGateway does not tell its id:"
                            + " java.lang.IllegalStateException: no");
        }
    }

    private static String exampleOfTheDocumentation() {
        try {
            String page = Files.readString(Path.of("docs/gateways/README.md"));
            return page.substring(page.indexOf("```java\n") + 8, page.lastIndexOf("```"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String refusalOf(ThrowingCallable call) {
        return String.valueOf(
                catchThrowableOfType(SoftwareContainerException.class, call).getMessage());
    }

    private static GatewayCompiler compiler(ClassLoader plugins) {
        return new GatewayCompiler(List.of(new EnvironmentGateway()), plugins, new HostFacts(Map.of()));
    }

    private static URLClassLoader loader(Path jar) throws IOException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, Gateway.class.getClassLoader());
    }

    private static GatewayConfig zone(String key, String value) {
        ObjectNode element = JsonNodeFactory.instance.objectNode().put(key, value);
        return new GatewayConfig(
                "timezone", "cap", Path.of("/m.json"), 1, List.of(new GatewayConfig.Element(element, 2)));
    }

    private Path jar(String source, String provider) throws IOException {
        Path classes = Files.createTempDirectory(directory, "classes");
        Path file = Files.writeString(classes.resolve("TimeZoneGateway.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                file.toString());
        assertThat(status).isZero();
        Path jar = classes.resolve("plugin.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            String className = "org/example/TimeZoneGateway.class";
            add(out, className, Files.readAllBytes(classes.resolve(className)));
            add(out, "META-INF/services/" + Gateway.class.getName(), provider.getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        OutputStream out = jar;
        out.write(content);
        jar.closeEntry();
    }
}
