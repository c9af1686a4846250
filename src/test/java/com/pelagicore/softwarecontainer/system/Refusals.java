package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls that have to be answered with an error. */
final class Refusals {

    private Refusals() {}

    /** The text of the one error name that the legacy interface has. */
    static AbstractStringAssert<?> assertRefused(ThrowingCallable call) {
        return assertRefused(BusError.FAILED, call);
    }

    static AbstractStringAssert<?> assertRefused(String errorName, ThrowingCallable call) {
        BusError error = catchThrowableOfType(BusError.class, call);
        assertThat(error).as("error reply").isNotNull();
        assertThat(error.name()).as(error.toString()).isEqualTo(errorName);
        return assertThat(error.getMessage());
    }
}
