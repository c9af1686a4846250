package com.pelagicore.softwarecontainer;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.pelagicore.softwarecontainer.gateway.Gateway;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/** What CONTRIBUTING.md says of the shape of classes. */
@AnalyzeClasses(packages = ArchitectureTest.BASE, importOptions = ImportOption.DoNotIncludeTests.class)
final class ConventionsTest {

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class);

    @ArchTest
    static final ArchRule staticFieldsNeverChange = fields().that()
            .areStatic()
            .should()
            .beFinal()
            .andShould()
            .notHaveRawType(describe("a type that is made to change", ConventionsTest::madeToChange));

    @ArchTest
    static final ArchRule staticArraysArePrivate = fields().that()
            .areStatic()
            .and()
            .haveRawType(describe("an array", JavaClass::isArray))
            .and(describe("written by hand", (JavaField field) -> !field.getModifiers()
                    .contains(JavaModifier.SYNTHETIC)))
            .should()
            .bePrivate()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(satisfy(
                    "reside in a @NullMarked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class)));

    @ArchTest
    static final ArchRule classesAreFinal = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotAnonymousClasses()
            .and()
            .areNotAssignableTo(Throwable.class)
            .and()
            .doNotHaveSimpleName("package-info")
            .and(describe("neither enums nor their constants", type -> !type.isAssignableTo(Enum.class)))
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameStartingWith("Abstract");

    @ArchTest
    static final ArchRule gatewaysAreNamedAfterWhatTheyAre = classes()
            .that()
            .implement(Gateway.class)
            .should()
            .haveSimpleNameEndingWith("Gateway")
            .andShould()
            .resideInAPackage(ArchitectureTest.BASE + ".gateway.*..");

    private static boolean madeToChange(JavaClass type) {
        return Set.of(
                        Executor.class,
                        Lock.class,
                        Thread.class,
                        ThreadLocal.class,
                        AtomicBoolean.class,
                        AtomicInteger.class,
                        AtomicLong.class,
                        AtomicReference.class,
                        ConcurrentMap.class,
                        AbstractCollection.class,
                        AbstractMap.class,
                        Queue.class,
                        StringBuilder.class)
                .stream()
                .anyMatch(type::isAssignableTo);
    }

    private static ArchCondition<JavaClass> satisfy(String description, Predicate<JavaClass> fact) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        type,
                        fact.test(type),
                        type.getName() + (fact.test(type) ? " does " : " does not ") + description));
            }
        };
    }
}
