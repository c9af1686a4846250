package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntrospectionParserTest {

    @Test
    void readsSignaturesAndNamesOfAllMethodsAndProperties() {
        List<InterfaceDescription> interfaces = IntrospectionParser.parse(
                """
                <node>
                  <interface name="a.b">
                    <method name="M">
                      <arg type="i" name="id"/>
                      <arg direction="in" type="a{ss}" name="env"/>
                      <arg direction="out" type="s" name="x"/>
                      <arg direction="out" type="ai" name="y"/>
                    </method>
                    <signal name="S"><arg type="u" name="pid"/></signal>
                    <method name="N"/>
                    <property name="P" type="a(us)" access="read"><annotation name="x" value="y"/></property>
                  </interface>
                  <interface name="c.d"/>
                </node>
                """);

        assertThat(interfaces)
                .containsExactly(
                        new InterfaceDescription(
                                "a.b",
                                List.of(
                                        new MethodDescription(
                                                "M", "ia{ss}", List.of("id", "env"), "sai", List.of("x", "y")),
                                        new MethodDescription("N", "", List.of(), "", List.of())),
                                List.of(new PropertyDescription("P", "a(us)"))),
                        new InterfaceDescription("c.d", List.of(), List.of()));
    }

    @Test
    void readsTheContractOfTheAgent() {
        Introspection introspection =
                Introspection.ofResource("/dbus-interfaces/com.pelagicore.SoftwareContainerAgent.xml");

        assertThat(introspection.interfaces())
                .extracting(InterfaceDescription::name)
                .containsExactly(
                        "com.pelagicore.SoftwareContainerAgent",
                        "org.freedesktop.DBus.Introspectable",
                        "org.freedesktop.DBus.Peer",
                        "org.freedesktop.DBus.Properties");
        assertThat(introspection.interfaces().get(0).methods())
                .contains(new MethodDescription(
                        "Execute",
                        "isssa{ss}",
                        List.of("containerID", "commandLine", "workingDirectory", "outputFile", "env"),
                        "i",
                        List.of("pid")));
    }

    @Test
    void doesNotReadOtherFiles(@TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "a.b");
        String xml =
                """
                <!DOCTYPE node [<!ENTITY secret SYSTEM "%s">]>
                <node><interface name="&secret;"/></node>
                """
                        .formatted(secret.toUri());

        assertThatThrownBy(() -> IntrospectionParser.parse(xml)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsNotXmlAndMethodsWithoutName() {
        assertThatThrownBy(() -> IntrospectionParser.parse("<node>")).hasMessageContaining("not XML");
        assertThatThrownBy(() -> IntrospectionParser.parse("<node><method/></node>"))
                .hasMessageContaining("'method'")
                .hasMessageContaining("'name'");
    }
}
