package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.EventSource;

/** What {@link EpollEvents} can watch. */
interface PolledSource extends EventSource {

    Descriptor descriptor();
}
