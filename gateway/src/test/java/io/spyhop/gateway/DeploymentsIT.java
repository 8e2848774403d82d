package io.spyhop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.spyhop.contracts.deployment.DeploymentSpec;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(Backends.class)
class DeploymentsIT {
    @Inject
    FakeDeployments deployments;

    @Test
    void shouldRunWhatIsAskedForWhenOnlyNameAndImageAreGiven() {
        // When
        post(Backends.ADMIN, "{\"name\":\" Shop \",\"image\":\"registry.example.com:5000/team/shop:1.2\"}")
                .statusCode(201)
                .header("Location", endsWith("/api/deployments/made"))
                .body("id", equalTo("made"))
                .body("status", equalTo("creating"));

        // Then
        assertThat(deployments.last())
                .isEqualTo(new DeploymentSpec(
                        "Shop",
                        "default",
                        "registry.example.com:5000/team/shop:1.2",
                        null,
                        List.of(),
                        null,
                        Map.of(),
                        null,
                        1536L << 20,
                        0,
                        "unless-stopped",
                        0,
                        Map.of()));
    }

    @Test
    void shouldRunWhatIsAskedForWhenAllIsGiven() {
        // When
        post(Backends.ADMIN, """
                {"name":"shop","image":"shop@sha256:%s","host":"east","command":["serve","--fast"],
                "env":{"TOKEN":"secret","EMPTY":""},"port":8080,"memoryMb":64,"cpus":0.5,"restart":"on-failure:3",
                "health":{"path":"/ready","port":8081,"interval":"30s","timeout":"2s","threshold":3},"org":"acme",
                "entityType":"agent","entityId":"e1","publicKey":"k","registryUrl":"https://r"}
                """.formatted("a".repeat(64))).statusCode(201).body(not(startsWith("secret")));

        // Then
        DeploymentSpec spec = deployments.last();
        assertThat(spec)
                .isEqualTo(new DeploymentSpec(
                        "shop",
                        "acme",
                        "shop@sha256:" + "a".repeat(64),
                        "east",
                        List.of("serve", "--fast"),
                        null,
                        Map.of("TOKEN", "secret", "EMPTY", ""),
                        8080,
                        64L << 20,
                        0.5,
                        "on-failure",
                        3,
                        Map.of(
                                "health.path", "/ready",
                                "health.port", "8081",
                                "health.interval", "30s",
                                "health.timeout", "2s",
                                "health.threshold", "3",
                                "entity-type", "agent",
                                "entity-id", "e1",
                                "public-key", "k",
                                "registry-url", "https://r")));
        assertThat(spec.toString()).doesNotContain("secret");
    }

    @Test
    void shouldTakeALineForAShellWhenTheCommandIsText() {
        // When
        post(Backends.ADMIN, "{\"name\":\"shop\",\"image\":\"shop\",\"command\":\"echo $HOME; sleep 1\"}")
                .statusCode(201);

        // Then
        assertThat(deployments.last().shell()).isEqualTo("echo $HOME; sleep 1");
        assertThat(deployments.last().command()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | \"name\":\"  \"",
                "name | \"name\":\"ÄÖ\"",
                "name | \"name\":null",
                "image | \"image\":\"Shop\"",
                "image | \"image\":\"shop:\"",
                "image | \"image\":\"../shop\"",
                "image | \"image\":\"shop/\"",
                "image | \"image\":\"http://shop\"",
                "image | \"image\":null",
                "command | \"command\":[]",
                "command | \"command\":[1]",
                "command | \"command\":7",
                "command | \"command\":\" \"",
                "env | \"env\":{\"A=B\":\"c\"}",
                "env | \"env\":{\"\":\"c\"}",
                "env.A | \"env\":{\"A\":null}",
                "env.A | \"env\":{\"A\":7}",
                "registryUrl | \"registryUrl\":\"https://me:secret@registry.example.com\"",
                "port | \"port\":0",
                "port | \"port\":65536",
                "memoryMb | \"memoryMb\":5",
                "cpus | \"cpus\":0",
                "restart | \"restart\":\"sometimes\"",
                "restart | \"restart\":\"always:3\"",
                "restart | \"restart\":\"on-failure:9999\"",
                "health.path | \"health\":{\"path\":\"ready\"}",
                "health.interval | \"health\":{\"interval\":\"soon\"}",
                "health.threshold | \"health\":{\"threshold\":0}",
                "health.colour | \"health\":{\"colour\":\"red\"}",
                "org | \"org\":\"\"",
                "entityId | \"entityId\":\"\"",
                "colour | \"colour\":\"red\"",
            })
    void shouldNameTheFieldThatIsWrong(String field, String json) {
        // Given
        int before = deployments.count();
        String name = json.startsWith("\"name\"") ? "" : "\"name\":\"shop\",";
        String image = json.startsWith("\"image\"") ? "" : "\"image\":\"shop\",";

        // When
        post(Backends.ADMIN, "{" + name + image + json + "}")
                .statusCode(400)
                .body("code", equalTo("body-invalid"))
                .body("detail", startsWith(field + ": "));

        // Then
        assertThat(deployments.count()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "a/b", "a.b/c", "localhost:5000/a/b-c__d.e:V1.0-x", "docker.io/library/busybox"})
    void shouldTakeWhatIsAReference(String image) {
        post(Backends.ADMIN, "{\"name\":\"shop\",\"image\":\"" + image + "\"}").statusCode(201);
    }

    @Test
    void shouldKeepToTheOrgsOfTheToken() {
        // Given
        Tokens.Minted acme = Tokens.mint("operator", "acme");
        Tokens.Minted viewer = Tokens.mint("viewer", "acme");

        // Then
        post(acme.token(), "{\"name\":\"shop\",\"image\":\"shop\"}").statusCode(201);
        assertThat(deployments.last().org()).isEqualTo("acme");
        post(acme.token(), "{\"name\":\"shop\",\"image\":\"shop\",\"org\":\"other\"}")
                .statusCode(403)
                .body("code", equalTo("role-missing"));
        post(viewer.token(), "{\"name\":\"shop\",\"image\":\"shop\"}").statusCode(403);
        for (String order : List.of("/stop", "/restart")) {
            Tokens.as(acme.token())
                    .post("/api/v1/workloads/other-web" + order)
                    .then()
                    .statusCode(404);
            Tokens.as(viewer.token())
                    .post("/api/v1/workloads/acme-shop" + order)
                    .then()
                    .statusCode(403);
        }
        Tokens.as(viewer.token()).delete("/api/v1/workloads/acme-shop").then().statusCode(403);
        Tokens.revoke(acme.id());
        Tokens.revoke(viewer.id());
    }

    @Test
    void shouldPassOnThatTheNameIsInUse() {
        post(Backends.ADMIN, "{\"name\":\"" + FakeDeployments.IN_USE + "\",\"image\":\"shop\"}")
                .statusCode(409)
                .body("code", equalTo("state-conflict"));
    }

    @Test
    void shouldTakeOrdersUnderEveryAddress() {
        // When
        for (String address : List.of(
                "/api/v1/workloads/acme-shop",
                "/api/deployments/shop",
                "/api/orgs/acme/deployments/shop/services/api",
                "/api/orgs/acme/projects/site/workers/dev",
                "/api/v1/apps/chat")) {
            Tokens.as(Backends.ADMIN)
                    .post(address + "/stop")
                    .then()
                    .statusCode(202)
                    .body("status", equalTo("stopping"));
            Tokens.as(Backends.ADMIN)
                    .post(address + "/restart")
                    .then()
                    .statusCode(202)
                    .body("status", equalTo("restarting"));
            Tokens.as(Backends.ADMIN).delete(address).then().statusCode(202);
            Tokens.as(Backends.ADMIN)
                    .post(address + "/stop?now=1")
                    .then()
                    .statusCode(400)
                    .body("parameter", equalTo("now"));
        }

        // Then
        assertThat(deployments.orders())
                .contains(
                        "stop acme-shop",
                        "restart acme-shop",
                        "stop acme-service",
                        "stop acme-worker",
                        "stop acme-app");
    }

    private static ValidatableResponse post(String token, String body) {
        return Tokens.as(token)
                .contentType("application/json")
                .body(body)
                .post("/api/deployments")
                .then();
    }
}
