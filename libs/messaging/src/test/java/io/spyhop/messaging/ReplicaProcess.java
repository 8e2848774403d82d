package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import io.spyhop.messaging.RecordingListener.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A replica in a process of its own, so that it can be killed. */
final class ReplicaProcess {
    private ReplicaProcess() {}

    /** Starts one; its output goes to a file. */
    static Process start(KafkaConnection connection, Topic topic, Path output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReplicaProcess.class.getName(),
                        connection.bootstrapServers(),
                        connection.service(),
                        connection.replica(),
                        topic.name())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    public static void main(String[] args) throws InterruptedException {
        KafkaConnection connection = new KafkaConnection(args[0], args[1], args[2]);
        Topic topic = new Topic(args[3], Cleanup.COMPACT, Duration.ofDays(1), -1);
        try (var table = new WorkloadTable<>(connection, topic, Sample.class, List.of(), new RecordingListener())) {
            table.start();
            new CountDownLatch(1).await();
        }
    }
}
