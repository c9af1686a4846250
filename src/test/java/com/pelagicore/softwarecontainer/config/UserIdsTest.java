package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.UserIds.Range;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdsTest {

    @Test
    void readsUsersAndRanges() {
        UserIds ids = UserIds.parse("1000-1010, 990,999999999");

        assertThat(ids.ranges())
                .containsExactly(new Range(990, 990), new Range(1000, 1010), new Range(999_999_999, 999_999_999));
        assertThat(ids).hasToString("990,1000-1010,999999999");
    }

    @Test
    void knowsWhoIsAmongThem() {
        UserIds ids = UserIds.parse("990,1000-1010");

        assertThat(IntStream.of(0, 989, 990, 991, 999, 1000, 1005, 1010, 1011).filter(ids::contains))
                .containsExactly(990, 1000, 1005, 1010);
        assertThat(UserIds.NONE.contains(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "1,",
                "0",
                "0-5",
                "5-4",
                "-1",
                "root",
                "1000000000",
                "1;2",
                "1 2",
                "1-2-3",
                "5,5",
                "1-5,3",
                "+1"
            })
    void refusesWhatIsNoListOfUsers(String text) {
        assertThatThrownBy(() -> UserIds.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be user ids and ranges like 990,1000-1010")
                .hasMessageEndingWith("not '" + text + "'");
    }

    @Test
    void refusesMoreThanAUserNamespaceHolds() {
        String many = IntStream.rangeClosed(1, 101).mapToObj(i -> "" + 2 * i).collect(Collectors.joining(","));

        assertThatThrownBy(() -> UserIds.parse(many)).isInstanceOf(IllegalArgumentException.class);
        assertThat(UserIds.parse(many.substring(2)).ranges()).hasSize(100);
    }
}
