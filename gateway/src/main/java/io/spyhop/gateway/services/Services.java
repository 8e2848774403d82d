package io.spyhop.gateway.services;

import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.workload.WorkloadsApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds each service when it is first asked, since some are made after the routes that will ask. Thread-safe. Every
 * failure is a {@code SpyhopException} that names what is away.
 */
@ApplicationScoped
public class Services {
    private final Once<WorkloadsApi> workloads;
    private final Once<LogsApi> logs;

    @Inject
    Services(Instance<WorkloadsApi> workloads, Instance<LogsApi> logs, InternalSecret secret, ServicesConfig config) {
        this.workloads = new Once<>(() -> find(
                workloads,
                WorkloadsApi.class,
                "health-crash-service",
                config.healthCrashService().getFirst(),
                secret));
        this.logs = new Once<>(() ->
                find(logs, LogsApi.class, "log-service", config.logService().getFirst(), secret));
    }

    /** The catalogue of workloads. */
    public WorkloadsApi workloads() {
        return workloads.get();
    }

    /** The stored lines. */
    public LogsApi logs() {
        return logs.get();
    }

    private static <T> T find(Instance<T> here, Class<T> api, String name, URI url, InternalSecret secret) {
        if (here.isResolvable()) {
            return here.get();
        }
        return RemoteService.open(api, name, url.toString(), secret);
    }

    private static final class Once<T> {
        private final Supplier<T> source;
        private volatile @Nullable T value;

        Once(Supplier<T> source) {
            this.source = source;
        }

        T get() {
            T known = value;
            if (known == null) {
                // Found twice at worst, and the same.
                known = source.get();
                value = known;
            }
            return known;
        }
    }
}
