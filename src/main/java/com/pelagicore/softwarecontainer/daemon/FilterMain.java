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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The D-Bus filter process; its arguments are the path of the control socket, the uid to run as, its identity, and a
 * word if users of a user namespace are to be waited for.
 */
final class FilterMain {

    private FilterMain() {}

    public static void main(String[] arguments) {
        // a third of the time until the filter is ready, of which the other processor can do its share
        FutureTask<Logger> logging = new FutureTask<>(FilterMain::configureLogging);
        new Thread(logging, "logging").start();
        try {
            LinuxFilterHost host = new LinuxFilterHost();
            FilterListener control = host.listen(Path.of(arguments[0]));
            if (arguments.length > 3) {
                awaitUsers();
            }
            // what it reads may be root's
            Logger log = logging.get();
            host.becomeUser(Integer.parseInt(arguments[1]));
            System.out.println(FilterLaunch.READY);
            System.out.close();
            new Filter(host, new EpollEvents(), arguments[2], line -> log.warn("{}", line)).run(control);
            System.exit(0);
        } catch (RuntimeException | LinkageError | ExecutionException | InterruptedException e) {
            LoggerFactory.getLogger(Filter.class).error("the D-Bus filter ends", e);
            System.exit(1);
        }
    }

    private static Logger configureLogging() {
        Logging ignored = new Logging(LogLevel.INFO, "softwarecontainer-bus-filter");
        return LoggerFactory.getLogger(Filter.class);
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
