package io.spyhop.jobs.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Engines and shells tell that a signal ended a program by a code of 128 and its number. */
final class ExitSignal {
    private static final int BASE = 128;

    /** Those whose numbers are the same on all processors that containers run on. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(10, "SIGUSR1"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(12, "SIGUSR2"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"));

    private ExitSignal() {}

    /** Null where the code tells of none. */
    static @Nullable String of(int exitCode) {
        return NAMES.get(exitCode - BASE);
    }
}
