package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.health.HealthSettings;
import io.spyhop.contracts.setting.Interval;
import io.spyhop.contracts.setting.Port;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.HealthDetails;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a container is asked for its health: API over label over setting. Immutable.
 *
 * @param port null where nobody asks at a port
 * @param addresses of the container in the engine's networks
 * @param reason why nobody asks; null where somebody does
 */
record Plan(
        By by,
        @Nullable Integer port,
        String path,
        Duration interval,
        Duration timeout,
        int threshold,
        List<String> addresses,
        @Nullable String reason) {
    /** The labels that say how a container is asked. */
    static final String LABELS = "spyhop.health.";

    private static final String UNWANTED = "nothing says that it answers";

    Plan {
        addresses = List.copyOf(addresses);
    }

    /** Who finds out. */
    enum By {
        /** Spyhop, by a request. */
        PROBE,
        /** The engine, by the image's own health check. */
        ENGINE,
        NONE
    }

    /**
     * The plan for a container.
     *
     * @param api what was set for its workload
     * @param wrong is told each label that cannot be read, and counts for nothing
     */
    static Plan of(
            InstanceState container,
            HealthSettings api,
            HealthDetails details,
            HealthConfig config,
            Consumer<String> wrong) {
        Labels labels = new Labels(container.labels(), wrong);
        Duration interval = first(seconds(api.intervalSeconds()), labels.interval(), config.interval());
        Duration timeout = first(millis(api.timeoutMs()), labels.timeout(), config.timeout());
        Plan plan = new Plan(
                By.NONE,
                null,
                first(api.path(), labels.path(), config.path()),
                interval,
                timeout.compareTo(interval) > 0 ? interval : timeout,
                first(api.threshold(), labels.threshold(), config.threshold()),
                details.addresses(),
                null);
        if (!first(api.enabled(), labels.enabled(), true)) {
            return plan.without("it is switched off");
        }
        boolean wanted = !api.equals(HealthSettings.NONE) || labels.any();
        boolean checked = details.check() != null;
        Integer declared = details.ports().isEmpty() ? null : details.ports().getFirst();
        Integer port = api.port() != null ? api.port() : labels.port() != null ? labels.port() : declared;
        if (port != null && (wanted || (container.workload().kind() == Kind.DEPLOYMENT && !checked))) {
            return plan.with(By.PROBE, port);
        }
        if (checked) {
            return plan.with(By.ENGINE, null);
        }
        return plan.without(wanted ? "no port is known" : UNWANTED);
    }

    /** Whether nobody wants to know. */
    boolean plain() {
        return UNWANTED.equals(reason);
    }

    /** The same, asked by somebody. */
    private Plan with(By who, @Nullable Integer at) {
        Duration each = who == By.ENGINE && interval.compareTo(ProbeLimits.ENGINE_EACH_MAX) > 0
                ? ProbeLimits.ENGINE_EACH_MAX
                : interval;
        return new Plan(who, at, path, each, timeout, threshold, addresses, null);
    }

    /** The same, asked by nobody. */
    Plan without(String why) {
        return new Plan(By.NONE, port, path, interval, timeout, threshold, addresses, why);
    }

    private static @Nullable Duration seconds(@Nullable Integer number) {
        return number == null ? null : Duration.ofSeconds(number);
    }

    private static @Nullable Duration millis(@Nullable Integer number) {
        return number == null ? null : Duration.ofMillis(number);
    }

    private static <T> T first(@Nullable T api, @Nullable T label, T setting) {
        return api != null ? api : label != null ? label : setting;
    }

    /** What a container says of itself. */
    private record Labels(Map<String, String> all, Consumer<String> wrong) {
        boolean any() {
            return all.keySet().stream().anyMatch(name -> name.startsWith(LABELS));
        }

        @Nullable
        Boolean enabled() {
            return value("enable", Labels::flag);
        }

        @Nullable
        Integer port() {
            return value("port", Labels::port);
        }

        @Nullable
        String path() {
            return value("path", new ProbePath()::convert);
        }

        @Nullable
        Integer threshold() {
            return value("threshold", new ProbeThreshold()::convert);
        }

        @Nullable
        Duration interval() {
            return value("interval", new Interval()::convert);
        }

        @Nullable
        Duration timeout() {
            return value("timeout", new ProbeTimeout()::convert);
        }

        private <T> @Nullable T value(String name, Function<String, T> parse) {
            String text = all.get(LABELS + name);
            try {
                return text == null ? null : parse.apply(text);
            } catch (IllegalArgumentException e) {
                wrong.accept(LABELS + name);
                return null;
            }
        }

        /** Nothing listens at 0. */
        private static Integer port(String text) {
            Integer port = new Port().convert(text);
            if (port == 0) {
                throw new IllegalArgumentException("not a port that anything listens at");
            }
            return port;
        }

        private static Boolean flag(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("neither true nor false");
            };
        }
    }
}
