package com.pelagicore.softwarecontainer.spec;

/** One thing that a gateway may do to a container. The list is closed: what is not here cannot happen. */
public sealed interface SpecItem permits EnvironmentVariable, BindMount {}
