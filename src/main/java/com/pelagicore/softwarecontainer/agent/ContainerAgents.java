package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import java.util.concurrent.CompletableFuture;

/** The agent over a catalogue of capabilities and a registry of containers, guarded. */
public final class ContainerAgents implements Agents {

    private final Containers containers;
    private final Catalogue catalogue;
    private final GatewayCompiler gateways;
    private final Access access;

    public ContainerAgents(Containers containers, Catalogue catalogue, GatewayCompiler gateways, Access access) {
        this.containers = containers;
        this.catalogue = catalogue;
        this.gateways = gateways;
        this.access = access;
    }

    @Override
    public Agent of(Caller caller) {
        return new ContainerAgent(containers, catalogue, gateways, new Permit(caller, access));
    }

    @Override
    public CompletableFuture<Caller> admit(Caller caller, Intent intent) {
        return access.admit(caller, intent);
    }
}
