package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.IdRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubordinateIdsTest {

    private static final List<String> OURS = List.of("softwarecontainer", "root");

    @Test
    void findsTheRangeThatIsInBothFiles() {
        SubordinateIds ids = new SubordinateIds(
                List.of("alice:100000:65536", "root:200000:65536", "root:1000000:655360"),
                List.of("alice:100000:65536", "root:1000000:655360"));

        assertThat(ids.of("root")).contains(new IdRange(1_000_000, 655_360));
        assertThat(ids.of("softwarecontainer")).isEmpty();
    }

    @Test
    void passesOverWhatIsTooSmallOrNoRange() {
        List<String> lines = List.of(
                "",
                "# root:1:2",
                "root",
                "root:x:y",
                "root:0:65536",
                "root:-1:65536",
                "root:100000:65535",
                "root:4294967295:1");
        SubordinateIds ids = new SubordinateIds(lines, lines);

        assertThat(ids.of("root")).isEmpty();
    }

    @Test
    void tellsWhoElseHasTheIds() {
        SubordinateIds ids = new SubordinateIds(List.of("root:1000000:65536"), List.of("alice:1065535:65536"));

        assertThat(ids.conflict(new IdRange(1_000_000, 65_536), OURS))
                .hasValueSatisfying(text -> assertThat(text).contains("'alice'", "1065535-1131070", "1000000-1065535"));
        assertThat(ids.conflict(new IdRange(900_000, 65_536), OURS)).isEmpty();
    }
}
