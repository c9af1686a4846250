package com.pelagicore.softwarecontainer.gateway.wayland;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WaylandGatewayTest {

    private static final HostFacts RUNNING =
            host(Map.of("XDG_RUNTIME_DIR", "/run/user/1000", "WAYLAND_DISPLAY", "wayland-1"), Map.of());

    @Test
    void givesTheSocketOfTheCompositorAndTellsClientsWhereItIs() {
        assertThat(contribute(RUNNING, "{\"enabled\":true}"))
                .containsExactly(
                        new SocketMount(
                                Path.of("/run/user/1000/wayland-1"),
                                Path.of("/gateways/wayland-1"),
                                "XDG_RUNTIME_DIR and WAYLAND_DISPLAY in the environment of the agent"),
                        new EnvironmentVariable("XDG_RUNTIME_DIR", "/gateways"),
                        new EnvironmentVariable("WAYLAND_DISPLAY", "wayland-1"));
    }

    @Test
    void givesNothingUnlessEnabledAndAsksForNoCompositor() {
        assertThat(contribute(host(Map.of(), Map.of()), "{\"enabled\":false}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false,false,false", "false,true,true", "true,false,true", "true,true,true"})
    void isEnabledOnceItIsAllowedWhereverThatStands(boolean first, boolean second, boolean merged) {
        assertThat(contribute(RUNNING, "{\"enabled\":" + first + "}", "{\"enabled\":" + second + "}"))
                .hasSize(merged ? 3 : 0);
    }

    @Test
    void takesADisplayWithAnAbsolutePath() {
        assertThat(contribute(host(Map.of("WAYLAND_DISPLAY", "/tmp/w/display"), Map.of()), "{\"enabled\":true}"))
                .contains(
                        new SocketMount(
                                Path.of("/tmp/w/display"),
                                Path.of("/gateways/display"),
                                "WAYLAND_DISPLAY in the environment of the agent"),
                        new EnvironmentVariable("WAYLAND_DISPLAY", "display"));
    }

    @Test
    void prefersTheConfiguration() {
        HostFacts host = host(Map.of("WAYLAND_DISPLAY", "/tmp/w"), Map.of("wayland-socket", "/run/compositor"));

        assertThat(contribute(host, "{\"enabled\":true}"))
                .contains(new SocketMount(
                        Path.of("/run/compositor"),
                        Path.of("/gateways/compositor"),
                        "'wayland-socket' of the configuration"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    -         | /run | 'enabled' needs a compositor, and there is neither 'wayland-socket' in the configuration nor WAYLAND_DISPLAY in the environment of the agent
                    ''        | /run | 'enabled' needs a compositor, and there is neither 'wayland-socket' in the configuration nor WAYLAND_DISPLAY in the environment of the agent
                    wayland-0 | -    | 'enabled' needs an absolute path in XDG_RUNTIME_DIR in the environment of the agent, as WAYLAND_DISPLAY is the name 'wayland-0'
                    wayland-0 | run  | 'enabled' needs an absolute path in XDG_RUNTIME_DIR in the environment of the agent, as WAYLAND_DISPLAY is the name 'wayland-0'
                    /         | /run | 'enabled' needs WAYLAND_DISPLAY, which does not name a socket: '/'
                    """)
    void refusesAHostThatNamesNoCompositorAndSaysWhy(String display, String directory, String reason) {
        Map<String, String> environment = new HashMap<>();
        environment.put("WAYLAND_DISPLAY", display);
        environment.put("XDG_RUNTIME_DIR", directory);
        environment.values().removeIf(value -> value == null);
        InvalidGatewayConfig error = errorOf(host(environment, Map.of()), "{\"enabled\":false}", "{\"enabled\":true}");

        assertThat(error.element()).isEqualTo(1);
        assertThat(error).hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                 | 'enabled' is missing
                    {"enabled":"yes"}  | 'enabled' must be true or false, not the string 'yes'
                    {"enabled":0}      | 'enabled' must be true or false, not the number 0
                    {"enabled":null}   | 'enabled' must be true or false, not null
                    {"enabled":{}}     | 'enabled' must be true or false, not an object
                    """)
    void refusesABadElementAndNamesTheKey(String element, String reason) {
        InvalidGatewayConfig error = errorOf(RUNNING, "{\"enabled\":true}", element);

        assertThat(error.element()).isEqualTo(1);
        assertThat(error).hasMessage(reason);
    }

    private static HostFacts host(Map<String, String> environment, Map<String, String> settings) {
        return new HostFacts(environment, settings, path -> false);
    }

    private static List<SpecItem> contribute(HostFacts host, String... elements) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String element : elements) {
            nodes.add(JsonMapper.shared().readTree(element));
        }
        return new WaylandGateway().contribute(nodes, host);
    }

    private static InvalidGatewayConfig errorOf(HostFacts host, String... elements) {
        return catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(host, elements));
    }
}
