package io.spyhop.gateway.events;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one client gets: what its token may see, and of that what it asked for. Immutable.
 *
 * @param workloads empty for all
 * @param types empty for all
 * @param org null for all
 */
record EventFilter(
        Caller caller,
        Set<WorkloadId> workloads,
        Set<String> types,
        @Nullable String org) {
    EventFilter {
        workloads = Set.copyOf(workloads);
        types = Set.copyOf(types);
    }

    /**
     * Reads the query of a request.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static EventFilter of(RoutingContext context, Caller caller) {
        Parameters parameters = Parameters.of(context, "workload", "type", "org");
        return new EventFilter(
                caller,
                names(parameters, "workload", WorkloadId::new),
                names(parameters, "type", EventFilter::type),
                parameters.text("org").orElse(null));
    }

    boolean passes(Event.Subject subject) {
        return caller.sees(subject.org())
                && (org == null || org.equals(subject.org()))
                && (workloads.isEmpty() || workloads.contains(subject.workload()))
                && (types.isEmpty() || types.contains(subject.type()));
    }

    private static String type(String text) {
        return text.equals(Event.PORTS) || text.equals(Event.RUN)
                ? text
                : InstanceTransition.Type.of(text).wire();
    }

    private static <T> Set<T> names(Parameters parameters, String name, Function<String, T> parse) {
        return parameters
                .name(name, text -> {
                    Set<T> values = new HashSet<>();
                    for (String one : text.split(",", -1)) {
                        values.add(parse.apply(one));
                    }
                    return values;
                })
                .orElse(new HashSet<>());
    }
}
