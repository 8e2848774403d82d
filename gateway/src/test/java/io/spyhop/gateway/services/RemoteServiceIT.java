package io.spyhop.gateway.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadsApi;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against real servers on loopback. */
class RemoteServiceIT {
    private static final WorkloadId SHOP = new WorkloadId("shop");
    private static final String SECRET = "a secret for tests";

    /** Besides what the limits allow: a machine that is busy with other things. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    private FakeReplica one;
    private FakeReplica two;
    private RemoteServices services;

    @BeforeEach
    void begin() throws IOException {
        one = new FakeReplica();
        two = new FakeReplica();
        services = new RemoteServices(
                Optional.of(SECRET), JsonMapper.builder().findAndAddModules().build());
    }

    @AfterEach
    void end() {
        services.close();
        one.close();
        two.close();
    }

    @Test
    void shouldPassPagesAndTheSecretWhenTheServiceAnswers() {
        // When
        LinesPage page = open(LogsApi.class, one).after(SHOP, 11, 5);

        // Then
        assertThat(page.through()).isEqualTo(12);
        assertThat(new String(page.ndjson(), StandardCharsets.UTF_8)).isEqualTo(FakeReplica.ROW);
        assertThat(one.asked()).containsExactly("/internal/logs/shop/after?after=11&limit=5");
        assertThat(one.header("Spyhop-Internal")).isEqualTo(SECRET);
    }

    @Test
    void shouldReadMapsKeyedByWorkloadWhenTheServiceAnswers() {
        // Given
        one.answer(200, "application/json", "{\"shop\":7}");

        // Then
        assertThat(open(LogsApi.class, one).lastNumbers(List.of(SHOP))).isEqualTo(Map.of(SHOP, 7L));
        assertThat(one.body()).isEqualTo("[\"shop\"]");
    }

    @Test
    void shouldSendNamesThatTheServiceReadsByItself() {
        // Given
        one.answer(200, "application/json", "{\"items\":[]}");

        // When
        open(WorkloadsApi.class, one).list(List.of("a", "b c"), Kind.JOB_RUN, null, "x&y", 3, null);

        // Then
        assertThat(one.asked()).containsExactly("/internal/workloads?org=a&org=b+c&kind=JOB_RUN&q=x%26y&limit=3");
    }

    @Test
    void shouldThrowWhatTheServiceThrewWhenItAnswersWithAProblem() {
        // Given
        one.answer(404, "application/problem+json", "{\"status\":404,\"detail\":\"d\",\"code\":\"workload-unknown\"}");

        // When
        SpyhopException e = failure(open(WorkloadsApi.class, one, two));

        // Then
        assertThat(e.code()).isEqualTo(ErrorCode.WORKLOAD_UNKNOWN);
        assertThat(one.asked()).hasSize(1);
        assertThat(two.asked()).isEmpty();
    }

    @Test
    void shouldNameTheServiceWhenItIsAwayOrBroken() {
        // Given
        one.answer(500, "text/plain", "oops");
        WorkloadsApi api = open(WorkloadsApi.class, one);

        // Then
        assertThat(failure(api).publicMessage()).isEqualTo("some-service answered with status 500");
        one.close();
        SpyhopException away = failure(api);
        assertThat(away.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(away.publicMessage()).isEqualTo("some-service is away");
    }

    @Test
    void shouldAskTheOtherWhenOneIsDead() {
        // Given
        LogsApi api = open(LogsApi.class, one, two);
        one.close();

        // When
        Duration took = took(() -> times(20, () -> api.tail(SHOP, 5)));

        // Then
        assertThat(two.asked()).hasSize(20);
        assertThat(took).isLessThan(CallLimits.CONNECT.plus(SLACK));
    }

    @Test
    void shouldWaitForASilentReplicaOnceWhenTheOtherAnswers() {
        // Given
        LogsApi api = open(LogsApi.class, one, two);
        one.hang();

        // When
        Duration took = took(() -> times(20, () -> api.tail(SHOP, 5)));

        // Then
        assertThat(two.asked()).hasSize(20);
        assertThat(one.accepted()).as("it was asked, and probed at most").isBetween(1, 2);
        assertThat(took).isBetween(CallLimits.PAGE, CallLimits.PAGE.plus(SLACK));
    }

    @Test
    void shouldGoBackToAReplicaWhenItAnswersAgain() {
        // Given
        LogsApi api = open(LogsApi.class, one, two);
        one.hang();
        times(4, () -> api.tail(SHOP, 5));

        // When
        one.goOn();

        // Then
        int before = one.asked().size();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            api.tail(SHOP, 5);
            assertThat(one.asked().size()).isGreaterThan(before + 2);
        });
    }

    @Test
    void shouldAskTheOtherWhenOneIsBusy() {
        // Given
        one.answer(503, "text/plain", "later");

        // When
        LogsApi api = open(LogsApi.class, one, two);
        times(6, () -> api.tail(SHOP, 5));

        // Then
        assertThat(two.asked()).hasSize(6);
    }

    @Test
    void shouldTellWithinSecondsWhenAllAreSilent() {
        // Given
        LogsApi api = open(LogsApi.class, one, two);
        one.hang();
        two.hang();

        // When
        Duration first = took(() -> failure(() -> api.tail(SHOP, 5)));
        Duration second = took(() -> failure(() -> api.tail(SHOP, 5)));

        // Then
        assertThat(first).isLessThan(CallLimits.TOTAL.plus(SLACK));
        assertThat(second).as("it knows already").isLessThan(CallLimits.PROBE.plus(SLACK));
    }

    @Test
    void shouldTellAtOnceWhenNobodyAccepts() {
        // Given
        LogsApi api = open(LogsApi.class, one, two);
        one.close();
        two.close();

        // When
        Duration took = took(() ->
                assertThat(failure(() -> api.tail(SHOP, 5)).publicMessage()).isEqualTo("some-service is away"));

        // Then
        assertThat(took).isLessThan(SLACK);
    }

    @Test
    void shouldAnswerSoonWhenTheOnlyReplicaIsBack() throws IOException {
        // Given
        LogsApi api = open(LogsApi.class, one);
        int port = one.port();
        one.close();
        times(3, () -> failure(() -> api.tail(SHOP, 5)));

        // When
        try (FakeReplica back = new FakeReplica(port)) {
            Awaitility.await()
                    .atMost(CallLimits.PASS_OVER_MAX.plus(SLACK))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(api.tail(SHOP, 5).through()).isEqualTo(12));
            assertThat(back.asked()).isNotEmpty();
        }
    }

    @Test
    void shouldEndTheCallWhenTheAnswerTrickles() {
        // Given
        one.trickle();

        // When
        Duration took = took(() -> failure(() -> open(LogsApi.class, one).tail(SHOP, 5)));

        // Then
        assertThat(took).isBetween(CallLimits.PAGE, CallLimits.TOTAL.plus(SLACK));
    }

    @Test
    void shouldRefuseAPageWhenItIsLargerThanItMayBe() {
        // Given
        one.answer(200, "application/vnd.spyhop.lines", new byte[CallLimits.LINES_BYTES_MAX + 1]);

        // When
        SpyhopException e = failure(() -> open(LogsApi.class, one).tail(SHOP, 5));

        // Then
        assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(e.publicMessage()).contains("some-service answered with more than");
        assertThat(one.asked()).as("asking again would not make it smaller").hasSize(1);
    }

    @Test
    void shouldTakeAPageWhenItIsAsLargeAsItMayBe() {
        // Given
        one.answer(200, "application/vnd.spyhop.lines", new byte[LogsApi.PAGE_BYTES_MAX + 17]);

        // When
        LinesPage page = open(LogsApi.class, one).tail(SHOP, 5);

        // Then
        assertThat(page.ndjson()).hasSize(LogsApi.PAGE_BYTES_MAX);
    }

    @Test
    void shouldAskEveryAddressOfAName() {
        // Given
        LogsApi api =
                services.open(LogsApi.class, "some-service", List.of(URI.create("http://localhost:" + one.port())));

        // When
        times(4, () -> api.tail(SHOP, 5));

        // Then
        assertThat(one.asked()).hasSize(4);
    }

    @Test
    void shouldSendTheTraceOnWhenTheCallerHasOne() {
        // Given
        TraceContext trace = TraceContext.parse("00-" + "ab".repeat(16) + "-" + "cd".repeat(8) + "-01", "vendor=1")
                .orElseThrow();
        LogsApi api = open(LogsApi.class, one);

        // When
        CurrentTrace.run(trace, () -> api.tail(SHOP, 5));

        // Then
        TraceContext sent = TraceContext.parse(one.header("traceparent"), one.header("tracestate"))
                .orElseThrow();
        assertThat(sent.traceId()).isEqualTo(trace.traceId());
        assertThat(sent.parentId()).as("each call is a span of its own").isNotEqualTo(trace.parentId());
        assertThat(sent.sampled()).isTrue();
        assertThat(sent.state()).isEqualTo("vendor=1");
        api.tail(SHOP, 5);
        assertThat(one.header("traceparent")).isNull();
    }

    private static void times(int count, Runnable call) {
        for (int i = 0; i < count; i++) {
            call.run();
        }
    }

    private static Duration took(Runnable call) {
        long begin = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static SpyhopException failure(WorkloadsApi api) {
        return failure(() -> api.find(SHOP));
    }

    private static SpyhopException failure(Runnable call) {
        return catchThrowableOfType(SpyhopException.class, call::run);
    }

    private <T> T open(Class<T> api, FakeReplica... replicas) {
        return services.open(
                api,
                "some-service",
                Arrays.stream(replicas).map(FakeReplica::address).toList());
    }
}
