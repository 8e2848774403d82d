package io.spyhop.gateway.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.TopBy;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions of which each replica knows a part, against real servers on loopback. */
class EveryReplicaIT {
    private static final WorkloadId SHOP = new WorkloadId("shop");
    private static final String JSON = "application/json";

    /** Besides what the limits allow: a machine that is busy with other things. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    private FakeReplica one;
    private FakeReplica two;
    private RemoteServices services;
    private UsageApi api;

    @BeforeEach
    void begin() throws IOException {
        one = new FakeReplica();
        two = new FakeReplica();
        one.answer(200, JSON, part("c1"));
        two.answer(200, JSON, part("c2"));
        services = new RemoteServices(
                Optional.of("a secret for tests"),
                JsonMapper.builder().findAndAddModules().build());
        api = services.open(UsageApi.class, "some-service", List.of(one.address(), two.address()));
    }

    @AfterEach
    void end() {
        services.close();
        one.close();
        two.close();
    }

    @Test
    void shouldJoinWhatEachKnows() {
        // When
        Map<String, InstanceUsage> usages = api.usages(List.of(SHOP));

        // Then
        assertThat(usages).containsOnlyKeys("c1", "c2");
        assertThat(usages.values()).extracting(each -> each.usage().cpuPct()).containsExactly(1.5, 1.5);
        assertThat(one.body()).isEqualTo("[\"shop\"]");
        assertThat(two.body()).isEqualTo("[\"shop\"]");
        api.top(TopBy.MEMORY, List.of("a", "b"), 5);
        assertThat(one.asked()).last().isEqualTo("/internal/usage/top?by=MEMORY&org=a&org=b&limit=5");
    }

    @Test
    void shouldLeaveOutWhoIsDeadBusyOrStrange() {
        // Given
        two.answer(404, "text/plain", "an older version");

        // Then
        assertThat(api.usages(List.of(SHOP))).containsOnlyKeys("c1");
        two.answer(503, "text/plain", "later");
        assertThat(api.usages(List.of(SHOP))).containsOnlyKeys("c1");
        two.close();
        assertThat(api.usages(List.of(SHOP))).containsOnlyKeys("c1");
    }

    @Test
    void shouldWaitOnceAndNotLongerThanAllowedWhenOneIsSilent() {
        // Given
        two.hang();

        // When
        long begin = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(api.usages(List.of(SHOP))).containsOnlyKeys("c1");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        // Then
        assertThat(took).isBetween(CallLimits.PAGE, CallLimits.PAGE.plus(SLACK));
        assertThat(one.asked()).hasSize(10);
    }

    @Test
    void shouldAskAllAtTheSameTime() throws Exception {
        // Given
        one.hang();
        two.hang();

        // When
        // Not in the common pool: the HTTP client may need its only thread.
        CompletableFuture<Map<String, InstanceUsage>> usages =
                CompletableFuture.supplyAsync(() -> api.usages(List.of(SHOP)), Thread::startVirtualThread);
        await().until(() -> one.accepted() > 0 && two.accepted() > 0);
        one.goOn();
        two.goOn();

        // Then
        assertThat(usages.get(10, TimeUnit.SECONDS)).containsOnlyKeys("c1", "c2");
    }

    @Test
    void shouldTellWithinSecondsWhenAllAreSilent() {
        // Given
        one.hang();
        two.hang();

        // When
        long begin = System.nanoTime();
        SpyhopException e = failure();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        // Then
        assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(e.publicMessage()).isEqualTo("some-service is away");
        assertThat(took).isLessThan(CallLimits.TOTAL.plus(SLACK));
    }

    @Test
    void shouldNameTheServiceWhenNoneAnswersAndFindItAgain() throws IOException {
        // Given
        int port = one.port();
        one.close();
        two.close();

        // Then
        SpyhopException e = failure();
        assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(e.publicMessage()).isEqualTo("some-service is away");
        try (FakeReplica back = new FakeReplica(port)) {
            back.answer(200, JSON, part("c3"));
            UsageApi other = services.open(
                    UsageApi.class, "other-service", List.of(URI.create("http://127.0.0.1:" + back.port())));
            assertThat(other.usages(List.of(SHOP))).containsOnlyKeys("c3");
        }
    }

    @Test
    void shouldThrowWhatIsTheCallersFault() {
        // Given
        two.answer(
                400,
                "application/problem+json",
                "{\"status\":400,\"detail\":\"limit: 1 to 100\",\"code\":\"parameter-invalid\"}");

        // Then
        assertThat(failure().code()).isEqualTo(ErrorCode.PARAMETER_INVALID);
    }

    private SpyhopException failure() {
        return catchThrowableOfType(SpyhopException.class, () -> api.usages(List.of(SHOP)));
    }

    private static String part(String container) {
        return "{\"" + container + "\":{\"workload\":\"shop\",\"org\":\"acme\",\"host\":\"local\",\"containerId\":\""
                + container + "\",\"containerName\":\"n\",\"index\":0,\"way\":\"kernel\",\"usage\":{\"sampledAt\":"
                + "\"2026-11-22T03:04:05Z\",\"cpuPct\":1.5,\"memUsedMb\":1,\"memLimitMb\":2,\"memLimited\":true,"
                + "\"memPct\":50}}}";
    }
}
