/** The cgroups gateway: limits of the container's control group (docs/gateways/cgroups.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.cgroups;

import org.jspecify.annotations.NullMarked;
