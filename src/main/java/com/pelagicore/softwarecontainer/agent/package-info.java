/**
 * The use cases, one method per verb of the service. No transport types.
 *
 * <p>Start at {@link com.pelagicore.softwarecontainer.agent.Agent}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.agent;

import org.jspecify.annotations.NullMarked;
