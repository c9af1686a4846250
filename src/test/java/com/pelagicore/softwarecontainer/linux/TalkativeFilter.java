package com.pelagicore.softwarecontainer.linux;

import java.util.concurrent.CountDownLatch;

/** A program that says what no filter says, and stays. */
public final class TalkativeFilter {

    private TalkativeFilter() {}

    /** Never ends by itself. */
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("hello");
        new CountDownLatch(1).await();
    }
}
