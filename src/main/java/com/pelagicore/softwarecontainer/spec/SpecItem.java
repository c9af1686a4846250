package com.pelagicore.softwarecontainer.spec;

/** One thing that a gateway may do to a container. The list is closed: what is not here cannot happen. */
public sealed interface SpecItem
        permits EnvironmentVariable,
                BindMount,
                SocketMount,
                DeviceNode,
                CgroupSetting,
                NetworkRule,
                BusAccess,
                BusRule {

    /** Calls the method for this kind of item. */
    void addTo(Sum sum);

    /** Takes items; one method per kind. */
    interface Sum {

        void add(EnvironmentVariable variable);

        void add(BindMount mount);

        void add(SocketMount mount);

        void add(DeviceNode device);

        void add(CgroupSetting setting);

        void add(NetworkRule rule);

        void add(BusAccess access);

        void add(BusRule rule);
    }
}
