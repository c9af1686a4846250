package com.pelagicore.softwarecontainer.bus;

/** A property that can be read, from introspection data. */
public record PropertyDescription(String name, String signature) {}
