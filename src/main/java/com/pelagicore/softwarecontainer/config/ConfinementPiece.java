package com.pelagicore.softwarecontainer.config;

import java.util.Arrays;
import java.util.Optional;

/** What confines a container and may be lacking on a host, and what its lack costs. */
public enum ConfinementPiece {
    USER_NAMESPACE("userns", "root in a container is root of the host, if without most of its rights"),
    MAPPED_MOUNTS(
            "idmap", "files of some file systems belong to nobody in containers, which cannot change or not read them"),
    SYSTEM_CALL_FILTER("seccomp", "programs in containers may make every system call, set-uid files included"),
    APPARMOR("apparmor", "nothing stands behind the other pieces should one of them have a hole"),
    PROCESS_LIMIT("pids", "a container that starts processes without end takes those of the whole host");

    private final String word;
    private final String cost;

    ConfinementPiece(String word, String cost) {
        this.word = word;
        this.cost = cost;
    }

    static Optional<ConfinementPiece> of(String word) {
        return Arrays.stream(values()).filter(piece -> piece.word.equals(word)).findFirst();
    }

    /** As in the configuration file. */
    public String word() {
        return word;
    }

    /** What it means to be without, in words that go on after a colon. */
    public String cost() {
        return cost;
    }
}
