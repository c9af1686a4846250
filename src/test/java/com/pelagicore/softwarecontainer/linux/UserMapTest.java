package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.IdRange;
import org.junit.jupiter.api.Test;

class UserMapTest {

    @Test
    void readsWhichIdsOfTheHostAContainerHas() {
        assertThat(UserMap.parse("         0 1342177280      65536\n")).contains(new IdRange(1_342_177_280, 65_536));
    }

    @Test
    void seesThatAContainerHasTheUsersOfTheHost() {
        assertThat(UserMap.parse("         0          0 4294967295\n")).isEmpty();
    }
}
