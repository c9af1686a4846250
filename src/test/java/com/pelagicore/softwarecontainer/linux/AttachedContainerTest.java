package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Direction;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import com.pelagicore.softwarecontainer.spec.Peer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttachedContainerTest {

    private static final Instant START = Instant.EPOCH;
    private static final Duration KEEP = Duration.ofHours(1);
    private static final NetworkLayout LAYOUT = NetworkLayoutTest.layout("lxcbr0", "10.0.3.1", 24);

    @Test
    void keepsAnAddressForAWhileAfterTheNameHasMovedOn() {
        AttachedContainer container = new AttachedContainer(access(1), KEEP, START);

        assertThat(container.learn(Map.of("name", Set.of(address(2))), START.plusSeconds(60)))
                .isTrue();
        assertThat(container.addresses()).isEqualTo(Map.of("name", Set.of(address(1), address(2))));
        assertThat(container.learn(
                        Map.of("name", Set.of(address(2))), START.plus(KEEP).plusSeconds(1)))
                .isTrue();
        assertThat(container.addresses()).isEqualTo(Map.of("name", Set.of(address(2))));
    }

    @Test
    void saysThatNothingHasChanged() {
        AttachedContainer container = new AttachedContainer(access(1), KEEP, START);

        assertThat(container.learn(Map.of("name", Set.of(address(1))), START.plusSeconds(60)))
                .isFalse();
    }

    @Test
    void saysOnceMoreWhatHasChangedUntilItIsInForce() {
        AttachedContainer container = new AttachedContainer(access(1), KEEP, START);
        Map<String, Set<InetAddress>> news = Map.of("name", Set.of(address(2)));

        assertThat(container.learn(news, START)).isTrue();
        assertThat(container.learn(news, START)).as("the kernel refused it").isTrue();
        container.applied();
        assertThat(container.learn(news, START)).isFalse();
    }

    @Test
    void remembersWhatItHadBefore() {
        NetworkAccess first = access(1);
        AttachedContainer container = new AttachedContainer(first, KEEP, START);

        container.change(access(2), START);

        assertThat(container.before()).contains(first);
        assertThat(container.sets()).isEqualTo(1);
    }

    private static NetworkAccess access(int lastByte) {
        NetworkRule rule = new NetworkRule(Direction.OUTGOING, Peer.parse("name"), EnumSet.of(Protocol.TCP), List.of());
        return new NetworkAccess("lxcbr0", LAYOUT.place(0), Set.of(rule), Map.of("name", Set.of(address(lastByte))));
    }

    private static InetAddress address(int lastByte) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) lastByte});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
