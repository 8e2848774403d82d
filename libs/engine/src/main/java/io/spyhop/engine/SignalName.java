package io.spyhop.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The names of Linux signals; their numbers are the same on all architectures that engines run on. */
public final class SignalName {
    private static final List<String> NAMES = Arrays.asList(
            ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU"
                            + " URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
                    .split(" "));

    /** A process that a signal ended has this and the signal's number as its exit code. */
    private static final int EXIT_BASE = 128;

    private SignalName() {}

    /** The number of a name without {@code SIG}; empty where there is none. */
    public static OptionalInt number(String bareName) {
        int at = NAMES.indexOf(bareName);
        return at < 0 ? OptionalInt.empty() : OptionalInt.of(at + 1);
    }

    /** The name of the signal that an exit code stands for, such as {@code SIGKILL} for 137; empty where it stands for none. */
    public static Optional<String> ofExitCode(int code) {
        int at = code - EXIT_BASE - 1;
        return at >= 0 && at < NAMES.size() ? Optional.of("SIG" + NAMES.get(at)) : Optional.empty();
    }
}
