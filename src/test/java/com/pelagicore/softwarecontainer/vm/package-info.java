/**
 * Runs things in a virtual machine with systemd as PID 1 and unified cgroups, which the host of the tests need not have.
 *
 * <p>{@link com.pelagicore.softwarecontainer.vm.VirtualMachine} runs a script,
 * {@link com.pelagicore.softwarecontainer.vm.TestsInVm} test classes. The machine is made by src/test/vm.
 */
package com.pelagicore.softwarecontainer.vm;
