package io.spyhop.messaging;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A broker that the tests of one class use, each with topics of its own; one that stops it starts it again. */
abstract class BrokerCase {
    @TempDir
    static Path directory;

    static TestBroker broker;

    KafkaConnection connection;
    TopicPublisher publisher;

    @BeforeAll
    static void startBroker() {
        broker = new TestBroker(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void connect() {
        connection = broker.connection("test", "r1");
        publisher = new TopicPublisher(connection);
    }

    @AfterEach
    void disconnect() {
        publisher.close();
    }
}
