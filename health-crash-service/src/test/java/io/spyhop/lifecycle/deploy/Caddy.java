package io.spyhop.lifecycle.deploy;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Debian's Caddy on loopback, with a configuration and data of its own, which begins empty. */
final class Caddy implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/caddy");

    private final Path directory;
    private final int adminPort = freePort();
    private final int port = freePort();
    private @Nullable Process process;

    Caddy(Path directory) {
        this.directory = directory;
        start();
    }

    /** Starts it, without what it was told before. */
    void start() {
        try {
            Path config = directory.resolve("caddy.json");
            Files.writeString(config, "{\"admin\":{\"listen\":\"127.0.0.1:" + adminPort + "\"}}");
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
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> get("/config/").contains("admin"));
    }

    void stop() {
        Process running = Objects.requireNonNull(process);
        running.destroy();
        await().atMost(Duration.ofSeconds(20)).until(() -> !running.isAlive());
    }

    URI admin() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    /** Where routes are served. */
    String listen() {
        return "127.0.0.1:" + port;
    }

    /** What the admin API says. */
    String get(String path) {
        return send(HttpRequest.newBuilder(admin().resolve(path)));
    }

    /** What is served for a host name. */
    String served(String hostName) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET /config/ HTTP/1.1\r\nHost: " + hostName + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void put(String path, String json) {
        send(HttpRequest.newBuilder(admin().resolve(path))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    @Override
    public void close() {
        stop();
    }

    private String send(HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
