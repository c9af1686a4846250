package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How many containers an owner may have at a time. Root may have any number. Thread-safe. */
final class OwnerQuota {

    private final int limit;
    /** Once for each container that is being made. */
    private final List<Owner> making = new ArrayList<>();

    OwnerQuota(int limit) {
        this.limit = limit;
    }

    /**
     * Reserves room for a container that is about to be made.
     *
     * @param made all that exist
     * @throws SoftwareContainerException LIMIT_EXCEEDED
     */
    synchronized void begin(Owner owner, Collection<Container> made) {
        long count = making.stream().filter(owner::equals).count()
                + made.stream().filter(each -> each.owner().equals(owner)).count();
        if (count >= limit && !owner.equals(Owner.ROOT)) {
            throw new SoftwareContainerException(
                    ErrorKind.LIMIT_EXCEEDED,
                    "user " + owner.uid() + " has " + count + " containers already, the limit is " + limit);
        }
        making.add(owner);
    }

    /** @param publish makes it one that exists */
    synchronized void end(Owner owner, Runnable publish) {
        publish.run();
        making.remove(owner);
    }
}
