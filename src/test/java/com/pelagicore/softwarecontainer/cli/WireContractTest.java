package com.pelagicore.softwarecontainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.InterfaceDescription;
import com.pelagicore.softwarecontainer.bus.Introspection;
import com.pelagicore.softwarecontainer.bus.MethodDescription;
import com.pelagicore.softwarecontainer.bus.PropertyDescription;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tool says what dbus-interfaces/ say. */
class WireContractTest {

    @ParameterizedTest
    @EnumSource
    void callsMethodsThatThereAreWithTheirTypes(AgentMethod method) {
        assertThat(described(method.interfaceName()))
                .flatExtracting(InterfaceDescription::methods)
                .filteredOn(described -> described.name().equals(method.member()))
                .extracting(MethodDescription::inSignature)
                .contains(method.signature());
    }

    @Test
    void readsPropertiesThatThereAreWithTheirTypes() {
        assertThat(described(AgentMethod.CONTAINER))
                .flatExtracting(InterfaceDescription::properties)
                .contains(
                        new PropertyDescription("Id", "i"),
                        new PropertyDescription("Name", "s"),
                        new PropertyDescription("State", "s"),
                        new PropertyDescription("Capabilities", "as"),
                        new PropertyDescription("Processes", "a(uas)"),
                        new PropertyDescription("InitPid", "u"),
                        new PropertyDescription("Limits", "a{ss}"),
                        new PropertyDescription("Usage", "a{st}"),
                        new PropertyDescription("Created", "t"),
                        new PropertyDescription("Owner", "u"));
        assertThat(described(AgentMethod.AGENT))
                .flatExtracting(InterfaceDescription::properties)
                .contains(new PropertyDescription("Version", "s"), new PropertyDescription("Host", "a{ss}"));
    }

    private static List<InterfaceDescription> described(String name) {
        return Stream.of(AgentMethod.AGENT, AgentMethod.CONTAINER)
                .map(each -> Introspection.ofResource("/dbus-interfaces/" + each + ".xml"))
                .flatMap(introspection -> introspection.interfaces().stream())
                .filter(described -> described.name().equals(name))
                .toList();
    }
}
