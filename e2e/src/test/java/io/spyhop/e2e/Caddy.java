package io.spyhop.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Debian's Caddy on loopback, with a configuration and data of its own, which begins empty. Not thread-safe. */
final class Caddy implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/caddy");

    private final Path directory;
    private final Api admin;
    private final int port;
    private @Nullable Process process;

    /** Prepares one; nothing runs yet. */
    Caddy(Path directory) {
        this.directory = directory;
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            admin = new Api(URI.create("http://127.0.0.1:" + first.getLocalPort()), null);
            port = second.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of a Spyhop that has its routes here. */
    Map<String, String> settings() {
        return Map.of(
                "SPYHOP_CADDY_ADMIN",
                admin.base().toString(),
                "SPYHOP_CADDY_LISTEN",
                "127.0.0.1:" + port,
                "SPYHOP_CADDY_URL",
                "http://{host}:" + port,
                "SPYHOP_CADDY_CHECK_EVERY",
                "500ms");
    }

    /** Starts it, without what it was told before. */
    void start() {
        try {
            Path config = directory.resolve("caddy.json");
            Files.writeString(
                    config, "{\"admin\":{\"listen\":\"127.0.0.1:" + admin.base().getPort() + "\"}}");
            ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString(), "run", "--config", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("caddy.log").toFile());
            for (String variable : new String[] {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}) {
                builder.environment().put(variable, directory.toString());
            }
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("Caddy answers")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                .until(() -> admin.get("/config/").status() == 200);
    }

    /** What it serves for a host name: the body; empty where it serves nothing. */
    String served(String hostName) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET /index.html HTTP/1.1\r\nHost: " + hostName + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends it. */
    void stop() {
        Process current = process;
        if (current != null && current.isAlive()) {
            current.destroy();
            await("Caddy's end").atMost(Duration.ofSeconds(20)).until(() -> !current.isAlive());
        }
    }

    @Override
    public void close() {
        stop();
    }
}
