package io.spyhop.lifecycle.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.FakeEngine;
import io.spyhop.lifecycle.catalogue.Catalogue;
import io.spyhop.lifecycle.catalogue.HeldWorkloads;
import io.spyhop.lifecycle.watch.LocalWatch;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Errands on a real database, an engine in memory and routes in memory. The service's own loop does not watch that host,
 * so that each step is done when the test says so.
 */
abstract class ErrandCase {
    /** Ports of which nothing on this machine uses one: a step finds out by taking it. */
    static final PortRange UNUSED = unused();

    static final String IMAGE = "shop:1";

    @Inject
    Ledger ledger;

    @Inject
    Catalogue catalogue;

    @Inject
    HeldWorkloads workloads;

    @Inject
    ErrandRepository errands;

    @Inject
    DeploymentRepository deployments;

    @Inject
    NoteRows noteRows;

    final String host = "fake-" + UUID.randomUUID();
    final FakeEngine engine = new FakeEngine();
    final FakeRoutes routes = new FakeRoutes();
    final List<InstanceTransition> told = new ArrayList<>();

    @Nullable
    Path registryLogins;

    Hosts hosts;
    Orders orders;
    Steps steps;

    /** Spyhop ends at this very moment. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void prepare() {
        engine.control().putImage(IMAGE, 8080);
        hosts = new Hosts(
                Set.of(host),
                name -> engine,
                name -> EngineAddress.of("unix:///fake.sock", null),
                ledger::installation,
                "127.0.0.1");
        orders = new Orders(workloads, errands, deployments, hosts);
        steps = steps(UNUSED);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    Steps steps(PortRange ports) {
        return ErrandLoop.steps(
                hosts, ledger, routes, new Watch(), (container, start) -> true, new DeploymentsConfig() {
                    @Override
                    public PortRange ports() {
                        return ports;
                    }

                    @Override
                    public String address() {
                        return "127.0.0.1";
                    }

                    @Override
                    public Optional<Path> registryLogins() {
                        return Optional.ofNullable(registryLogins);
                    }
                });
    }

    private static PortRange unused() {
        int first = 20_000;
        for (int port = first; port < first + 500; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                first = port + 1;
            }
        }
        return new PortRange(first, 29_999);
    }

    /** A name that nobody has. */
    static String name() {
        return "shop-" + UUID.randomUUID().toString().substring(0, 12);
    }

    DeploymentSpec spec(String name) {
        return new DeploymentSpec(
                name,
                "acme",
                IMAGE,
                host,
                List.of("serve"),
                null,
                Map.of("SECRET", "do not show"),
                null,
                64L << 20,
                0.5,
                "unless-stopped",
                0,
                Map.of("entity-type", "agent", "health.path", "/ready"));
    }

    Workload create(String name) {
        return create(spec(name));
    }

    Workload create(DeploymentSpec spec) {
        return QuarkusTransaction.requiringNew().call(() -> orders.create(spec));
    }

    Workload stop(WorkloadId id) {
        engine.setClockNanos(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        return QuarkusTransaction.requiringNew().call(() -> orders.stop(id));
    }

    Workload restart(WorkloadId id) {
        return QuarkusTransaction.requiringNew().call(() -> orders.restart(id));
    }

    Workload view(WorkloadId id) {
        return QuarkusTransaction.requiringNew().call(() -> workloads.get(id).view());
    }

    /** What is to be done with a workload. */
    Optional<Errand> open(WorkloadId id) {
        return ledger.open(Set.of(host)).stream()
                .filter(errand -> errand.workload().equals(id))
                .findFirst();
    }

    /** Does what is to be done, as far as it can be done now. */
    void work(WorkloadId id) {
        work(id, steps);
    }

    void work(WorkloadId id, Steps with) {
        open(id).ifPresent(errand -> new ErrandRun(errand, ledger, with).run());
    }

    Deployment deployment(WorkloadId id) {
        return ledger.deployment(id).orElseThrow();
    }

    /** The texts of all notes of a workload, each of which is told once, at times that rise. */
    List<String> notes(WorkloadId id) {
        return noteRows.oldest(Set.of(host)).values().stream()
                .filter(note -> note.workload().equals(id))
                .map(note -> String.valueOf(note.text()))
                .toList();
    }

    /** Ends Spyhop at a step: when it is done and not yet written down, or before it is done. */
    boolean killAt(WorkloadId id, int step, boolean done) {
        AtomicInteger count = new AtomicInteger();
        try {
            work(id, errand -> {
                boolean last = count.getAndIncrement() == step;
                if (last && !done) {
                    throw new Killed();
                }
                Outcome outcome = steps.perform(errand);
                if (last) {
                    throw new Killed();
                }
                return outcome;
            });
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    WorkloadId seated(String container) {
        var seat = catalogue.seat(host, engine.inspect(container).orElseThrow());
        catalogue.keep(seat.with(InstanceStatus.RUNNING));
        return seat.workload().id();
    }

    static void assertConflict(Runnable request) {
        assertThatThrownBy(request::run)
                .isInstanceOfSatisfying(
                        SpyhopException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_CONFLICT));
    }

    /** The host is watched by the test. */
    private final class Watch implements LocalWatch {
        @Override
        public Set<String> hosts() {
            return Set.of(host);
        }

        @Override
        public void expectEnd(String onHost, String containerId) {
            // There is no watcher that would judge.
        }

        @Override
        public void tell(InstanceTransition note) {
            told.add(note);
        }
    }
}
