package io.spyhop.standalone.split;

import java.util.List;
import java.util.Map;

/**
 * One process of the suite. Immutable.
 *
 * @param name such as {@code log-service-1}; the prefix of what it prints
 * @param address the name or number under which this machine reaches it, as it stands in a URL
 * @param port where it listens
 * @param answersReadiness whether it answers {@code /readyz} there; else it says that it is ready
 * @param environment what it gets beside the environment of this process; may hold secrets
 * @param options of the JVM
 * @param program the class or jar to run, and its arguments
 */
record Part(
        String name,
        String address,
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
