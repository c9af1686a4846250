package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.agent.Agents;
import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.agent.Intent;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The same agent for everybody who is not banned. */
final class FakeAgents implements Agents {

    private final Agent agent;
    /** Whom an agent was made for. */
    final Queue<Caller> callers = new ConcurrentLinkedQueue<>();
    /** What those who were let in were about to do. */
    final Queue<Intent> intents = new ConcurrentLinkedQueue<>();
    /** Uids that are not let in. */
    final Set<Long> banned = ConcurrentHashMap.newKeySet();

    FakeAgents(Agent agent) {
        this.agent = agent;
    }

    @Override
    public Agent of(Caller caller) {
        callers.add(caller);
        return agent;
    }

    @Override
    public CompletableFuture<Caller> admit(Caller caller, Intent intent) {
        if (banned.contains(caller.uid())) {
            return CompletableFuture.failedFuture(new SoftwareContainerException(
                    ErrorKind.ACCESS_DENIED, "user " + caller.uid() + " may not use containers"));
        }
        intents.add(intent);
        return CompletableFuture.completedFuture(caller);
    }
}
