package io.spyhop.lifecycle.watch;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.HostRecord;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineException;
import io.spyhop.lifecycle.ConfiguredHosts;
import io.spyhop.lifecycle.DiscoveryConfig;
import io.spyhop.lifecycle.catalogue.Catalogue;
import io.spyhop.lifecycle.probe.HostProbes;
import io.spyhop.lifecycle.probe.Prober;
import io.spyhop.lifecycle.signal.Signal;
import io.spyhop.lifecycle.signal.Signals;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.TopicPublisher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the watch of hosts with the application. The application does not wait for the broker: readiness
 * tells when everything is watched.
 */
@ApplicationScoped
class Watching implements LocalWatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(Watching.class);
    private static final String SERVICE = "health-crash-service";
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Prober prober;
    private final ConfiguredHosts hosts;
    private final DiscoveryConfig config;
    private final Catalogue catalogue;
    private final CrashRecorder crashes;
    private final Signals signals;
    private final WatchMetrics metrics;
    private final KafkaConnection connection;
    private @Nullable Thread starter;
    private @Nullable TopicPublisher publisher;
    private @Nullable HostOwnership ownership;
    private boolean stopped;

    @Inject
    Watching(
            ConfiguredHosts hosts,
            DiscoveryConfig config,
            KafkaConfig brokers,
            SpyhopConfig spyhop,
            Prober prober,
            Catalogue catalogue,
            CrashRecorder crashes,
            Signals signals,
            MeterRegistry registry) {
        this.prober = prober;
        this.hosts = hosts;
        this.config = config;
        this.catalogue = catalogue;
        this.crashes = crashes;
        this.signals = signals;
        this.metrics = new WatchMetrics(registry);
        this.connection = KafkaConnection.configured(SERVICE, brokers, spyhop);
    }

    void start(@Observes StartupEvent event) {
        starter = Thread.ofVirtual().name("watch-start").start(this::begin);
    }

    void stop(@Observes ShutdownEvent event) {
        HostOwnership shares;
        TopicPublisher topics;
        synchronized (this) {
            stopped = true;
            shares = ownership;
            topics = publisher;
        }
        if (starter != null) {
            starter.interrupt();
        }
        if (shares != null) {
            shares.close();
        }
        if (topics != null) {
            topics.close();
        }
        hosts.close();
    }

    /** Whether the hosts that this replica owns are known and listed. */
    synchronized boolean ready() {
        return ownership != null && ownership.ready();
    }

    /** The watchers of this replica. */
    synchronized List<HostWatcher> watched() {
        return ownership == null ? List.of() : ownership.watched();
    }

    @Override
    public Set<String> hosts() {
        return watched().stream().map(HostWatcher::host).collect(Collectors.toSet());
    }

    @Override
    public void expectEnd(String host, String containerId) {
        watched().stream()
                .filter(watcher -> watcher.host().equals(host))
                .forEach(watcher -> watcher.expectEnd(containerId));
    }

    @Override
    public void tell(InstanceTransition note) throws Exception {
        TopicPublisher topics;
        synchronized (this) {
            topics = publisher;
        }
        if (topics == null) {
            throw new IllegalStateException("the broker has not been found yet");
        }
        topics.publishJson(Topics.TRANSITIONS, note.key(), note).get();
    }

    private void begin() {
        try {
            while (!opened()) {
                Thread.sleep(PAUSE);
            }
            while (!ready()) {
                Thread.sleep(PAUSE);
            }
            rehearse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean opened() {
        try {
            TopicAdmin.ensureAll(connection);
        } catch (RuntimeException e) {
            LOGGER.atError().addKeyValue("error", e.getMessage()).log("Topics are not as they should be.");
            return false;
        }
        synchronized (this) {
            if (stopped) {
                return true;
            }
            TopicPublisher topics = new TopicPublisher(connection);
            publisher = topics;
            KafkaAnnouncer announcer = new KafkaAnnouncer(topics);
            ownership = new HostOwnership(
                    connection, hosts.names(), host -> watcher(host, announcer), () -> signals.give(Signal.HOSTS));
            ownership.start();
            hosts.names().forEach(host -> publish(topics, host));
            return true;
        }
    }

    private HostWatcher watcher(String host, KafkaAnnouncer topics) {
        ContainerEngine engine = hosts.engine(host);
        HostProbes probes = prober.host(engine);
        InstanceAnnouncer announcer = new ProbedAnnouncer(topics, probes);
        HostWatcher watcher = new HostWatcher(
                host,
                engine,
                catalogue,
                announcer,
                crashes,
                new Selection(config.labelledOnly()),
                config.reconcileEvery(),
                metrics,
                Clock.systemUTC());
        probes.listen(watcher::healthChanged);
        return watcher;
    }

    /** A host that is not on the topic is watched by nobody: this goes on until it is. */
    private void publish(TopicPublisher topics, String host) {
        Thread.ofVirtual().name("watch-host").start(() -> {
            while (!isStopped() && !published(topics, host)) {
                try {
                    Thread.sleep(PAUSE);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        });
    }

    /**
     * Asks what a watch begins with, of the hosts that others watch: this replica takes over from one that died seconds
     * sooner when it has run that code before.
     */
    private void rehearse() {
        Set<String> watched = hosts();
        for (String host : hosts.names()) {
            if (watched.contains(host)) {
                continue;
            }
            try {
                ContainerEngine engine = hosts.engine(host);
                engine.version();
                engine.list().keySet().stream().findFirst().ifPresent(engine::inspect);
            } catch (EngineException e) {
                LOGGER.atDebug().addKeyValue("host", host).setCause(e).log("Host does not answer a rehearsal.");
            }
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private static boolean published(TopicPublisher topics, String host) {
        try {
            topics.publishJson(Topics.HOSTS, RecordKey.ofHost(host), new HostRecord(host))
                    .join();
            return true;
        } catch (CompletionException e) {
            LOGGER.atWarn()
                    .addKeyValue("host", host)
                    .addKeyValue("error", e.getMessage())
                    .log("Host could not be published, trying again.");
            return false;
        }
    }
}
