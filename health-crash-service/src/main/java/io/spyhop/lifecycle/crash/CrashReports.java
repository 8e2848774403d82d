package io.spyhop.lifecycle.crash;

import io.micrometer.core.instrument.MeterRegistry;
import io.spyhop.contracts.crash.ReportedProbe;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.lifecycle.watch.CrashFacts;
import io.spyhop.lifecycle.watch.CrashRecorder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores what a watcher knows of a crash. Thread-safe. */
@ApplicationScoped
class CrashReports implements CrashRecorder {
    private static final Logger LOGGER = LoggerFactory.getLogger(CrashReports.class);

    private final CrashStore store;
    private final Instance<LastProbes> probes;
    private final MeterRegistry registry;

    @Inject
    CrashReports(CrashStore store, Instance<LastProbes> probes, MeterRegistry registry) {
        this.store = store;
        this.probes = probes;
        this.registry = registry;
    }

    @Override
    public void record(CrashFacts facts) {
        InstanceState instance = facts.instance();
        List<ReportedProbe> last =
                probes.isResolvable() ? probes.get().of(instance.host(), instance.containerId()) : List.of();
        try {
            store.record(instance.workload().id(), CrashRecord.of(facts, last));
        } catch (SQLException e) {
            throw new IllegalStateException("a crash could not be recorded", e);
        }
        registry.counter("spyhop_crashes", "host", instance.host()).increment();
        LOGGER.atInfo()
                .addKeyValue("workload", instance.workload().id())
                .addKeyValue("instance", instance.containerId())
                .log("A crash is recorded.");
    }
}
