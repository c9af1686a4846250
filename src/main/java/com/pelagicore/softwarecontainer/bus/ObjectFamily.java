package com.pelagicore.softwarecontainer.bus;

import java.util.Set;

/**
 * Objects of one kind below one path, which come and go. Handlers tell them apart by the path of the call.
 *
 * @param names last elements of their paths; a live view, read from any thread
 */
public record ObjectFamily(BusObject kind, Set<String> names) {}
