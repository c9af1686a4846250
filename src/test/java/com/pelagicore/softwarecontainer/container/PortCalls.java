package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Stands in front of ports: writes their calls down, and lets those fail that it is told to. */
public final class PortCalls {

    /** When a call fails: with nothing done yet, or with all done, as by a time-out. */
    public enum Failing {
        BEFORE,
        AFTER
    }

    private final List<String> made = new ArrayList<>();
    private Set<Integer> failingNumbers = Set.of();
    private Failing failing = Failing.BEFORE;
    private volatile Consumer<String> observer = call -> {};

    /** Since the last reset, as {@code "start SC-0"}. */
    public synchronized List<String> made() {
        return List.copyOf(made);
    }

    /** Forgets all calls; none fails. */
    public void reset() {
        fail(Failing.BEFORE);
    }

    /** Forgets all calls; from now on those with these numbers fail, counted from 1. */
    public synchronized void fail(Failing when, Integer... numbers) {
        made.clear();
        failing = when;
        failingNumbers = Set.of(numbers);
    }

    /** Sees each call before it is made, on the thread that makes it; may block. */
    public void observe(Consumer<String> newObserver) {
        observer = newObserver;
    }

    /** The port, watched; links that it returns are watched as well. */
    public <T> T watch(Class<T> port, T implementation) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (proxy, method, arguments) ->
                        call(method, arguments == null ? new Object[0] : arguments, implementation)));
    }

    private Object call(Method method, Object[] arguments, Object implementation) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return method.invoke(implementation, arguments);
        }
        String call = describe(method, arguments);
        observer.accept(call);
        boolean fails = isToFail(call);
        if (fails && failing == Failing.BEFORE) {
            throw refused(call);
        }
        try {
            Object result = method.invoke(implementation, arguments);
            if (fails) {
                throw refused(call);
            }
            return result instanceof InitLink link ? watch(InitLink.class, link) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private synchronized boolean isToFail(String call) {
        made.add(call);
        return failingNumbers.contains(made.size());
    }

    /** Name of the method, and the name or path that it is about. */
    private static String describe(Method method, Object[] arguments) {
        return Stream.of(arguments)
                .map(argument -> argument instanceof BindMount mount ? mount.containerPath() : argument)
                .map(argument -> argument instanceof SocketMount mount ? mount.containerPath() : argument)
                .filter(argument -> argument instanceof String || argument instanceof Path)
                .findFirst()
                .map(subject -> method.getName() + " " + subject)
                .orElse(method.getName());
    }

    private static SoftwareContainerException refused(String call) {
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, "refused: " + call);
    }
}
