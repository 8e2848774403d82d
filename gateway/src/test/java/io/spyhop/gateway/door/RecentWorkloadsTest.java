package io.spyhop.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadsApi;
import io.spyhop.gateway.FakeCatalogue;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentWorkloadsTest {
    private static final Caller ANY =
            new Caller(UUID.randomUUID(), Optional.empty(), "any", Role.VIEWER, Optional.empty());
    private static final Caller OTHER =
            new Caller(UUID.randomUUID(), Optional.empty(), "other", Role.VIEWER, Optional.of(List.of("other")));
    private static final Address LOGS = new Address.Canonical("acme-shop", "/logs/stream");

    private final AtomicLong now = new AtomicLong();
    private final RecentWorkloads recent = new RecentWorkloads(now::get);
    private final AtomicInteger asked = new AtomicInteger();
    private CountDownLatch answer = new CountDownLatch(0);
    private @Nullable ErrorCode failure;
    private final WorkloadsApi catalogue = catalogue();

    @Test
    void shouldRememberForLogsWhenTheCatalogueIsAway() {
        // Given
        recent.find(new Address.Canonical("acme-shop", ""), ANY, catalogue);

        // When
        failure = ErrorCode.DEPENDENCY_AWAY;

        // Then
        assertThat(recent.find(LOGS, OTHER, catalogue).org())
                .as("the door compares it with the caller's orgs")
                .isEqualTo("acme");
        assertThat(failed(new Address.Canonical("acme-shop", ""), ANY)).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(failed(new Address.Canonical("acme-shop", "/logsmith"), ANY)).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(failed(new Address.Canonical("acme-app", "/logs"), ANY)).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
    }

    @Test
    void shouldForgetWhenItIsOld() {
        // Given
        recent.find(LOGS, ANY, catalogue);
        failure = ErrorCode.DEPENDENCY_AWAY;

        // When
        now.addAndGet(RecentWorkloads.AGE_MAX.toNanos() - 1);
        recent.find(LOGS, ANY, catalogue);
        now.addAndGet(1);

        // Then
        assertThat(failed(LOGS, ANY)).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
    }

    @Test
    void shouldNotAskAgainForLogsWhileWhatWasFoundIsFresh() {
        // Given
        Address itself = new Address.Canonical("acme-shop", "");
        Address alias = new Address.Alias(Kind.DEPLOYMENT, null, null, "shop", null, null, null, "/logs");
        recent.find(itself, ANY, catalogue);
        recent.find(alias, ANY, catalogue);

        // When
        now.addAndGet(RecentWorkloads.FRESH.toNanos() - 1);
        recent.find(LOGS, OTHER, catalogue);

        // Then
        assertThat(asked).as("a log of an id").hasValue(2);
        recent.find(alias, ANY, catalogue);
        assertThat(asked).as("a name, which another workload may have now").hasValue(3);
        now.addAndGet(1);
        recent.find(LOGS, OTHER, catalogue);
        assertThat(asked).as("a log, later").hasValue(4);
        recent.find(itself, ANY, catalogue);
        assertThat(asked).as("how the workload is now").hasValue(5);
    }

    @Test
    void shouldForgetWhenTheCatalogueKnowsItNoMore() {
        // Given
        recent.find(LOGS, ANY, catalogue);
        failure = ErrorCode.WORKLOAD_UNKNOWN;
        now.addAndGet(RecentWorkloads.FRESH.toNanos());
        failed(LOGS, ANY);

        // When
        failure = ErrorCode.DEPENDENCY_AWAY;

        // Then
        assertThat(failed(LOGS, ANY)).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
    }

    @Test
    void shouldNotLendAnAliasToOneOfOtherOrgsWhenTheCatalogueIsAway() {
        // Given
        Address alias = new Address.Alias(Kind.DEPLOYMENT, null, null, "shop", null, null, null, "/logs");
        assertThat(recent.find(alias, ANY, catalogue).id().value()).isEqualTo("acme-shop");

        // When
        failure = ErrorCode.DEPENDENCY_AWAY;

        // Then
        assertThat(recent.find(alias, ANY, catalogue).id().value()).isEqualTo("acme-shop");
        assertThat(failed(alias, OTHER)).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
    }

    @Test
    void shouldAskTheCatalogueOnceWhenManyComeAtTheSameTime() throws InterruptedException {
        // Given
        answer = new CountDownLatch(1);
        List<Thread> clients = IntStream.range(0, 50)
                .mapToObj(i -> Thread.ofVirtual().start(() -> recent.find(LOGS, ANY, catalogue)))
                .toList();
        await().until(() -> clients.stream().allMatch(client -> client.getState() == Thread.State.WAITING));

        // When
        answer.countDown();
        for (Thread client : clients) {
            client.join();
        }

        // Then
        assertThat(asked).hasValue(1);
    }

    private ErrorCode failed(Address address, Caller caller) {
        return catchThrowableOfType(SpyhopException.class, () -> recent.find(address, caller, catalogue))
                .code();
    }

    private WorkloadsApi catalogue() {
        FakeCatalogue whole = new FakeCatalogue();
        return (WorkloadsApi) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WorkloadsApi.class}, (proxy, method, arguments) -> {
                    asked.incrementAndGet();
                    answer.await();
                    if (failure != null) {
                        throw new SpyhopException(failure, "so it is tested");
                    }
                    try {
                        return method.invoke(whole, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }
}
