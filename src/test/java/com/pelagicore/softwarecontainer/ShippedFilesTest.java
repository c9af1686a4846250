package com.pelagicore.softwarecontainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.agent.Permission;
import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.config.DaemonConfig;
import com.pelagicore.softwarecontainer.config.Startup;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.cgroups.CgroupsGateway;
import com.pelagicore.softwarecontainer.gateway.dbus.DbusGateway;
import com.pelagicore.softwarecontainer.gateway.devicenode.DeviceNodeGateway;
import com.pelagicore.softwarecontainer.gateway.environment.EnvironmentGateway;
import com.pelagicore.softwarecontainer.gateway.file.FileGateway;
import com.pelagicore.softwarecontainer.gateway.network.NetworkGateway;
import com.pelagicore.softwarecontainer.gateway.pulse.PulseGateway;
import com.pelagicore.softwarecontainer.gateway.wayland.WaylandGateway;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What lies in conf, systemd and docs works as it is. */
class ShippedFilesTest {

    private static final String SERVICE = "com.pelagicore.SoftwareContainerAgent";

    private static final DaemonConfig DEFAULTS = ((Startup.Run) Startup.of(
                    List.of("-c", "conf/softwarecontainer-config"), Path.of("").toAbsolutePath(), ""))
            .config();

    @TempDir
    Path directory;

    @Test
    void theExampleManifestsCompile() {
        Catalogue catalogue = Catalogue.load(
                Path.of("conf/examples/service-manifest.d"), Path.of("conf/examples/service-manifest.default.d"));

        ContainerSpec spec = compile(catalogue, List.of("com.pelagicore.example.hello"));

        assertThat(catalogue.names())
                .contains(
                        "com.pelagicore.example.hello",
                        "com.pelagicore.example.timezone",
                        "com.pelagicore.example.weather");
        assertThat(spec.environment())
                .isEqualTo(Map.of(
                        "HELLO_GREETING", "Hello from a container",
                        "HELLO_PATH", "/default:/gateways",
                        "LANG", "C.UTF-8"));
        assertThat(spec.mounts().values())
                .containsExactly(
                        new BindMount(Path.of("/etc/debian_version"), Path.of("/gateways/debian_version"), true));
        assertThat(compile(catalogue, catalogue.names()).environment()).containsEntry("TZ", "Europe/Berlin");
        assertThat(compile(catalogue, catalogue.names()).devices().values())
                .containsExactly(DeviceNode.withPermissions(Path.of("/dev/net/tun"), 0666));
    }

    @Test
    void theExampleOfTheEnvPageDoesWhatThePageSays() throws IOException {
        Catalogue catalogue = exampleOf(Path.of("docs/gateways/env.md"), "```json\n", "```");

        assertThat(compile(catalogue, List.of("com.example.player", "com.example.player.visuals"))
                        .environment())
                .isEqualTo(Map.of(
                        "PLAYER_HOME", "/gateways/player",
                        "PLUGIN_PATH", "/gateways/player/plugins:/gateways/visuals"));
    }

    @Test
    void theExampleOfTheFilePageDoesWhatThePageSays() throws IOException {
        Catalogue catalogue = exampleOf(Path.of("docs/gateways/file.md"), "```json\n", "```");

        assertThat(compile(catalogue, List.of("com.example.maps")).mounts().values())
                .containsExactly(
                        new BindMount(Path.of("/usr/share/zoneinfo"), Path.of("/gateways/maps"), true),
                        new BindMount(Path.of("/tmp"), Path.of("/gateways/maps-cache"), false));
    }

    @Test
    void theExampleOfTheDeviceNodePageDoesWhatThePageSays() throws IOException {
        Catalogue catalogue = exampleOf(Path.of("docs/gateways/devicenode.md"), "```json\n", "```");

        assertThat(compile(catalogue, List.of("com.example.vpn")).devices().values())
                .containsExactly(
                        DeviceNode.asOnHost(Path.of("/dev/hwrng")),
                        DeviceNode.withPermissions(Path.of("/dev/net/tun"), 0666));
    }

    @Test
    void theExampleOfTheCgroupsPageDoesWhatThePageSays() throws IOException {
        Catalogue catalogue = exampleOf(Path.of("docs/gateways/cgroups.md"), "```json\n", "```");

        assertThat(compile(catalogue, List.of("com.example.small", "com.example.busy"))
                        .cgroups())
                .isEqualTo(Map.of(
                        "memory.limit_in_bytes", "268435456",
                        "cpu.shares", "2048",
                        "pids.max", "100"));
    }

    @Test
    void theExampleOfTheManifestPageCompiles() throws IOException {
        Catalogue catalogue = exampleOf(
                Path.of("docs/man/softwarecontainer-service-manifest.5"), ".Bd -literal -offset indent\n", ".Ed");

        assertThat(compile(catalogue, catalogue.names()).environment()).isEqualTo(Map.of("HELLO_GREETING", "Hello"));
    }

    @Test
    void thePolicyDeniesEverybodyButRootAndTheAccessGroup() throws Exception {
        NodeList policies = xml("conf/softwarecontainer-agent.conf").getElementsByTagName("policy");

        assertThat(policies.getLength()).isEqualTo(3);
        assertThat(rules((Element) policies.item(0), "context", "default", SERVICE))
                .containsExactly("deny own", "deny send_destination", "deny receive_sender", "deny send_interface");
        assertThat(rules((Element) policies.item(1), "group", DEFAULTS.access().group(), SERVICE))
                .containsExactly("allow send_destination", "allow receive_sender", "deny send_interface");
        assertThat(rules((Element) policies.item(2), "user", "root", SERVICE))
                .containsExactly("allow own", "allow send_destination", "allow receive_sender", "allow send_interface");
    }

    @Test
    void thePolicyTreatsTheNewerNameAlike() throws Exception {
        NodeList policies = xml("conf/softwarecontainer-agent.conf").getElementsByTagName("policy");
        String name = "com.pelagicore.SoftwareContainer";

        assertThat(rules((Element) policies.item(0), "context", "default", name))
                .containsExactly("deny own", "deny send_destination", "deny receive_sender");
        assertThat(rules((Element) policies.item(1), "group", DEFAULTS.access().group(), name))
                .containsExactly("allow send_destination", "allow receive_sender");
        assertThat(rules((Element) policies.item(2), "user", "root", name))
                .containsExactly("allow own", "allow send_destination", "allow receive_sender");
    }

    @Test
    void polkitKnowsEveryPermissionAsAnActionAndGrantsNothingByItself() throws Exception {
        Document policy = xml("conf/com.pelagicore.SoftwareContainer.policy");

        NodeList actions = policy.getElementsByTagName("action");
        assertThat(IntStream.range(0, actions.getLength())
                        .mapToObj(i -> ((Element) actions.item(i)).getAttribute("id")))
                .containsExactlyElementsOf(Arrays.stream(Permission.values())
                        .map(permission -> "com.pelagicore.SoftwareContainer." + permission.word())
                        .toList());
        for (String who : List.of("allow_any", "allow_inactive", "allow_active")) {
            NodeList defaults = policy.getElementsByTagName(who);
            assertThat(IntStream.range(0, defaults.getLength())
                            .mapToObj(i -> defaults.item(i).getTextContent()))
                    .hasSize(Permission.values().length)
                    .isSubsetOf("no", "auth_admin");
        }
    }

    @Test
    void theUnitsAgreeOnTheBusName() throws IOException {
        assertThat(Files.readAllLines(Path.of("systemd/softwarecontainer-agent.service")))
                .contains("Type=notify", "BusName=" + SERVICE)
                .anyMatch(line -> line.startsWith("ExecStart=/usr/bin/softwarecontainer-agent "));
        assertThat(Files.readAllLines(Path.of("systemd/" + SERVICE + ".service")))
                .contains("Name=" + SERVICE, "SystemdService=softwarecontainer-agent.service", "User=root");
    }

    @ParameterizedTest
    @CsvSource({"pulseaudio,sound", "wayland,window"})
    void theExampleOfAPageIsShippedAndGivesASocket(String gateway, String example) throws IOException {
        String name = "com.pelagicore.example." + example;
        Path shipped = Path.of("conf/examples/service-manifest.d", name + ".json");
        ContainerSpec spec = compile(Catalogue.load(shipped, Path.of("")), List.of(name));

        Catalogue ofPage = exampleOf(Path.of("docs/gateways", gateway + ".md"), "```json\n", "```");

        assertThat(spec.sockets()).hasSize(1);
        assertThat(compile(ofPage, List.of(name))).isEqualTo(spec);
    }

    private Catalogue exampleOf(Path page, String begin, String end) throws IOException {
        Matcher example = Pattern.compile(Pattern.quote(begin) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(Files.readString(page));
        assertThat(example.find()).as("example in %s", page).isTrue();
        String json = example.group(1).replace("\\-", "-");
        return Catalogue.load(Files.writeString(directory.resolve("example.json"), json), Path.of(""));
    }

    private static ContainerSpec compile(Catalogue catalogue, List<String> names) {
        return new GatewayCompiler(
                        List.of(
                                new FileGateway(),
                                new DbusGateway(),
                                new EnvironmentGateway(),
                                new NetworkGateway(),
                                new DeviceNodeGateway(),
                                new PulseGateway(),
                                new WaylandGateway(),
                                new CgroupsGateway()),
                        ClassLoader.getPlatformClassLoader(),
                        new HostFacts(Map.of("XDG_RUNTIME_DIR", "/run/user/0", "WAYLAND_DISPLAY", "wayland-0")))
                .compile(catalogue.configurationOf(names));
    }

    /** Without the document type, which would be fetched. */
    private static Document xml(String file) throws Exception {
        String text = Files.readString(Path.of(file)).replaceFirst("(?s)<!DOCTYPE[^>]*>", "");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> rules(Element policy, String attribute, String value, String name) {
        assertThat(policy.getAttribute(attribute)).isEqualTo(value);
        NodeList rules = policy.getElementsByTagName("*");
        return IntStream.range(0, rules.getLength())
                .mapToObj(i -> (Element) rules.item(i))
                .filter(rule -> rule.getAttributes().item(0).getNodeValue().equals(name))
                .map(rule ->
                        rule.getTagName() + " " + rule.getAttributes().item(0).getNodeName())
                .toList();
    }
}
