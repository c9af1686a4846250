package com.pelagicore.softwarecontainer.linux;

/** A file without a name, memfd_create(2): for data of any size that goes along with a message. */
final class MemoryFile {

    private MemoryFile() {}

    static Descriptor of(byte[] content) {
        int number = LinkCalls.memfd_create("softwarecontainer", LinkCalls.MFD_CLOEXEC);
        if (number < 0) {
            throw Errno.refused("memfd_create()");
        }
        Descriptor file = new Descriptor(number);
        long written = LinkCalls.write(number, content, content.length);
        if (written != content.length) {
            file.close();
            throw Errno.refused("write(memfd, " + content.length + " bytes)");
        }
        return file;
    }
}
