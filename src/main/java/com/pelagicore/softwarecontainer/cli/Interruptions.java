package com.pelagicore.softwarecontainer.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Signals that this process gets. Handlers run on threads of their own. By reflection, as javac warns of {@code
 * sun.misc.Signal} in a way that cannot be switched off; module jdk.unsupported exports it, for lack of another.
 */
final class Interruptions {

    static final int SIGHUP = 1;
    static final int SIGINT = 2;
    static final int SIGTERM = 15;

    private static final List<String> ENDS = List.of("HUP", "INT", "TERM");

    private Interruptions() {}

    /** From now on these no longer end this process. */
    static void onEnd(IntConsumer handler) {
        ENDS.forEach(name -> handle(name, handler));
    }

    /** The size of the terminal has changed. */
    static void onResize(Runnable handler) {
        handle("WINCH", number -> handler.run());
    }

    private static void handle(String name, IntConsumer handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    handler.accept((Integer) signal.getMethod("getNumber").invoke(arguments[0]));
                }
                return null;
            };
            Object adapter = Proxy.newProxyInstance(
                    Interruptions.class.getClassLoader(), new Class<?>[] {signalHandler}, invocation);
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no signals in this Java", e);
        }
    }
}
