package com.pelagicore.softwarecontainer.bus;

/**
 * A value that carries its type.
 *
 * @param signature of one complete type, in D-Bus notation
 * @param value see {@link Reply} for what is sent, {@link Arguments} for what came
 */
public record Variant(String signature, Object value) {}
