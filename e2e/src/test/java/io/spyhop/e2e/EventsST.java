package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens to containers, as events. */
@ExtendWith(Shared.class)
class EventsST {
    private static final String EVENTS = "/api/v1/events";
    private static final String WAITS = "trap 'exit 0' TERM; while :; do usleep 50000; done";

    private final Api admin;
    private final Containers containers;
    private final String org = "events-" + UUID.randomUUID();

    EventsST(Api admin, Containers containers) {
        this.admin = admin;
        this.containers = containers;
    }

    private Container shell(String suffix, String script) {
        return containers.shell(suffix, script, "--label", "spyhop.org=" + org);
    }

    private Api viewer(String of) {
        JsonNode minted = admin.send(
                        "POST",
                        "/api/v1/tokens",
                        Map.of("name", "e2e-" + UUID.randomUUID(), "role", "viewer", "orgs", List.of(of)))
                .json();
        return admin.as(minted.path("token").asText());
    }

    @Test
    void shouldTellWhatHappensWhenContainersLiveAndDie() {
        try (EventsClient own = new EventsClient(viewer(org), EVENTS);
                EventsClient foreign = new EventsClient(viewer("another-" + org), EVENTS);
                EventsClient endings = new EventsClient(admin, EVENTS + "?org=" + org + "&type=stopped,crashed")) {
            // When
            Container waits = shell("waits", WAITS);
            own.awaitTypes("started");
            containers.docker("stop", waits.id());
            own.awaitTypes("started", "stopped");
            containers.remove(waits);
            own.awaitTypes("started", "stopped", "removed");
            Container crashes = shell("crashes", "exit 3");
            own.awaitTypes("started", "stopped", "removed", "started", "crashed");
            shell("exits", "exit 0");

            // Then
            own.awaitTypes("started", "stopped", "removed", "started", "crashed", "started", "exited");
            endings.awaitTypes("stopped", "crashed");
            JsonNode crash = own.events().get(4).data();
            assertThat(crash.path("type").asText()).isEqualTo("crashed");
            assertThat(crash.path("workload").asText()).isEqualTo(admin.awaitWorkload(crashes.name()));
            assertThat(crash.path("org").asText()).isEqualTo(org);
            assertThat(crash.path("exitCode").asInt()).isEqualTo(3);
            assertThat(crash.path("oomKilled").asBoolean()).isFalse();
            assertThat(crash.path("containerId").asText()).isEqualTo(crashes.id());
            assertThat(crash.path("instance").asInt(-1)).isZero();
            assertThat(foreign.types()).isEmpty();
            assertThat(own.response().headers().firstValue("X-Accel-Buffering")).hasValue("no");
            assertThat(own.response().headers().firstValue("Cache-Control")).hasValue("no-cache, no-transform");
        }
    }

    @Test
    void shouldTellExactlyWhatWasMissedWhenAClientComesBack() {
        // Given
        String path = EVENTS + "?org=" + org;
        String last;
        try (EventsClient first = new EventsClient(admin, path)) {
            shell("first", "exit 1");
            first.awaitTypes("started", "crashed");
            last = first.lastId();
        }
        try (EventsClient witness = new EventsClient(admin, path)) {
            Container missed = shell("missed", "exit 2");
            witness.awaitTypes("started", "crashed");
            containers.remove(missed);
            witness.awaitTypes("started", "crashed", "removed");
        }

        // When
        try (EventsClient back = new EventsClient(admin, path, "Last-Event-ID", last)) {
            back.awaitTypes("started", "crashed", "removed");
            shell("later", "exit 0");

            // Then
            back.awaitTypes("started", "crashed", "removed", "started", "exited");
            assertThat(back.events().get(1).data().path("exitCode").asInt()).isEqualTo(2);
        }
    }
}
