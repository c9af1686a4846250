package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.bus.Admission;
import com.pelagicore.softwarecontainer.bus.Answer;
import com.pelagicore.softwarecontainer.bus.BusCall;
import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.CallHandler;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.InvalidPathException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors of the agent as the newer interface names them, {@code com.pelagicore.SoftwareContainer.Error.*}. */
final class Translation {

    private static final Logger LOG = LoggerFactory.getLogger(Translation.class);
    private static final String PREFIX = "com.pelagicore.SoftwareContainer.Error.";

    private Translation() {}

    /** The same admission to a handler with other errors. */
    static Admission of(Admission admission) {
        return call -> admission.admit(call).thenApply(handler -> now -> handle(now, handler));
    }

    private static Answer handle(BusCall call, CallHandler handler) {
        try {
            return handler.handle(call);
        } catch (RuntimeException e) {
            throw translate(call.member(), e);
        }
    }

    /** Logs what is no business of the caller's. */
    static BusError translate(String member, Throwable error) {
        if (error instanceof BusError known) {
            return known;
        }
        if (error instanceof SoftwareContainerException refused) {
            LOG.debug("{} refused", member, refused);
            return new BusError(name(refused.kind()), String.valueOf(refused.getMessage()));
        }
        if (error instanceof InvalidPathException noPath) {
            // The file name encoding of this JVM, taken from the locale, cannot express it.
            LOG.debug("{} refused", member, noPath);
            return new BusError(
                    name(ErrorKind.INVALID_ARGUMENT),
                    Quoted.text(noPath.getInput()) + " is not a path: " + noPath.getReason());
        }
        LOG.error("{} met a bug", member, error);
        return BusError.internal();
    }

    static String name(ErrorKind kind) {
        return PREFIX
                + switch (kind) {
                    case INVALID_ARGUMENT -> "InvalidArgument";
                    case NOT_FOUND -> "NotFound";
                    case WRONG_STATE -> "WrongState";
                    case ALREADY_EXISTS -> "AlreadyExists";
                    // the doorman answers it as the standard error before it comes here
                    case ACCESS_DENIED -> "AccessDenied";
                    case LIMIT_EXCEEDED -> "LimitExceeded";
                    case TIMED_OUT -> "TimedOut";
                    case HOST_REFUSED -> "HostRefused";
                };
    }
}
