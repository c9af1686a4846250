package com.pelagicore.softwarecontainer.gateway.cgroups;

import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.CgroupSetting;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Sets limits; the element format is in docs/gateways/cgroups.md. */
public final class CgroupsGateway implements Gateway {

    @Override
    public String id() {
        return "cgroups";
    }

    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        Map<String, CgroupSetting> settings = new LinkedHashMap<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            CgroupSetting setting = CgroupsConfig.of(element);
            settings.merge(setting.key(), setting, CgroupsGateway::merged);
        }
        return List.copyOf(settings.values());
    }

    /** The more permissive one wins where it can be told; else the later one. */
    private static CgroupSetting merged(CgroupSetting earlier, CgroupSetting later) {
        return CgroupsConfig.largerWins(later.key())
                ? new CgroupSetting(later.key(), CgroupSetting.larger(earlier.value(), later.value()))
                : later;
    }
}
