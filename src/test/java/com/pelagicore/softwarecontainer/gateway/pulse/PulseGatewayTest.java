package com.pelagicore.softwarecontainer.gateway.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PulseGatewayTest {

    private static final HostFacts RUNNING = host(Map.of("PULSE_SERVER", "/run/pulse"), Map.of());

    @Test
    void givesTheSocketOfTheServerAndTellsClientsWhereItIs() {
        assertThat(contribute(RUNNING, "{\"audio\":true}"))
                .containsExactly(
                        socket("/run/pulse", "PULSE_SERVER in the environment of the agent"),
                        new EnvironmentVariable("PULSE_SERVER", "unix:/gateways/pulse_socket"));
    }

    @Test
    void givesNothingWithoutAudioAndAsksForNoServer() {
        assertThat(contribute(host(Map.of(), Map.of()), "{\"audio\":false}", "{\"audio\":false}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false,false,false", "false,true,true", "true,false,true", "true,true,true"})
    void givesAudioOnceItIsAllowedWhereverThatStands(boolean first, boolean second, boolean merged) {
        assertThat(contribute(RUNNING, "{\"audio\":" + first + "}", "{\"audio\":" + second + "}"))
                .hasSize(merged ? 2 : 0);
    }

    @Test
    void findsTheServerInTheConfigurationThenInPulseServerThenInTheRuntimeDirectory() {
        Map<String, String> environment = Map.of("PULSE_SERVER", "unix:/b", "XDG_RUNTIME_DIR", "/c");

        assertThat(contribute(host(environment, Map.of("pulse-socket", "/a")), "{\"audio\":true}"))
                .contains(socket("/a", "'pulse-socket' of the configuration"));
        assertThat(contribute(host(environment, Map.of()), "{\"audio\":true}"))
                .contains(socket("/b", "PULSE_SERVER in the environment of the agent"));
        assertThat(contribute(host(Map.of("PULSE_SERVER", "", "XDG_RUNTIME_DIR", "/c"), Map.of()), "{\"audio\":true}"))
                .contains(socket("/c/pulse/native", "XDG_RUNTIME_DIR in the environment of the agent"));
    }

    @Test
    void givesTheCookieOfTheConfigurationThenOfPulseCookieThenOfTheHomeDirectory() {
        Map<String, String> environment = Map.of("PULSE_SERVER", "/s", "PULSE_COOKIE", "/b", "HOME", "/home");
        Path ofHome = Path.of("/home/.config/pulse/cookie");
        HostFacts atHome =
                new HostFacts(Map.of("PULSE_SERVER", "/s", "HOME", "/home"), Map.of(), Set.of(ofHome)::contains);

        assertThat(contribute(host(environment, Map.of("pulse-cookie", "/a")), "{\"audio\":true}"))
                .contains(cookie("/a"), new EnvironmentVariable("PULSE_COOKIE", "/gateways/pulse_cookie"));
        assertThat(contribute(host(environment, Map.of()), "{\"audio\":true}")).contains(cookie("/b"));
        assertThat(contribute(atHome, "{\"audio\":true}")).contains(cookie(ofHome.toString()));
    }

    @Test
    void givesNoCookieIfThereIsNoneAtHome() {
        HostFacts host = host(Map.of("PULSE_SERVER", "/s", "HOME", "/home"), Map.of());

        assertThat(contribute(host, "{\"audio\":true}")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /a unix:/b              | names several servers
                    {0123abcd}unix:/a       | is bound to one machine
                    tcp:host:4713           | is neither a path nor 'unix:' and a path
                    unix:native             | is neither a path nor 'unix:' and a path
                    """)
    void refusesAServerThatIsNoSocketOfThisHostAndSaysWhy(String server, String reason) {
        InvalidGatewayConfig error =
                errorOf(host(Map.of("PULSE_SERVER", server), Map.of()), "{\"audio\":false}", "{\"audio\":true}");

        assertThat(error.element()).isEqualTo(1);
        assertThat(error)
                .hasMessageStartingWith("'audio' needs PULSE_SERVER in the environment of the agent, which " + reason)
                .hasMessageEndingWith(": '" + server + "'");
    }

    @Test
    void refusesAHostThatNamesNoServerAndSaysWhereOneCouldBeNamed() {
        assertThat(errorOf(host(Map.of("PULSE_SERVER", ""), Map.of()), "{\"audio\":true}"))
                .hasMessage("'audio' needs a sound server, and there is neither 'pulse-socket' in the configuration"
                        + " nor PULSE_SERVER or XDG_RUNTIME_DIR in the environment of the agent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"XDG_RUNTIME_DIR", "PULSE_COOKIE"})
    void refusesRelativePathsInTheEnvironment(String variable) {
        HostFacts host = variable.equals("PULSE_COOKIE")
                ? host(Map.of("PULSE_SERVER", "/s", variable, "here"), Map.of())
                : host(Map.of(variable, "here"), Map.of());

        assertThat(errorOf(host, "{\"audio\":true}")).hasMessageContaining(variable + " in", "'here'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                | 'audio' is missing
                    {"audio":"true"}  | 'audio' must be true or false, not the string 'true'
                    {"audio":1}       | 'audio' must be true or false, not the number 1
                    {"audio":null}    | 'audio' must be true or false, not null
                    {"audio":[true]}  | 'audio' must be true or false, not an array
                    """)
    void refusesABadElementAndNamesTheKey(String element, String reason) {
        InvalidGatewayConfig error = errorOf(RUNNING, "{\"audio\":true}", element);

        assertThat(error.element()).isEqualTo(1);
        assertThat(error).hasMessage(reason);
    }

    private static HostFacts host(Map<String, String> environment, Map<String, String> settings) {
        return new HostFacts(environment, settings, path -> false);
    }

    private static SocketMount socket(String hostPath, String origin) {
        return new SocketMount(Path.of(hostPath), Path.of("/gateways/pulse_socket"), origin);
    }

    private static BindMount cookie(String hostPath) {
        return new BindMount(Path.of(hostPath), Path.of("/gateways/pulse_cookie"), true);
    }

    private static List<SpecItem> contribute(HostFacts host, String... elements) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String element : elements) {
            nodes.add(JsonMapper.shared().readTree(element));
        }
        return new PulseGateway().contribute(nodes, host);
    }

    private static InvalidGatewayConfig errorOf(HostFacts host, String... elements) {
        return catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(host, elements));
    }
}
