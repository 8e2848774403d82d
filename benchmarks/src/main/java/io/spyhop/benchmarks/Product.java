package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One Spyhop as users run it, with {@code ./spyhop up}, on a data directory and port of its own. Not thread-safe but for
 * its HTTP calls.
 */
final class Product implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long START_TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Path checkout;
    private final Map<String, String> variables;
    private final Path data;
    private final Path log;
    private final int port;
    private final String token = "bench-" + UUID.randomUUID();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread hook = new Thread(this::abandon);
    private volatile @Nullable Process launcher;

    /** A setting by which logs are read through the engine's API even where its files could be read. */
    static final Map<String, String> BY_API = Map.of("SPYHOP_LOGS_READ_FILES", "false");

    /** Prepares a Spyhop on a fresh data directory; nothing runs yet. */
    Product(Path checkout) throws IOException {
        this(checkout, Map.of());
    }

    /** The same with some variables. */
    Product(Path checkout, Map<String, String> variables) throws IOException {
        this.checkout = checkout;
        this.variables = variables;
        data = Files.createTempDirectory("spyhop-bench");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path logs = checkout.resolve("benchmarks/target/logs");
        Files.createDirectories(logs);
        log = Files.createTempFile(logs, "spyhop", ".log");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The benchmark itself is ended: nothing is left behind. */
    private void abandon() {
        Process process = launcher;
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        ProcessHandle.allProcesses().filter(handle -> names(handle, data)).forEach(ProcessHandle::destroyForcibly);
    }

    /** Starts it, waits for 200 of {@code /readyz}, and gives the seconds that this took. */
    double start() throws IOException, InterruptedException {
        long start = launch();
        while (status("/readyz") != 200) {
            if (System.nanoTime() - start > START_TIMEOUT_NANOS || !launcher().isAlive()) {
                throw new IOException("Spyhop does not start, see " + log);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Starts it, does not wait, and gives the moment. */
    long launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(checkout.resolve("spyhop").toString(), "up")
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(variables);
        builder.environment().put("SPYHOP_DATA", data.toString());
        builder.environment().put("SPYHOP_HTTP_PORT", Integer.toString(port));
        builder.environment().put("SPYHOP_ADMIN_TOKEN", token);
        // What is measured is the reading of all.
        builder.environment().put("SPYHOP_LOGS_BACKFILL", "1t");
        long start = System.nanoTime();
        launcher = builder.start();
        return start;
    }

    /** Ends it as Ctrl-C does. */
    void stop() throws InterruptedException {
        Process process = launcher;
        if (process == null || !process.isAlive()) {
            return;
        }
        java().ifPresent(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill9();
        }
    }

    /** Kills the Java process as the kernel would, and the launcher where that is another process. */
    void kill9() throws InterruptedException {
        java().ifPresent(ProcessHandle::destroyForcibly);
        launcher().destroyForcibly().waitFor();
    }

    /** Reads the memory of everything that belongs to it. */
    Memory memory() throws IOException {
        return Memory.of(java().orElseThrow(() -> new IOException("Spyhop has ended, see " + log)), data);
    }

    /** All processes that belong to it. */
    List<ProcessHandle> processes() {
        return Memory.processes(java(), data);
    }

    int port() {
        return port;
    }

    /** The admin's. */
    String token() {
        return token;
    }

    private Process launcher() {
        Process process = launcher;
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /** The launcher itself once it has become Java, else the child of it that is Java. */
    private Optional<ProcessHandle> java() {
        ProcessHandle root = launcher().toHandle();
        return Stream.concat(Stream.of(root), root.descendants())
                .filter(handle -> handle.info()
                        .command()
                        .map(command -> command.endsWith("/java"))
                        .orElse(false))
                .findFirst();
    }

    static boolean names(ProcessHandle handle, Path data) {
        return handle.info()
                .commandLine()
                .map(line -> line.contains(data.toString()))
                .orElse(false);
    }

    /** The status of an answer; 0 where nobody answers. */
    int status(String path) throws IOException, InterruptedException {
        try {
            return http.send(request(path).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (ConnectException e) {
            return 0;
        } catch (IOException e) {
            if (launcher().isAlive()) {
                return 0;
            }
            throw e;
        }
    }

    /** The id of a container's workload; empty until it is known. */
    Optional<String> workload(String container) throws IOException, InterruptedException {
        Optional<JsonNode> list = json("/api/v1/workloads?q=" + URLEncoder.encode(container, StandardCharsets.UTF_8));
        for (JsonNode item : list.map(node -> node.path("items")).orElse(JSON.createArrayNode())) {
            if (item.path("name").asText().equals(container)) {
                return Optional.of(item.path("id").asText());
            }
        }
        return Optional.empty();
    }

    /** The newest line of a workload; empty where there is none. */
    Optional<JsonNode> newest(String workload) throws IOException, InterruptedException {
        return json("/api/v1/workloads/" + workload + "/logs?tail=1")
                .map(node -> node.path("items").path(0))
                .filter(JsonNode::isObject);
    }

    /** Opens the live stream of a workload. */
    InputStream follow(String workload) throws IOException, InterruptedException {
        return stream("/api/v1/workloads/" + workload + "/logs/stream");
    }

    /** Opens a stream of server-sent events. */
    InputStream stream(String path) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                request(path).header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("the stream answers " + response.statusCode());
        }
        return response.body();
    }

    /** Sends JSON, and gives that of the answer, which must be a success. */
    JsonNode post(String path, String body) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(path + " answers " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }

    /** Makes a token of its own, which has its own limit of streams. */
    String mintToken() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                request("/api/v1/tokens")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"name\":\"bench-" + UUID.randomUUID() + "\",\"role\":\"viewer\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 201) {
            throw new IOException("no token was made: " + response.statusCode());
        }
        return JSON.readTree(response.body()).path("token").asText();
    }

    /**
     * Reads an answer to its end; with {@code Accept: text/event-stream} where it is a search, which ends when all is
     * examined.
     */
    void readToEnd(String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (path.contains("/logs/search")) {
            request.header("Accept", "text/event-stream");
        }
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            body.transferTo(OutputStream.nullOutputStream());
        }
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode());
        }
    }

    /** Waits until what is stored of a workload changes no more, and gives its bytes. */
    long awaitQuietStore(String workload) throws IOException, InterruptedException {
        long stored = -1;
        long since = System.nanoTime();
        while (System.nanoTime() - since < QUIET_NANOS) {
            long now = json("/api/v1/workloads/" + workload + "/logs/retention")
                    .map(node -> node.path("storedBytes").asLong())
                    .orElse(-1L);
            if (now != stored || now <= 0) {
                stored = now;
                since = System.nanoTime();
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
        return stored;
    }

    /** The JSON of an answer; empty where there is none. */
    Optional<JsonNode> json(String path) throws IOException, InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
            return response.statusCode() == 200 ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
        } catch (IOException e) {
            if (launcher().isAlive()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token);
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            stop();
            // What a killed one left behind: only processes that name this data directory.
            List<ProcessHandle> left = ProcessHandle.allProcesses()
                    .filter(handle -> names(handle, data))
                    .toList();
            left.forEach(ProcessHandle::destroyForcibly);
            http.close();
            Containers.exit("rm", "-rf", data.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
