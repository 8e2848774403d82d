package io.spyhop.lifecycle.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerSpec;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.lifecycle.watch.EmbeddedParts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class CreateErrandsIT extends ErrandCase {
    /** More than any errand has. */
    private static final int STEPS_MAX = 10;

    @Test
    void shouldShowWhatIsAskedForBeforeAnythingIsDone() {
        // When
        Workload asked = create("My Shop " + name());

        // Then
        assertThat(asked.status()).isEqualTo(InstanceStatus.CREATING);
        assertThat(asked.id().value()).startsWith("my-shop-shop-");
        assertThat(asked.slug()).isEqualTo(asked.id().value());
        assertThat(asked.name()).startsWith("My Shop shop-");
        assertThat(asked.kind()).isEqualTo(Kind.DEPLOYMENT);
        assertThat(asked.org()).isEqualTo("acme");
        assertThat(asked.entityType()).isEqualTo("agent");
        assertThat(asked.managed()).isTrue();
        assertThat(view(asked.id())).isEqualTo(asked);
        assertThat(engine.control().containers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldHaveOneOfEachWhenSpyhopEndsAtAnyStepOfACreation(boolean done) {
        List<String> expected = List.of();
        for (int killedAt = 0; killedAt < STEPS_MAX; killedAt++) {
            // Given
            WorkloadId id = create(name()).id();

            // When
            boolean killed = killAt(id, killedAt, done);
            work(id);

            // Then
            String name = "spyhop-" + id;
            ContainerDetails container = engine.inspect(name).orElseThrow();
            Deployment deployment = deployment(id);
            assertThat(open(id)).as("killed at %s", killedAt).isEmpty();
            assertThat(container.state()).isEqualTo("running");
            assertThat(container.restartCount()).isZero();
            assertThat(deployment.containerId()).isEqualTo(container.id());
            assertThat(container.publishedPorts()).containsExactly(deployment.hostPort());
            assertThat(routes.routes()).containsEntry(id, id + ".test 127.0.0.1:" + deployment.hostPort());
            assertThat(engine.control().done()).containsOnlyOnce("create " + name, "start " + name);
            assertThat(view(id).publicUrl()).isEqualTo("http://" + id + ".test");
            assertThat(view(id).statusReason()).isNull();
            assertThat(deployment.spec().env()).isEmpty();
            expected = expected.isEmpty() ? notes(id) : expected;
            assertThat(notes(id)).as("killed at %s", killedAt).isEqualTo(expected);
            if (!killed) {
                assertThat(killedAt).isEqualTo(5);
                break;
            }
        }
        assertThat(expected).containsExactly("[CREATE] port", "[CREATE] container", "[CREATE] start", "[CREATE] route");
    }

    @Test
    void shouldUndoAndSayWhyWhenTheEngineRefuses() {
        // Given
        WorkloadId id = create(name()).id();
        engine.control().failNext("start", new EngineRefusedException("no such command"));

        // When
        work(id);

        // Then
        Workload failed = view(id);
        assertThat(failed.status()).isEqualTo(InstanceStatus.FAILED);
        assertThat(failed.statusReason()).isEqualTo("no such command");
        assertThat(engine.control().containers()).isEmpty();
        assertThat(deployment(id).hostPort()).isNull();
        assertThat(open(id)).isEmpty();
        assertThat(notes(id)).contains("[CREATE] start failed", "[UNDO] remove", "[UNDO] done");

        // When
        create(failed.name());
        work(id);

        // Then
        assertThat(view(id).statusReason()).isNull();
        assertThat(engine.control().containers()).containsExactly("spyhop-" + id);
    }

    @Test
    void shouldUndoWhenSpyhopEndsAtAnyStepOfTheUndoing() {
        for (int killedAt = 4; killedAt < STEPS_MAX; killedAt++) {
            // Given
            WorkloadId id = create(name()).id();
            engine.control().failNext("start", new EngineRefusedException("no such command"));

            // When
            boolean killed = killAt(id, killedAt, true);
            work(id);

            // Then
            assertThat(view(id).status()).isEqualTo(InstanceStatus.FAILED);
            assertThat(view(id).statusReason()).isEqualTo("no such command");
            assertThat(engine.control().containers()).isEmpty();
            if (!killed) {
                assertThat(killedAt).isEqualTo(7);
                break;
            }
        }
    }

    @Test
    void shouldPullWhatIsMissingAndTellOfIt() {
        // Given
        engine.control().putInRegistry("other:2", 80);
        DeploymentSpec spec = spec(name());
        WorkloadId id = create(image(spec, "other:2")).id();
        WorkloadId missing = create(image(spec(name()), "missing:1")).id();

        // When
        work(id);
        work(missing);

        // Then
        assertThat(notes(id)).startsWith("[CREATE] pull other:2", "[CREATE] pull Pulling from other:2");
        assertThat(deployment(id).containerPort()).isEqualTo(80);
        assertThat(view(missing).status()).isEqualTo(InstanceStatus.FAILED);
        assertThat(view(missing).statusReason()).isEqualTo("manifest unknown");
    }

    @Test
    void shouldShowTheRegistryALoginAndTellNobodyOfIt() throws IOException {
        // Given
        registryLogins = Files.createTempFile("logins", ".json");
        Files.writeString(
                registryLogins,
                "{\"auths\": {\"registry.example.com\": {\"username\": \"team\", \"password\": \"do not show\"}}}");
        steps = steps(UNUSED);
        engine.control().putInRegistry("registry.example.com/shop:2", 80);
        WorkloadId id =
                create(image(spec(name()), "registry.example.com/shop:2")).id();

        // When
        work(id);

        // Then
        assertThat(engine.control().done()).contains("pull registry.example.com/shop:2 as team");
        assertThat(view(id).toString() + notes(id) + deployment(id)).doesNotContain("do not show");
        Files.delete(registryLogins);
    }

    @Test
    void shouldRunWithoutARouteUntilThereIsACaddy() {
        // Given
        WorkloadId id = create(name()).id();
        routes.setAway(true);

        // When
        work(id);
        work(id);

        // Then: it runs, and the failure was told once
        assertThat(view(id).statusReason()).isEqualTo("route: Caddy does not answer");
        assertThat(view(id).publicUrl()).isNull();
        assertThat(view(id).status()).isNotEqualTo(InstanceStatus.CREATING);
        assertThat(notes(id)).containsOnlyOnce("[CREATE] route failed");

        // When
        routes.setAway(false);
        work(id);

        // Then
        assertThat(view(id).publicUrl()).isEqualTo("http://" + id + ".test");
        assertThat(view(id).statusReason()).isNull();

        // When
        routes.setAway(true);
        stop(id);
        work(id);

        // Then
        assertThat(engine.control().containers()).isEmpty();
        assertThat(view(id).status()).isEqualTo(InstanceStatus.STOPPING);
        assertThat(view(id).statusReason()).isEqualTo("unroute: Caddy does not answer");

        // When
        routes.setAway(false);
        work(id);

        // Then
        assertThat(view(id).status()).isEqualTo(InstanceStatus.REMOVED);
        assertThat(routes.routes()).isEmpty();
    }

    @Test
    void shouldGoOnWhenTheEngineIsBack() {
        // Given
        WorkloadId id = create(name()).id();
        engine.setUnreachable(true);

        // When
        work(id);

        // Then
        assertThat(view(id).status()).isEqualTo(InstanceStatus.CREATING);
        assertThat(view(id).statusReason()).contains("unreachable");
        assertThat(open(id).orElseThrow().failures()).isEqualTo(1);

        // When
        engine.setUnreachable(false);
        work(id);

        // Then
        assertThat(engine.control().containers()).containsExactly("spyhop-" + id);
    }

    @Test
    void shouldTakeAnotherPortWhenOneIsInUse() {
        // Given
        Steps narrow = steps(new PortRange(28_800, 28_802));
        engine.control().takePort(28_800);
        WorkloadId first = create(name()).id();
        WorkloadId second = create(name()).id();
        WorkloadId third = create(name()).id();

        // When
        work(first, narrow);
        work(second, narrow);
        work(third, narrow);

        // Then
        assertThat(deployment(first).hostPort()).isEqualTo(28_801);
        assertThat(deployment(second).hostPort()).isEqualTo(28_802);
        assertThat(view(third).status()).isEqualTo(InstanceStatus.FAILED);
        assertThat(view(third).statusReason()).startsWith("every port");
    }

    @Test
    void shouldGiveNoPortTwiceWhenManyAreMadeAtOnce() {
        // Given
        List<WorkloadId> ids = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ids.add(create(name()).id());
        }

        // When
        CompletableFuture.allOf(ids.stream()
                        .map(id -> CompletableFuture.runAsync(() -> work(id), Thread::startVirtualThread))
                        .toArray(CompletableFuture[]::new))
                .join();
        // One that found the database busy is taken up again.
        ids.forEach(this::work);

        // Then
        Set<Integer> ports = new HashSet<>();
        ids.forEach(id -> ports.add(deployment(id).hostPort()));
        assertThat(ports).hasSize(40).doesNotContainNull();
    }

    @Test
    void shouldRefuseANameThatIsInUse() {
        // Given
        String name = name();
        WorkloadId id = create(name).id();

        // Then: while it is made, by another spelling, and by another org
        assertConflict(() -> create(name));
        assertConflict(() -> create(name.toUpperCase(Locale.ROOT)));
        DeploymentSpec foreign = spec(name);
        assertConflict(() -> create(new DeploymentSpec(
                name, "other", IMAGE, host, List.of(), null, Map.of(), null, 0, 0, "no", 0, foreign.labels())));

        // When
        work(id);
        stop(id);
        work(id);

        // Then
        assertThat(create(name).id()).isEqualTo(id);
    }

    @Test
    void shouldNeitherTouchNorTakeAContainerOfThatNameThatIsNotOurs() {
        // Given
        String name = name();
        engine.run(FakeBlueprint.named("spyhop-" + name));
        WorkloadId id = create(name).id();

        // When
        work(id);

        // Then
        assertThat(view(id).status()).isEqualTo(InstanceStatus.FAILED);
        assertThat(view(id).statusReason()).contains("Spyhop did not make");
        assertThat(engine.inspect("spyhop-" + name).orElseThrow().alive()).isTrue();
    }

    @Test
    void shouldMarkAndLimitItsContainer() {
        // Given
        String name = name();
        WorkloadId id = create(name).id();

        // When
        work(id);

        // Then
        ContainerSpec made = engine.control().spec("spyhop-" + id).orElseThrow();
        assertThat(made.labels())
                .containsEntry("spyhop.id", id.value())
                .containsEntry("spyhop.kind", "deployment")
                .containsEntry("spyhop.org", "acme")
                .containsEntry("spyhop.name", name)
                .containsEntry("spyhop.health.path", "/ready")
                .containsEntry("spyhop.managed", ledger.installation());
        assertThat(made.env()).isEqualTo(Map.of("SECRET", "do not show"));
        assertThat(made.command()).containsExactly("serve");
        assertThat(made.memoryBytes()).isEqualTo(64L << 20);
        assertThat(made.cpus()).isEqualTo(0.5);
        assertThat(made.restart()).isEqualTo(new ContainerSpec.Restart("unless-stopped", 0));
        assertThat(made.toString()).doesNotContain("do not show");
    }

    private static DeploymentSpec image(DeploymentSpec spec, String image) {
        return new DeploymentSpec(
                spec.name(),
                spec.org(),
                image,
                spec.host(),
                spec.command(),
                null,
                Map.of(),
                null,
                0,
                0,
                "no",
                0,
                Map.of());
    }
}
