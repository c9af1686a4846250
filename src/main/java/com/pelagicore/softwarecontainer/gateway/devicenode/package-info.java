/** The devicenode gateway: devices of the host (docs/gateways/devicenode.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.devicenode;

import org.jspecify.annotations.NullMarked;
