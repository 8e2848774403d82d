package io.spyhop.logs;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineHosts;
import io.spyhop.engine.HostsConfig;
import io.spyhop.logs.capture.CaptureConfig;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What log-service is connected to: brokers and engines. Thread-safe. */
@ApplicationScoped
@Startup(Interceptor.Priority.PLATFORM_BEFORE - 1) // What is wrong with the settings is told before anything runs.
public class LogConnections {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogConnections.class);
    private static final String SERVICE = "log-service";
    private static final int CLOSE_LAST = Interceptor.Priority.PLATFORM_AFTER;

    private final KafkaConnection kafka;
    private final TopicPublisher publisher;
    private final EngineHosts hosts;

    @Inject
    LogConnections(KafkaConfig brokers, SpyhopConfig spyhop, HostsConfig hostsConfig, CaptureConfig capture) {
        try {
            hosts = capture.readFiles() ? EngineHosts.of(hostsConfig) : EngineHosts.withoutFiles(hostsConfig);
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

    /** Makes ready to read the logs of each host whose engine answers; the others' first log takes longer. */
    public void prepareLogs() {
        for (String host : hosts.names()) {
            Thread.ofVirtual().name("prepare-" + host).start(() -> {
                try {
                    hosts.engine(host).prepareLogs();
                } catch (EngineException e) {
                    LOGGER.atDebug().addKeyValue("host", host).setCause(e).log("An engine does not answer yet.");
                }
            });
        }
    }

    /** The engine of a host. */
    public ContainerEngine engine(String host) {
        return hosts.engine(host);
    }

    void stop(@Observes @Priority(CLOSE_LAST) ShutdownEvent event) {
        publisher.close();
        hosts.close();
    }
}
