package io.spyhop.lifecycle.watch;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.engine.DockerContainers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service answers for, on a real engine, broker and database. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class CatalogueApiIT {
    private static final String IMAGE = DockerContainers.IMAGE;
    private static final String OFFLINE = DockerContainers.NO_NETWORK;

    private final DockerContainers containers = new DockerContainers();
    private final String prefix = "it-" + containers.label().substring(0, 8);

    @BeforeEach
    void awaitReadiness() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
        await().until(() -> given().get("/readyz").statusCode() == 200);
    }

    @AfterEach
    void remove() {
        containers.close();
    }

    @Test
    void shouldAnswerForNamesWhenLabelsGiveThem() {
        // Given
        String org = prefix + "-org";
        labelled(org, "spyhop.project=shop", "spyhop.worker=mailer");
        labelled(org, "spyhop.app=front", "spyhop.name=Front %_ Page");
        labelled(org, "spyhop.id=" + prefix + "-d1", "spyhop.deployment=prod", "spyhop.kind=deployment");
        RunProof proof = RunProof.create();
        String run = RunId.create(Instant.now(), proof).value();
        labelled(org, "spyhop.id=" + run, "spyhop.kind=job-run", "spyhop.run.proof=" + proof.value());
        labelled(org + "2", "spyhop.app=front");
        await().untilAsserted(() -> asked().queryParam("org", org, org + "2")
                .queryParam("limit", 10)
                .queryParam("status", "RUNNING")
                .get("/internal/workloads")
                .then()
                .body("items", hasSize(4)));
        await().untilAsserted(() -> asked().queryParam("org", org)
                .queryParam("kind", "JOB_RUN")
                .queryParam("limit", 10)
                .get("/internal/workloads")
                .then()
                .body("items", hasSize(1)));

        // When / Then: addresses
        String front = address(org, Map.of("kind", "APP", "app", "front"));
        String other = address(org + "2", Map.of("kind", "APP", "app", "front"));
        assertThat(front).isNotEqualTo(other);
        assertThat(address(org, Map.of("kind", "APP", "app", front))).isEqualTo(front);
        assertThat(address(org, Map.of("kind", "WORKER", "project", "shop", "worker", "mailer")))
                .startsWith("shop-mailer");
        assertThat(address(org, Map.of("kind", "DEPLOYMENT", "deployment", "prod")))
                .isEqualTo(prefix + "-d1");
        assertThat(address(org, Map.of("kind", "DEPLOYMENT", "deployment", prefix + "-d1")))
                .isEqualTo(prefix + "-d1");
        asked().queryParam("org", org)
                .queryParam("kind", "APP")
                .queryParam("app", other)
                .get("/internal/workloads/by-address")
                .then()
                .statusCode(404)
                .body("code", equalTo("workload-unknown"));

        // Then: lists
        list(org).then().body("items", hasSize(3)).body("items.id", not(hasItem(run)));
        asked().queryParam("org", org)
                .queryParam("kind", "JOB_RUN")
                .queryParam("limit", 10)
                .get("/internal/workloads")
                .then()
                .body("items.id", equalTo(List.of(run)));
        asked().queryParam("org", org)
                .queryParam("q", "FRONT %_")
                .queryParam("limit", 10)
                .get("/internal/workloads")
                .then()
                .body("items.id", equalTo(List.of(front)));
        asked().queryParam("org", org)
                .queryParam("q", "f%t")
                .queryParam("limit", 10)
                .get("/internal/workloads")
                .then()
                .body("items", hasSize(0));
        List<String> all = list(org).path("items.id");
        String next = asked().queryParam("org", org)
                .queryParam("limit", 2)
                .get("/internal/workloads")
                .then()
                .body("items.id", equalTo(all.subList(0, 2)))
                .extract()
                .path("next");
        asked().queryParam("org", org)
                .queryParam("limit", 2)
                .queryParam("cursor", next)
                .get("/internal/workloads")
                .then()
                .body("items.id", equalTo(all.subList(2, 3)))
                .body("next", equalTo(null));
    }

    @Test
    void shouldRefuseWhenTheRequestIsWrong() {
        given().get("/internal/workloads/some-id").then().statusCode(404).body("code", equalTo("not-found"));
        asked().get("/internal/workloads/never-was").then().statusCode(404).body("code", equalTo("workload-unknown"));
        asked().get("/internal/workloads/NOT_AN_ID").then().statusCode(404).body("code", equalTo("workload-unknown"));
        asked().queryParam("limit", 0)
                .get("/internal/workloads")
                .then()
                .statusCode(400)
                .body("parameter", equalTo("limit"));
        asked().queryParam("limit", 1)
                .queryParam("cursor", "'; drop table")
                .get("/internal/workloads")
                .then()
                .statusCode(400)
                .body("parameter", equalTo("cursor"));
    }

    @Test
    void shouldBeReadyWhenItsHostIsListed() {
        given().get("/readyz")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'hosts' }.data.hosts", equalTo(1))
                .body("checks.find { it.name == 'hosts' }.data['host.local']", equalTo("watching"));
        given().get("/healthz").then().statusCode(200);
    }

    @Test
    void shouldListItsHostWhenItIsWatched() {
        // Given
        labelled(prefix + "-org", "spyhop.app=front");

        // Then
        await().untilAsserted(() -> asked().get("/internal/hosts")
                .then()
                .statusCode(200)
                .body("items.name", equalTo(List.of("local")))
                .body("items[0].state", equalTo("watching"))
                .body("items[0].endpoint", startsWith("unix:///"))
                .body("items[0].engine", matchesPattern("(Docker|Podman) \\d+\\..*"))
                .body("items[0].apiVersion", matchesPattern("\\d+\\.\\d+"))
                .body("items[0].lastContactAt", notNullValue())
                .body("items[0].changedAt", notNullValue())
                .body("items[0].containers", greaterThan(0))
                .body("items[0].capture", nullValue()));
        given().get("/internal/hosts").then().statusCode(404);
    }

    private void labelled(String org, String... labels) {
        List<String> arguments = new ArrayList<>(List.of(OFFLINE, "--label=spyhop.org=" + org));
        for (String label : labels) {
            arguments.add("--label=" + label);
        }
        arguments.addAll(List.of(IMAGE, "sleep", "100"));
        containers.run(arguments.toArray(String[]::new));
    }

    private String address(String org, Map<String, String> names) {
        return asked().queryParam("org", org)
                .queryParams(names)
                .get("/internal/workloads/by-address")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static Response list(String org) {
        return asked().queryParam("org", org).queryParam("limit", 10).get("/internal/workloads");
    }

    private static RequestSpecification asked() {
        return given().header(InternalSecret.HEADER, EmbeddedParts.SECRET);
    }
}
