package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.capability.InvalidManifests;
import com.pelagicore.softwarecontainer.config.Startup;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.undo.JournalFile;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code softwarecontainer-agent}. */
public final class Main {

    /** Configuration, manifests, bus or host not as they must be; nothing was changed. */
    private static final int CANNOT_START = 1;

    /** Of {@code --check}: something is lacking, but the agent would start. */
    private static final int LACKING = 3;

    /** A name and not a class: to load it is to initialise java.util.logging, too early. */
    private static final String LOG_MANAGER = "com.pelagicore.softwarecontainer.daemon.LastingLogs";

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

    private Main() {}

    public static void main(String[] arguments) {
        run(arguments, JournalFile.ON_DISK);
    }

    /** The program with journals from elsewhere: in a test it can be stopped at each step of one. */
    static void run(String[] arguments, JournalFile.Source journals) {
        System.setProperty("java.util.logging.manager", LOG_MANAGER);
        Startup startup = Startup.of(List.of(arguments), Path.of("").toAbsolutePath(), version());
        if (startup instanceof Startup.Print print) {
            OUT.print(print.text());
        } else if (startup instanceof Startup.Refuse refuse) {
            ERR.print(refuse.text());
            System.exit(CANNOT_START);
        } else if (startup instanceof Startup.Check check) {
            check(check);
        } else if (startup instanceof Startup.Run run) {
            run(run, journals);
        }
    }

    private static void check(Startup.Check check) {
        check.warnings().forEach(warning -> ERR.println(warning));
        List<Finding> findings = new HostCheck(check.config()).findings();
        findings.forEach(OUT::println);
        if (findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.MISSING)) {
            System.exit(CANNOT_START);
        } else if (findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.LACKING)) {
            System.exit(LACKING);
        }
    }

    private static void run(Startup.Run run, JournalFile.Source journals) {
        Logging logging = new Logging(run.logLevel(), "softwarecontainer-agent");
        Logger log = LoggerFactory.getLogger(Main.class);
        run.warnings().forEach(warning -> log.warn("{}", warning));
        Supervision supervision = new Supervision(System.getenv(), run.config().shutdownTimeout());
        try {
            Daemon.start(run.config(), journals, supervision, logging).awaitEnd();
        } catch (InvalidManifests e) {
            e.problems().forEach(problem -> log.error("{}", problem));
            cannotStart(supervision, e);
        } catch (CannotStart | SoftwareContainerException e) {
            log.error("{}", e.getMessage());
            cannotStart(supervision, e);
        } catch (RuntimeException | LinkageError e) {
            log.error("cannot start", e);
            cannotStart(supervision, e);
        }
    }

    private static void cannotStart(Supervision supervision, Throwable reason) {
        supervision.failed(String.valueOf(reason.getMessage()));
        System.exit(CANNOT_START);
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
