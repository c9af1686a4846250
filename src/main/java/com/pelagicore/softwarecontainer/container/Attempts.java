package com.pelagicore.softwarecontainer.container;

import java.util.Optional;

/** Does one thing after the other, also if one of them fails. */
final class Attempts {

    private Optional<RuntimeException> failure = Optional.empty();

    boolean succeeds(Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException e) {
            failure.ifPresent(first -> first.addSuppressed(e));
            failure = failure.or(() -> Optional.of(e));
            return false;
        }
    }

    /** @throws RuntimeException the first failure, with the others */
    void end() {
        failure.ifPresent(first -> {
            throw first;
        });
    }
}
