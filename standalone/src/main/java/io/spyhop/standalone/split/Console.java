package io.spyhop.standalone.split;

import java.io.PrintStream;

/**
 * Prints what many processes say, each line whole and behind its process' name, in colours where a terminal is there to
 * show them (and {@code NO_COLOR} is not set). Thread-safe.
 */
final class Console {
    private static final int[] COLOURS = {36, 33, 35, 32, 34, 96, 93, 95, 92, 94};
    private static final String SUITE = "spyhop";

    private final PrintStream out;
    private final boolean colours;
    private int width = SUITE.length();

    Console(PrintStream out) {
        this.out = out;
        this.colours = System.getenv("NO_COLOR") == null && isTerminal();
    }

    /** Makes room for a name. */
    synchronized void widen(String name) {
        width = Math.max(width, name.length());
    }

    /** A line of a process. */
    synchronized void print(String name, String line) {
        String prefix = name + " ".repeat(width - name.length()) + " | ";
        out.println(colours ? "\u001b[" + colour(name) + "m" + prefix + "\u001b[0m" + line : prefix + line);
    }

    /** A line about a process. */
    void tell(String name, String what) {
        print(SUITE, name + " " + what);
    }

    /** What the person at the terminal waits for. */
    synchronized void announce(String text) {
        out.println();
        out.println(text);
        out.println();
    }

    @SuppressWarnings(
            "SystemConsoleNull") // It is null again, in JDK 25, where standard input or output is no terminal.
    private static boolean isTerminal() {
        java.io.Console terminal = System.console();
        return terminal != null && terminal.isTerminal();
    }

    private static int colour(String name) {
        return COLOURS[Math.floorMod(name.hashCode(), COLOURS.length)];
    }
}
