package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.ContainerSpec;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.ImageDetails;
import io.spyhop.engine.PortTakenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The steps of a creation. Thread-safe. */
final class CreateSteps implements Steps {
    private static final List<String> SHELL = List.of("/bin/sh", "-c");

    /** Of each layer only its end is news for people. */
    private static final Pattern LAYER_UNDER_WAY = Pattern.compile("[0-9a-f]{12} (?!Pull complete).*");

    private final Hosts hosts;
    private final Ledger ledger;
    private final Routes routes;
    private final DeploymentsConfig config;
    private final RegistryLogins logins;

    CreateSteps(Hosts hosts, Ledger ledger, Routes routes, DeploymentsConfig config) {
        this.hosts = hosts;
        this.ledger = ledger;
        this.routes = routes;
        this.config = config;
        this.logins = new RegistryLogins(config.registryLogins().orElse(null));
    }

    @Override
    public Outcome perform(Errand errand) throws InterruptedException {
        Deployment deployment = ledger.deployment(errand.workload())
                .orElseThrow(() -> new IllegalStateException("a creation without a deployment"));
        return switch (errand.step()) {
            case IMAGE -> image(errand, deployment);
            case PORT -> port(errand, deployment);
            case CONTAINER -> container(errand, deployment);
            case START -> start(errand, deployment);
            case ROUTE -> route(errand, deployment);
            case SIGNAL, WAIT, KILL, EVIDENCE, REMOVE, UNROUTE, RELEASE, AGAIN ->
                throw new IllegalStateException("no step of a creation: " + errand.step());
        };
    }

    private Outcome image(Errand errand, Deployment deployment) throws InterruptedException {
        ContainerControl control = engine(errand).control();
        String reference = deployment.spec().image();
        Optional<ImageDetails> image = control.image(reference);
        if (image.isEmpty()) {
            ledger.note(errand, "[CREATE] pull " + reference);
            control.pull(reference, logins.of(reference), progress -> {
                if (!LAYER_UNDER_WAY.matcher(progress).matches()) {
                    ledger.note(errand, "[CREATE] pull " + progress);
                }
            });
            image = control.image(reference);
        }
        ImageDetails found =
                image.orElseThrow(() -> new EngineRefusedException("the engine pulled the image and has it not"));
        Integer declared = deployment.spec().port();
        List<Integer> exposed = found.exposedPorts();
        Integer port = declared != null ? declared : exposed.size() == 1 ? exposed.getFirst() : null;
        return Outcome.then(port == null ? Step.CONTAINER : Step.PORT)
                .changing(records -> records.deployment(row -> row.containerPort = port));
    }

    private Outcome port(Errand errand, Deployment deployment) {
        if (deployment.hostPort() != null) {
            return taken(deployment.hostPort());
        }
        int port = ledger.takePort(errand, config.ports());
        if (port == 0) {
            throw new EngineRefusedException("every port of the host that deployments may have is taken");
        }
        return isFree(errand.host(), port)
                ? taken(port)
                : Outcome.then(Step.PORT).changing(records -> records.deployment(DeploymentEntity::passOverPort));
    }

    private static Outcome taken(int port) {
        return Outcome.then(Step.CONTAINER).noting("[CREATE] port", "port", Integer.toString(port));
    }

    private Outcome container(Errand errand, Deployment deployment) {
        ContainerControl control = engine(errand).control();
        String name = Hosts.containerName(errand.workload());
        String ticket = Long.toString(errand.ticket());
        ContainerDetails there = engine(errand).inspect(name).orElse(null);
        if (there != null && !hosts.isOurs(there)) {
            throw new EngineRefusedException("there is a container " + name + " that Spyhop did not make");
        }
        if (there != null && ticket.equals(there.labels().get(Hosts.ERRAND))) {
            return made(there.id());
        }
        if (there != null) {
            control.remove(there.id());
        }
        return made(control.create(spec(errand, deployment)));
    }

    private static Outcome made(String id) {
        return Outcome.then(Step.START)
                .changing(records -> records.deployment(row -> row.containerId = id))
                .noting("[CREATE] container", "container", id);
    }

    private Outcome start(Errand errand, Deployment deployment) {
        ContainerControl control = engine(errand).control();
        String id = deployment.containerId();
        if (id == null) {
            return Outcome.then(Step.CONTAINER);
        }
        try {
            ContainerDetails there = engine(errand).inspect(id).orElseThrow(() -> new ContainerGoneException(id));
            // One that ended already was started; what becomes of it is its policy's business.
            if (there.startedAt() == null) {
                control.start(id);
            }
        } catch (ContainerGoneException e) {
            return Outcome.then(Step.CONTAINER);
        } catch (PortTakenException e) {
            control.remove(id);
            return Outcome.then(Step.PORT)
                    .changing(records -> records.deployment(row -> {
                        row.containerId = null;
                        row.passOverPort();
                    }));
        }
        boolean routed = routes.configured() && deployment.hostPort() != null;
        Outcome started = routed ? Outcome.then(Step.ROUTE) : Outcome.end();
        return started.noting("[CREATE] start", Map.of())
                .changing(records -> records.deployment(row -> row.spec = row.spec.withoutSecrets()));
    }

    private Outcome route(Errand errand, Deployment deployment) throws InterruptedException {
        Integer port = deployment.hostPort();
        if (!routes.configured() || port == null) {
            return Outcome.end();
        }
        // The id of a managed deployment is its slug.
        String hostName = routes.hostName(errand.workload().value());
        String url = routes.url(hostName);
        routes.put(errand.workload(), hostName, hosts.upstream(errand.host()), port);
        return Outcome.end().noting("[CREATE] route", "url", url).changing(records -> {
            records.deployment(row -> row.route = hostName);
            records.workload().publish(url);
        });
    }

    private ContainerSpec spec(Errand errand, Deployment deployment) {
        DeploymentSpec wanted = deployment.spec();
        Map<String, String> labels = new HashMap<>(hosts.labels(errand.workload(), wanted));
        labels.put(Hosts.ERRAND, Long.toString(errand.ticket()));
        String shell = wanted.shell();
        return new ContainerSpec(
                Hosts.containerName(errand.workload()),
                wanted.image(),
                shell == null ? List.of() : SHELL,
                shell == null ? wanted.command() : List.of(shell),
                wanted.env(),
                labels,
                wanted.memoryBytes(),
                wanted.cpus(),
                new ContainerSpec.Restart(wanted.restart(), wanted.restartsMax()),
                port(deployment.hostPort(), deployment.containerPort()));
    }

    private ContainerSpec.@Nullable PublishedPort port(@Nullable Integer hostPort, @Nullable Integer containerPort) {
        return hostPort == null || containerPort == null
                ? null
                : new ContainerSpec.PublishedPort(config.address(), hostPort, containerPort);
    }

    /** On a machine that is not this one only its engine can tell. */
    private boolean isFree(String host, int port) {
        if (!hosts.isLocal(host)) {
            return true;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(config.address()), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private ContainerEngine engine(Errand errand) {
        return hosts.engine(errand.host());
    }
}
