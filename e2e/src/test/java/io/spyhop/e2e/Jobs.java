package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The jobs of one workload, as a client sees them. Thread-safe. */
final class Jobs {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Api api;
    private final String address;

    /** Of the workload at an address. */
    Jobs(Api api, String address) {
        this.api = api;
        this.address = address + "/jobs";
    }

    /** Creates a job and gives its address. */
    String create(String name, String command, Map<String, Object> more) {
        Map<String, Object> definition = new HashMap<>(more);
        definition.put("name", name);
        definition.put("command", command);
        Api.Answer created = api.send("POST", address, definition);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return address + "/" + created.json().path("id").asText();
    }

    /** Asks for a run of a job and gives its address. */
    String run(String job) {
        Api.Answer asked = api.send("POST", job + "/run", null);
        assertThat(asked.status()).as(asked.body()).isEqualTo(202);
        return job + "/runs/" + asked.json().path("id").asText();
    }

    /** The run, once it is over; where that cannot be told now, it is asked for again. */
    JsonNode awaitEnd(String run) {
        return await(run + " is over")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> api.get(run).json(), answer -> answer.has("completedAt"));
    }

    /** Waits until this is what a run has written to its standard output, and no more. */
    void awaitOutput(String run, String... lines) {
        await("the output of " + run)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(output(run)).containsExactly(lines));
    }

    /** The first thousand lines of its standard output. */
    List<String> output(String run) {
        return Line.messages(api.page(run, "limit=1000&since=0").items(), "stdout");
    }
}
