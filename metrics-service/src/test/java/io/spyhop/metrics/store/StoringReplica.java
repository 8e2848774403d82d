package io.spyhop.metrics.store;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.messaging.KafkaConnection;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** Another replica of the service, as far as it stores: a process of its own, which a test may kill. */
final class StoringReplica implements AutoCloseable {
    /** What the database knows its connections by: it has some once it has stored something. */
    static final String NAME = "storing-replica";

    private final Process process;

    private StoringReplica(Process process) {
        this.process = process;
    }

    /** Starts one that stores what is on the samples topic. */
    static StoringReplica start(String name, String brokers, String url, String user, String password)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoringReplica.class.getName(),
                        name,
                        brokers,
                        url,
                        user))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PASSWORD", password);
        return new StoringReplica(builder.start());
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** The process: name, brokers, URL, user; the password comes by the environment. */
    public static void main(String... arguments) throws SQLException, InterruptedException {
        AgroalDataSource dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(2)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(arguments[2])
                                .jdbcProperty("ApplicationName", NAME)
                                .principal(new NamePrincipal(arguments[3]))
                                .credential(new SimplePassword(Objects.requireNonNull(System.getenv("PASSWORD")))))));
        SampleStore store = new SampleStore(dataSource, new PartitionStore(dataSource));
        SampleConsumer consumer = new SampleConsumer(
                store,
                new StoreMetrics(new SimpleMeterRegistry()),
                JsonMapper.builder().addModule(new JavaTimeModule()).build(),
                new KafkaConnection(arguments[1], "metrics-service", arguments[0]));
        consumer.begin();
        new CountDownLatch(1).await();
    }
}
