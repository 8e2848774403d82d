package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Api.Answer;
import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked of stored lines: filters, searches, downloads, how long they are kept, deletion. */
@ExtendWith(Shared.class)
class SearchST {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Api api;
    private final Containers containers;
    /** No other test, and no earlier run, has it in its lines. */
    private final String word = "w" + UUID.randomUUID().toString().replace("-", "");

    SearchST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldFilterPagesByWhatLinesSay() {
        // Given
        String id = workload(
                "filter",
                "seq 1 3000; echo 'a " + word + " here' >&2; echo '{\"level\":\"error\",\"message\":\"" + word
                        + " failed\",\"user\":{\"id\":7}}'; seq 3001 6000; exec sleep 600",
                6003);
        String address = Api.address(id);

        // Then
        assertThat(messages(address, "q=" + word.toUpperCase(java.util.Locale.ROOT)))
                .as("of two streams, which the engine reads side by side")
                .containsExactlyInAnyOrder("a " + word + " here", word + " failed");
        assertThat(messages(address, "q=" + word + "&stream=stderr")).containsExactly("a " + word + " here");
        assertThat(messages(address, "level=error&since=0")).containsExactly(word + " failed");
        assertThat(messages(address, "fields.user.id=7")).containsExactly(word + " failed");
        assertThat(messages(address, "regex=%5E12.4$"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "12" + i + "4").toList());
        assertThat(messages(address, "stream=stdout&order=newest&limit=2")).containsExactly("6000", "5999");
        JsonNode around = api.json(address + "/logs?level=error&context=1");
        assertThat(around.path("items")).hasSize(3);
        assertThat(around.path("matched"))
                .containsExactly(around.path("items").get(1).path("lineNo"));
        assertThat(messages(address, "since=1h&until=0s&stream=stdout&tail=1".replace("&tail=1", "&limit=1")))
                .containsExactly("1");
        assertThat(messages(address, "until=1h")).isEmpty();
    }

    @Test
    void shouldFilterLiveLinesWhenTheyCome() {
        // Given
        Container container = containers.shell(
                "live",
                "echo " + word + "-old; while [ ! -f /go ]; do usleep 20000; done; seq 1 500; echo " + word
                        + "-new >&2; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 2, SOON);
        try (EventsClient client = new EventsClient(api, Api.address(id) + "/logs/stream?since=0&q=" + word)) {

            // When
            containers.touch(container, "/go");

            // Then
            await().atMost(SOON).until(() -> client.events().size() == 2);
            assertThat(client.events())
                    .extracting(event -> event.data().path("message").asText())
                    .containsExactly(word + "-old", word + "-new");
            long last = api.last(id);
            assertThat(client.events().getLast().data().path("lineNo").asLong()).isLessThanOrEqualTo(last);
        }
    }

    @Test
    void shouldFindLinesOfSeveralWorkloadsAndCountThem() {
        // Given
        String one = workload("search-one", "for i in 1 2 3 4 5; do echo " + word + " $i; done; exec sleep 600", 6);
        String two = workload("search-two", "seq 1 2000; echo " + word + " six; exec sleep 600", 2002);
        String search = "/api/v1/logs/search?q=" + word + "&since=1h&buckets=10";

        // When
        JsonNode all = api.json(search);
        JsonNode some = api.json(search + "&limit=4");
        JsonNode rest = api.json(search + "&limit=4&cursor=" + some.path("next").asText());

        // Then
        assertThat(all.path("complete").asBoolean()).isTrue();
        assertThat(texts(all.path("items"), "workload")).containsOnly(one, two).hasSize(6);
        long counted = 0;
        for (JsonNode count : all.path("histogram").path("counts")) {
            counted += count.asLong();
        }
        assertThat(counted).isEqualTo(6);
        assertThat(all.path("examined").path("lines").asLong()).isGreaterThanOrEqualTo(2008);
        List<String> paged = texts(some.path("items"), "message");
        paged.addAll(texts(rest.path("items"), "message"));
        assertThat(paged).containsExactlyElementsOf(texts(all.path("items"), "message"));
        assertThat(rest.has("next")).isFalse();
        assertThat(texts(api.json(search + "&workload=" + two).path("items"), "message"))
                .containsExactly(word + " six");
        Answer streamed = api.get(search, "Accept", "text/event-stream");
        assertThat(streamed.contentType()).startsWith("text/event-stream");
        assertThat(streamed.body())
                .contains("event: lines\n", "event: progress\n", "event: end\ndata: {\"complete\":true}\n");
    }

    @Test
    void shouldFindNothingOfAnotherOrg() {
        // Given
        Container container =
                containers.shell("org", "echo " + word + "; exec sleep 600", "--label", "spyhop.org=" + word);
        api.awaitLines(api.awaitWorkload(container.name()), 2, SOON);
        Api foreign = mint("blue-" + word);
        String search = "/api/v1/logs/search?since=1h&q=" + word;

        // Then
        assertThat(api.json(search).path("items")).hasSize(1);
        assertThat(foreign.json(search).path("items")).isEmpty();
        assertThat(foreign.json(search + "&org=" + word).path("items")).isEmpty();
        assertThat(mint(word).json(search).path("items")).hasSize(1);
    }

    @Test
    void shouldDownloadTheSameBytesThatDockerShows() throws IOException, InterruptedException {
        // Given
        Container container = containers.shell(
                "download",
                "seq 1 20000; printf 'tab\\tquote\"back\\\\slash \\033[31mred\\033[0m ünï\\n'; head -c 100000 /dev/zero | tr '\\0' x; echo;"
                        + " echo end; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 20_004, SOON);
        String expected = containers.docker("logs", container.id());
        String path = Api.address(id) + "/logs/download?stream=stdout,stderr";

        // When
        Answer text = api.get(path);
        byte[] zipped = api.http()
                .send(api.request(path + "&gzip=true").build(), BodyHandlers.ofByteArray())
                .body();

        // Then
        assertThat(text.status()).isEqualTo(200);
        assertThat(text.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"" + id + ".log\"");
        assertThat(text.body().strip().equals(expected.strip()))
                .as("the same as docker logs")
                .isTrue();
        try (InputStream in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(zipped))) {
            assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).equals(text.body()))
                    .as("the same, compressed")
                    .isTrue();
        }
        assertThat(api.get(path + "&strip=ansi").body()).contains("slash red ünï\n");
        assertThat(api.get(path + "&format=ndjson").body().lines()).hasSize(20_003);
        assertThat(api.send("HEAD", path, null).status()).isEqualTo(405);
    }

    @Test
    void shouldKeepLinesAsLongAsAskedAndDeleteThem() {
        // Given
        String id = workload("keep", "seq 1 100; exec sleep 600", 101);
        String address = Api.address(id) + "/logs";

        // When
        Answer set = api.send("PUT", address + "/retention", Map.of("output", "36h"));
        Answer deleted = api.send("DELETE", address + "?until=51", null);

        // Then
        assertThat(set.status()).as(set.body()).isEqualTo(200);
        JsonNode kept = api.json(address + "/retention");
        assertThat(kept.path("output").asText()).isEqualTo("36h");
        assertThat(kept.path("outputFrom").asText()).isEqualTo("api");
        assertThat(kept.path("systemFrom").asText()).isEqualTo("default");
        assertThat(deleted.status()).as(deleted.body()).isEqualTo(200);
        assertThat(deleted.json().path("deleted").asLong()).isEqualTo(50);
        assertThat(api.page(Api.address(id), "since=0&limit=1")
                        .items()
                        .getFirst()
                        .lineNo())
                .isEqualTo(51);
        try (EventsClient client = new EventsClient(api, address + "/stream?since=10")) {
            await().atMost(SOON).until(() -> client.events().size() == 52);
            assertThat(client.events().getFirst().type()).isEqualTo("gap");
            assertThat(client.events().getFirst().data().toString())
                    .isEqualTo("{\"from\":11,\"to\":50,\"reason\":\"retention\"}");
        }
        assertThat(api.send("DELETE", address + "?until=0s", null).status()).isEqualTo(200);
        assertThat(api.page(Api.address(id), "since=0").items()).isEmpty();
        assertThat(mint("default").send("DELETE", address + "?until=0s", null).status())
                .isEqualTo(403);
    }

    private String workload(String suffix, String script, int lines) {
        String id = api.awaitWorkload(containers.shell(suffix, script).name());
        api.awaitLines(id, lines, SOON);
        return id;
    }

    private List<String> messages(String address, String query) {
        return api.page(address, query).items().stream().map(Line::message).toList();
    }

    private static List<String> texts(JsonNode items, String name) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(item.path(name).asText()));
        return texts;
    }

    private Api mint(String org) {
        Answer answer = api.send(
                "POST",
                "/api/v1/tokens",
                Map.of("name", "e2e-" + UUID.randomUUID(), "role", "viewer", "orgs", List.of(org)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return api.as(answer.json().path("token").asText());
    }
}
