package com.pelagicore.softwarecontainer.process;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;

/** Of a terminal, in characters; each 1 to 65535. */
public record TerminalSize(int rows, int columns) {

    /** What a VT100 had. */
    public static final TerminalSize USUAL = new TerminalSize(24, 80);

    private static final int MOST = 0xffff;

    public TerminalSize {
        if (rows < 1 || rows > MOST || columns < 1 || columns > MOST) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    "A terminal of " + rows + " rows and " + columns + " columns is not possible");
        }
    }
}
