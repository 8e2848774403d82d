package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.e2e.Api.Answer;
import io.spyhop.e2e.Containers.Container;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, the answer is a problem that says what is wrong, never a 500. */
@ExtendWith(Shared.class)
class BadInputST {
    private final Api api;
    private final Containers containers;
    private static @Nullable String known;

    BadInputST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    private String workload() {
        String id = known;
        if (id == null) {
            Container container = containers.shell("bad-input", "seq 1 10; exec sleep 600");
            id = api.awaitWorkload(container.name());
            known = id;
        }
        return id;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tail=abc            | tail",
                "tail=-1             | tail",
                "tail=99999999999999999999 | tail",
                "tail=5001           | tail",
                "tail=1.5            | tail",
                "since=abc           | since",
                "since=-1            | since",
                "since=0&limit=0     | limit",
                "since=0&limit=-5    | limit",
                "since=0&limit=5001  | limit",
                "since=0&limit=many  | limit",
                "since=0&limit=2147483648 | limit",
                "since=99999999999999999999 | since",
                "surprise=1          | surprise",
                "tail=1&tail=2       | tail",
                "tail=1&order=newest | order",
                "order=up            | order",
                "stream=stdin        | stream",
                "level=ERROR         | level",
                "regex=(             | regex",
                "regex=a%7B1001%7D   | regex",
                "fields.=x           | fields.",
                "context=3           | context",
                "context=101&q=x     | context",
                "until=0x10          | until",
                "since=9&until=9     | until",
                "since=               | since",
                "strip=all           | strip",
            })
    void shouldNameParameterWhenLogQueryIsWrong(String query, String parameter) {
        // When
        Answer answer = api.get(Api.address(workload()) + "/logs?" + query);

        // Then
        answer.isProblem(400, "parameter-invalid");
        assertThat(answer.json().path("parameter").asText()).isEqualTo(parameter);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "since=abc | since",
                "since=-1  | since",
                "tail=abc  | tail",
                "tail=-1   | tail",
                "tail=5001 | tail",
                "stream=x  | stream",
                "regex=[   | regex",
                "onLag=die | onLag",
                "onLag=drop&tail=1 | onLag",
                "until=5   | until",
                "strip=x   | strip",
            })
    void shouldNameParameterWhenStreamQueryIsWrong(String query, String parameter) {
        for (String channel : List.of("/logs/stream?", "/logs/ws?")) {
            // When
            Answer answer = api.get(Api.address(workload()) + channel + query);

            // Then
            if (channel.startsWith("/logs/stream")) {
                answer.isProblem(400, "parameter-invalid");
                assertThat(answer.json().path("parameter").asText()).isEqualTo(parameter);
            } else {
                assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format=xml            | format",
                "gzip=yes              | gzip",
                "format=ndjson&timestamps=true | timestamps",
                "tail=5                | tail",
                "since=2&until=1       | until",
                "q=%00                 | q",
            })
    void shouldNameParameterWhenDownloadQueryIsWrong(String query, String parameter) {
        // When
        Answer answer = api.get(Api.address(workload()) + "/logs/download?" + query);

        // Then
        answer.isProblem(400, "parameter-invalid");
        assertThat(answer.json().path("parameter").asText()).isEqualTo(parameter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"output\":\"soon\"}",
                "{\"output\":7}",
                "{\"system\":\"-1d\"}",
                "{\"maxBytes\":\"1\"}",
                "{\"maxBytes\":-1}",
                "{\"surprise\":1}"
            })
    void shouldRefuseWhenWhatIsToBeKeptIsWrong(String body) {
        // When
        Answer answer = api.send("PUT", Api.address(workload()) + "/logs/retention", body);

        // Then
        answer.isProblem(400, "body-invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?until=", "?until=soon", "?until=-1", "?until=%00", "?before=5"})
    void shouldRefuseWhenWhatIsToBeDeletedIsNotClear(String query) {
        // When
        Answer answer = api.send("DELETE", Api.address(workload()) + "/logs" + query, null);

        // Then
        answer.isProblem(400, "parameter-invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "99999999999999999999", "%00", "%F0%9F%90%B3"})
    void shouldRefuseWhenLastEventIdIsWrong(String id) {
        // When
        Answer answer = api.get(Api.address(workload()) + "/logs/stream", "Last-Event-ID", id);

        // Then
        answer.isProblem(400, "parameter-invalid");
        assertThat(answer.json().path("parameter").asText()).isEqualTo("Last-Event-ID");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0             | limit",
                "limit=-1            | limit",
                "limit=1001          | limit",
                "limit=x             | limit",
                "kind=planet         | kind",
                "status=happy        | status",
                "cursor=..%2F..%2Fx  | cursor",
            })
    void shouldNameParameterWhenListQueryIsWrong(String query, String parameter) {
        // When
        Answer answer = api.get("/api/v1/workloads?" + query);

        // Then
        answer.isProblem(400, "parameter-invalid");
        assertThat(answer.json().path("parameter").asText()).isEqualTo(parameter);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/sessions?limit=0       | limit",
                "/api/v1/sessions?cursor=%F0%9F%90%B3 | cursor",
                "/api/v1/sessions?x=1           | x",
                "/api/v1/audit?limit=1001       | limit",
                "/api/v1/audit?cursor=x         | cursor",
                "/api/v1/audit?since=yesterday  | since",
                "/api/v1/audit?until=%00        | until",
                "/api/v1/events?type=born       | type",
                "/api/v1/events?workload=UPPER  | workload",
                "/api/v1/events?since=0         | since",
                "/api/v1/logs/search?since=5    | since",
                "/api/v1/logs/search?until=1970-01-01T00:00:00Z | until",
                "/api/v1/logs/search?regex=*    | regex",
                "/api/v1/logs/search?limit=5001 | limit",
                "/api/v1/logs/search?buckets=0  | buckets",
                "/api/v1/logs/search?cursor=AAAA | cursor",
                "/api/v1/logs/search?workload=%00 | workload",
                "/api/v1/logs/search?tail=1     | tail",
            })
    void shouldNameParameterWhenAnAccessOrEventsQueryIsWrong(String path, String parameter) {
        // When
        Answer answer = api.get(path);

        // Then
        answer.isProblem(400, "parameter-invalid");
        assertThat(answer.json().path("parameter").asText()).isEqualTo(parameter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "17", "AQ", "%00", "AQAAAAAAAAAAAAAAAAAAAAAAAA"})
    void shouldRefuseWhenLastEventIdIsNoPositionOfEvents(String id) {
        // When
        Answer answer = api.get("/api/v1/events", "Last-Event-ID", id);

        // Then
        answer.isProblem(400, "parameter-invalid");
        assertThat(answer.json().path("parameter").asText()).isEqualTo("Last-Event-ID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%00", "00000000-0000-0000-0000-000000000000", "1-1-1-1-1", "%F0%9F%90%B3"})
    void shouldAnswerNotFoundWhenASessionIsUnknown(String id) {
        // When
        Answer answer = api.send("DELETE", "/api/v1/sessions/" + id, null);

        // Then
        answer.isProblem(404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"token\":5}", "{\"token\":\"x\"}", "{\"surprise\":1}"})
    void shouldRefuseALinkWhenItsBodyIsWrong(String body) {
        // When
        Answer answer = api.send("POST", "/api/v1/session/link", body);

        // Then
        answer.isProblem(400, "body-invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-workload",
                "..%2F..%2Fetc%2Fpasswd",
                "%2e%2e",
                "a%00b",
                "%00",
                "%F0%9F%90%B3",
                "%C3%BCnicode",
                "UPPER",
                "with%20space",
                "quote'--",
                "%25s%25n",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            })
    void shouldAnswerNotFoundWhenIdIsUnknownOrNoId(String id) {
        for (String path : List.of("", "/logs?tail=1", "/logs/stream")) {
            // When
            Answer answer = api.get(Api.address(id) + path);

            // Then
            assertThat(answer.status()).as("%s%s: %s", id, path, answer.body()).isIn(400, 404);
            assertThat(answer.contentType()).startsWith("application/problem+json");
        }
        for (String alias : List.of(
                "/api/deployments/" + id,
                "/api/v1/apps/" + id,
                "/api/orgs/" + id + "/projects/p/workers/w",
                "/api/orgs/default/deployments/" + id + "/services/s")) {
            Answer answer = api.get(alias);
            assertThat(answer.status()).as("%s: %s", alias, answer.body()).isIn(400, 404);
            assertThat(answer.contentType()).startsWith("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/workloads/%ZZ",
                "/api/v1/workloads/%C3",
                "/api/v1/workloads?q=%ZZ",
                "//",
                "/api//v1/workloads"
            })
    void shouldNeverFailWhenTheAddressIsBroken(String path) {
        // When
        int status = RawRequest.get(api, path);

        // Then
        assertThat(status).isBetween(200, 499);
    }

    @ParameterizedTest
    @CsvSource({"/logs?since=%00, since", "/logs?tail=1&x=%00, x", "/logs/stream?since=%00&tail=1, since", "?x=a%00b, x"
    })
    void shouldRefuseWhenQueryHoldsNul(String query, String parameter) {
        // When
        Answer answer = api.get(Api.address(workload()) + query);

        // Then
        answer.isProblem(400, "parameter-invalid");
        assertThat(answer.json().path("parameter").asText()).isEqualTo(parameter);
    }

    @Test
    void shouldRefuseWhenQueryIsOverlong() {
        // When
        Answer answer = api.get("/api/v1/workloads?q=" + "x".repeat(20_000));

        // Then
        assertThat(answer.status()).as(answer.body()).isIn(400, 414);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "42",
                "{\"name\":5,\"role\":{}}",
                "{\"name\":\"x\",\"role\":\"king\"}",
                "{\"name\":\"x\",\"role\":\"viewer\",\"orgs\":[],\"surprise\":1}"
            })
    void shouldRefuseWhenBodyIsWrong(String body) {
        // When
        Answer answer = api.send("POST", "/api/v1/tokens", body);

        // Then
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
    }

    @Test
    void shouldRefuseWhenMethodMediaTypeOrHostIsWrong() {
        // Then
        assertThat(api.send("PATCH", "/api/v1/workloads", Map.of()).status()).isEqualTo(405);
        assertThat(api.send("POST", "/api/v1/tokens", "x=1", "Content-Type", "text/plain")
                        .status())
                .isIn(400, 415);
        api.get("/api/v1/no-such-thing").isProblem(404, "not-found");
        assertThat(RawRequest.get(api, "/api/v1/workloads", "Host: evil.example"))
                .isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spy_", "x", "spy_ünicode", "spy_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void shouldRefuseWhenTokenIsBroken(String token) {
        // When
        int status = RawRequest.get(
                api.as(null),
                "/api/v1/workloads",
                "Host: " + api.base().getAuthority(),
                "Authorization: Bearer " + token);

        // Then
        assertThat(status).isIn(400, 401);
    }
}
