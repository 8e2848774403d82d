package io.spyhop.contracts.topic;

import io.spyhop.contracts.topic.Topic.Cleanup;
import java.time.Duration;
import java.util.List;

/** Every topic of Spyhop. Topics are created from this declaration and nowhere else. */
public final class Topics {
    private static final long MIB = 1024 * 1024;
    private static final long SMALL = 16 * MIB;

    /** Host names; its partitions assign the watchers. Key: the host's name. Value: {@link HostRecord}. */
    public static final Topic HOSTS = compact("spyhop.hosts.v1");

    /** The state of each existing instance and of its workload. Value: {@code InstanceState}. */
    public static final Topic INSTANCES = compact("spyhop.workloads.instances.v1");

    /** What happened to instances. Value: {@code InstanceTransition}. */
    public static final Topic TRANSITIONS = delete("spyhop.workloads.transitions.v1", Duration.ofDays(7), 4 * SMALL);

    /** Lines that did not come from an engine. Value: {@code IngestRecord}. */
    public static final Topic INGEST = delete("spyhop.logs.ingest.v1", Duration.ofDays(1), 64 * MIB);

    /** Numbered lines in batches, published after they were stored. Value: zstd NDJSON, see {@code LineBatch}. */
    public static final Topic LINES = delete("spyhop.logs.lines.v1", Duration.ofHours(1), 64 * MIB);

    /** What is known at the end of an instance's life. */
    public static final Topic EVIDENCE = delete("spyhop.instances.evidence.v1", Duration.ofDays(1), 64 * MIB);

    /** One resource sample of one instance. */
    public static final Topic SAMPLES = delete("spyhop.metrics.samples.v1", Duration.ofDays(1), 64 * MIB);

    /** The listening ports of each instance. Value: {@code ListeningPorts}. */
    public static final Topic PORTS = compact("spyhop.ports.listening.v1");

    /** The state of each run. Value: {@code Run}. */
    public static final Topic RUNS =
            new Topic("spyhop.jobs.runs.v1", Cleanup.COMPACT_DELETE, Duration.ofDays(7), 64 * MIB);

    /** All of them, in the order in which they are created. */
    public static final List<Topic> ALL =
            List.of(HOSTS, INSTANCES, TRANSITIONS, INGEST, LINES, EVIDENCE, SAMPLES, PORTS, RUNS);

    private Topics() {}

    /** The dead-letter topic of a topic and a consumer group: one week, small. */
    public static Topic deadLetters(Topic topic, String group) {
        return delete(topic.name() + "." + group + ".dlq", Duration.ofDays(7), SMALL);
    }

    private static Topic compact(String name) {
        return new Topic(name, Cleanup.COMPACT, Duration.ofMillis(-1), -1);
    }

    private static Topic delete(String name, Duration retention, long bytes) {
        return new Topic(name, Cleanup.DELETE, retention, bytes);
    }
}
