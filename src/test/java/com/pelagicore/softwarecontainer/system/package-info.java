/**
 * System tests: the agent as it is started in earnest, on a real bus with real LXC containers.
 *
 * <p>Knows nothing of the agent's code, only its wire contract, command line and files. Needs root. A test class is
 * annotated with {@code SystemTest} and takes a {@code LiveAgent} or an {@code AgentClient}.
 */
package com.pelagicore.softwarecontainer.system;
