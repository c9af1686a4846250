package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.bus.PassedFile;
import com.pelagicore.softwarecontainer.busfilter.PassedDescriptor;

/** A descriptor that came over a socket. */
record OwnedDescriptor(Descriptor descriptor) implements PassedDescriptor, PassedFile {

    @Override
    public int number() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
