package com.pelagicore.softwarecontainer.capability;

import com.pelagicore.softwarecontainer.config.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Service manifests that cannot be used; the agent does not start. The message has a line per defect. */
public final class InvalidManifests extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidManifests(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All defects of all files, in the order of reading. */
    public List<Problem> problems() {
        return problems;
    }
}
