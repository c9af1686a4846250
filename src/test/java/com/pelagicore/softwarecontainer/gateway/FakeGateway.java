package com.pelagicore.softwarecontainer.gateway;

import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** A gateway that does what the test says. */
record FakeGateway(String id, Function<List<JsonNode>, List<SpecItem>> contribution) implements Gateway {

    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        return contribution.apply(elements);
    }
}
