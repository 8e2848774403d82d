package io.spyhop.metrics.sample;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.EngineHosts;
import io.spyhop.engine.HostsConfig;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;

/** What sampling is connected to: brokers and engines. Thread-safe. */
@ApplicationScoped
@Startup(Interceptor.Priority.PLATFORM_BEFORE - 1) // What is wrong with the settings is told before anything runs.
class SampleConnections {
    private static final String SERVICE = "metrics-service";
    private static final int CLOSE_LAST = Interceptor.Priority.PLATFORM_AFTER;

    private final KafkaConnection kafka;
    private final TopicPublisher publisher;
    private final EngineHosts hosts;

    @Inject
    SampleConnections(KafkaConfig brokers, SpyhopConfig spyhop, HostsConfig hostsConfig, SampleConfig config) {
        try {
            hosts = config.readFiles() ? EngineHosts.of(hostsConfig) : EngineHosts.withoutFiles(hostsConfig);
        } catch (IllegalArgumentException e) {
            // Without the cause, whoever starts Spyhop is shown the sentence alone.
            throw new ConfigurationException(e.getMessage());
        }
        kafka = KafkaConnection.configured(SERVICE, brokers, spyhop);
        publisher = new TopicPublisher(kafka, SampleLimits.LINGER);
    }

    /** The brokers. */
    KafkaConnection kafka() {
        return kafka;
    }

    /** Writes to topics. */
    TopicPublisher publisher() {
        return publisher;
    }

    /**
     * Opens the counters of an instance's life.
     *
     * @throws io.spyhop.engine.EngineException when there is no such container
     * @throws IllegalArgumentException when this replica is not configured for its host
     */
    CounterReader counters(InstanceState instance) {
        return hosts.engine(instance.host()).counters(instance.containerId(), instance.pid());
    }

    void stop(@Observes @Priority(CLOSE_LAST) ShutdownEvent event) {
        publisher.close();
        hosts.close();
    }
}
