package com.pelagicore.softwarecontainer.container;

/**
 * Who made a container.
 *
 * @param uid of the host, 0 to 4294967294
 */
public record Owner(long uid) {

    public static final Owner ROOT = new Owner(0);

    public Owner {
        if (uid < 0 || uid >= 0xffff_ffffL) {
            throw new IllegalArgumentException("no user id: " + uid);
        }
    }
}
