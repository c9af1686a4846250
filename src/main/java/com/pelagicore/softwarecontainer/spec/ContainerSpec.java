package com.pelagicore.softwarecontainer.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that is granted to a container.
 *
 * @param environment by name
 * @param mounts by container path, parents before children
 */
public record ContainerSpec(SortedMap<String, String> environment, SortedMap<Path, BindMount> mounts) {

    public static final ContainerSpec EMPTY = new ContainerSpec(new TreeMap<>(), new TreeMap<>());

    public ContainerSpec {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        mounts = Collections.unmodifiableSortedMap(new TreeMap<>(mounts));
    }

    /** The sum of the items; of two about the same variable or path, the later one counts. */
    public static ContainerSpec of(List<? extends SpecItem> items) {
        Collected collected = new Collected();
        items.forEach(item -> item.addTo(collected));
        return new ContainerSpec(collected.environment, collected.mounts);
    }

    /** What has to be mounted so that a container with {@code granted} has this; parents before children. */
    public List<BindMount> mountsBeyond(ContainerSpec granted) {
        List<BindMount> missing = new ArrayList<>();
        for (Map.Entry<Path, BindMount> entry : mounts.entrySet()) {
            if (!entry.getValue().equals(granted.mounts.get(entry.getKey()))) {
                missing.add(entry.getValue());
            }
        }
        return missing;
    }

    private static final class Collected implements SpecItem.Sum {

        private final SortedMap<String, String> environment = new TreeMap<>();
        private final SortedMap<Path, BindMount> mounts = new TreeMap<>();

        @Override
        public void add(EnvironmentVariable variable) {
            environment.put(variable.name(), variable.value());
        }

        @Override
        public void add(BindMount mount) {
            mounts.put(mount.containerPath(), mount);
        }
    }
}
