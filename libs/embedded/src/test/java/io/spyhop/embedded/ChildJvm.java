package io.spyhop.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another JVM that holds one of the servers until it is killed, so that a test can end it as hard as it likes. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final String address;

    private ChildJvm(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts a JVM that starts a server and then waits; returns when the server runs. */
    static ChildJvm holding(Class<?> server, Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildJvm.class.getName(),
                        server.getSimpleName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("READY ")) {
                return new ChildJvm(process, line.substring("READY ".length()));
            }
        }
        process.destroyForcibly();
        throw new AssertionError("The child ended before its server ran.");
    }

    /** What the server in the child answers to. */
    String address() {
        return address;
    }

    /** Ends the child as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "EmbeddedBroker" -> {
                EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                System.out.println("READY " + broker.bootstrapServers());
                System.in.read();
                broker.close();
            }
            case "EmbeddedPostgres" -> {
                EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0);
                System.out.println("READY " + postgres.jdbcUrl());
                System.in.read();
                postgres.close();
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}
