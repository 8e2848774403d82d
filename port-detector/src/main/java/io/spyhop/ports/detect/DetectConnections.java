package io.spyhop.ports.detect;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.EngineHosts;
import io.spyhop.engine.HealthDetails;
import io.spyhop.engine.HostsConfig;
import io.spyhop.engine.ListenReader;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicHistory;
import io.spyhop.messaging.TopicPublisher;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.util.List;

/** What detection is connected to: brokers and engines. Thread-safe. */
@ApplicationScoped
@Startup(Interceptor.Priority.PLATFORM_BEFORE - 1) // What is wrong with the settings is told before anything runs.
class DetectConnections implements Detector.Engines {
    private static final String SERVICE = "port-detector";
    private static final int CLOSE_LAST = Interceptor.Priority.PLATFORM_AFTER;

    private final KafkaConnection kafka;
    private final TopicPublisher publisher;
    private final TopicHistory history;
    private final EngineHosts hosts;

    @Inject
    DetectConnections(KafkaConfig brokers, SpyhopConfig spyhop, HostsConfig hostsConfig, DetectConfig config) {
        try {
            hosts = config.enterNamespaces() ? EngineHosts.of(hostsConfig) : EngineHosts.withoutFiles(hostsConfig);
        } catch (IllegalArgumentException e) {
            // Without the cause, whoever starts Spyhop is shown the sentence alone.
            throw new ConfigurationException(e.getMessage());
        }
        kafka = KafkaConnection.configured(SERVICE, brokers, spyhop);
        publisher = new TopicPublisher(kafka);
        history = new TopicHistory(kafka, Topics.PORTS);
    }

    /** The brokers. */
    KafkaConnection kafka() {
        return kafka;
    }

    /** The topic. */
    PortRecords records() {
        return new PortRecords(publisher, history);
    }

    @Override
    public ListenReader listeners(InstanceState instance) {
        return hosts.engine(instance.host()).listeners(instance.containerId(), instance.pid());
    }

    @Override
    public List<String> addresses(InstanceState instance) {
        return hosts.engine(instance.host())
                .health(instance.containerId())
                .map(HealthDetails::addresses)
                .orElse(List.of());
    }

    void stop(@Observes @Priority(CLOSE_LAST) ShutdownEvent event) {
        history.close();
        publisher.close();
        hosts.close();
    }
}
