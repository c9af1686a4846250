package com.pelagicore.softwarecontainer.process;

/**
 * An open file of this process that somebody else closes.
 *
 * @param number of the descriptor; valid as long as the call that it is given to takes
 */
public record OpenFile(int number) {}
