package com.pelagicore.softwarecontainer.bus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whom a connection belongs to, as the kernel told the bus when it was made.
 *
 * @param uid 0 to 4294967294; in {@link #UNKNOWN} alone 4294967295, which is nobody's
 * @param groups ids, the primary one among them; empty if the bus does not tell
 */
public record Credentials(long uid, Set<Long> groups) {

    /** Of a call that nobody needs to have made, such as Ping. */
    public static final Credentials UNKNOWN = new Credentials(0xffff_ffffL, Set.of());

    private static final long ROOT = 0;

    public Credentials {
        groups = Set.copyOf(groups);
        if (uid < 0 || uid > 0xffff_ffffL) {
            throw new IllegalArgumentException("no user id: " + uid);
        }
    }

    public boolean isRoot() {
        return uid == ROOT;
    }

    /** What counts as one client: a connection of root, and all those of another user. */
    String client(String connection) {
        return isRoot() ? connection : "uid " + uid;
    }

    /**
     * Reads an answer to GetConnectionCredentials.
     *
     * @return empty if there is no usable user id in it: nobody is taken for root by omission
     */
    static Optional<Credentials> of(Map<?, ?> answer) {
        return number(content(answer, "UnixUserID"))
                .filter(uid -> uid != UNKNOWN.uid())
                .map(uid -> new Credentials(uid, groups(content(answer, "UnixGroupIDs"))));
    }

    private static Optional<Object> content(Map<?, ?> answer, String key) {
        return answer.get(key) instanceof Variant variant ? Optional.of(variant.value()) : Optional.empty();
    }

    private static Optional<Long> number(Optional<Object> value) {
        return value.filter(Number.class::isInstance).map(number -> ((Number) number).longValue() & 0xffff_ffffL);
    }

    private static Set<Long> groups(Optional<Object> value) {
        if (value.isEmpty() || !(value.get() instanceof List<?> list)) {
            return Set.of();
        }
        return list.stream().flatMap(each -> number(Optional.of(each)).stream()).collect(Collectors.toSet());
    }
}
