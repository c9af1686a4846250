package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Authority;
import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.agent.Permission;
import com.pelagicore.softwarecontainer.bus.Arguments;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusRequest;
import com.pelagicore.softwarecontainer.bus.Variant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks polkit, if there is one on the bus (interface org.freedesktop.PolicyKit1.Authority). The subject is the
 * connection, not a process. No answer in time, an error, a caller who is gone: not granted.
 */
public final class Polkit implements Authority {

    private static final Logger LOG = LoggerFactory.getLogger(Polkit.class);

    static final String ACTIONS = "com.pelagicore.SoftwareContainer.";

    private static final String NAME = "org.freedesktop.PolicyKit1";
    private static final String PATH = "/org/freedesktop/PolicyKit1/Authority";
    private static final String INTERFACE = "org.freedesktop.PolicyKit1.Authority";
    private static final String SIGNATURE = "(sa{sv})sa{ss}us";
    private static final long ALLOW_USER_INTERACTION = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** To find a password. */
    private static final Duration PATIENCE_WITH_PEOPLE = Duration.ofMinutes(2);

    /** Questions about one user at a time: the bus allows a service 128 unanswered calls. */
    private static final int QUESTIONS_PER_USER = 8;

    private static final int QUESTIONS = 64;

    private final BusConnection bus;
    private final Map<Long, Integer> questions = new HashMap<>();

    public Polkit(BusConnection bus) {
        this.bus = bus;
    }

    @Override
    public CompletableFuture<Boolean> grants(Caller caller, Permission permission) {
        if (!begin(caller.uid())) {
            return CompletableFuture.completedFuture(false);
        }
        return owner().thenCompose(owner -> ask(owner, caller, permission))
                .thenCompose(granted -> granted ? isThere(caller) : CompletableFuture.completedFuture(false))
                .exceptionally(failure -> {
                    LOG.debug("polkit does not say whether {} may {}", caller.name(), permission, failure);
                    return false;
                })
                .whenComplete((granted, failure) -> end(caller.uid()));
    }

    /** The unique name of polkit, as only its owner may answer. It is started if it is installed and does not run. */
    private CompletableFuture<String> owner() {
        return findOwner()
                .exceptionallyCompose(none -> bus.call(BusRequest.ofBus("StartServiceByName", "su", NAME, 0L), PATIENCE)
                        .thenCompose(started -> findOwner()));
    }

    private CompletableFuture<String> findOwner() {
        return bus.call(BusRequest.ofBus("GetNameOwner", "s", NAME), PATIENCE).thenApply(owner -> owner.string(0));
    }

    private CompletableFuture<Boolean> ask(String polkit, Caller caller, Permission permission) {
        String cancellation = caller.interactive() ? UUID.randomUUID().toString() : "";
        List<Object> subject = List.of("system-bus-name", Map.of("name", new Variant("s", caller.name())));
        long flags = caller.interactive() ? ALLOW_USER_INTERACTION : 0;
        List<Object> arguments = List.of(subject, ACTIONS + permission.word(), Map.of(), flags, cancellation);
        return bus.call(
                        new BusRequest(polkit, PATH, INTERFACE, "CheckAuthorization", SIGNATURE, arguments),
                        caller.interactive() ? PATIENCE_WITH_PEOPLE : PATIENCE)
                .thenApply(Polkit::isAuthorized)
                .whenComplete((authorized, failure) -> {
                    if (failure != null && caller.interactive()) {
                        cancel(polkit, cancellation);
                    }
                });
    }

    /** The answer is {@code (bba{ss})}: is authorized, is a challenge, details. */
    private static boolean isAuthorized(Arguments answer) {
        return answer.list(0).get(0) instanceof Boolean authorized && authorized;
    }

    private void cancel(String polkit, String cancellation) {
        CompletableFuture<Arguments> ignored = bus.call(
                new BusRequest(polkit, PATH, INTERFACE, "CancelCheckAuthorization", "s", List.of(cancellation)),
                PATIENCE);
    }

    /** A polkit that met the end of the caller while it asked who that is may have been mistaken (CVE-2021-3560). */
    private CompletableFuture<Boolean> isThere(Caller caller) {
        return bus.call(BusRequest.ofBus("NameHasOwner", "s", caller.name()), PATIENCE)
                .thenApply(answer -> answer.bool(0));
    }

    private synchronized boolean begin(long uid) {
        int total = questions.values().stream().mapToInt(Integer::intValue).sum();
        if (total >= QUESTIONS || questions.getOrDefault(uid, 0) >= QUESTIONS_PER_USER) {
            return false;
        }
        questions.merge(uid, 1, Integer::sum);
        return true;
    }

    private synchronized void end(long uid) {
        questions.computeIfPresent(uid, (user, count) -> count == 1 ? null : count - 1);
    }
}
