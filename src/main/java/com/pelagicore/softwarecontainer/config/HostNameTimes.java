package com.pelagicore.softwarecontainer.config;

import java.time.Duration;

/**
 * How host names in network rules are kept up to date.
 *
 * @param refreshInterval at the latest, a name is resolved again after that; at least a second
 * @param keepTime how long an address stays allowed after the name last stood for it; may be zero
 */
public record HostNameTimes(Duration refreshInterval, Duration keepTime) {}
