package io.spyhop.logs.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.spyhop.contracts.workload.InstanceTransition;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The exact texts of system lines, and what varies as a JSON object beside them. */
final class SystemText {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SystemText() {}

    static String of(InstanceTransition transition) {
        return switch (transition.type()) {
            case STARTED -> "worker started";
            case UNHEALTHY -> "[UNHEALTHY] health probe failed %d times".formatted(transition.failures());
            case HEALTHY -> "[HEALTHY] health probe ok";
            case STOPPED -> "worker stopped";
            case EXITED -> "worker exited";
            case CRASHED -> "[CRASH] exit=%d oom=%b".formatted(transition.exitCode(), transition.oomKilled());
            case RESTARTING ->
                "[BACKOFF] restart %d in %s".formatted(transition.restart(), delay(transition.delayMillis()));
            case REMOVED -> "worker removed";
            case NOTE -> Objects.requireNonNullElse(transition.text(), "");
            case UNKNOWN -> throw new IllegalArgumentException("nobody here knows what happened");
        };
    }

    /** Such as {@code 400ms} or {@code 1.6s}. */
    private static String delay(@Nullable Long millis) {
        long known = millis == null ? 0 : millis;
        return known < 1000
                ? known + "ms"
                : BigDecimal.valueOf(known, 3).stripTrailingZeros().toPlainString() + "s";
    }

    static @Nullable String fields(InstanceTransition transition) {
        if (transition.fields() != null) {
            return json(transition.fields());
        }
        if (transition.type() == InstanceTransition.Type.UNHEALTHY) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("failures", transition.failures())
                    .put("reason", transition.reason())
                    .toString();
        }
        if (transition.type() == InstanceTransition.Type.RESTARTING) {
            return "{\"restart\":%d,\"delayMs\":%d}".formatted(transition.restart(), transition.delayMillis());
        }
        Integer exitCode = transition.exitCode();
        return exitCode == null ? null : "{\"exitCode\":%d}".formatted(exitCode);
    }

    /** Fields as a JSON object, by name. */
    static String json(Map<String, String> fields) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("text is always writable", e);
        }
    }
}
