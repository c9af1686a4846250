/** The env gateway: environment variables (docs/gateways/env.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.environment;

import org.jspecify.annotations.NullMarked;
