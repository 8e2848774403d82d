package io.spyhop.jobs;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.engine.ContainerEngine;
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
import java.util.Set;

/** What jobs-service is connected to: brokers and engines. Thread-safe. */
@ApplicationScoped
@Startup(Interceptor.Priority.PLATFORM_BEFORE - 1) // What is wrong with the settings is told before anything runs.
public class JobsConnections {
    private static final String SERVICE = "jobs-service";
    private static final int CLOSE_LAST = Interceptor.Priority.PLATFORM_AFTER;

    private final KafkaConnection kafka;
    private final TopicPublisher publisher;
    private final EngineHosts hosts;

    @Inject
    JobsConnections(KafkaConfig brokers, SpyhopConfig spyhop, HostsConfig hostsConfig) {
        try {
            hosts = EngineHosts.of(hostsConfig);
        } catch (IllegalArgumentException e) {
            // Without the cause, whoever starts Spyhop is shown the sentence alone.
            throw new ConfigurationException(e.getMessage());
        }
        kafka = KafkaConnection.configured(SERVICE, brokers, spyhop);
        publisher = new TopicPublisher(kafka);
    }

    /** The brokers. */
    public KafkaConnection kafka() {
        return kafka;
    }

    /** Writes to topics. */
    public TopicPublisher publisher() {
        return publisher;
    }

    /** The names of all hosts. */
    public Set<String> hosts() {
        return hosts.names();
    }

    /**
     * The engine of a host.
     *
     * @throws IllegalArgumentException when there is no such host any more
     */
    public ContainerEngine engine(String host) {
        return hosts.engine(host);
    }

    void stop(@Observes @Priority(CLOSE_LAST) ShutdownEvent event) {
        publisher.close();
        hosts.close();
    }
}
