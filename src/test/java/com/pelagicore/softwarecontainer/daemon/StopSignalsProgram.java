package com.pelagicore.softwarecontainer.daemon;

import java.util.concurrent.CountDownLatch;

/** Says that it waits, then each time that it is told to stop; does not end by that. */
final class StopSignalsProgram {

    private StopSignalsProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        StopSignals.handle(() -> System.out.println("told"));
        System.out.println("waiting");
        new CountDownLatch(1).await();
    }
}
