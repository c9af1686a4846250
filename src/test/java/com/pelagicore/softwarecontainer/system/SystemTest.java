package com.pelagicore.softwarecontainer.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a running agent ({@link LiveAgent}) and a client ({@link AgentClient}), destroys after each
 * test the containers that it left, and asserts that the host is as it was before the test, and before the class.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LiveAgentExtension.class)
@interface SystemTest {}
