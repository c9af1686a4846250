package com.pelagicore.softwarecontainer.gateway.devicenode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DeviceNodeGatewayTest {

    private static final Path A = Path.of("/dev/a");

    @Test
    void givesADeviceAsItIsOnTheHost() {
        assertThat(contribute("{\"name\":\"/dev/./x/../a\"}")).containsExactly(DeviceNode.asOnHost(A));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    644      | 0644
                    0        | 0
                    7        | 7
                    1777     | 01777
                    "644"    | 0644
                    "0644"   | 0644
                    "07777"  | 07777
                    "0"      | 0
                    """)
    void readsTheDigitsOfAModeAsOctal(String mode, String octal) {
        assertThat(contribute(device(mode))).containsExactly(DeviceNode.withPermissions(A, Integer.parseInt(octal, 8)));
    }

    @Test
    void unitesTheModesOfOneDevice() {
        assertThat(contribute(device("640"), "{\"name\":\"/dev/b\"}", device("\"0406\"")))
                .containsExactly(DeviceNode.withPermissions(A, 0646), DeviceNode.asOnHost(Path.of("/dev/b")));
        assertThat(contribute(device("602"), "{\"name\":\"/dev/a\"}")).containsExactly(new DeviceNode(A, true, 0602));
    }

    /** Seeds stand for any order and any number of elements. */
    @Test
    void permitsWhatAnyElementPermitsWhateverTheirOrder() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<String> elements = new ArrayList<>();
            int united = 0;
            boolean asOnHost = false;
            for (int i = random.nextInt(5) + 1; i > 0; i--) {
                int bits = random.nextInt(01000);
                boolean without = random.nextInt(4) == 0;
                asOnHost |= without;
                united |= without ? 0 : bits;
                String digits = Integer.toOctalString(bits);
                elements.add(
                        without
                                ? "{\"name\":\"/dev/a\"}"
                                : device(random.nextBoolean() ? digits : "\"" + digits + "\""));
            }
            List<SpecItem> expected = List.of(new DeviceNode(A, asOnHost, united));
            assertThat(contribute(elements.toArray(String[]::new))).isEqualTo(expected);
            Collections.shuffle(elements, random);
            assertThat(contribute(elements.toArray(String[]::new))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                   | 'name' is missing
                    {"name":""}                          | 'name' is empty
                    {"name":7}                           | 'name' must be a string, not the number 7
                    {"name":"tun"}                       | 'name' must be an absolute path, not 'tun'
                    {"name":"/dev/.."}                   | 'name' must be a path below '/', not '/' itself
                    {"name":"/dev/x\\u0000"}             | 'name' contains NUL
                    {"name":"/dev/a","mode":648}         | 'mode' must be an octal number up to 7777, as 644 or '0644', not the number 648
                    {"name":"/dev/a","mode":-1}          | 'mode' must be an octal number up to 7777, as 644 or '0644', not the number -1
                    {"name":"/dev/a","mode":17777}       | 'mode' must be an octal number up to 7777, as 644 or '0644', not the number 17777
                    {"name":"/dev/a","mode":644.0}       | 'mode' must be an octal number up to 7777, as 644 or '0644', not the number 644.0
                    {"name":"/dev/a","mode":"rw"}        | 'mode' must be an octal number up to 7777, as 644 or '0644', not the string 'rw'
                    {"name":"/dev/a","mode":""}          | 'mode' must be an octal number up to 7777, as 644 or '0644', not the string ''
                    {"name":"/dev/a","mode":"0o644"}     | 'mode' must be an octal number up to 7777, as 644 or '0644', not the string '0o644'
                    {"name":"/dev/a","mode":" 644"}      | 'mode' must be an octal number up to 7777, as 644 or '0644', not the string ' 644'
                    {"name":"/dev/a","mode":true}        | 'mode' must be an octal number up to 7777, as 644 or '0644', not true
                    {"name":"/dev/a","mode":null}        | 'mode' must be an octal number up to 7777, as 644 or '0644', not null
                    {"name":"/dev/a","mode":[644]}       | 'mode' must be an octal number up to 7777, as 644 or '0644', not an array
                    """)
    void refusesABadElementAndNamesTheKey(String element, String reason) {
        InvalidGatewayConfig error =
                catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute("{\"name\":\"/dev/fine\"}", element));

        assertThat(error.element()).isEqualTo(1);
        assertThat(error).hasMessage(reason);
    }

    private static String device(String mode) {
        return "{\"name\":\"/dev/a\",\"mode\":" + mode + "}";
    }

    private static List<SpecItem> contribute(String... elements) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String element : elements) {
            nodes.add(JsonMapper.shared().readTree(element));
        }
        return new DeviceNodeGateway().contribute(nodes, new HostFacts(Map.of()));
    }
}
