package io.spyhop.logs.capture;

import io.spyhop.contracts.log.JsonText;
import io.spyhop.contracts.workload.InstanceTransition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The exact texts of system lines, and what varies as a JSON object beside them. */
final class SystemText {
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
            return JsonText.object(transition.fields());
        }
        Integer exitCode = transition.exitCode();
        return exitCode == null ? null : "{\"exitCode\":%d}".formatted(exitCode);
    }
}
