package io.spyhop.gateway.scope;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.contracts.workload.Workload;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the door leaves what it found out, for whatever handles the request afterwards. A workload in here has been
 * checked against the caller's orgs: there is no other way to it.
 */
public final class Scope {
    private static final String CALLER = "spyhop.caller";
    private static final String WORKLOAD = "spyhop.workload";
    private static final String ID = "spyhop.id";
    private static final String APP = "spyhop.app";
    private static final String TRACE = "spyhop.trace";

    private Scope() {}

    /** Who makes the request. */
    public static Caller caller(RoutingContext context) {
        return Objects.requireNonNull(context.get(CALLER), "the door lets nobody in without a caller");
    }

    /** Who makes the request, where the door has asked already. */
    public static Optional<Caller> knownCaller(RoutingContext context) {
        return Optional.ofNullable(context.get(CALLER));
    }

    /** The workload that the address names. */
    public static Workload workload(RoutingContext context) {
        return Objects.requireNonNull(context.get(WORKLOAD), "the address names no workload");
    }

    /** Its id; that of a run where the address is one of what a run wrote. */
    public static WorkloadId id(RoutingContext context) {
        return knownId(context).orElseThrow();
    }

    /** The same, where an address that names one was resolved. */
    public static Optional<WorkloadId> knownId(RoutingContext context) {
        return Optional.ofNullable(context.get(ID));
    }

    /** Whether the address was one of what a run wrote: then the run is all that there is of a workload. */
    public static boolean isRun(RoutingContext context) {
        return context.get(ID) != null && context.get(WORKLOAD) == null;
    }

    /** The workload, where an alias address was resolved already. */
    public static Optional<Workload> knownWorkload(RoutingContext context) {
        return Optional.ofNullable(context.get(WORKLOAD));
    }

    /** Whether the address was an app's. */
    public static boolean isApp(RoutingContext context) {
        return Boolean.TRUE.equals(context.get(APP));
    }

    /** The trace that the request belongs to. */
    public static TraceContext trace(RoutingContext context) {
        return Objects.requireNonNull(context.get(TRACE), "the door lets nobody in without a trace");
    }

    /** The door's: remembers the trace. */
    public static void admit(RoutingContext context, TraceContext trace) {
        context.put(TRACE, trace);
    }

    /** The door's: remembers the caller. */
    public static void admit(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    /** The door's: remembers a workload that the caller may see. */
    public static void admit(RoutingContext context, Workload workload, boolean app) {
        context.put(WORKLOAD, workload);
        context.put(ID, workload.id());
        context.put(APP, app);
    }

    /** The door's: remembers a run of a workload that the caller may see, in the workload's place. */
    public static void admit(RoutingContext context, WorkloadId run) {
        context.remove(WORKLOAD);
        context.put(ID, run);
        context.put(APP, false);
    }
}
