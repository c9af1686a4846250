package com.pelagicore.softwarecontainer.gateway.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EnvironmentGatewayTest {

    private static final HostFacts HOST = new HostFacts(Map.of("A", "of the agent"));

    @Test
    void setsVariables() {
        assertThat(contribute(variable("A", "1"), variable("B", " two words ")))
                .containsExactly(new EnvironmentVariable("A", "1"), new EnvironmentVariable("B", " two words "));
    }

    @Test
    void ignoresUnknownKeys() {
        assertThat(contribute("{\"name\":\"A\",\"value\":\"1\",\"comment\":[1]}"))
                .containsExactly(new EnvironmentVariable("A", "1"));
    }

    @Test
    void setsAVariableTwiceToTheSameValue() {
        assertThat(contribute(variable("A", "1"), variable("A", "1")))
                .containsExactly(new EnvironmentVariable("A", "1"));
    }

    @Test
    void refusesToSetAVariableToAnotherValueWithoutTellingThem() {
        InvalidGatewayConfig error = errorOf(variable("B", "x"), variable("A", "secret1"), variable("A", "secret2"));

        assertThat(error.element()).isEqualTo(2);
        assertThat(error)
                .hasMessage("'name' 'A' is set already, to another value; 'mode' append or prepend would add to it");
    }

    @ParameterizedTest
    @CsvSource({"append,1:2", "APPEND,1:2", "prepend,2:1", "Prepend,2:1"})
    void addsToAVariable(String mode, String value) {
        assertThat(contribute(variable("A", "1"), changed("A", "2", mode, ":")))
                .containsExactly(new EnvironmentVariable("A", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "prepend"})
    void setsAVariableWithoutSeparatorIfThereIsNothingToAddTo(String mode) {
        assertThat(contribute(changed("A", "1", mode, ":"))).containsExactly(new EnvironmentVariable("A", "1"));
    }

    @Test
    void addsWithoutSeparatorIfThereIsNone() {
        assertThat(contribute(variable("A", "1"), "{\"name\":\"A\",\"value\":\"2\",\"mode\":\"append\"}"))
                .containsExactly(new EnvironmentVariable("A", "12"));
    }

    @Test
    void knowsNothingOfTheAgentsOwnVariables() {
        assertThat(contribute(changed("A", "1", "append", ":"))).containsExactly(new EnvironmentVariable("A", "1"));
    }

    @Test
    void takesNamesThatShellsDoNot() {
        assertThat(contribute(variable("a.b-c ü", "1"))).containsExactly(new EnvironmentVariable("a.b-c ü", "1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                           | 'name' is missing
                    {"name":"A"}                                 | 'value' is missing
                    {"name":"","value":"1"}                      | 'name' is empty
                    {"name":"A","value":""}                      | 'value' is empty
                    {"name":1,"value":"1"}                       | 'name' must be a string, not the number 1
                    {"name":"A","value":true}                    | 'value' must be a string, not true
                    {"name":"A","value":null}                    | 'value' must be a string, not null
                    {"name":"A","value":["1"]}                   | 'value' must be a string, not an array
                    {"name":"A=B","value":"1"}                   | 'name' contains '=': 'A=B'
                    {"name":"A\\u0000","value":"1"}              | 'name' contains NUL
                    {"name":"A","value":"\\u0000"}               | 'value' contains NUL
                    {"name":"A","value":"1","mode":"add"}        | 'mode' must be set, append or prepend, not 'add'
                    {"name":"A","value":"1","mode":""}           | 'mode' must be set, append or prepend, not ''
                    {"name":"A","value":"1","mode":1}            | 'mode' must be a string, not the number 1
                    {"name":"A","value":"1","separator":{}}      | 'separator' must be a string, not an object
                    {"name":"A","value":"1","separator":"\\u0000"} | 'separator' contains NUL
                    """)
    void refusesABadElementAndNamesTheKey(String element, String reason) {
        InvalidGatewayConfig error = errorOf(variable("FINE", "1"), element);

        assertThat(error.element()).isEqualTo(1);
        assertThat(error).hasMessage(reason);
    }

    @Test
    void doesNotEchoMuchOfAHugeName() {
        assertThat(errorOf(variable("=" + "x".repeat(1_000_000), "1")).getMessage())
                .hasSizeLessThan(200);
    }

    @Test
    void answersTheSameEachTime() {
        EnvironmentGateway gateway = new EnvironmentGateway();
        List<JsonNode> elements = parse(variable("A", "1"), changed("A", "2", "append", ":"));

        assertThat(gateway.contribute(elements, HOST)).isEqualTo(gateway.contribute(elements, HOST));
    }

    private static String variable(String name, String value) {
        return "{\"name\":\"" + name + "\",\"value\":\"" + value + "\"}";
    }

    private static String changed(String name, String value, String mode, String separator) {
        return "{\"name\":\"" + name + "\",\"value\":\"" + value + "\",\"mode\":\"" + mode + "\",\"separator\":\""
                + separator + "\"}";
    }

    private static List<JsonNode> parse(String... elements) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String element : elements) {
            nodes.add(JsonMapper.shared().readTree(element));
        }
        return nodes;
    }

    private static List<SpecItem> contribute(String... elements) {
        return new EnvironmentGateway().contribute(parse(elements), HOST);
    }

    private static InvalidGatewayConfig errorOf(String... elements) {
        return catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(elements));
    }
}
