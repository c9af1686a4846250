package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.Confinement;
import tools.jackson.databind.JsonNode;

/**
 * What a journal is about.
 *
 * @param container name of the container, {@code SC-7}
 * @param bootId random(4) /proc/sys/kernel/random/boot_id when it was made: what only the kernel held is gone
 *     when it differs
 * @param marker random; stands in the LXC definition, to tell our container from another of that name
 * @param options the container's options as its creator gave them
 * @param confinement how it is kept apart from the host, which does not change
 */
public record JournalHeader(
        String container, String bootId, String marker, JsonNode options, Confinement confinement) {}
