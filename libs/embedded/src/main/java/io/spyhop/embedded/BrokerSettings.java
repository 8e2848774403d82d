package io.spyhop.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.share.persister.NoOpStatePersister;

/** The broker's settings: one node, as few threads and as little memory as one machine's Spyhop needs. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final int MIB = 1024 * 1024;
    private static final String HOST = "127.0.0.1";

    /**
     * How long a node that says nothing counts as living: Kafka's own value, since a machine that is busy starting
     * everything at once can keep a thread waiting for seconds.
     */
    private static final int SESSION_MILLIS = 9000;

    /**
     * After a kill the controller accepts the node again only when the old session has run out by the new settings:
     * this is what such a start waits. A pause that fences the node then ends with its next heartbeat.
     */
    private static final int SESSION_AFTER_KILL_MILLIS = 2000;

    /** Kafka's own value: node and controller are one process here, and each heartbeat takes half a dozen threads. */
    private static final int HEARTBEAT_MILLIS = 2000;

    private static final int HEARTBEAT_AFTER_KILL_MILLIS = 500;

    private BrokerSettings() {}

    static Map<String, Object> of(Path data, boolean killed, int port, int controllerPort, Listening listening) {
        Map<String, Object> settings = new HashMap<>();
        settings.putAll(identity(data, port, controllerPort, listening));
        settings.put("broker.session.timeout.ms", killed ? SESSION_AFTER_KILL_MILLIS : SESSION_MILLIS);
        settings.put("broker.heartbeat.interval.ms", killed ? HEARTBEAT_AFTER_KILL_MILLIS : HEARTBEAT_MILLIS);
        settings.putAll(topics());
        settings.putAll(footprint());
        // As text, which Kafka reads into whatever type (int, short, long) a setting has.
        settings.replaceAll((name, value) -> value.toString());
        return settings;
    }

    private static Map<String, Object> identity(Path data, int port, int controllerPort, Listening listening) {
        return Map.ofEntries(
                Map.entry("node.id", NODE_ID),
                Map.entry("process.roles", "broker,controller"),
                Map.entry("log.dirs", data.toString()),
                Map.entry("metadata.log.dir", data.toString()),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://" + listening.address() + ":" + port + "," + CONTROLLER_LISTENER + "://" + HOST
                                + ":" + controllerPort),
                Map.entry("advertised.listeners", "PLAINTEXT://" + listening.advertised() + ":" + port),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("controller.listener.names", CONTROLLER_LISTENER),
                // Voters by setting are kept nowhere on disk, so the controller may have another port at each start.
                Map.entry("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort),
                Map.entry("controlled.shutdown.enable", true),
                // One voter has nobody to wait for.
                Map.entry("controller.quorum.election.timeout.ms", 100),
                Map.entry("controller.quorum.election.backoff.max.ms", 100));
    }

    private static Map<String, Object> topics() {
        return Map.ofEntries(
                Map.entry("auto.create.topics.enable", false),
                Map.entry("default.replication.factor", 1),
                Map.entry("min.insync.replicas", 1),
                Map.entry("offsets.topic.num.partitions", 1),
                Map.entry("offsets.topic.replication.factor", 1),
                Map.entry("transaction.state.log.num.partitions", 1),
                Map.entry("transaction.state.log.replication.factor", 1),
                Map.entry("transaction.state.log.min.isr", 1),
                Map.entry("share.coordinator.state.topic.num.partitions", 1),
                Map.entry("share.coordinator.state.topic.replication.factor", 1),
                Map.entry("share.coordinator.state.topic.min.isr", 1),
                Map.entry("group.initial.rebalance.delay.ms", 0),
                // Retention by size drops whole segments only: small ones keep a topic near its bound.
                Map.entry("log.segment.bytes", 16 * MIB),
                Map.entry("log.retention.check.interval.ms", 60_000L),
                Map.entry("log.index.size.max.bytes", MIB),
                Map.entry("metadata.log.segment.bytes", 8 * MIB),
                Map.entry("metadata.max.retention.bytes", 32L * MIB),
                // An idle installation writes nothing.
                Map.entry("metadata.max.idle.interval.ms", 0));
    }

    private static Map<String, Object> footprint() {
        return Map.ofEntries(
                Map.entry("num.network.threads", 2),
                // This node alone asks the controller, some times a second.
                Map.entry("listener.name.controller.num.network.threads", 1),
                Map.entry("num.io.threads", 2),
                Map.entry("num.replica.fetchers", 1),
                Map.entry("num.recovery.threads.per.data.dir", 2),
                Map.entry("background.threads", 2),
                Map.entry("group.coordinator.threads", 1),
                Map.entry("share.coordinator.threads", 1),
                // Nobody uses share groups: a thread and a client less.
                Map.entry("group.share.persister.class.name", NoOpStatePersister.class.getName()),
                Map.entry("log.cleaner.threads", 1),
                Map.entry("log.cleaner.dedupe.buffer.size", 4L * MIB),
                Map.entry("queued.max.requests", 64),
                Map.entry("socket.request.max.bytes", 32 * MIB));
    }
}
