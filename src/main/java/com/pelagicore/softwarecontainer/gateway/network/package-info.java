/** The network gateway: who a container may talk to (docs/gateways/network.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.network;

import org.jspecify.annotations.NullMarked;
