package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.util.List;

/** One bus of the host as one container sees it. */
public record BusId(String container, Bus bus) {

    /**
     * Reads the answer to {@link ControlRequest.ListOpen}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static List<BusId> parse(String lines) {
        return lines.lines()
                .map(line -> {
                    int space = line.lastIndexOf(' ');
                    return new BusId(line.substring(0, Math.max(0, space)), Bus.valueOf(line.substring(space + 1)));
                })
                .toList();
    }

    @Override
    public String toString() {
        return container + " " + bus.name();
    }
}
