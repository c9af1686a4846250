package com.pelagicore.softwarecontainer.busfilter;

/**
 * What the filter answers.
 *
 * @param text what was asked for, or the reason why it was not done; may be empty
 */
public record ControlAnswer(boolean done, String text) {}
