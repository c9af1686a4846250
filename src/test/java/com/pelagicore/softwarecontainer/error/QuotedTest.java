package com.pelagicore.softwarecontainer.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {

    @Test
    void putsShortTextInQuotes() {
        assertThat(Quoted.text("lxcbr0")).isEqualTo("'lxcbr0'");
    }

    @Test
    void cutsLongTextAndTellsItsLength() {
        String quoted = Quoted.text("x".repeat(1_000_000));

        assertThat(quoted).isEqualTo("'" + "x".repeat(100) + "…' (1000000 characters)");
    }

    @Test
    void keepsOneLineWhateverIsInTheText() {
        assertThat(Quoted.text("a\nb\u001b[31m\u2028")).isEqualTo("'a\\u000ab\\u001b[31m\\u2028'");
    }

    @Test
    void doesNotCutACharacterInHalf() {
        String quoted = Quoted.text("x".repeat(99) + "😀😀");

        assertThat(quoted).startsWith("'" + "x".repeat(99) + "…'");
    }
}
