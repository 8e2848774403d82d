package io.spyhop.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher, as a person runs it in a terminal that is none. */
final class Launcher {
    private static final Path SPYHOP = Path.of("../spyhop").toAbsolutePath().normalize();

    private Launcher() {}

    /** Runs a command of the launcher to its end. It must install nothing. */
    static Shell.Outcome run(Map<String, String> environment, String... arguments) {
        return runUnder(List.of(), environment, arguments);
    }

    /** The same, run by another command, such as one that changes the account. */
    static Shell.Outcome runUnder(List<String> command, Map<String, String> environment, String... arguments) {
        List<String> words = new ArrayList<>(command);
        words.add("env");
        words.add("SPYHOP_INSTALL=never");
        words.add("JAVA_HOME=" + System.getProperty("java.home"));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.add(SPYHOP.toString());
        words.addAll(List.of(arguments));
        return Shell.run(words, Map.of());
    }
}
