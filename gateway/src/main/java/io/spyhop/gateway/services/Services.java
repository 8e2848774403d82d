package io.spyhop.gateway.services;

import io.spyhop.contracts.host.HostsApi;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.log.CaptureApi;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.workload.WorkloadsApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds each service when it is first asked, since some are made after the routes that will ask. Thread-safe. Every
 * failure is a {@code SpyhopException} that names what is away.
 */
@ApplicationScoped
public class Services {
    private static final String LIFECYCLE = "health-crash-service";
    private static final String LOGS = "log-service";

    private final Once<WorkloadsApi> workloads;
    private final Once<HostsApi> hosts;
    private final Once<LogsApi> logs;
    private final Once<CaptureApi> capture;

    @Inject
    Services(
            Instance<WorkloadsApi> workloads,
            Instance<HostsApi> hosts,
            Instance<LogsApi> logs,
            Instance<CaptureApi> capture,
            InternalSecret secret) {
        this.workloads = new Once<>(() -> find(workloads, WorkloadsApi.class, LIFECYCLE, secret));
        this.hosts = new Once<>(() -> find(hosts, HostsApi.class, LIFECYCLE, secret));
        this.logs = new Once<>(() -> find(logs, LogsApi.class, LOGS, secret));
        this.capture = new Once<>(() -> find(capture, CaptureApi.class, LOGS, secret));
    }

    /** The catalogue of workloads. */
    public WorkloadsApi workloads() {
        return workloads.get();
    }

    /** The configured hosts. */
    public HostsApi hosts() {
        return hosts.get();
    }

    /** The stored lines. */
    public LogsApi logs() {
        return logs.get();
    }

    /** How logs are being read. */
    public CaptureApi capture() {
        return capture.get();
    }

    private static <T> T find(Instance<T> here, Class<T> api, String name, InternalSecret secret) {
        if (here.isResolvable()) {
            return here.get();
        }
        String url = ConfigProvider.getConfig().getValue("spyhop.services." + name + ".url", String.class);
        return RemoteService.open(api, name, url, secret);
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
