package com.pelagicore.softwarecontainer.gateway.dbus;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.BusAccess;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Lets D-Bus messages through; the element format is in docs/gateways/dbus.md. */
public final class DbusGateway implements Gateway {

    @Override
    public String id() {
        return "dbus";
    }

    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        Set<Bus> buses = new TreeSet<>();
        Set<BusRule> rules = new LinkedHashSet<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            DbusConfig config = DbusConfig.of(element);
            buses.addAll(config.buses());
            rules.addAll(config.rules());
        }
        List<SpecItem> items = new ArrayList<>();
        for (Bus bus : buses) {
            items.add(new BusAccess(bus));
            items.add(new EnvironmentVariable(variable(bus), "unix:path=" + bus.containerPath()));
        }
        items.addAll(rules);
        return items;
    }

    private static String variable(Bus bus) {
        return switch (bus) {
            case SESSION -> "DBUS_SESSION_BUS_ADDRESS";
            case SYSTEM -> "DBUS_SYSTEM_BUS_ADDRESS";
        };
    }
}
