package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.HostNameTimes;
import com.pelagicore.softwarecontainer.config.NetworkConfig;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.linux.NetworkLayout.Place;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkLayoutTest {

    private static final NetworkLayout LAYOUT = layout("lxcbr0", "10.0.3.1", 24);

    static NetworkLayout layout(String bridge, String ip, int bits) {
        return NetworkLayout.of(new NetworkConfig(
                true, bridge, ip, "", bits, "", true, new HostNameTimes(Duration.ofMinutes(1), Duration.ofHours(1))));
    }

    @Test
    void givesAContainerTheBridgesAddressPlusItsIdPlusOne() {
        Place place = LAYOUT.place(7);

        assertThat(place.address4().getHostAddress()).isEqualTo("10.0.3.9");
        assertThat(place.address6().getHostAddress()).startsWith("fd").endsWith(":0:0:0:a00:309");
        assertThat(place.mac()).isEqualTo("c2:54:0a:00:03:09");
        assertThat(place.linkLocal().getHostAddress()).isEqualTo("fe80:0:0:0:c054:aff:fe00:309");
    }

    @Test
    void carriesOverIntoTheNextByte() {
        assertThat(layout("b", "10.0.3.1", 16).place(254).address4().getHostAddress())
                .isEqualTo("10.0.4.0");
        assertThat(layout("b", "200.0.3.1", 8).place(0).address4().getHostAddress())
                .isEqualTo("200.0.3.2");
    }

    @ParameterizedTest
    @CsvSource({"10.0.3.1,24,252", "10.0.3.1,30,0", "10.0.3.253,24,0", "255.255.255.1,24,252"})
    void handsOutTheLastAddressButNotTheBroadcastAddress(String bridgeIp, int bits, int lastId) {
        NetworkLayout layout = layout("b", bridgeIp, bits);

        assertThat(layout.place(lastId).container()).isEqualTo(lastId);
        assertThatThrownBy(() -> layout.place(lastId + 1))
                .hasMessageStartingWith("There is no address for container " + (lastId + 1))
                .hasMessageEndingWith("has " + (lastId + 1) + " for containers")
                .extracting("kind")
                .isEqualTo(ErrorKind.LIMIT_EXCEEDED);
    }

    @Test
    void hasNoAddressForTheLargestId() {
        assertThatThrownBy(() -> LAYOUT.place(Integer.MAX_VALUE)).hasMessageContaining("10.0.3.1/24");
    }

    @Test
    void namesDevicesApartWithinFifteenCharacters() {
        NetworkLayout huge = layout("b", "10.0.3.1", 1);
        Set<String> names = new HashSet<>();
        for (int id : new int[] {0, 1, 10, 99, 100, 999999, 1234567, 12345678, 123456789, 1234567890}) {
            String device = huge.device(id);
            assertThat(device).hasSizeLessThanOrEqualTo(15).startsWith("sc" + id + "-");
            names.add(device);
        }

        assertThat(names).hasSize(10);
    }

    @Test
    void putsTheDevicesOfEachBridgeIntoAGroupOfTheirOwn() {
        assertThat(LAYOUT.group())
                .isNegative() // as a number without sign: far from those that people choose, and never 0
                .isNotEqualTo(layout("other", "10.0.3.1", 24).group());
        assertThat(LAYOUT.group()).isEqualTo(layout("lxcbr0", "10.9.9.1", 8).group());
    }

    @Test
    void usesAnotherIpv6NetworkForEachBridge() {
        assertThat(LAYOUT.bridge6())
                .isNotEqualTo(layout("other", "10.0.3.1", 24).bridge6());
        assertThat(LAYOUT.bridge6()).isEqualTo(layout("lxcbr0", "10.0.3.1", 24).bridge6());
    }
}
