package com.pelagicore.softwarecontainer.bus;

/** A method of an object with its handler. */
record Route(String interfaceName, MethodDescription method, Turn turn, CallHandler handler) {}
