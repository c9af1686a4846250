package com.pelagicore.softwarecontainer;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Files;
import java.util.Arrays;

/** The room rules of docs/ARCHITECTURE.md. */
@AnalyzeClasses(packages = ArchitectureTest.BASE, importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    static final String BASE = "com.pelagicore.softwarecontainer";

    private static final String[] FLOOR_0 = {"spec", "undo", "config", "error"};

    @ArchTest
    static final ArchRule roomsUseOnlyWhatTheArchitectureAllows = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("daemon")
            .definedBy(BASE + ".daemon..")
            .layer("cli")
            .definedBy(BASE + ".cli..")
            .layer("agent.dbus")
            .definedBy(BASE + ".agent.dbus..")
            .layer("agent")
            .definedBy(BASE + ".agent")
            .layer("capability")
            .definedBy(BASE + ".capability..")
            .layer("gateway")
            .definedBy(BASE + ".gateway")
            .layer("gateway.*")
            .definedBy(BASE + ".gateway.*..")
            .layer("container")
            .definedBy(BASE + ".container..")
            .layer("rootfs")
            .definedBy(BASE + ".rootfs..")
            .layer("process")
            .definedBy(BASE + ".process..")
            .layer("bus")
            .definedBy(BASE + ".bus..")
            .layer("busfilter")
            .definedBy(BASE + ".busfilter..")
            .layer("supervision")
            .definedBy(BASE + ".supervision..")
            .layer("lxc")
            .definedBy(BASE + ".lxc..")
            .layer("linux")
            .definedBy(BASE + ".linux..")
            .layer("spec")
            .definedBy(BASE + ".spec..")
            .layer("undo")
            .definedBy(BASE + ".undo..")
            .layer("config")
            .definedBy(BASE + ".config..")
            .layer("error")
            .definedBy(BASE + ".error..")
            .ensureAllClassesAreContainedInArchitecture()
            // floor 4 and 3
            .whereLayer("daemon")
            .mayNotBeAccessedByAnyLayer()
            // a program of its own, that knows the wire contract only
            .whereLayer("cli")
            .mayOnlyAccessLayers("bus", "error")
            .whereLayer("agent.dbus")
            .mayOnlyAccessLayers("agent", "bus", "container", "process", "config", "error")
            // floor 2
            .whereLayer("agent")
            .mayOnlyAccessLayers(floor0And("capability", "gateway", "container", "rootfs", "process"))
            // floor 1: strangers, except where named
            .whereLayer("capability")
            .mayOnlyAccessLayers(FLOOR_0)
            .whereLayer("gateway")
            .mayOnlyAccessLayers("spec", "error")
            .whereLayer("gateway.*")
            .mayOnlyAccessLayers("gateway", "spec", "error")
            .whereLayer("container")
            .mayOnlyAccessLayers(floor0And("rootfs", "process"))
            .whereLayer("rootfs")
            .mayOnlyAccessLayers(floor0And("process"))
            .whereLayer("process")
            .mayOnlyAccessLayers(FLOOR_0)
            .whereLayer("bus")
            .mayOnlyAccessLayers(FLOOR_0)
            // a program of its own, with the agent's daemon as main
            .whereLayer("busfilter")
            .mayOnlyAccessLayers(FLOOR_0)
            .whereLayer("supervision")
            .mayOnlyAccessLayers("error")
            // floor 1: they see the rooms whose ports they implement
            .whereLayer("lxc")
            .mayOnlyAccessLayers(floor0And("container", "process"))
            .whereLayer("linux")
            .mayOnlyAccessLayers(floor0And("container", "rootfs", "process", "bus", "busfilter", "supervision", "cli"))
            // floor 0
            .whereLayer("error")
            .mayNotAccessAnyLayer()
            .whereLayer("spec")
            .mayOnlyAccessLayers("error")
            .whereLayer("undo")
            .mayOnlyAccessLayers("spec", "error")
            .whereLayer("config")
            .mayOnlyAccessLayers("spec", "error");

    @ArchTest
    static final ArchRule roomsAreFreeOfCycles =
            slices().matching(BASE + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule gatewaysDoNotKnowEachOther =
            slices().matching(BASE + ".gateway.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule gatewaysSeeOnlySpecErrorsAndJson = classes()
            .that()
            .resideInAPackage(BASE + ".gateway.*..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.nio.file..",
                    "tools.jackson..",
                    "org.jspecify..",
                    BASE + ".gateway..",
                    BASE + ".spec..",
                    BASE + ".error.."));

    @ArchTest
    static final ArchRule gatewaysArePure = noClasses()
            .that()
            .resideInAPackage(BASE + ".gateway.*..")
            .should()
            .dependOnClassesThat(describe(
                    "reach the host",
                    used -> used.isAssignableTo(Files.class)
                            || used.isEquivalentTo(System.class)
                            || used.isEquivalentTo(Thread.class)));

    @ArchTest
    static final ArchRule dbusJavaStaysInBusAndTheFrontDoor = noClasses()
            .that()
            .resideOutsideOfPackages(BASE + ".bus..", BASE + ".agent.dbus..", BASE + ".cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.freedesktop.dbus..");

    @ArchTest
    static final ArchRule nativeCodeStaysInLxcAndLinux = noClasses()
            .that()
            .resideOutsideOfPackages(BASE + ".lxc..", BASE + ".linux..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule programsAreStartedByLxcAndLinuxOnly = noClasses()
            .that()
            .resideOutsideOfPackages(BASE + ".lxc..", BASE + ".linux..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .callMethodWhere(describe(
                    "Runtime.exec",
                    call -> call.getTarget().getOwner().isEquivalentTo(Runtime.class)
                            && call.getName().equals("exec")));

    /** Also those of ports that the room itself defines: a door talks to {@code Agent}, whoever that is. */
    @ArchTest
    static final ArchRule onlyDaemonNamesImplementations = noClasses()
            .that()
            .resideOutsideOfPackage(BASE + ".daemon..")
            .should(dependOnAnImplementationOfAnotherRoom());

    @ArchTest
    static final ArchRule theProcessEndsAndTalksToTheTerminalInDaemonOnly = noClasses()
            .that()
            .resideOutsideOfPackages(BASE + ".daemon..", BASE + ".cli..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    private static String[] floor0And(String... rooms) {
        String[] all = Arrays.copyOf(FLOOR_0, FLOOR_0.length + rooms.length);
        System.arraycopy(rooms, 0, all, FLOOR_0.length, rooms.length);
        return all;
    }

    private static ArchCondition<JavaClass> dependOnAnImplementationOfAnotherRoom() {
        return new ArchCondition<>("name an implementation of another room") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(use -> isImplementation(use.getTargetClass()))
                        .filter(use -> !use.getTargetClass().getPackage().equals(type.getPackage()))
                        .forEach(use -> events.add(SimpleConditionEvent.satisfied(type, use.getDescription())));
            }
        };
    }

    /** A class of ours that implements a port: an interface of ours that is no closed choice of data. */
    private static boolean isImplementation(JavaClass type) {
        return resideInAPackage(BASE + "..").test(type)
                && !type.isInterface()
                && !type.isRecord()
                && !type.isEnum()
                && type.getAllRawInterfaces().stream().anyMatch(resideInAPackage(BASE + ".."));
    }
}
