package com.pelagicore.softwarecontainer.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNumberTest {

    @ParameterizedTest
    @ValueSource(strings = {"c 10:200", "b 0:0", "b 4095:1048575"})
    void isReadAsItIsWritten(String text) {
        assertThat(DeviceNumber.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "p 1:3", "c 1:3 rw", "c 4096:0", "c 0:1048576", "c -1:0", "c 1:*"})
    void refusesWhatIsNoNumber(String text) {
        assertThatThrownBy(() -> DeviceNumber.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsBlockFromCharacterDevices() {
        assertThat(DeviceNumber.parse("b 7:1")).isEqualTo(new DeviceNumber(true, 7, 1));
    }
}
