package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Api.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signing in, sessions and the audit of a Spyhop of its own: its link is fresh, and nobody else fails to sign in. */
class AccessST {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static Spyhop spyhop;
    private static Api admin;

    @BeforeAll
    static void start() {
        spyhop = new Spyhop("access", Engine.ofThisMachine()).start();
        admin = spyhop.api();
        // It is printed when everything is up.
        await("the link").atMost(SOON).until(() -> spyhop.said("Sign in once with "));
    }

    @AfterAll
    static void stop() {
        List<String> errors = spyhop.errors();
        spyhop.close();
        assertThat(errors).isEmpty();
    }

    private static Answer redeem(String link) {
        String code = link.replaceFirst(".*#code=", "");
        return admin.as(null).send("POST", "/api/v1/session", Map.of("code", code));
    }

    private static String cookie(Answer signedIn) {
        assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(200);
        return signedIn.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    @Test
    void shouldSignInOnceWhenTheLinkOfTheStartIsOpened() {
        // Given
        String link = spyhop.signInLink();
        assertThat(link).startsWith(admin.base() + "/#code=");

        // When
        Answer first = redeem(link);
        Answer second = redeem(link);

        // Then
        assertThat(admin.as(null)
                        .get("/api/v1/session", "Cookie", cookie(first))
                        .json()
                        .path("role")
                        .asText())
                .isEqualTo("admin");
        second.isProblem(401, "token-invalid");
    }

    @Test
    void shouldEndStreamsWhenTheirSessionIsEnded() {
        // Given
        Answer made = admin.send("POST", "/api/v1/session/link", Map.of());
        assertThat(made.status()).isEqualTo(201);
        String cookie = cookie(redeem(made.json().path("url").asText()));
        Api browser = admin.as(null);
        JsonNode sessions = browser.get("/api/v1/sessions", "Cookie", cookie).json();
        List<String> current = new ArrayList<>();
        sessions.path("items").forEach(item -> {
            if (item.path("current").asBoolean()) {
                current.add(item.path("id").asText());
            }
        });
        assertThat(current).hasSize(1);
        try (EventsClient events = new EventsClient(browser, "/api/v1/events", "Cookie", cookie);
                EventsClient other = new EventsClient(admin, "/api/v1/events")) {
            // When
            Answer ended = admin.send("DELETE", "/api/v1/sessions/" + current.getFirst(), null);

            // Then
            assertThat(ended.status()).isEqualTo(204);
            events.awaitEnd(Duration.ofSeconds(2));
            assertThat(other.ended()).isFalse();
            browser.get("/api/v1/session", "Cookie", cookie).isProblem(401, "token-invalid");
        }
    }

    @Test
    void shouldShowWhoMintedATokenWhenTheAuditIsAsked() {
        // Given
        String name = "e2e-" + UUID.randomUUID();

        // When
        String token = admin.send("POST", "/api/v1/tokens", Map.of("name", name, "role", "viewer"))
                .json()
                .path("token")
                .asText();
        admin.as(token)
                .send("POST", "/api/v1/tokens", Map.of("name", "x", "role", "admin"))
                .isProblem(403, "role-missing");

        // Then
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(statuses("admin")).contains("POST /api/v1/tokens 201");
            assertThat(statuses(name)).containsExactly("POST /api/v1/tokens 403");
        });
        String all = admin.get("/api/v1/audit").body();
        assertThat(all).doesNotContain(token).doesNotContain(String.valueOf(admin.token()));
        admin.as(token).get("/api/v1/audit").isProblem(403, "role-missing");
    }

    @Test
    void shouldSlowWrongTokensWhileRightOnesPass() {
        // Given
        Api wrong = admin.as("spy_wrong");
        assertThat(admin.get("/api/v1/session").status()).isEqualTo(200);

        // When
        List<Long> millis = new ArrayList<>();
        Answer answer;
        do {
            long begin = System.nanoTime();
            answer = wrong.get("/api/v1/session");
            millis.add((System.nanoTime() - begin) / 1_000_000);
        } while (answer.status() == 401 && millis.size() < 50);

        // Then
        answer.isProblem(429, "too-many");
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        assertThat(millis.getFirst()).isLessThan(1000);
        assertThat(millis.get(millis.size() - 2)).isGreaterThanOrEqualTo(1000);
        long begin = System.nanoTime();
        assertThat(admin.get("/api/v1/session").status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        assertThat(spyhop.said("Wrong tokens or sign-in codes were refused.")).isTrue();
        assertThat(spyhop.said("spy_wrong")).isFalse();
    }

    private static List<String> statuses(String token) {
        List<String> rows = new ArrayList<>();
        admin.json("/api/v1/audit?token=" + Api.encode(token))
                .path("items")
                .forEach(item -> rows.add(item.path("method").asText() + " "
                        + item.path("path").asText() + " " + item.path("status").asInt()));
        return rows;
    }
}
