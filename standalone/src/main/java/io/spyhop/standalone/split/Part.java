package io.spyhop.standalone.split;

import java.util.List;
import java.util.Map;

/**
 * One process of the suite. Immutable.
 *
 * @param name such as {@code log-service-1}; the prefix of what it prints
 * @param port where it listens on loopback
 * @param answersReadiness whether it answers {@code /readyz} there; else it says that it is ready
 * @param environment what it gets beside the environment of this process; may hold secrets
 * @param options of the JVM
 * @param program the class or jar to run, and its arguments
 */
record Part(
        String name,
        int port,
        boolean answersReadiness,
        Map<String, String> environment,
        List<String> options,
        List<String> program) {
    Part {
        environment = Map.copyOf(environment);
        options = List.copyOf(options);
        program = List.copyOf(program);
    }
}
