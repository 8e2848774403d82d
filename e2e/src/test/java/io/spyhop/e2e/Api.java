package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The public API as a client sees it, with one token or none. Thread-safe. */
final class Api {
    static final ObjectMapper JSON = new ObjectMapper();
    static final int PAGE = 5000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static {
        // Tests wait a thousand times, mostly for what is there already: they look before they pause.
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }

    private final HttpClient http;
    private final URI base;
    private final @Nullable String token;

    Api(URI base, @Nullable String token) {
        this(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build(),
                base,
                token);
    }

    private Api(HttpClient http, URI base, @Nullable String token) {
        this.http = http;
        this.base = base;
        this.token = token;
    }

    /** An answer. */
    record Answer(int status, String contentType, String body, java.net.http.HttpHeaders headers) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        /** Fails unless this is a problem with that status and code. */
        Answer isProblem(int expected, String code) {
            assertThat(this.status).as(body).isEqualTo(expected);
            assertThat(contentType).as(body).startsWith("application/problem+json");
            assertThat(json().path("code").asText()).as(body).isEqualTo(code);
            assertThat(json().path("status").asInt()).as(body).isEqualTo(expected);
            assertThat(json().path("title").asText()).as(body).isNotEmpty();
            return this;
        }
    }

    /** A page of lines. */
    record Page(List<Line> items, long through) {}

    URI base() {
        return base;
    }

    HttpClient http() {
        return http;
    }

    /** The same API with another token, or none. */
    Api as(@Nullable String other) {
        return new Api(http, base, other);
    }

    /** Starts a request that carries the token. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + path));
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder;
    }

    @Nullable
    String token() {
        return token;
    }

    Answer get(String path, String... headers) {
        HttpRequest.Builder builder = request(path).timeout(PATIENCE).GET();
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return send(builder.build());
    }

    /** Sends a request with a JSON body, or with none. */
    Answer send(String method, String path, @Nullable Object body, String... headers) {
        try {
            HttpRequest.Builder builder = request(path)
                    .timeout(PATIENCE)
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(
                                            body instanceof String text ? text : JSON.writeValueAsString(body)));
            if (body != null) {
                builder.header("Content-Type", "application/json");
            }
            if (headers.length > 0) {
                builder.headers(headers);
            }
            return send(builder.build());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body(),
                    response.headers());
        } catch (IOException e) {
            throw new NoAnswer(request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The server could not be reached, or broke off. */
    static final class NoAnswer extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoAnswer(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The JSON of an answer that must be 200. */
    JsonNode json(String path) {
        Answer answer = get(path);
        assertThat(answer.status()).as("GET %s: %s", path, answer.body()).isEqualTo(200);
        return answer.json();
    }

    /** The workload that a container of this name belongs, or belonged, to. */
    Optional<JsonNode> find(String containerName) {
        // The search knows ids, names and images; a workload of compose is named otherwise than its containers.
        return find(containerName, "&q=" + encode(containerName)).or(() -> find(containerName, ""));
    }

    private Optional<JsonNode> find(String containerName, String filter) {
        Answer answer = get("/api/v1/workloads?limit=1000" + filter);
        if (answer.status() == 503) {
            // A service that is away, or too busy, says so; a client asks again.
            return Optional.empty();
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        for (JsonNode item : answer.json().path("items")) {
            if (item.path("name").asText().equals(containerName)) {
                return Optional.of(item);
            }
            for (JsonNode instance : item.path("instances")) {
                if (instance.path("containerName").asText().equals(containerName)) {
                    return Optional.of(item);
                }
            }
        }
        return Optional.empty();
    }

    /** Waits until the workload of a container is known, and gives its id. */
    String awaitWorkload(String containerName) {
        return await("workload of " + containerName)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> find(containerName), Optional::isPresent)
                .orElseThrow()
                .path("id")
                .asText();
    }

    Page page(String address, String parameters) {
        JsonNode json = json(address + "/logs?" + parameters);
        List<Line> items = new ArrayList<>();
        json.path("items").forEach(item -> items.add(Line.of(item)));
        return new Page(items, json.path("through").asLong(-1));
    }

    static String address(String workload) {
        return "/api/v1/workloads/" + workload;
    }

    /** Gives every stored line to the sink, oldest first. */
    void eachLine(String workload, Consumer<Line> sink) {
        long cursor = 0;
        while (true) {
            Page page = page(address(workload), "since=" + cursor + "&limit=" + PAGE);
            page.items().forEach(sink);
            if (page.items().isEmpty()) {
                return;
            }
            assertThat(page.through()).as("through moves on").isGreaterThan(cursor);
            cursor = page.through();
        }
    }

    /** Every stored line of a workload, which must be numbered from 1 without a gap. */
    List<Line> lines(String workload) {
        List<Line> lines = new ArrayList<>();
        eachLine(workload, lines::add);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).lineNo())
                    .as("number of line %d of %s", i + 1, workload)
                    .isEqualTo(i + 1L);
        }
        return lines;
    }

    /** The highest stored number, 0 where there is none. */
    long last(String workload) {
        List<Line> tail = page(address(workload), "tail=1").items();
        return tail.isEmpty() ? 0 : tail.getLast().lineNo();
    }

    /** Waits until at least that many lines are stored. */
    void awaitLines(String workload, long count, Duration patience) {
        await("%d lines of %s".formatted(count, workload))
                .atMost(patience)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(NoAnswer.class)
                .untilAsserted(() -> assertThat(last(workload)).isGreaterThanOrEqualTo(count));
    }

    /** Waits until that system line is the newest of its kind in the log, and gives all lines. */
    List<Line> awaitSystemLine(String workload, String text, int times) {
        return await("%d x '%s' of %s".formatted(times, text, workload))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> lines(workload),
                        lines -> Line.messages(lines, "system").stream()
                                        .filter(text::equals)
                                        .count()
                                >= times);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
