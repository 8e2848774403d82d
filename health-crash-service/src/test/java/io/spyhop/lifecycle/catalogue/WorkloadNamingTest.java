package io.spyhop.lifecycle.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.lifecycle.catalogue.Naming.Source;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadNamingTest {
    private static final String PATTERN = "^(?:spyhop|zynd)-(?<id>[a-z0-9-]+)$";
    private final WorkloadNaming naming = new WorkloadNaming(Pattern.compile(PATTERN));

    @Test
    void shouldNameAWorkerWhenItsLabelsSaySo() {
        // Given
        Map<String, String> labels = Map.of(
                "spyhop.org", "acme",
                "spyhop.project", "shop",
                "spyhop.worker", "Mailer",
                "spyhop.entity-type", "agent",
                "spyhop.entity-id", "e1",
                "spyhop.public-key", "key",
                "spyhop.public-url", "https://shop.example",
                "spyhop.registry-url", "https://registry.example");

        // When
        Naming named = naming.name("local", "x1", labels);

        // Then
        assertThat(named.source()).isEqualTo(Source.LABEL);
        assertThat(named.sourceHost()).isEmpty();
        assertThat(named.kind()).isEqualTo(Kind.WORKER);
        assertThat(named.org()).isEqualTo("acme");
        assertThat(named.project()).isEqualTo("shop");
        assertThat(named.worker()).isEqualTo("Mailer");
        assertThat(named.name()).isEqualTo("Mailer");
        assertThat(named.slug()).isEqualTo("mailer");
        assertThat(named.idWish().value()).isEqualTo("shop-mailer");
        assertThat(named.entityType()).isEqualTo("agent");
        assertThat(named.entityId()).isEqualTo("e1");
        assertThat(named.publicKey()).isEqualTo("key");
        assertThat(named.publicUrl()).isEqualTo("https://shop.example");
        assertThat(named.registryUrl()).isEqualTo("https://registry.example");
    }

    @Test
    void shouldNameAServiceOfADeploymentWhenItsLabelsSaySo() {
        // When
        Naming named = naming.name("local", "x1", Map.of("spyhop.deployment", "prod", "spyhop.service", "api"));

        // Then
        assertThat(named.kind()).isEqualTo(Kind.SERVICE);
        assertThat(named.deployment()).isEqualTo("prod");
        assertThat(named.service()).isEqualTo("api");
        assertThat(named.idWish().value()).isEqualTo("prod-api");
        assertThat(named.org()).isEqualTo("default");
    }

    @Test
    void shouldTakeIdAndKindAndNameWhenTheyAreGiven() {
        // When
        Naming named = naming.name(
                "local",
                "x1",
                Map.of("spyhop.id", "d-42", "spyhop.kind", "worker", "spyhop.name", "Nightly run", "spyhop.app", "a"));

        // Then
        assertThat(named.idWish().value()).isEqualTo("d-42");
        assertThat(named.kind()).isEqualTo(Kind.WORKER);
        assertThat(named.name()).isEqualTo("Nightly run");
        assertThat(named.slug()).isEqualTo("nightly-run");
        assertThat(named.app()).isEqualTo("a");
    }

    @Test
    void shouldBeARunOfItsOwnWhenAContainerIsMadeAfterAServices() {
        // Given
        RunProof proof = RunProof.create();
        String run = RunId.create(Instant.EPOCH, proof).value();

        // When
        Naming named = naming.name(
                "local",
                "spyhop-" + run + "-1",
                Map.of(
                        "spyhop.id", run,
                        "spyhop.kind", "job-run",
                        "spyhop.run.proof", proof.value(),
                        "spyhop.org", "acme",
                        "spyhop.name", "nightly",
                        "com.docker.compose.project", "shop",
                        "com.docker.compose.service", "api"));

        // Then
        assertThat(named.idWish().value()).isEqualTo(run);
        assertThat(named.kind()).isEqualTo(Kind.JOB_RUN);
        assertThat(named.org()).isEqualTo("acme");
        assertThat(named.name()).isEqualTo("nightly");
        assertThat(named.service()).isNull();
        assertThat(named.preferredIndex()).isNull();
    }

    @Test
    void shouldNotBeARunWhenItCannotProveThat() {
        // Given
        String run = RunId.create(Instant.EPOCH).value();
        String other = RunProof.create().value();
        List<Naming> claims = List.of(
                naming.name("local", "liar", Map.of("spyhop.id", run, "spyhop.kind", "job-run")),
                naming.name("local", "liar", Map.of("spyhop.id", run.toUpperCase(Locale.ROOT))),
                naming.name("local", "liar", Map.of("spyhop.id", run, "spyhop.run.proof", other)),
                naming.name("local", "liar", Map.of("spyhop.app", run)),
                naming.name(
                        "local",
                        "liar",
                        Map.of("com.docker.compose.project", "run", "com.docker.compose.service", run.substring(4))),
                naming.name("local", "spyhop-" + run, Map.of("spyhop.kind", "JOB-RUN")),
                naming.name("local", run, Map.of()));

        // Then
        assertThat(claims).allSatisfy(claim -> {
            assertThat(claim.idWish().value()).isNotEqualTo(run);
            assertThat(claim.kind()).isNotEqualTo(Kind.JOB_RUN);
            assertThat(claim.source() + " " + claim.sourceKey()).isNotEqualTo("LABEL id=" + run);
        });
    }

    @Test
    void shouldNotBeAnotherRunThanTheOneThatItProves() {
        // Given
        RunProof proof = RunProof.create();
        String run = RunId.create(Instant.EPOCH, proof).value();

        // When
        Naming named = naming.name(
                "local",
                RunId.create(Instant.EPOCH).value(),
                Map.of("spyhop.id", run, "spyhop.kind", "job-run", "spyhop.run.proof", proof.value()));

        // Then
        assertThat(named.idWish().value()).isEqualTo(run);
    }

    @Test
    void shouldTellKindFromTheLabelsWhenNoneIsGiven() {
        assertThat(naming.name("local", "x", Map.of("spyhop.app", "a")).kind()).isEqualTo(Kind.APP);
        assertThat(naming.name("local", "x", Map.of("spyhop.deployment", "a")).kind())
                .isEqualTo(Kind.DEPLOYMENT);
        assertThat(naming.name("local", "x", Map.of("spyhop.id", "a")).kind()).isEqualTo(Kind.CONTAINER);
        assertThat(naming.name("local", "x", Map.of("spyhop.id", "a", "spyhop.kind", "nonsense"))
                        .kind())
                .isEqualTo(Kind.CONTAINER);
    }

    @Test
    void shouldJoinContainersOfSeveralHostsWhenLabelsNameThem() {
        // Given
        Map<String, String> labels = Map.of("spyhop.id", "a");

        // Then
        assertThat(identity(naming.name("one", "x", labels))).isEqualTo(identity(naming.name("two", "y", labels)));
    }

    @Test
    void shouldKeepHostsApartWhenNoLabelNamesTheWorkload() {
        // Given
        Map<String, String> compose = Map.of("com.docker.compose.project", "shop", "com.docker.compose.service", "web");

        // Then
        assertThat(identity(naming.name("one", "x", Map.of())))
                .isNotEqualTo(identity(naming.name("two", "x", Map.of())));
        assertThat(identity(naming.name("one", "spyhop-a", Map.of())))
                .isNotEqualTo(identity(naming.name("two", "spyhop-a", Map.of())));
        assertThat(identity(naming.name("one", "x", compose))).isNotEqualTo(identity(naming.name("two", "x", compose)));
    }

    @Test
    void shouldNeverJoinAnotherOrgWhenLabelsAreTheSame() {
        // When
        Naming acme = naming.name("local", "x", Map.of("spyhop.id", "api", "spyhop.org", "acme"));
        Naming other = naming.name("local", "y", Map.of("spyhop.id", "api", "spyhop.org", "other"));

        // Then
        assertThat(identity(acme)).isNotEqualTo(identity(other));
        assertThat(acme.candidate(0)).isEqualTo(other.candidate(0));
        assertThat(acme.candidate(1)).isNotEqualTo(other.candidate(1));
    }

    @Test
    void shouldNameServiceAndIndexWhenComposeMadeTheContainer() {
        // When
        Naming named = naming.name(
                "local",
                "shop-web-3",
                Map.of(
                        "com.docker.compose.project", "shop",
                        "com.docker.compose.service", "web",
                        "com.docker.compose.container-number", "3",
                        "spyhop.org", "acme"));

        // Then
        assertThat(named.source()).isEqualTo(Source.COMPOSE);
        assertThat(named.sourceHost()).isEqualTo("local");
        assertThat(named.kind()).isEqualTo(Kind.SERVICE);
        assertThat(named.org()).isEqualTo("acme");
        assertThat(named.deployment()).isEqualTo("shop");
        assertThat(named.service()).isEqualTo("web");
        assertThat(named.idWish().value()).isEqualTo("shop-web");
        assertThat(named.preferredIndex()).isEqualTo(2);
    }

    @Test
    void shouldReadPodmansLabelsWhenPodmanComposeMadeTheContainer() {
        // When
        Naming named = naming.name(
                "local", "x", Map.of("io.podman.compose.project", "shop", "io.podman.compose.service", "web"));

        // Then
        assertThat(named.source()).isEqualTo(Source.COMPOSE);
        assertThat(named.idWish().value()).isEqualTo("shop-web");
        assertThat(named.preferredIndex()).isNull();
    }

    @Test
    void shouldPreferOwnLabelsWhenComposeLabelsAreThereToo() {
        // When
        Naming named = naming.name(
                "local",
                "x",
                Map.of(
                        "com.docker.compose.project", "shop",
                        "com.docker.compose.service", "web",
                        "spyhop.app", "front"));

        // Then
        assertThat(named.source()).isEqualTo(Source.LABEL);
        assertThat(named.idWish().value()).isEqualTo("front");
    }

    @Test
    void shouldStandAloneWhenComposeRunsAOneOff() {
        // When
        Naming named = naming.name(
                "local",
                "shop-web-run-1a2b",
                Map.of(
                        "com.docker.compose.project", "shop",
                        "com.docker.compose.service", "web",
                        "com.docker.compose.oneoff", "True"));

        // Then
        assertThat(named.source()).isEqualTo(Source.NAME);
        assertThat(named.kind()).isEqualTo(Kind.CONTAINER);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "x", "99999"})
    void shouldHaveNoIndexWhenTheNumberIsNone(String number) {
        // When
        Naming named = naming.name(
                "local",
                "x",
                Map.of(
                        "com.docker.compose.project", "shop",
                        "com.docker.compose.service", "web",
                        "com.docker.compose.container-number", number));

        // Then
        assertThat(named.preferredIndex()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"spyhop-abc-1, abc-1", "zynd-abc, abc"})
    void shouldNameADeploymentWhenTheNameMatchesThePattern(String containerName, String id) {
        // When
        Naming named = naming.name("local", containerName, Map.of());

        // Then
        assertThat(named.source()).isEqualTo(Source.PATTERN);
        assertThat(named.kind()).isEqualTo(Kind.DEPLOYMENT);
        assertThat(named.deployment()).isEqualTo(id);
        assertThat(named.idWish().value()).isEqualTo(id);
    }

    @Test
    void shouldTakeTheNameWhenNothingElseIsThere() {
        // When
        Naming named = naming.name("local", "brave_Newton", Map.of("maintainer", "somebody"));

        // Then
        assertThat(named.source()).isEqualTo(Source.NAME);
        assertThat(named.kind()).isEqualTo(Kind.CONTAINER);
        assertThat(named.name()).isEqualTo("brave_Newton");
        assertThat(named.idWish().value()).isEqualTo("brave-newton");
    }

    @Test
    void shouldOnlyDescribeWhenALabelNamesNothing() {
        // When
        Naming named = naming.name("local", "web", Map.of("spyhop.project", "shop", "spyhop.kind", "app"));

        // Then
        assertThat(named.source()).isEqualTo(Source.NAME);
        assertThat(named.kind()).isEqualTo(Kind.APP);
        assertThat(named.project()).isEqualTo("shop");
    }

    @Test
    void shouldIgnoreALabelWhenItIsBlank() {
        assertThat(naming.name("local", "web", Map.of("spyhop.id", " ")).source())
                .isEqualTo(Source.NAME);
    }

    @ParameterizedTest
    @CsvSource({
        "web, web",
        "My Web App!, my-web-app",
        "a__b, a-b",
        "-x-, x",
        "ÄÖÜ, workload",
        "---, workload",
        "0123456789012345678901234567890123456789, 0123456789012345678901234567890123456789"
    })
    void shouldMakeAnIdWhenTheTextIsSomethingElse(String text, String id) {
        assertThat(WorkloadNaming.sanitized(text).value()).isEqualTo(id);
    }

    @Test
    void shouldKeepLongTextsApartWhenTheyAreCut() {
        // When
        WorkloadId one = WorkloadNaming.sanitized("x".repeat(60) + "1");
        WorkloadId two = WorkloadNaming.sanitized("x".repeat(60) + "2");

        // Then
        assertThat(one.value()).hasSize(40).startsWith("xxx");
        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void shouldAskForTheSameIdsInTheSameOrderWhenTheyAreTaken() {
        // When
        Naming named = naming.name("local", "web", Map.of());

        // Then
        assertThat(named.candidate(0).value()).isEqualTo("web");
        assertThat(named.candidate(1).value()).matches("web-[0-9a-f]{6}");
        assertThat(named.candidate(1))
                .isEqualTo(naming.name("local", "web", Map.of()).candidate(1))
                .isNotEqualTo(named.candidate(2))
                .isNotEqualTo(naming.name("other", "web", Map.of()).candidate(1));
    }

    private static Map<String, Object> identity(Naming named) {
        return new HashMap<>(Map.of(
                "org", named.org(),
                "source", named.source(),
                "host", named.sourceHost(),
                "key", named.sourceKey()));
    }
}
