package com.pelagicore.softwarecontainer.gateway.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Direction;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NetworkGatewayTest {

    private static final HostFacts HOST = new HostFacts(Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    80                      | 80-80
                    "80"                    | 80-80
                    "80,443"                | 80-80 443-443
                    "443,80"                | 80-80 443-443
                    "8000-8010"             | 8000-8010
                    "8000:8010"             | 8000-8010
                    "80-90,85-100,101"      | 80-101
                    [80, 443]               | 80-80 443-443
                    ["80", 81, "90:95,443"] | 80-81 90-95 443-443
                    "1-65535"               | 1-65535
                    """)
    void takesPortsInEachForm(String ports, String ranges) {
        NetworkRule rule = onlyRule("{\"host\":\"*\",\"ports\":" + ports + "}");

        assertThat(rule.ports().stream()
                        .map(range -> range.first() + "-" + range.last())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(ranges);
        assertThat(rule.protocols()).containsExactly(Protocol.TCP, Protocol.UDP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "tcp"           | TCP
                    "icmp"          | ICMP
                    ["udp", "tcp"]  | TCP UDP
                    ["udp", "udp"]  | UDP
                    """)
    void takesProtocolsInEachForm(String protocols, String expected) {
        assertThat(onlyRule("{\"host\":\"*\",\"protocols\":" + protocols + "}").protocols())
                .extracting(Protocol::name)
                .containsExactly(expected.split(" "));
    }

    @Test
    void takesAllProtocolsIfNeitherTheyNorPortsAreNamed() {
        assertThat(onlyRule("{\"host\":\"*\"}").protocols()).containsExactly(Protocol.values());
    }

    @Test
    void takesIcmpNextToAProtocolWithPorts() {
        assertThat(onlyRule("{\"host\":\"*\",\"ports\":80,\"protocols\":[\"tcp\",\"icmp\"]}")
                        .protocols())
                .containsExactly(Protocol.TCP, Protocol.ICMP);
    }

    @ParameterizedTest
    @CsvSource({
        "'',*",
        "*,*",
        "10.0.0.1,10.0.0.1/32",
        "10.1.2.3/8,10.0.0.0/8",
        "10.1.2.3/255.255.0.0,10.1.0.0/16",
        "0.0.0.0/0,0.0.0.0/0",
        "fd00::1,fd00:0:0:0:0:0:0:1/128",
        "2001:DB8::/32,2001:db8:0:0:0:0:0:0/32",
        "Example.COM.,example.com",
        "localhost,localhost",
        "a-b.c1,a-b.c1"
    })
    void takesHostsInEachForm(String host, String peer) {
        assertThat(onlyRule("{\"host\":\"" + host + "\"}").peer()).hasToString(peer);
    }

    @Test
    void tellsTheDirections() {
        assertThat(contribute(element("INCOMING", "{\"host\":\"\"}"), element("OUTGOING", "{\"host\":\"\"}")))
                .extracting(item -> ((NetworkRule) item).direction())
                .containsExactly(Direction.INCOMING, Direction.OUTGOING);
    }

    @Test
    void allowsNothingIfNothingIsListed() {
        assertThat(contribute("{\"direction\":\"OUTGOING\",\"allow\":[]}")).isEmpty();
    }

    @Test
    void allowsExactlyWhatAnyElementAllowsInWhateverOrderTheyCome() {
        Random random = new Random(4711);
        for (int round = 0; round < 200; round++) {
            List<String> some = randomElements(random);
            List<String> others = randomElements(random);
            List<String> both = new ArrayList<>(some);
            both.addAll(others);
            List<String> turned = new ArrayList<>(others);
            turned.addAll(some);

            Set<SpecItem> union = new HashSet<>(contribute(some.toArray(String[]::new)));
            union.addAll(contribute(others.toArray(String[]::new)));

            assertThat(contribute(both.toArray(String[]::new)))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(union);
            assertThat(new HashSet<>(contribute(turned.toArray(String[]::new)))).isEqualTo(union);
        }
    }

    private static List<String> randomElements(Random random) {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            elements.add(element(
                    random.nextBoolean() ? "INCOMING" : "OUTGOING",
                    "{\"host\":\"10.0.0." + random.nextInt(3) + "\",\"ports\":" + (80 + random.nextInt(2)) + "}"));
        }
        return elements;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                        | 'host' is missing
                    {"host":1}                                | 'host' must be a string, not the number 1
                    {"host":"1.1.1.1; touch /x"}              | 'host' '1.1.1.1; touch /x' has a '/', but no address before it
                    {"host":"-h"}                             | 'host' '-h' is neither an address nor a host name
                    {"host":"a b"}                            | 'host' 'a b' is neither an address nor a host name
                    {"host":"1.1.1"}                          | 'host' '1.1.1' is not an IPv4 address
                    {"host":"1.1.1.256"}                      | 'host' '1.1.1.256' is not an IPv4 address
                    {"host":"010.1.1.1"}                      | 'host' '010.1.1.1' is not an IPv4 address
                    {"host":"1.1.1.1/33"}                     | 'host' '1.1.1.1/33' must have a number from 0 to 32 behind the '/'
                    {"host":"1.1.1.1/255.0.255.0"}            | 'host' '1.1.1.1/255.0.255.0' has a netmask with holes
                    {"host":"fd00::/129"}                     | 'host' 'fd00::/129' must have a number from 0 to 128 behind the '/'
                    {"host":"fd00::1::2"}                     | 'host' 'fd00::1::2' is not an IPv6 address
                    {"host":"::ffff:1.2.3.4"}                 | 'host' '::ffff:1.2.3.4' is not an IPv6 address
                    {"host":"fe80::1%eth0"}                   | 'host' 'fe80::1%eth0' is not an IPv6 address
                    {"host":"example.com/24"}                 | 'host' 'example.com/24' has a '/', but no address before it
                    {"host":"*","ports":[]}                   | 'ports' is an empty array
                    {"host":"*","ports":0}                    | 'ports' must be from 1 to 65535, not '0'
                    {"host":"*","ports":65536}                | 'ports' must be from 1 to 65535, not '65536'
                    {"host":"*","ports":-1}                   | 'ports' has '-1', which is neither a port nor a range of ports
                    {"host":"*","ports":80.0}                 | 'ports' must be a number, a string like '80,8000-8010' or an array of these, not '80.0'
                    {"host":"*","ports":null}                 | 'ports' must be a number, a string like '80,8000-8010' or an array of these, not 'null'
                    {"host":"*","ports":""}                   | 'ports' has '', which is neither a port nor a range of ports
                    {"host":"*","ports":"80,"}                | 'ports' has '', which is neither a port nor a range of ports
                    {"host":"*","ports":"80 -j ACCEPT"}       | 'ports' has '80 -j ACCEPT', which is neither a port nor a range of ports
                    {"host":"*","ports":"90-80"}              | 'ports' has the range '90-80', which runs backwards
                    {"host":"*","ports":[[80]]}               | 'ports' must be a number, a string like '80,8000-8010' or an array of these, not '[80]'
                    {"host":"*","protocols":[]}               | 'protocols' is an empty array
                    {"host":"*","protocols":"sctp"}           | 'protocols' must be tcp, udp or icmp or an array of these, not 'sctp'
                    {"host":"*","protocols":"TCP"}            | 'protocols' must be tcp, udp or icmp or an array of these, not 'TCP'
                    {"host":"*","protocols":["tcp",6]}        | 'protocols' must be tcp, udp or icmp or an array of these, not '6'
                    {"host":"*","protocols":{}}               | 'protocols' must be tcp, udp or icmp or an array of these, not '{}'
                    {"host":"*","ports":1,"protocols":"icmp"} | 'ports' is there, but icmp has no ports
                    """)
    void refusesABadRuleAndSaysWhere(String rule, String reason) {
        InvalidGatewayConfig error = catchThrowableOfType(
                InvalidGatewayConfig.class,
                () -> contribute(
                        element("OUTGOING", "{\"host\":\"*\"}"), element("OUTGOING", "{\"host\":\"*\"}," + rule)));

        assertThat(error).hasMessage("allow[1]: " + reason);
        assertThat(error.element()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"allow":[]}                              | 'direction' is missing
                    {"direction":"BOTH","allow":[]}           | 'direction' must be INCOMING or OUTGOING, not 'BOTH'
                    {"direction":"incoming","allow":[]}       | 'direction' must be INCOMING or OUTGOING, not 'incoming'
                    {"direction":1,"allow":[]}                | 'direction' must be a string, not the number 1
                    {"direction":"INCOMING"}                  | 'allow' is missing
                    {"direction":"INCOMING","allow":{}}       | 'allow' must be an array of objects
                    {"direction":"INCOMING","allow":["*"]}    | allow[0]: it must be an object
                    """)
    void refusesABadElementAndNamesTheKey(String element, String reason) {
        assertThat(catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(element)))
                .hasMessage(reason);
    }

    private static NetworkRule onlyRule(String rule) {
        List<SpecItem> items = contribute(element("OUTGOING", rule));
        assertThat(items).hasSize(1);
        return (NetworkRule) items.get(0);
    }

    private static String element(String direction, String rules) {
        return "{\"direction\":\"" + direction + "\",\"allow\":[" + rules + "]}";
    }

    private static List<SpecItem> contribute(String... elements) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String element : elements) {
            nodes.add(JsonMapper.shared().readTree(element));
        }
        return new NetworkGateway().contribute(nodes, HOST);
    }
}
