package com.pelagicore.softwarecontainer.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.NetworkRule.PortRange;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SpecJsonTest {

    private static final int SPECS = 2000;

    @Test
    void readsWhatItWroteWhateverIsGranted() {
        for (int seed = 0; seed < SPECS; seed++) {
            ContainerSpec spec = new Specimen(seed).spec();

            String text = SpecJson.toJson(spec).toString();

            assertThat(SpecJson.parse(parse(text))).as("seed " + seed).isEqualTo(spec);
            assertThat(List.copyOf(SpecJson.parse(parse(text)).network()))
                    .as("order, seed " + seed)
                    .isEqualTo(List.copyOf(spec.network()));
        }
    }

    /** A journal of this format has to be read for ever, or the format raised. */
    @Test
    void keepsItsFormat() {
        ContainerSpec spec = ContainerSpec.of(List.of(
                new EnvironmentVariable("A", "it's \"ö\""),
                new BindMount(Path.of("/srv/a b"), Path.of("/opt/a"), true),
                new SocketMount(Path.of("/run/s"), Path.of("/gateways/s"), "'key' of the configuration"),
                new DeviceNode(Path.of("/dev/x"), true, 0640),
                new CgroupSetting("memory.limit_in_bytes", "max"),
                new NetworkRule(
                        NetworkRule.Direction.OUTGOING,
                        Peer.parse("fd00::/8"),
                        Set.of(Protocol.TCP),
                        List.of(new PortRange(80, 80), new PortRange(8000, 8999))),
                new NetworkRule(
                        NetworkRule.Direction.INCOMING, Peer.parse("*"), EnumSet.allOf(Protocol.class), List.of()),
                new BusAccess(Bus.SESSION),
                new BusRule(Bus.SYSTEM, BusRule.Direction.BOTH, "a.*", "/", List.of("Get*"))));
        String text =
                """
                {"environment":{"A":"it's \\"ö\\""},\
                "mounts":[{"host":"/srv/a b","container":"/opt/a","readOnly":true}],\
                "sockets":[{"host":"/run/s","container":"/gateways/s","origin":"'key' of the configuration"}],\
                "devices":[{"path":"/dev/x","asOnHost":true,"permissionBits":416}],\
                "cgroups":{"memory.limit_in_bytes":"max"},\
                "network":[{"direction":"OUTGOING","peer":"fd00:0:0:0:0:0:0:0/8","protocols":["TCP"],\
                "ports":[{"first":80,"last":80},{"first":8000,"last":8999}]},\
                {"direction":"INCOMING","peer":"*","protocols":["TCP","UDP","ICMP"],"ports":[]}],\
                "buses":["SESSION","SYSTEM"],\
                "busRules":[{"bus":"SYSTEM","direction":"BOTH","interface":"a.*","path":"/","methods":["Get*"]}]}""";

        assertThat(SpecJson.toJson(spec)).hasToString(text);
        assertThat(SpecJson.parse(parse(text))).isEqualTo(spec);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mounts  | [{\"host\":\"/a\",\"container\":\"/b\",\"readOnly\":true,\"lazy\":1}] | unknown key 'lazy'",
                "mounts  | [{\"host\":\"/a\",\"container\":\"/b\"}]        | key 'readOnly' is missing",
                "mounts  | [{\"host\":\"a\",\"container\":\"/b\",\"readOnly\":true}] | is not absolute",
                "mounts  | {}                                              | 'mounts' is not a list",
                "environment | {\"A\":1}                                   | 'environment' is not text",
                "environment | []                                          | 'environment' is not an object",
                "network | [{\"direction\":\"SIDEWAYS\",\"peer\":\"*\",\"protocols\":[\"TCP\"],\"ports\":[]}] | SIDEWAYS",
                "buses   | [\"THIRD\"]                                     | THIRD",
                "teleports | []                                            | unknown key 'teleports'",
            })
    void refusesWhatItDoesNotKnow(String key, String value, String reason) {
        JsonNode json = SpecJson.toJson(ContainerSpec.EMPTY).set(key, parse(value));

        assertThatThrownBy(() -> SpecJson.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"environment", "mounts", "sockets", "devices", "cgroups", "network", "buses", "busRules"})
    void missesNothing(String key) {
        JsonNode json = SpecJson.toJson(ContainerSpec.EMPTY).without(key);

        assertThatThrownBy(() -> SpecJson.parse(json)).hasMessage("key '" + key + "' is missing");
    }

    private static JsonNode parse(String text) {
        return JsonMapper.shared().readTree(text);
    }

    /** A grant as it comes. */
    private static final class Specimen {

        private static final String LETTERS = "az09/*? \"\\'\n\t=ö€😀\u0001";

        private final Random random;

        Specimen(int seed) {
            this.random = new Random(seed);
        }

        ContainerSpec spec() {
            List<SpecItem> items = new ArrayList<>();
            addSome(items, () -> new EnvironmentVariable("N" + random.nextInt(9), text()));
            addSome(items, () -> new BindMount(path(), path(), random.nextBoolean()));
            addSome(items, () -> new SocketMount(path(), path(), text()));
            addSome(items, () -> new DeviceNode(path(), random.nextBoolean(), random.nextInt(010000)));
            addSome(items, () -> new CgroupSetting("a.b" + random.nextInt(9), "v" + random.nextInt()));
            addSome(items, this::networkRule);
            addSome(items, () -> new BusAccess(oneOf(Bus.values())));
            addSome(items, this::busRule);
            return ContainerSpec.of(items);
        }

        private void addSome(List<SpecItem> items, Supplier<SpecItem> item) {
            IntStream.range(0, random.nextInt(4)).forEach(i -> items.add(item.get()));
        }

        private NetworkRule networkRule() {
            Set<Protocol> protocols = EnumSet.of(oneOf(Protocol.values()), oneOf(Protocol.values()));
            List<PortRange> ports = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                int first = 1 + random.nextInt(65535);
                ports.add(new PortRange(first, first + random.nextInt(65536 - first)));
            }
            return new NetworkRule(oneOf(NetworkRule.Direction.values()), peer(), protocols, ports);
        }

        private Peer peer() {
            String address = random.nextBoolean()
                    ? random.nextInt(256) + "." + random.nextInt(256) + ".1.2/" + random.nextInt(33)
                    : Integer.toHexString(random.nextInt(65536)) + "::7/" + random.nextInt(129);
            return Peer.parse(oneOf("*", "example.org", "a-b.c", address));
        }

        private BusRule busRule() {
            return new BusRule(
                    oneOf(Bus.values()), oneOf(BusRule.Direction.values()), text(), text(), List.of(text(), text()));
        }

        private Path path() {
            return Path.of("/p" + random.nextInt(99), "a b", "ö" + random.nextInt(9));
        }

        private String text() {
            return random.ints(random.nextInt(8), 0, LETTERS.codePointCount(0, LETTERS.length()))
                    .map(i -> LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, i)))
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }

        @SafeVarargs
        private <T> T oneOf(T... all) {
            return all[random.nextInt(all.length)];
        }
    }
}
