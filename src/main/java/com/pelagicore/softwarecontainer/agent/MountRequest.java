package com.pelagicore.softwarecontainer.agent;

/** A mount that a caller asks for, with paths as they came. */
public record MountRequest(String pathInHost, String pathInContainer, boolean readOnly) {}
