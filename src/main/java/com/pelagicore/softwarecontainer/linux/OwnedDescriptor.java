package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.PassedDescriptor;

/** A descriptor that came over a socket. */
record OwnedDescriptor(Descriptor descriptor) implements PassedDescriptor {

    @Override
    public void close() {
        descriptor.close();
    }
}
