package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request.Method;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the engine and bounds the time until they are answered. The library cannot: its socket for {@code
 * unix://} knows no timeouts, and an engine that hangs still accepts connections. So each exchange runs on a virtual
 * thread of its own, and interrupting that thread closes its connection. Thread-safe.
 */
final class DockerTransport implements AutoCloseable {
    /** How an engine says that a log driver keeps nothing to read. */
    static final String UNREADABLE = "does not support reading";

    /** An engine under load has been seen to take seconds; one that needs longer counts as gone. */
    static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(10);

    private static final int ERROR_BYTES_MAX = 64 * 1024;

    private static final LongAdder REQUESTS = new LongAdder();

    private final DockerHttpClient client;
    private final @Nullable Path socket;
    private final Duration answerTimeMax;
    private final boolean tls;
    private volatile boolean answered;

    /**
     * Sends by a client.
     *
     * @param socket the engine's, where it has one on this machine
     * @param tls whether the client shows a certificate
     */
    DockerTransport(DockerHttpClient client, @Nullable Path socket, Duration answerTimeMax, boolean tls) {
        this.client = client;
        this.socket = socket;
        this.answerTimeMax = answerTimeMax;
        this.tls = tls;
    }

    /** How many requests this process has begun. */
    static long requests() {
        return REQUESTS.sum();
    }

    /**
     * A whole answer.
     *
     * @throws StatusException when the engine refused
     */
    JsonNode get(String path) {
        return exchange(
                () -> {
                    try (DockerHttpClient.Response response = send(path)) {
                        return DockerJson.read(response.getBody());
                    }
                },
                late -> {});
    }

    /**
     * What becomes of the answer to a body.
     *
     * @throws StatusException when the engine refused
     */
    <T> T post(String path, Object body, Reading<T> reading) {
        return exchange(
                () -> {
                    DockerHttpClient.Request request = DockerHttpClient.Request.builder()
                            .method(DockerHttpClient.Request.Method.POST)
                            .path(path)
                            .putHeader("Content-Type", "application/json")
                            .bodyBytes(DockerJson.write(body).getBytes(StandardCharsets.UTF_8))
                            .build();
                    try (DockerHttpClient.Response response = accepted(client.execute(request))) {
                        return reading.read(response.getBody());
                    }
                },
                late -> {});
    }

    /**
     * An answer without end; the caller closes it.
     *
     * @throws StatusException when the engine refused
     */
    DockerHttpClient.Response open(String path) {
        return exchange(() -> send(path), DockerHttpClient.Response::close);
    }

    /**
     * As {@link #open}, for what changes something, and whose answer may begin late.
     *
     * @throws StatusException when the engine refused
     */
    DockerHttpClient.Response openPost(String path, Map<String, String> headers, Duration answerMax) {
        return exchange(() -> send(Method.POST, path, null, headers), DockerHttpClient.Response::close, answerMax);
    }

    /**
     * Has something done; the answer, which may be empty.
     *
     * @param body JSON; null for none
     * @throws StatusException when the engine refused
     */
    JsonNode post(String path, @Nullable String body) {
        return change(Method.POST, path, body);
    }

    /**
     * As {@link #post(String, String)}, for what may take long.
     *
     * @return whether it was answered, to the answer's end, within the time
     * @throws StatusException when the engine refused
     */
    boolean postWithin(String path, Duration max) throws InterruptedException {
        try {
            exchange(
                    () -> {
                        try (DockerHttpClient.Response response = send(Method.POST, path, null)) {
                            return DockerJson.read(response.getBody());
                        }
                    },
                    late -> {},
                    max);
            return true;
        } catch (EngineException e) {
            if (e.getCause() instanceof InterruptedException) {
                // Cleared, as those do who throw it.
                var _ = Thread.interrupted();
                throw new InterruptedException();
            }
            if (e.getCause() instanceof TimeoutException) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Has something removed.
     *
     * @throws StatusException when the engine refused
     */
    void delete(String path) {
        change(Method.DELETE, path, null);
    }

    private JsonNode change(Method method, String path, @Nullable String body) {
        return exchange(
                () -> {
                    try (DockerHttpClient.Response response = send(method, path, body)) {
                        return DockerJson.read(response.getBody());
                    }
                },
                late -> {});
    }

    /**
     * As {@link #open}, for a log: past the client where the socket can be read in a way that suits it.
     *
     * @throws StatusException when the engine refused
     */
    DockerHttpClient.Response openLog(String path) {
        Path local = socket;
        return local == null
                ? open(path)
                : exchange(() -> accepted(UnixAnswer.to(local, path)), DockerHttpClient.Response::close);
    }

    /**
     * As {@link #openLog}, for the output of what a request starts.
     *
     * @param body JSON of ASCII
     * @throws StatusException when the engine refused
     */
    DockerHttpClient.Response openPost(String path, String body) {
        Path local = socket;
        return exchange(
                () -> local == null ? send(Method.POST, path, body) : accepted(UnixAnswer.to(local, path, body)),
                DockerHttpClient.Response::close);
    }

    /** Ends every exchange and breaks every open answer. */
    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new EngineException("the engine's connections cannot be closed", e);
        }
    }

    private DockerHttpClient.Response send(String path) throws IOException {
        return send(Method.GET, path, null);
    }

    private DockerHttpClient.Response send(Method method, String path, @Nullable String body) throws IOException {
        return send(method, path, body, Map.of());
    }

    private DockerHttpClient.Response send(
            Method method, String path, @Nullable String body, Map<String, String> headers) throws IOException {
        DockerHttpClient.Request.Builder request =
                DockerHttpClient.Request.builder().method(method).path(path);
        headers.forEach(request::putHeader);
        if (body != null) {
            request.putHeader("Content-Type", "application/json")
                    .body(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        }
        return accepted(client.execute(request.build()));
    }

    private DockerHttpClient.Response accepted(DockerHttpClient.Response response) throws IOException {
        answered = true;
        if (response.getStatusCode() < 300) {
            return response;
        }
        try {
            byte[] body = response.getBody().readNBytes(ERROR_BYTES_MAX);
            throw new StatusException(response.getStatusCode(), DockerJson.errorMessage(body));
        } finally {
            response.close();
        }
    }

    private <T> T exchange(Exchange<T> exchange, Consumer<T> late) {
        return exchange(exchange, late, answerTimeMax);
    }

    private <T> T exchange(Exchange<T> exchange, Consumer<T> late, Duration max) {
        REQUESTS.increment();
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("engine-request").start(() -> {
            try {
                T result = exchange.run();
                if (!answer.complete(result)) {
                    late.accept(result);
                }
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw abandoned(answer, thread, late, "the engine did not answer within " + max.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw abandoned(answer, thread, late, "interrupted while the engine was asked", e);
        }
    }

    /** Whoever completes the answer first decides what becomes of a connection that opens in this moment. */
    private static <T> EngineException abandoned(
            CompletableFuture<T> answer, Thread thread, Consumer<T> late, String message, Exception cause) {
        EngineException failure = new EngineException(message, cause);
        if (!answer.completeExceptionally(failure) && !answer.isCompletedExceptionally()) {
            late.accept(answer.join());
        }
        thread.interrupt();
        return failure;
    }

    private EngineException failure(@Nullable Throwable cause) {
        if (cause instanceof EngineException refused) {
            return refused;
        }
        Throwable root = cause;
        while (root != null && root.getCause() != null && (root instanceof UncheckedIOException || isBare(root))) {
            root = root.getCause();
        }
        String reason = root == null ? "unknown" : root.getMessage();
        return new EngineException("the engine cannot be reached: " + reason + hint(root), cause);
    }

    /**
     * An engine that does not accept a client certificate says so after the handshake, and closes the connection. Whether
     * its alert or the end comes first is luck, so a connection that breaks before any answer is read the same way.
     */
    private String hint(@Nullable Throwable root) {
        boolean refused = root instanceof SSLException
                && String.valueOf(root.getMessage()).contains("alert");
        boolean broken = switch (root) {
            case ConnectException _ -> false;
            case SocketTimeoutException _ -> false;
            case UnknownHostException _ -> false;
            case SSLException e -> e.getCause() instanceof SocketException;
            case IOException _ -> true;
            case null, default -> false;
        };
        return tls && (refused || (broken && !answered)) ? " (it does not seem to accept the client certificate)" : "";
    }

    /** The library wraps what it catches into a plain exception that says nothing of its own. */
    private static boolean isBare(Throwable failure) {
        return failure.getClass() == RuntimeException.class;
    }

    /** The engine answered, with an error. */
    static final class StatusException extends EngineRefusedException {
        private static final long serialVersionUID = 1L;

        private final int status;

        StatusException(int status, String message) {
            super("the engine answered " + status + ": " + message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Reads an answer's body. */
    @FunctionalInterface
    interface Reading<T> {
        T read(InputStream body) throws IOException;
    }

    @FunctionalInterface
    private interface Exchange<T> {
        T run() throws IOException;
    }
}
