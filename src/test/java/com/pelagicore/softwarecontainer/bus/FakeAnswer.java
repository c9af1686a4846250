package com.pelagicore.softwarecontainer.bus;

import java.util.List;

/** A message from the service, as its receiver sees it. */
public record FakeAnswer(String error, int replySerial, String destination, String signature, List<Object> values) {

    /** The only value. */
    public Object value() {
        if (values.size() != 1) {
            throw new IllegalStateException(toString());
        }
        return values.get(0);
    }
}
