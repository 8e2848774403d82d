package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineAddress;
import io.spyhop.lifecycle.ConfiguredHosts;
import io.spyhop.lifecycle.crash.ManagedContainers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The engines that deployments run on, and how their containers are marked. Thread-safe. */
@ApplicationScoped
class Hosts {
    /** Holds the id of the installation that made the container. */
    static final String MANAGED = ManagedContainers.LABEL;

    /** Holds the ticket of the errand that made it. */
    static final String ERRAND = "spyhop.errand";

    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::");
    private static final String LOOPBACK = "127.0.0.1";

    private final Set<String> names;
    private final Function<String, ContainerEngine> engines;
    private final Function<String, EngineAddress> addresses;
    private final Supplier<String> installationSource;
    private final String address;
    private volatile @Nullable String installation;

    @Inject
    Hosts(ConfiguredHosts configured, Ledger ledger, DeploymentsConfig config) {
        this(configured.names(), configured::engine, configured::address, ledger::installation, config.address());
    }

    /**
     * Hosts by name.
     *
     * @param installation this installation's id, asked for once
     * @param address that ports of deployments are bound to
     */
    Hosts(
            Set<String> names,
            Function<String, ContainerEngine> engines,
            Function<String, EngineAddress> addresses,
            Supplier<String> installation,
            String address) {
        this.names = names;
        this.engines = engines;
        this.addresses = addresses;
        this.installationSource = installation;
        this.address = address;
    }

    Set<String> names() {
        return names;
    }

    ContainerEngine engine(String host) {
        return engines.apply(host);
    }

    boolean isLocal(String host) {
        return addresses.apply(host).local();
    }

    /** Where a port of a deployment is reached. */
    String upstream(String host) {
        if (!EVERY_ADDRESS.contains(address)) {
            return address;
        }
        return isLocal(host) ? LOOPBACK : addresses.apply(host).endpoint().getHost();
    }

    /** Whether this installation made a container: a name proves nothing. */
    boolean isOurs(ContainerDetails container) {
        return areOurs(container.labels());
    }

    /**
     * Whether these are labels of a container that this installation made. A run of a job may bear all labels of the one that it is
     * made after; jobs-service alone removes it.
     */
    boolean areOurs(Map<String, String> labels) {
        return installation().equals(labels.get(MANAGED))
                && !Kind.JOB_RUN.wire().equalsIgnoreCase(labels.get("spyhop.kind"));
    }

    static String containerName(WorkloadId workload) {
        return "spyhop-" + workload;
    }

    /** What a deployment's container is labelled with. */
    Map<String, String> labels(WorkloadId workload, DeploymentSpec spec) {
        Map<String, String> labels = new HashMap<>();
        spec.labels().forEach((name, value) -> labels.put("spyhop." + name, value));
        labels.put("spyhop.id", workload.value());
        labels.put("spyhop.kind", Kind.DEPLOYMENT.wire());
        labels.put("spyhop.org", spec.org());
        labels.put("spyhop.name", spec.name());
        labels.put(MANAGED, installation());
        return labels;
    }

    private String installation() {
        String known = installation;
        if (known == null) {
            known = installationSource.get();
            installation = known;
        }
        return known;
    }
}
