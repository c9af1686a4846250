package com.pelagicore.softwarecontainer.gateway;

/** A configuration element that a gateway does not accept. */
public final class InvalidGatewayConfig extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int element;

    /**
     * @param element index in the list given to {@link Gateway#contribute}, from 0
     * @param reason one sentence that names the key
     */
    public InvalidGatewayConfig(int element, String reason) {
        super(reason);
        this.element = element;
    }

    public int element() {
        return element;
    }
}
