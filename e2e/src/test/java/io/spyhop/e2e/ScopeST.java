package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Api.Answer;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may see what: by role and by org, over every channel. */
@ExtendWith(Shared.class)
class ScopeST {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Api admin;
    private final Containers containers;

    ScopeST(Api admin, Containers containers) {
        this.admin = admin;
        this.containers = containers;
    }

    private Api mint(String role, @Nullable String org) {
        Map<String, Object> wanted = new HashMap<>();
        wanted.put("name", "e2e-" + UUID.randomUUID());
        wanted.put("role", role);
        if (org != null) {
            wanted.put("orgs", List.of(org));
        }
        Answer answer = admin.send("POST", "/api/v1/tokens", wanted);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        String token = answer.json().path("token").asText();
        assertThat(token).startsWith("spy_");
        return admin.as(token);
    }

    private String workload(String suffix, String org) {
        Container container = containers.shell(suffix, "seq 1 10; exec sleep 600", "--label", "spyhop.org=" + org);
        String id = admin.awaitWorkload(container.name());
        admin.awaitLines(id, 11, SOON);
        return id;
    }

    @Test
    void shouldShowOnlyOwnOrgWhenTokenIsLimited() {
        // Given
        String own = workload("own", "red");
        String foreign = workload("foreign", "blue");
        Api viewer = mint("viewer", "red");

        // When
        JsonNode list = viewer.json("/api/v1/workloads?limit=1000");

        // Then
        List<String> orgs = new ArrayList<>();
        list.path("items").forEach(item -> orgs.add(item.path("org").asText()));
        assertThat(orgs).isNotEmpty().containsOnly("red");
        assertThat(viewer.page(Api.address(own), "tail=100").items()).hasSize(11);
        for (String path : new String[] {
            "",
            "/stats",
            "/stats/stream",
            "/metrics",
            "/logs",
            "/logs?tail=5",
            "/logs?since=0&limit=5",
            "/logs/stream",
            "/logs/stream?since=0",
            "/logs/ws"
        }) {
            assertThat(viewer.get(Api.address(foreign) + path).status())
                    .as("GET %s", path)
                    .isEqualTo(404);
        }
        viewer.get(Api.address(foreign)).isProblem(404, "workload-unknown");
        viewer.get(Api.address(foreign) + "/logs").isProblem(404, "workload-unknown");
        viewer.get(Api.address("never-existed")).isProblem(404, "workload-unknown");
        assertThat(viewer.json("/api/v1/workloads?org=blue&limit=1000").path("items"))
                .isEmpty();
        assertThatThrownBy(() -> new WebSocketClient(
                        viewer,
                        Api.address(foreign) + "/logs/ws?since=0",
                        admin.base().toString()))
                .hasCauseInstanceOf(java.net.http.WebSocketHandshakeException.class);
    }

    @Test
    void shouldRefuseTokensWhenRoleIsNotAdmin() {
        // Given
        Api viewer = mint("viewer", null);
        Api operator = mint("operator", null);

        // Then
        viewer.get("/api/v1/tokens").isProblem(403, "role-missing");
        operator.get("/api/v1/tokens").isProblem(403, "role-missing");
        viewer.send("POST", "/api/v1/tokens", Map.of("name", "mine", "role", "admin"))
                .isProblem(403, "role-missing");
        assertThat(viewer.get("/api/v1/workloads").status()).isEqualTo(200);
        assertThat(operator.get("/api/v1/workloads").status()).isEqualTo(200);
        Answer tokens = admin.get("/api/v1/tokens");
        assertThat(tokens.status()).isEqualTo(200);
        assertThat(tokens.body()).doesNotContain(String.valueOf(viewer.token()));
    }

    @Test
    void shouldRefuseEverythingWhenTokenIsMissingWrongOrRevoked() {
        // Given
        String id = workload("guarded", "default");
        Answer minted =
                admin.send("POST", "/api/v1/tokens", Map.of("name", "e2e-" + UUID.randomUUID(), "role", "viewer"));
        Api revoked = admin.as(minted.json().path("token").asText());
        assertThat(revoked.get("/api/v1/workloads").status()).isEqualTo(200);

        // When
        Answer revocation = admin.send(
                "DELETE", "/api/v1/tokens/" + minted.json().path("id").asText(), null);

        // Then
        assertThat(revocation.status()).isEqualTo(204);
        for (String path : List.of(
                "/api/v1/workloads",
                Api.address(id),
                Api.address(id) + "/logs",
                Api.address(id) + "/logs/stream",
                Api.address(id) + "/logs/ws",
                Api.address(id) + "/stats",
                Api.address(id) + "/metrics",
                "/api/v1/metrics/top",
                "/api/deployments",
                "/api/v1/tokens",
                "/metrics")) {
            assertThat(admin.as(null).get(path).status()).as("none: %s", path).isEqualTo(401);
            assertThat(admin.as("spy_wrong").get(path).status())
                    .as("wrong: %s", path)
                    .isEqualTo(401);
            assertThat(revoked.get(path).status()).as("revoked: %s", path).isEqualTo(401);
        }
        admin.as(null).get("/api/v1/workloads").isProblem(401, "token-missing");
        admin.as("spy_wrong").get("/api/v1/workloads").isProblem(401, "token-invalid");
        assertThat(admin.as(null).get("/healthz").status()).isEqualTo(200);
        assertThat(admin.as(null).get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void shouldNeedSameOriginWhenSignedInByCookie() {
        // Given
        String id = workload("cookie", "default");
        Answer signedIn = admin.as(null)
                .send(
                        "POST",
                        "/api/v1/session",
                        Map.of("token", String.valueOf(admin.token())),
                        "Origin",
                        admin.base().toString());
        assertThat(signedIn.status()).as(signedIn.body()).isBetween(200, 204);
        String set = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set).containsIgnoringCase("HttpOnly").containsIgnoringCase("SameSite");
        String cookie = set.substring(0, set.indexOf(';'));
        Api browser = admin.as(null);

        // When
        Answer read = browser.get(Api.address(id), "Cookie", cookie);
        Answer foreign = browser.send(
                "POST",
                "/api/v1/tokens",
                Map.of("name", "x", "role", "viewer"),
                "Cookie",
                cookie,
                "Origin",
                "http://evil.example");

        // Then
        assertThat(read.status()).isEqualTo(200);
        foreign.isProblem(403, "origin-foreign");
        assertThatThrownBy(() -> new WebSocketClient(admin, Api.address(id) + "/logs/ws", "http://evil.example"))
                .hasCauseInstanceOf(java.net.http.WebSocketHandshakeException.class);
    }
}
