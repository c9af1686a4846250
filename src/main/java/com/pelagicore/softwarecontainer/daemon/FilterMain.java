package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.busfilter.Filter;
import com.pelagicore.softwarecontainer.busfilter.FilterListener;
import com.pelagicore.softwarecontainer.config.LogLevel;
import com.pelagicore.softwarecontainer.linux.EpollEvents;
import com.pelagicore.softwarecontainer.linux.FilterLaunch;
import com.pelagicore.softwarecontainer.linux.LinuxFilterHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The D-Bus filter process; its arguments are the path of the control socket, the uid to run as, its identity, and a
 * word if users of a user namespace are to be waited for.
 */
final class FilterMain {

    private FilterMain() {}

    public static void main(String[] arguments) {
        Logging ignored = new Logging(LogLevel.INFO, "softwarecontainer-bus-filter");
        Logger log = LoggerFactory.getLogger(Filter.class);
        try {
            LinuxFilterHost host = new LinuxFilterHost();
            FilterListener control = host.listen(Path.of(arguments[0]));
            if (arguments.length > 3) {
                awaitUsers();
            }
            host.becomeUser(Integer.parseInt(arguments[1]));
            System.out.println(FilterLaunch.READY);
            System.out.close();
            new Filter(host, new EpollEvents(), arguments[2], line -> log.warn("{}", line)).run(control);
            System.exit(0);
        } catch (RuntimeException | LinkageError e) {
            log.error("the D-Bus filter ends", e);
            System.exit(1);
        }
    }

    /** The agent gives them to the user namespace that this process is in. */
    private static void awaitUsers() {
        System.out.println(FilterLaunch.USERS);
        try {
            if (System.in.read() < 0) {
                throw new IllegalStateException("no users came");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
