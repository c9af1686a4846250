package com.pelagicore.softwarecontainer.gateway.file;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Makes files and directories of the host appear; the element format is in docs/gateways/file.md. */
public final class FileGateway implements Gateway {

    @Override
    public String id() {
        return "file";
    }

    @Override
    public List<SpecItem> contribute(List<JsonNode> elements, HostFacts host) {
        Map<Path, BindMount> mounts = new LinkedHashMap<>();
        for (ConfigElement element : ConfigElement.of(elements)) {
            BindMount mount = FileConfig.of(element);
            BindMount other = mounts.get(mount.containerPath());
            mounts.put(mount.containerPath(), other == null ? mount : merged(other, mount, element));
        }
        return List.copyOf(mounts.values());
    }

    /** The more permissive one wins, as everywhere. */
    private static BindMount merged(BindMount other, BindMount mount, ConfigElement element) {
        if (!other.hostPath().equals(mount.hostPath())) {
            throw element.refuse("'path-container' "
                    + Quoted.text(mount.containerPath().toString())
                    + " is taken by 'path-host' " + Quoted.text(other.hostPath().toString()) + " and cannot be "
                    + Quoted.text(mount.hostPath().toString()) + " too");
        }
        return new BindMount(mount.hostPath(), mount.containerPath(), other.readOnly() && mount.readOnly());
    }
}
