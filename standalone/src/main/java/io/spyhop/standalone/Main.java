package io.spyhop.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.spyhop.embedded.EmbeddedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/** Starts Spyhop in one process: {@code java -jar spyhop.jar}. */
@QuarkusMain
public class Main {
    private static @Nullable EmbeddedParts parts;

    private Main() {}

    /** Starts the embedded parts, then the services; ends with 1 and one sentence when a part cannot start. */
    public static void main(String... args) {
        // Two threads that meet logging for the first time at once deadlock in its class initializers.
        LogManager.getLogManager();
        Path data = dataDirectory();
        System.setProperty("spyhop.data", data.toString());
        EmbeddedParts started;
        try {
            requireFreePort();
            Files.createDirectories(data);
            started = EmbeddedParts.start(data);
        } catch (IOException | EmbeddedException e) {
            System.err.println("Spyhop cannot start: " + e.getMessage());
            System.exit(1);
            return;
        }
        parts = started;
        try {
            Quarkus.run(Announcement.class, args);
        } finally {
            started.stop();
        }
    }

    /** The parts of this process; null where it was not started by {@link #main}. */
    static @Nullable EmbeddedParts parts() {
        return parts;
    }

    /** Quarkus would find out last of all, and tell it among much else. */
    private static void requireFreePort() throws IOException {
        String host = EmbeddedParts.configured("quarkus.http.host")
                .or(() -> EmbeddedParts.configured("spyhop.http.host"))
                .orElse("127.0.0.1");
        String port = EmbeddedParts.configured("quarkus.http.port")
                .or(() -> EmbeddedParts.configured("spyhop.http.port"))
                .orElse("8080");
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(host, Integer.parseInt(port)));
        } catch (IllegalArgumentException e) {
            throw new IOException("\"" + port + "\" is no port: SPYHOP_HTTP_PORT is a number from 1 to 65535.", e);
        } catch (IOException e) {
            throw new IOException(
                    "it cannot listen at %s, port %s (%s). Choose another port with SPYHOP_HTTP_PORT, such as SPYHOP_HTTP_PORT=18080 ./spyhop up; ./spyhop doctor tells who uses this one."
                            .formatted(host, port, reason(e)),
                    e);
        }
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static Path dataDirectory() {
        return EmbeddedParts.configured("spyhop.data")
                .map(Path::of)
                .orElseGet(() -> System.getProperty("user.name").equals("root")
                        ? Path.of("/var/lib/spyhop")
                        : Path.of(System.getProperty("user.home"), ".local", "share", "spyhop"))
                .toAbsolutePath();
    }
}
