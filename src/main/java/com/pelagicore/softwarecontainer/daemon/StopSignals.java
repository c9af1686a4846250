package com.pelagicore.softwarecontainer.daemon;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that ask a program to end. A shutdown hook would not see the second one; what does is in the module
 * jdk.unsupported, which the compiler warns of whatever one does, and so it is reached by name.
 */
final class StopSignals {

    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private StopSignals() {}

    /** @param stop run for each of them, on a thread of its own, also at the same time */
    static void handle(Runnable stop) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Constructor<?> named = signal.getConstructor(String.class);
            Method handle = signal.getMethod("handle", signal, handler);
            Object runsStop = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            stop.run();
                        }
                        return null;
                    });
            for (String name : NAMES) {
                handle.invoke(null, named.newInstance(name), runsStop);
            }
        } catch (ReflectiveOperationException e) {
            LOG.warn("a second signal to stop will have no effect: {}, ignoring", e.toString());
            Runtime.getRuntime().addShutdownHook(new Thread(stop, "shutdown"));
        }
    }
}
