package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileNameTest {

    @Test
    void keepsBytesThatAreNotText() {
        byte[] buffer = {'x', (byte) 0xff, '\n', 0, 'y', 0};

        FileName name = FileName.in(buffer, 1);

        assertThat(name.terminated()).containsExactly(0xff, '\n', 0);
        assertThat(name).hasToString("\ufffd\n").isEqualTo(FileName.in(buffer.clone(), 1));
    }

    @Test
    void joinsNames() {
        FileName directory = FileName.EMPTY.resolve(FileName.of("a")).resolve(FileName.of("b c"));

        assertThat(directory).hasToString("a/b c").isEqualTo(FileName.of(Path.of("a/b c")));
    }

    @Test
    void knowsTheNamesOfDirectoriesThemselves() {
        assertThat(FileName.of(".").isDots()).isTrue();
        assertThat(FileName.of("..").isDots()).isTrue();
        assertThat(FileName.of("...").isDots()).isFalse();
        assertThat(FileName.of(".a").isDots()).isFalse();
    }
}
