package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.agent.Agents;
import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.agent.Intent;
import com.pelagicore.softwarecontainer.bus.Admission;
import com.pelagicore.softwarecontainer.bus.Answer;
import com.pelagicore.softwarecontainer.bus.BusCall;
import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.CallHandler;
import com.pelagicore.softwarecontainer.bus.Cause;
import com.pelagicore.softwarecontainer.bus.Reply;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.MDC;

/**
 * Lets calls in, or not: finds out who calls, has the agent decide, and keeps the audit log. For all front doors
 * on D-Bus; who may not gets AccessDenied on each.
 */
final class Doorman {

    /** A method of an interface, for a caller who may call it. Errors of the agent are its own to translate. */
    interface Method {
        Answer run(Agent agent, BusCall call);
    }

    /** What a method answers that has changed nothing: it is not in the audit log. */
    static final Reply NOTHING_DONE = Reply.empty().then(() -> {});

    /** In the context of what is logged. */
    private static final String CONTAINER = "container";

    private final Agents agents;
    private final AuditLog audit;

    Doorman(Agents agents, AuditLog audit) {
        this.agents = agents;
        this.audit = audit;
    }

    /** @param intent what a call is about to do; runs on the thread that reads from the bus */
    Admission admission(Function<BusCall, Intent> intent, Method method) {
        return call -> {
            Caller caller = caller(call);
            Intent what = intent.apply(call);
            String member = call.member();
            return agents.admit(caller, what)
                    .<CallHandler>thenApply(admitted -> now -> run(method, admitted, what, now))
                    .exceptionallyCompose(
                            failure -> CompletableFuture.failedFuture(refusal(caller, member, what, failure)));
        };
    }

    /** For reading what everybody may read who may list containers. */
    Admission look(CallHandler handler) {
        return admission(call -> new Intent.Look(), (agent, call) -> {
            // the handler knows no agent: what counts is decided here
            agent.requireLook();
            return handler.handle(call);
        });
    }

    private Answer run(Method method, Caller caller, Intent intent, BusCall call) {
        container(intent).ifPresent(Doorman::about);
        try {
            Answer answer = method.run(agents.of(caller), call);
            if (!(intent instanceof Intent.Look) && !answer.equals(NOTHING_DONE)) {
                audit.done(caller, call.member());
            }
            return answer;
        } catch (SoftwareContainerException e) {
            throw e.kind() == ErrorKind.ACCESS_DENIED ? denied(caller, call.member(), e) : e;
        }
    }

    /** What is logged from now on, until the call is handled, is about this container. */
    static void about(int container) {
        MDC.put(CONTAINER, Integer.toString(container));
    }

    private static OptionalInt container(Intent intent) {
        if (intent instanceof Intent.Use use) {
            return OptionalInt.of(use.container());
        }
        return intent instanceof Intent.Mount mount ? OptionalInt.of(mount.container()) : OptionalInt.empty();
    }

    private Throwable refusal(Caller caller, String member, Intent intent, Throwable failure) {
        container(intent).ifPresent(Doorman::about);
        try {
            return refusal(caller, member, failure);
        } finally {
            // on the thread that reads from the bus, which handles no call now
            MDC.remove(CONTAINER);
        }
    }

    private Throwable refusal(Caller caller, String member, Throwable failure) {
        Throwable cause = Cause.of(failure);
        return cause instanceof SoftwareContainerException e && e.kind() == ErrorKind.ACCESS_DENIED
                ? denied(caller, member, e)
                : cause;
    }

    private BusError denied(Caller caller, String member, SoftwareContainerException reason) {
        String message = String.valueOf(reason.getMessage());
        audit.denied(caller, member, message);
        return BusError.accessDenied(message);
    }

    private static Caller caller(BusCall call) {
        return new Caller(
                call.sender(), call.credentials().uid(), call.credentials().groups(), call.interactive(), Set.of());
    }
}
