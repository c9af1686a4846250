package com.pelagicore.softwarecontainer.bus;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom each connection belongs to: asked of the bus once per connection, never concluded from a pid, forgotten
 * when the connection has ended. The bus gives a unique name to one connection only. Thread-safe.
 */
final class Identities {

    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Those connections of which the end is told: {@link #gone}. */
    static final String ENDS =
            "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg2=''";

    private final OutgoingCalls calls;
    private final Map<String, CompletableFuture<Credentials>> known = new ConcurrentHashMap<>();

    Identities(OutgoingCalls calls) {
        this.calls = calls;
    }

    /** Fails with AccessDenied if the bus does not know, for instance because the connection has ended. */
    CompletableFuture<Credentials> of(String sender) {
        CompletableFuture<Credentials> credentials = known.get(sender);
        return credentials != null ? credentials : ask(sender);
    }

    /**
     * Of a connection whose identity has been told.
     *
     * @throws BusError AccessDenied if it has not, or has ended
     */
    Credentials known(String sender) {
        CompletableFuture<Credentials> credentials = known.get(sender);
        if (credentials == null || !credentials.isDone() || credentials.isCompletedExceptionally()) {
            throw BusError.accessDenied("the bus does not tell who calls");
        }
        return credentials.join();
    }

    /** The bus has told that a name has no owner any more. */
    void gone(String name) {
        known.remove(name);
    }

    private CompletableFuture<Credentials> ask(String sender) {
        CompletableFuture<Credentials> credentials = calls.call(
                        BusRequest.ofBus("GetConnectionCredentials", "s", sender), PATIENCE)
                .thenApply(answer ->
                        Credentials.of(answer.dictionary(0)).orElseThrow(() -> BusError.failed("there is no user id")))
                .exceptionallyCompose(failure -> unknown(sender, failure));
        known.put(sender, credentials);
        return credentials;
    }

    private CompletableFuture<Credentials> unknown(String sender, Throwable failure) {
        LOG.debug("the bus does not tell who {} is", sender, failure);
        known.remove(sender);
        return CompletableFuture.failedFuture(BusError.accessDenied("the bus does not tell who calls"));
    }
}
