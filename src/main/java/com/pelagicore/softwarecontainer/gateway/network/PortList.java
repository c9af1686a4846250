package com.pelagicore.softwarecontainer.gateway.network;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.spec.NetworkRule.PortRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The value of {@code ports}: a number, a text like {@code 80,8000-8010}, or an array of these. */
final class PortList {

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:[-:]([0-9]{1,5}))?");

    private PortList() {}

    /**
     * Sorted; what overlaps or touches is one range.
     *
     * @param ports the value itself
     */
    static List<PortRange> of(ConfigElement ports) {
        List<PortRange> ranges = new ArrayList<>();
        JsonNode json = ports.json();
        if (json.isArray() && json.isEmpty()) {
            throw ports.refuse("'ports' is an empty array");
        }
        for (JsonNode each : json.isArray() ? json : List.of(json)) {
            ranges.addAll(ranges(each, ports));
        }
        return merged(ranges);
    }

    private static List<PortRange> ranges(JsonNode json, ConfigElement ports) {
        if (!json.isString() && !json.isIntegralNumber()) {
            throw ports.refuse("'ports' must be a number, a string like '80,8000-8010' or an array of these, not "
                    + Quoted.text(json.toString()));
        }
        String text = json.isString() ? json.stringValue() : json.toString();
        List<PortRange> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part, ports));
        }
        return ranges;
    }

    private static PortRange range(String text, ConfigElement ports) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw ports.refuse("'ports' has " + Quoted.text(text) + ", which is neither a port nor a range of ports");
        }
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        if (first > last) {
            throw ports.refuse("'ports' has the range " + Quoted.text(text) + ", which runs backwards");
        }
        if (first < 1 || last > 65535) {
            throw ports.refuse("'ports' must be from 1 to 65535, not " + Quoted.text(text));
        }
        return new PortRange(first, last);
    }

    private static List<PortRange> merged(List<PortRange> ranges) {
        ranges.sort(Comparator.comparingInt(PortRange::first));
        List<PortRange> merged = new ArrayList<>();
        for (PortRange range : ranges) {
            PortRange before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && range.first() <= before.last() + 1) {
                merged.set(merged.size() - 1, new PortRange(before.first(), Math.max(before.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }
}
