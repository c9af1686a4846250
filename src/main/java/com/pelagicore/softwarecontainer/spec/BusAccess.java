package com.pelagicore.softwarecontainer.spec;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;

/** A bus that a container can connect to; without a {@link BusRule} it reaches nothing but the bus itself. */
public record BusAccess(Bus bus) implements SpecItem {

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
