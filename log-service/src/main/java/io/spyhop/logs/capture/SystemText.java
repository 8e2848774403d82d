package io.spyhop.logs.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.workload.InstanceTransition;
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
            case STOPPED -> "worker stopped";
            case EXITED -> "worker exited";
            case CRASHED -> "[CRASH] exit=%d oom=%b".formatted(transition.exitCode(), transition.oomKilled());
            case REMOVED -> "worker removed";
            case NOTE -> Objects.requireNonNullElse(transition.text(), "");
        };
    }

    static @Nullable String fields(InstanceTransition transition) {
        if (transition.fields() != null) {
            return json(transition.fields());
        }
        Integer exitCode = transition.exitCode();
        return exitCode == null ? null : "{\"exitCode\":%d}".formatted(exitCode);
    }

    private static String json(Map<String, String> fields) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("text is always writable", e);
        }
    }
}
