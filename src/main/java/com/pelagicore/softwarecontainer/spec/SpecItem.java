package com.pelagicore.softwarecontainer.spec;

/** One thing that a gateway may do to a container. The list is closed: what is not here cannot happen. */
public sealed interface SpecItem permits EnvironmentVariable, BindMount {

    /** Calls the method for this kind of item. */
    void addTo(Sum sum);

    /** Takes items; one method per kind. */
    interface Sum {

        void add(EnvironmentVariable variable);

        void add(BindMount mount);
    }
}
