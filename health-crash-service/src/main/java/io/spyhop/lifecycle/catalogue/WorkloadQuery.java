package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list query as condition and parameters. Immutable. */
record WorkloadQuery(String condition, Map<String, Object> parameters, int limit) {
    /** Not a parameter: the indexes of what is a run, and of what is none, serve who says so. */
    private static final String RUN = Kind.class.getName() + "." + Kind.JOB_RUN.name();

    WorkloadQuery {
        parameters = Map.copyOf(parameters);
    }

    static WorkloadQuery of(
            List<String> orgs,
            @Nullable Kind kind,
            @Nullable InstanceStatus status,
            @Nullable String text,
            int limit,
            @Nullable String cursor) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> parameters = new HashMap<>();
        if (!orgs.isEmpty()) {
            conditions.add("org in (:orgs)");
            parameters.put("orgs", orgs);
        }
        if (kind == Kind.JOB_RUN) {
            conditions.add("kind = " + RUN);
        } else {
            conditions.add("kind <> " + RUN);
            if (kind != null) {
                conditions.add("kind = :kind");
                parameters.put("kind", kind);
            }
        }
        if (status != null) {
            conditions.add("status = :status");
            parameters.put("status", status);
        }
        if (text != null && !text.isBlank()) {
            conditions.add("(id like :text escape '!' or lower(name) like :text escape '!'"
                    + " or lower(image) like :text escape '!')");
            parameters.put("text", containing(text.strip()));
        }
        if (cursor != null) {
            conditions.add("id > :cursor");
            parameters.put("cursor", cursor);
        }
        return new WorkloadQuery(String.join(" and ", conditions), parameters, limit);
    }

    private static String containing(String text) {
        String literal = text.toLowerCase(Locale.ROOT)
                .replace("!", "!!")
                .replace("%", "!%")
                .replace("_", "!_");
        return "%" + literal + "%";
    }
}
