package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.workload.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An address as condition and parameters; every name given must match. Immutable. */
record WorkloadAddress(String condition, Map<String, Object> parameters) {
    WorkloadAddress {
        parameters = Map.copyOf(parameters);
    }

    static WorkloadAddress of(
            List<String> orgs,
            Kind kind,
            @Nullable String project,
            @Nullable String deployment,
            @Nullable String service,
            @Nullable String worker,
            @Nullable String app) {
        Builder address = new Builder();
        address.all("kind = :kind", "kind", kind);
        if (!orgs.isEmpty()) {
            address.all("org in (:orgs)", "orgs", orgs);
        }
        address.name("project", project, false);
        address.name("deployment", deployment, kind == Kind.DEPLOYMENT);
        address.name("service", service, false);
        address.name("worker", worker, false);
        address.name("app", app, kind == Kind.APP);
        return new WorkloadAddress(String.join(" and ", address.conditions), address.parameters);
    }

    private static final class Builder {
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> parameters = new HashMap<>();

        void name(String name, @Nullable String value, boolean orId) {
            if (value != null) {
                String matches = name + " = :" + name;
                all(orId ? "(id = :" + name + " or " + matches + ")" : matches, name, value);
            }
        }

        void all(String condition, String parameter, Object value) {
            conditions.add(condition);
            parameters.put(parameter, value);
        }
    }
}
