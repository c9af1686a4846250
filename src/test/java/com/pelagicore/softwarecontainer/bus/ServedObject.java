package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** A service with one object on a bus in memory. */
final class ServedObject implements AutoCloseable {

    static final String PATH = "/x/object";
    static final String FACE = "x.Face";
    private static final String XML =
            """
            <node>
              <interface name="x.Face">
                <method name="Echo">
                  <arg type="s" direction="in" name="in"/><arg type="s" direction="out" name="out"/>
                </method>
                <method name="Slow">
                  <arg type="i" direction="in" name="lane"/><arg type="s" direction="in" name="text"/>
                </method>
                <method name="Map">
                  <arg type="a{ss}" direction="in" name="in"/><arg type="a{ss}" direction="out" name="out"/>
                </method>
                <method name="Thread"><arg type="s" direction="out" name="name"/></method>
              </interface>
            </node>
            """;

    final FakeBus bus = new FakeBus();
    final BlockingQueue<String> losses = new LinkedBlockingQueue<>();
    final BlockingQueue<String> slow = new LinkedBlockingQueue<>();
    final Semaphore permits = new Semaphore(0);
    CallHandler echo = call -> Reply.of(call.arguments().string(0));
    BusConnection connection;

    void serve() {
        open();
        connection.register(PATH, object());
        connection.start();
    }

    /** Without the object, and not started. */
    void open() {
        connection = BusConnection.connect(bus, BusLimits.STANDARD, losses::add);
    }

    BusObject object() {
        Turn inline = new Turn.Inline();
        Turn laned = new Turn.InLane(call -> call.arguments().int32(0));
        return new BusObject(
                new Introspection(XML, IntrospectionParser.parse(XML)),
                List.of(
                        MethodHandler.ofAll(FACE, "Echo", inline, echo),
                        MethodHandler.ofAll(FACE, "Slow", laned, this::slow),
                        MethodHandler.ofAll(
                                FACE,
                                "Map",
                                inline,
                                call -> Reply.of(call.arguments().stringMap(0))),
                        MethodHandler.ofAll(
                                FACE,
                                "Thread",
                                new Turn.Parallel(),
                                call -> Reply.of(Thread.currentThread().getName()))));
    }

    private Reply slow(BusCall call) {
        slow.add(call.arguments().string(1));
        permits.acquireUninterruptibly();
        return Reply.empty();
    }

    void assertError(String name, String message) {
        assertThat(bus.answer())
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly("org.freedesktop.DBus.Error." + name, message);
    }

    @Override
    public void close() {
        permits.release(10_000);
        connection.close();
    }
}
