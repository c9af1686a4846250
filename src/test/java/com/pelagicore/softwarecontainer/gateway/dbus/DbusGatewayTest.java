package com.pelagicore.softwarecontainer.gateway.dbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.BusAccess;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DbusGatewayTest {

    private static final BusRule SYSTEM_RULE =
            new BusRule(Bus.SYSTEM, Direction.OUTGOING, "a.b", "/x", List.of("M", "N*"));

    @Test
    void readsARule() {
        assertThat(contribute(system(rule("outgoing", "a.b", "/x", "[\"M\", \"N*\"]"))))
                .containsExactly(
                        new BusAccess(Bus.SYSTEM),
                        new EnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/gateways/dbus-system.sock"),
                        SYSTEM_RULE);
    }

    @Test
    void takesOneMethodWithoutAnArray() {
        assertThat(rules(system(rule("*", "a.b", "/x", "\"M\""))))
                .containsExactly(new BusRule(Bus.SYSTEM, Direction.BOTH, "a.b", "/x", List.of("M")));
    }

    @Test
    void givesAccessWithoutAnyRule() {
        assertThat(contribute("{\"dbus-gateway-config-session\": []}"))
                .containsExactly(
                        new BusAccess(Bus.SESSION),
                        new EnvironmentVariable("DBUS_SESSION_BUS_ADDRESS", "unix:path=/gateways/dbus-session.sock"));
    }

    @Test
    void takesOneKeyInEachElement() {
        ContainerSpec spec = ContainerSpec.of(contribute(
                "{\"dbus-gateway-config-session\": []}", system(rule("outgoing", "a.b", "/x", "[\"M\", \"N*\"]"))));

        assertThat(spec.buses()).containsExactly(Bus.SESSION, Bus.SYSTEM);
        assertThat(spec.busRules()).containsExactly(SYSTEM_RULE);
    }

    @Test
    void addsMoreElementsWhateverTheOrderAndLosesNone() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(system(rule(i % 2 == 0 ? "incoming" : "outgoing", "a.b" + i % 5, "/" + i % 3, "\"*\"")));
        }
        List<BusRule> expected = rules(all.toArray(String[]::new));
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            Collections.shuffle(all, random);
            List<String> first = all.subList(0, random.nextInt(1, all.size()));

            assertThat(rules(all.toArray(String[]::new))).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(expected).containsAll(rules(first.toArray(String[]::new)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {} | neither 'dbus-gateway-config-session' nor 'dbus-gateway-config-system' is there
                    {"dbus-gateway-config-system": {}} | 'dbus-gateway-config-system' must be an array of objects
                    {"dbus-gateway-config-system": null} | 'dbus-gateway-config-system' must be an array of objects
                    {"dbus-gateway-config-session": ["x"]} | 'dbus-gateway-config-session[0]' must be an object
                    {"dbus-gateway-config-system": [{}]} | 'dbus-gateway-config-system[0].direction' is missing
                    {"dbus-gateway-config-system": [{"direction": "*"}]} | 'dbus-gateway-config-system[0].interface' is missing
                    {"dbus-gateway-config-system": [{"direction": "*", "interface": "*"}]} | 'dbus-gateway-config-system[0].object-path' is missing
                    {"dbus-gateway-config-system": [{"direction": "*", "interface": "*", "object-path": "*"}]} | 'dbus-gateway-config-system[0].method' is missing
                    {"dbus-gateway-config-system": [{"direction": "out", "interface": "*", "object-path": "*", "method": "*"}]} | 'dbus-gateway-config-system[0].direction' must be *, outgoing or incoming, not 'out'
                    {"dbus-gateway-config-system": [{"direction": "*", "interface": 1, "object-path": "*", "method": "*"}]} | 'dbus-gateway-config-system[0].interface' must be a string
                    {"dbus-gateway-config-system": [{"direction": "*", "interface": "*", "object-path": [], "method": "*"}]} | 'dbus-gateway-config-system[0].object-path' must be a string
                    {"dbus-gateway-config-system": [{"direction": "*", "interface": "*", "object-path": "*", "method": true}]} | 'dbus-gateway-config-system[0].method' must be a string or an array of strings
                    {"dbus-gateway-config-system": [{"direction": "*", "interface": "*", "object-path": "*", "method": ["a", 1]}]} | 'dbus-gateway-config-system[0].method[1]' must be a string
                    """)
    void refusesAndSaysWhere(String element, String reason) {
        String good = system(rule("*", "a.b", "/x", "\"M\""));

        InvalidGatewayConfig error = catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(good, element));

        assertThat(error).hasMessage(reason);
        assertThat(error.element()).isEqualTo(1);
    }

    private static List<BusRule> rules(String... elements) {
        return List.copyOf(ContainerSpec.of(contribute(elements)).busRules());
    }

    private static List<SpecItem> contribute(String... elements) {
        List<JsonNode> json =
                Stream.of(elements).map(JsonMapper.shared()::readTree).toList();
        return new DbusGateway().contribute(json, new HostFacts(Map.of()));
    }

    private static String system(String rule) {
        return "{\"dbus-gateway-config-system\": [" + rule + "]}";
    }

    private static String rule(String direction, String interfaceName, String path, String method) {
        return "{\"direction\": \"%s\", \"interface\": \"%s\", \"object-path\": \"%s\", \"method\": %s}"
                .formatted(direction, interfaceName, path, method);
    }
}
