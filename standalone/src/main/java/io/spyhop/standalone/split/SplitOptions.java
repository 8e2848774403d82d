package io.spyhop.standalone.split;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What stands after {@code up --split}. Immutable.
 *
 * @param replicas how many processes of a service, by its name; one where it is not named
 * @param restartDelay how long a process that ended stays away before it is started again
 */
record SplitOptions(Map<String, Integer> replicas, Duration restartDelay) {
    /** More on one machine show nothing new, and the topics have twelve partitions to share. */
    private static final int REPLICAS_MAX = 6;

    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
    private static final int RESTART_DELAY_SECONDS_MAX = 3600;

    SplitOptions {
        replicas = Map.copyOf(replicas);
    }

    /**
     * Reads the arguments; {@code --name value} and {@code --name=value} are the same.
     *
     * @throws IllegalArgumentException with a sentence for whoever typed them
     */
    static SplitOptions parse(List<String> arguments) {
        Map<String, Integer> replicas = new HashMap<>();
        Duration restartDelay = RESTART_DELAY;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            boolean joined = argument.startsWith("--") && equals > 0;
            String name = joined ? argument.substring(0, equals) : argument;
            switch (name) {
                case "--replicas" -> addReplicas(replicas, joined ? argument.substring(equals + 1) : next(name, rest));
                case "--restart-delay" ->
                    restartDelay = Duration.ofSeconds(number(
                            name,
                            joined ? argument.substring(equals + 1) : next(name, rest),
                            RESTART_DELAY_SECONDS_MAX));
                default -> throw new IllegalArgumentException("There is no option " + argument + " with --split.");
            }
        }
        return new SplitOptions(replicas, restartDelay);
    }

    int replicasOf(String service) {
        return replicas.getOrDefault(service, 1);
    }

    private static void addReplicas(Map<String, Integer> replicas, String value) {
        int equals = value.indexOf('=');
        String service = equals < 0 ? value : value.substring(0, equals);
        if (equals < 0 || !Suite.SERVICES.containsKey(service)) {
            throw new IllegalArgumentException("--replicas wants <service>=<number>, where the service is one of "
                    + String.join(", ", Suite.SERVICES.keySet()) + ".");
        }
        replicas.put(service, number("--replicas " + service, value.substring(equals + 1), REPLICAS_MAX));
    }

    private static String next(String name, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(name + " wants a value.");
        }
        return rest.next();
    }

    private static int number(String name, String value, int max) {
        if (value.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= max) {
                return number;
            }
        }
        throw new IllegalArgumentException(name + " wants a whole number from 1 to " + max + ".");
    }
}
