package io.spyhop.lifecycle.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.WorkloadId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Routes in a Caddy, by its admin API. Each bears an {@code @id}, by which it is found again whoever made it, so that
 * making one twice leaves one. Nothing else of Caddy's configuration is touched, but for the server where it is missing.
 * One change at a time: Caddy loads its whole configuration anew for each, and closes the connections of its admin API
 * when it has. So each has a client of its own, or the next one would find a dead connection.
 */
@ApplicationScoped
class CaddyRoutes implements Routes {
    /** Loading a large configuration takes seconds; one that takes longer counts as away. */
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(10);

    private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(2);
    private static final int REASON_LENGTH_MAX = 300;
    private static final String SERVERS = "/config/apps/http/servers/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CaddyConfig config;
    private final ReentrantLock changing = new ReentrantLock();

    @Inject
    CaddyRoutes(CaddyConfig config) {
        this.config = config;
    }

    @Override
    public boolean configured() {
        return config.admin().isPresent();
    }

    @Override
    public String hostName(String slug) {
        return slug + "." + config.baseDomain();
    }

    @Override
    public String url(String hostName) {
        return config.url().replace("{host}", hostName);
    }

    @Override
    public void put(WorkloadId workload, String hostName, String address, int port) throws InterruptedException {
        String id = id(workload);
        JsonNode wanted = JSON.valueToTree(route(id, hostName, address + ":" + port));
        changing.lockInterruptibly();
        try (HttpClient client = client()) {
            HttpResponse<String> known = ask(client, "GET", "/id/" + id, null, 404);
            if (known.statusCode() == 404) {
                add(client, wanted);
            } else if (!wanted.equals(read(known.body()))) {
                ask(client, "PATCH", "/id/" + id, wanted);
            }
        } finally {
            changing.unlock();
        }
    }

    @Override
    public boolean remove(WorkloadId workload) throws InterruptedException {
        changing.lockInterruptibly();
        try (HttpClient client = client()) {
            return ask(client, "DELETE", "/id/" + id(workload), null, 404).statusCode() != 404;
        } finally {
            changing.unlock();
        }
    }

    /** Before all others, so that none that takes every host name hides it. */
    private void add(HttpClient client, JsonNode route) throws InterruptedException {
        String path = SERVERS + config.server();
        // Where not even a part of the path is there, it is an error.
        HttpResponse<String> answer = ask(client, "GET", path, null, 400, 404, 500);
        JsonNode server = answer.statusCode() == 200 ? read(answer.body()) : JSON.nullNode();
        JsonNode routes = server.path("routes");
        if (!server.isObject()) {
            ask(client, "PUT", path, server(route));
        } else if (!routes.isArray()) {
            ask(client, "PUT", path + "/routes", List.of(route));
        } else if (routes.isEmpty()) {
            ask(client, "POST", path + "/routes", route);
        } else {
            ask(client, "PUT", path + "/routes/0", route);
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIME_MAX)
                .build();
    }

    private Map<String, Object> server(JsonNode route) {
        Map<String, Object> server = new TreeMap<>();
        server.put("listen", List.of(config.listen()));
        server.put("routes", List.of(route));
        if (!config.url().startsWith("https:")) {
            server.put("automatic_https", Map.of("disable", true));
        }
        return server;
    }

    private static String id(WorkloadId workload) {
        return "spyhop-" + workload;
    }

    private static Map<String, Object> route(String id, String hostName, String upstream) {
        return Map.of(
                "@id",
                id,
                "match",
                List.of(Map.of("host", List.of(hostName))),
                "handle",
                List.of(Map.of("handler", "reverse_proxy", "upstreams", List.of(Map.of("dial", upstream)))),
                "terminal",
                true);
    }

    /** Asks; an answer that is neither good nor one of these statuses is an error. */
    private HttpResponse<String> ask(
            HttpClient client, String method, String path, @Nullable Object body, int... others)
            throws InterruptedException {
        URI admin = config.admin().orElseThrow(() -> new RouteException("no Caddy is configured"));
        URI target = URI.create(admin.toString().replaceFirst("/+$", "") + path);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(target)
                    .timeout(ANSWER_TIME_MAX)
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            int status = answer.statusCode();
            for (int other : others) {
                if (status == other) {
                    return answer;
                }
            }
            if (status >= 300) {
                throw new RouteException("Caddy answered " + status + ": " + reason(answer.body()));
            }
            return answer;
        } catch (IOException e) {
            throw new RouteException("Caddy does not answer", e);
        }
    }

    private static String reason(String body) {
        String text = read(body).path("error").asText(body.strip());
        return text.length() > REASON_LENGTH_MAX ? text.substring(0, REASON_LENGTH_MAX) + "…" : text;
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
