package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.BusError;

/**
 * Ends the command with a message for the user: one sentence, what and why, without a full stop. What then went wrong
 * with the cleaning up is suppressed in it.
 */
final class ToolFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final String STANDARD = "org.freedesktop.DBus.Error.";

    private final int status;

    ToolFailure(int status, String message) {
        super(message, null, true, false);
        this.status = status;
    }

    /** One of {@link ExitStatus}. */
    int status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** What an error of the agent or the bus means to the user. */
    static ToolFailure of(BusError error) {
        String message = String.valueOf(error.getMessage());
        return switch (error.name()) {
            case STANDARD + "AccessDenied" -> new ToolFailure(ExitStatus.ACCESS_DENIED, "access denied: " + message);
            case STANDARD + "ServiceUnknown", STANDARD + "NameHasNoOwner" ->
                new ToolFailure(ExitStatus.UNREACHABLE, "the agent is not running: " + message);
            case STANDARD + "NoReply", STANDARD + "Disconnected" ->
                new ToolFailure(ExitStatus.UNREACHABLE, "the agent did not answer: " + message);
            default -> new ToolFailure(ExitStatus.REFUSED, message);
        };
    }
}
