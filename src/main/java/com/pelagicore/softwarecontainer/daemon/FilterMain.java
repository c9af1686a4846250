package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.busfilter.Filter;
import com.pelagicore.softwarecontainer.busfilter.FilterListener;
import com.pelagicore.softwarecontainer.config.LogLevel;
import com.pelagicore.softwarecontainer.linux.EpollEvents;
import com.pelagicore.softwarecontainer.linux.FilterProgram;
import com.pelagicore.softwarecontainer.linux.LinuxFilterHost;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The D-Bus filter process; its arguments are the path of the control socket, the uid to run as, and its identity. */
final class FilterMain {

    private FilterMain() {}

    public static void main(String[] arguments) {
        Logging.configure(LogLevel.INFO, "softwarecontainer-bus-filter");
        Logger log = LoggerFactory.getLogger(Filter.class);
        try {
            LinuxFilterHost host = new LinuxFilterHost();
            FilterListener control = host.listen(Path.of(arguments[0]));
            host.becomeUser(Integer.parseInt(arguments[1]));
            System.out.println(FilterProgram.READY);
            System.out.close();
            new Filter(host, new EpollEvents(), arguments[2], line -> log.warn("{}", line)).run(control);
            System.exit(0);
        } catch (RuntimeException | LinkageError e) {
            log.error("the D-Bus filter ends", e);
            System.exit(1);
        }
    }
}
