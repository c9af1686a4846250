package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.bus.BusAddress.Namespace;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusAddressTest {

    @Test
    void readsPathAndAbstractNameInTheOrderGiven() {
        assertThat(BusAddress.parse("unix:abstract=/tmp/x,guid=00ff;unix:path=/run/bus"))
                .containsExactly(
                        new BusAddress(Namespace.ABSTRACT, "/tmp/x"), new BusAddress(Namespace.FILE, "/run/bus"));
    }

    @Test
    void readsEscapedBytesAsUtf8() {
        assertThat(BusAddress.parse("unix:path=/a%20b%2cc/%c3%84ä"))
                .containsExactly(new BusAddress(Namespace.FILE, "/a b,c/Ää"));
    }

    @Test
    void leavesOutOtherTransportsIfAUnixSocketIsLeft() {
        assertThat(BusAddress.parse("tcp:host=h,port=1;unix:path=/run/bus;"))
                .containsExactly(new BusAddress(Namespace.FILE, "/run/bus"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "tcp:host=localhost,port=1",
                "/run/bus",
                "unix",
                "unix:",
                "unix:path",
                "unix:path=",
                "unix:path=/a,abstract=b",
                "unix:path=/a,path=/b",
                "unix:tmpdir=/tmp",
                "unix:path=/a%2",
                "unix:path=/a%zz",
                "unix:path=/a%-1",
                "unix:path=/a%00b"
            })
    void refusesWhatItCannotUseAndQuotesIt(String address) {
        assertThatThrownBy(() -> BusAddress.parse(address)).hasMessageStartingWith("D-Bus address '");
    }

    @Test
    void refusesANameThatDoesNotFitASocketAddress() {
        String longest = "/" + "a".repeat(106);

        assertThat(BusAddress.parse("unix:path=" + longest)).hasSize(1);
        assertThatThrownBy(() -> BusAddress.parse("unix:path=" + longest + "a")).hasMessageContaining("107");
    }

    @Test
    void systemBusIsWhereTheEnvironmentSaysOrAtTheUsualPlace() {
        assertThat(BusAddress.ofSystemBus(Map.of("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/s")))
                .hasToString("[unix:path=/s]");
        assertThat(BusAddress.ofSystemBus(Map.of("DBUS_SYSTEM_BUS_ADDRESS", "")))
                .hasToString("[unix:path=/run/dbus/system_bus_socket]");
    }

    @Test
    void sessionBusIsWhereTheEnvironmentSaysOrUnknown() {
        assertThat(BusAddress.ofSessionBus(Map.of("DBUS_SESSION_BUS_ADDRESS", "unix:abstract=s")))
                .hasToString("[unix:abstract=s]");
        assertThatThrownBy(() -> BusAddress.ofSessionBus(Map.of())).hasMessageContaining("DBUS_SESSION_BUS_ADDRESS");
    }
}
