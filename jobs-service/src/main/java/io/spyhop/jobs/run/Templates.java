package io.spyhop.jobs.run;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerTemplate;
import io.spyhop.engine.EngineException;
import io.spyhop.jobs.JobsConnections;
import io.spyhop.jobs.JobsShare;
import io.spyhop.signals.CommitSignals;
import io.spyhop.signals.Rounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the containers of this replica's workloads are made of. It is written down when one appears, so that a job runs when its
 * service is gone, and asked for anew when a run begins, for limits and networks change. Thread-safe.
 */
@ApplicationScoped
class Templates implements TemplateSource {
    private final JobsShare share;
    private final JobsConnections connections;
    private final TemplateStore store;
    private final Clock clock = Clock.systemUTC();
    private final Set<WorkloadId> appeared = ConcurrentHashMap.newKeySet();
    private final Map<WorkloadId, String> taken = new ConcurrentHashMap<>();
    private final Rounds taking = new Rounds("templates", this::take);

    @Inject
    Templates(JobsShare share, JobsConnections connections, TemplateStore store) {
        this.share = share;
        this.connections = connections;
        this.store = store;
    }

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
        share.onChange(this::appeared);
        taking.start();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        taking.stop();
    }

    @Override
    public Optional<HostTemplate> of(WorkloadId workload) throws SQLException {
        for (InstanceState instance : share.instances(workload)) {
            Optional<HostTemplate> fresh = ask(instance);
            if (fresh.isPresent()) {
                return fresh;
            }
        }
        return store.find(workload);
    }

    private Optional<HostTemplate> ask(InstanceState instance) {
        Optional<ContainerTemplate> template =
                connections.engine(instance.host()).control().template(instance.containerId());
        return template.map(container -> new HostTemplate(instance.host(), container));
    }

    private void appeared(InstanceState instance) {
        WorkloadId workload = instance.workload().id();
        if (!instance.containerId().equals(taken.get(workload)) && appeared.add(workload)) {
            taking.wake();
        }
    }

    /** Of those whose engine is away, when it is back; its containers are not gone. */
    private Duration take() throws SQLException {
        boolean left = false;
        for (WorkloadId workload : List.copyOf(appeared)) {
            appeared.remove(workload);
            try {
                take(workload);
            } catch (EngineException e) {
                appeared.add(workload);
                left = true;
            } catch (SQLException e) {
                appeared.add(workload);
                throw e;
            }
        }
        return left ? RunLimits.RETRY : CommitSignals.LOOK_EACH;
    }

    private void take(WorkloadId workload) throws SQLException {
        List<InstanceState> instances = share.instances(workload);
        if (instances.isEmpty()) {
            return;
        }
        InstanceState newest = instances.getFirst();
        String id = newest.containerId();
        if (!id.equals(store.container(workload).orElse(""))) {
            Optional<HostTemplate> template = ask(newest);
            if (template.isEmpty()) {
                // It is gone already, and the next one tells of itself.
                return;
            }
            store.put(workload, template.get(), clock.instant());
        }
        taken.put(workload, id);
    }
}
