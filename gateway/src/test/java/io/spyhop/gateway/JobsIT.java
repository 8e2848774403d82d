package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobParameter;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunRequest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What jobs are, and that they are run. Each test has jobs of its own. */
@QuarkusTest
@WithTestResource(Backends.class)
class JobsIT {
    private static final WorkloadId SERVICE = new WorkloadId("acme-service");
    private static final String JOBS = "/api/orgs/acme/deployments/shop/services/api/jobs";

    private final String job = "j" + UUID.randomUUID().toString().substring(0, 8);

    @Inject
    FakeJobs jobs;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void shouldMakeAJobWholeWhenOnlyItsNameAndCommandAreGiven() {
        // When
        send("POST", JOBS, "{\"name\":\" Tidy up: " + job + "!\",\"command\":\"tidy\"}")
                .statusCode(201)
                .header("Location", endsWith("/api/v1/workloads/acme-service/jobs/tidy-up-" + job))
                .body("id", equalTo("tidy-up-" + job))
                .body("command", equalTo("tidy"))
                .body("source", equalTo("api"))
                .body("revision", equalTo(1))
                .body("createdAt", equalTo("1970-01-01T00:00:00Z"));

        // Then
        assertThat(definition("tidy-up-" + job))
                .isEqualTo(new JobDefinition(
                        "tidy-up-" + job,
                        " Tidy up: " + job + "!",
                        JobMode.RUN,
                        JobCommand.of("tidy"),
                        Map.of(),
                        List.of(),
                        null,
                        null,
                        0,
                        0,
                        10,
                        "allow",
                        null,
                        "UTC",
                        "skip",
                        true));
    }

    @Test
    void shouldKeepAllThatIsGiven() {
        // When
        send("PUT", JOBS + "/" + job, """
                {"id":"%s","name":"Migrate","mode":"exec","command":["migrate","--all"],"env":{"TOKEN":"secret","A":""},
                "parameters":[{"name":"TO","default":"1","pattern":"[0-9]+","description":"Which"},{"name":"FROM"}],
                "image":"shop:2","workingDirectory":"/srv","timeoutSeconds":60,"retries":2,"retryBackoffSeconds":5,
                "concurrency":"forbid","schedule":"@hourly","timeZone":"Europe/Berlin","missed":"run-once","enabled":false}
                """.formatted(job)).statusCode(201).body("command", contains("migrate", "--all"));

        // Then
        assertThat(definition(job))
                .isEqualTo(new JobDefinition(
                        job,
                        "Migrate",
                        JobMode.EXEC,
                        JobCommand.of(List.of("migrate", "--all")),
                        Map.of("TOKEN", "secret", "A", ""),
                        List.of(
                                new JobParameter("TO", "1", "[0-9]+", "Which"),
                                new JobParameter("FROM", null, null, null)),
                        "shop:2",
                        "/srv",
                        60,
                        2,
                        5,
                        "forbid",
                        "@hourly",
                        "Europe/Berlin",
                        "run-once",
                        false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | {\"command\":\"a\"}",
                "id | {\"name\":\"ÄÖ\",\"command\":\"a\"}",
                "id | {\"id\":\"UPPER\",\"command\":\"a\"}",
                "id | {\"id\":7,\"command\":\"a\"}",
                "command | {\"id\":\"x\"}",
                "command | {\"id\":\"x\",\"command\":7}",
                "command | {\"id\":\"x\",\"command\":[1]}",
                "command | {\"id\":\"x\",\"command\":{}}",
                "mode | {\"id\":\"x\",\"command\":\"a\",\"mode\":\"RUN\"}",
                "env.A | {\"id\":\"x\",\"command\":\"a\",\"env\":{\"A\":null}}",
                "env.A | {\"id\":\"x\",\"command\":\"a\",\"env\":{\"A\":7}}",
                "parameters | {\"id\":\"x\",\"command\":\"a\",\"parameters\":[null]}",
                "parameters | {\"id\":\"x\",\"command\":\"a\",\"parameters\":[{}]}",
                "parameters.0.colour | {\"id\":\"x\",\"command\":\"a\",\"parameters\":[{\"colour\":\"red\"}]}",
                "timeoutSeconds | {\"id\":\"x\",\"command\":\"a\",\"timeoutSeconds\":\"1\"}",
                "enabled | {\"id\":\"x\",\"command\":\"a\",\"enabled\":\"yes\"}",
                "nextAt | {\"id\":\"x\",\"command\":\"a\",\"nextAt\":\"2026-01-01T00:00:00Z\"}",
            })
    void shouldNameTheFieldThatIsWrong(String field, String body) {
        send("POST", JOBS, body)
                .statusCode(400)
                .body("code", equalTo("body-invalid"))
                .body("detail", startsWith(field + ": "));
    }

    @Test
    void shouldReplaceOnlyTheRevisionThatIsNamed() {
        // Given
        create("\"env\":{\"A\":\"1\"}");

        // Then
        send("PUT", JOBS + "/" + job, "{\"command\":\"b\"}")
                .statusCode(200)
                .body("revision", equalTo(2))
                .body("env", equalTo(Map.of()));
        send("PUT", JOBS + "/" + job + "?revision=1", "{\"command\":\"c\"}")
                .statusCode(409)
                .body("code", equalTo("state-conflict"));
        send("PUT", JOBS + "/" + job + "?revision=2", "{\"command\":\"c\"}").statusCode(200);
        send("PUT", JOBS + "/" + job, "{\"id\":\"other\",\"command\":\"c\"}")
                .statusCode(400)
                .body("detail", startsWith("id: "));
        send("POST", JOBS, "{\"id\":\"" + job + "\",\"command\":\"c\"}").statusCode(409);
    }

    @Test
    void shouldChangeWhatThePatchSaysAndNothingElseWhenOthersChangeItToo() {
        // Given
        create("\"env\":{\"A\":\"1\",\"B\":\"2\"},\"schedule\":\"@daily\",\"retries\":3");
        jobs.interfere(known -> new JobDefinition(
                known.id(),
                "theirs",
                known.mode(),
                known.command(),
                known.env(),
                known.parameters(),
                known.image(),
                known.workingDirectory(),
                known.timeoutSeconds(),
                known.retries(),
                known.retryBackoffSeconds(),
                known.concurrency(),
                known.schedule(),
                known.timeZone(),
                known.missed(),
                known.enabled()));

        // When
        Tokens.as(Backends.ADMIN)
                .contentType("application/merge-patch+json")
                .body("{\"env\":{\"A\":null,\"C\":\"3\"},\"schedule\":null,\"command\":[\"b\"]}")
                .patch(JOBS + "/" + job)
                .then()
                .statusCode(200)
                .body("revision", equalTo(3));

        // Then
        JobDefinition now = definition(job);
        assertThat(now.name()).isEqualTo("theirs");
        assertThat(now.env()).isEqualTo(Map.of("B", "2", "C", "3"));
        assertThat(now.schedule()).isNull();
        assertThat(now.retries()).isEqualTo(3);
        assertThat(now.command().arguments()).containsExactly("b");
        send("PATCH", JOBS + "/" + job, "{\"id\":\"other\"}").statusCode(400).body("detail", startsWith("id: "));
        send("PATCH", JOBS + "/" + job, "{\"command\":null}").statusCode(400).body("detail", startsWith("command: "));
        send("PATCH", JOBS + "/" + job, "{\"colour\":1}").statusCode(400).body("detail", startsWith("colour: "));
        send("PATCH", JOBS + "/" + job, "[]").statusCode(400);
        send("PATCH", JOBS + "/none", "{}").statusCode(404).body("code", equalTo("job-unknown"));
    }

    @Test
    void shouldShowNamesAloneToWhoMayOnlyLook() {
        // Given
        create("\"env\":{\"TOKEN\":\"sec.ret\",\"A\":\"1\"}");
        Tokens.Minted viewer = Tokens.mint("viewer", "acme");
        Tokens.Minted operator = Tokens.mint("operator", "acme");
        String run = send("POST", JOBS + "/" + job + "/run", "{}").extract().path("id");

        // Then
        get(operator, "/" + job).body("env", equalTo(Map.of("TOKEN", "sec.ret", "A", "1")));
        for (String path : List.of("", "/" + job, "/" + job + "/runs/" + run)) {
            Response seen = get(viewer, path).extract().response();
            assertThat(seen.asString()).contains("TOKEN").doesNotContain("sec.ret");
        }
        get(viewer, "/" + job).body("env", nullValue()).body("envKeys", contains("A", "TOKEN"));
        get(operator, "/" + job + "/runs/" + run)
                .body("definition.env", nullValue())
                .body("envKeys", contains("A", "PATH"));
    }

    @Test
    void shouldRunAndSayWhoAskedForIt() {
        // Given
        create("\"parameters\":[{\"name\":\"TO\"}]");
        Tokens.Minted operator = Tokens.mint("operator", "acme");

        // When
        ValidatableResponse asked = Tokens.as(operator.token())
                .header("Idempotency-Key", "one")
                .contentType("application/json")
                .body("{\"parameters\":{\"TO\":\"sec.ret\"}}")
                .post(JOBS + "/" + job + "/run")
                .then()
                .statusCode(202)
                .body("jobId", equalTo(job))
                .body("status", equalTo("queued"))
                .body("triggeredBy", equalTo("api"))
                .body("triggeredByName", equalTo(operator.name()));
        String run = asked.extract().path("id");

        // Then
        asked.header("Location", endsWith("/api/v1/workloads/acme-service/jobs/" + job + "/runs/" + run));
        assertThat(jobs.lastRequest())
                .isEqualTo(new RunRequest("acme", Run.BY_API, operator.name(), Map.of("TO", "sec.ret"), "one", null));
        assertThat(jobs.lastRequest().toString()).doesNotContain("sec.ret");

        // When
        given().cookie("spyhop_session", Tokens.signIn(operator.token()))
                .header("Origin", RestAssured.baseURI + ":" + port)
                .post(JOBS + "/" + job + "/run")
                .then()
                .statusCode(202)
                .body("triggeredBy", equalTo("dashboard"));

        // Then
        assertThat(jobs.lastRequest().parameters()).isEmpty();
        assertThat(jobs.lastRequest().idempotencyKey()).isNull();

        // When
        send("POST", JOBS + "/" + job + "/run", "{\"rerunOf\":\"" + run + "\"}")
                .statusCode(202)
                .body("rerunOf", equalTo(run));

        // Then
        assertThat(jobs.lastRequest().rerunOf()).isEqualTo(new RunId(run));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parameters.A | {\"parameters\":{\"A\":null}}",
                "parameters.A | {\"parameters\":{\"A\":1}}",
                "parameters | {\"rerunOf\":\"run-000000000000000000000000\",\"parameters\":{\"A\":\"1\"}}",
                "rerunOf | {\"rerunOf\":\"last\"}",
                "colour | {\"colour\":\"red\"}",
            })
    void shouldNameTheFieldThatIsWrongInARun(String field, String body) {
        // Given
        create("\"retries\":1");

        // Then
        send("POST", JOBS + "/" + job + "/run", body)
                .statusCode(400)
                .body("code", equalTo("body-invalid"))
                .body("detail", startsWith(field + ": "));
    }

    @Test
    void shouldLetViewersLookAndOperatorsActUnderEveryAddressOfTheirOrgs() {
        // Given
        Tokens.Minted viewer = Tokens.mint("viewer", "acme");
        Tokens.Minted operator = Tokens.mint("operator", "acme");
        Tokens.Minted foreign = Tokens.mint("operator", "other");
        for (String address : List.of(
                "/api/v1/workloads/acme-shop",
                "/api/deployments/shop",
                "/api/orgs/acme/deployments/shop/services/api",
                "/api/orgs/acme/projects/site/workers/dev",
                "/api/v1/apps/chat")) {
            String path = address + "/jobs/" + job;
            String body = "{\"command\":\"a\"}";

            // Then
            send(viewer, "PUT", path, body).statusCode(403).body("code", equalTo("role-missing"));
            send(foreign, "PUT", path, body).statusCode(404).body("code", equalTo("workload-unknown"));
            send(operator, "PUT", path, body).statusCode(201);
            String run = send(operator, "POST", path + "/run", "")
                    .statusCode(202)
                    .extract()
                    .path("id");
            for (String read : List.of(
                    "/jobs", "/jobs/" + job, "/jobs/" + job + "/runs", "/jobs/" + job + "/runs/" + run, "/runs")) {
                Tokens.as(viewer.token()).get(address + read).then().statusCode(200);
                Tokens.as(foreign.token()).get(address + read).then().statusCode(404);
            }
            for (String act : List.of("/run", "/runs/" + run + "/cancel")) {
                send(viewer, "POST", path + act, "").statusCode(403);
                send(foreign, "POST", path + act, "").statusCode(404);
                send(operator, "POST", path + act, "").statusCode(202);
            }
            send(viewer, "PATCH", path, body).statusCode(403);
            send(viewer, "POST", address + "/jobs", body).statusCode(403);
            send(viewer, "DELETE", path, "").statusCode(403);
            send(foreign, "DELETE", path, "").statusCode(404);
            send(operator, "DELETE", path, "").statusCode(204);
            send(operator, "DELETE", path, "").statusCode(404).body("code", equalTo("job-unknown"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | jobs/none | 404 | job-unknown",
                "GET | jobs/UPPER | 404 | job-unknown",
                "GET | jobs/a%20b | 404 | job-unknown",
                "GET | jobs/none/runs/run-1 | 404 | run-unknown",
                "GET | jobs/none/runs/run-000000000000000000000000 | 404 | run-unknown",
                "GET | jobs/none/runs/run-000000000000000000000000/logs | 404 | run-unknown",
                "GET | jobs/none/runs/acme-service/logs | 404 | run-unknown",
                "GET | jobs/none/runs/acme-service/logs/stream | 404 | run-unknown",
                "POST | jobs/none/run | 404 | job-unknown",
                "POST | jobs/none/runs/run-000000000000000000000000/cancel | 404 | run-unknown",
                "DELETE | jobs/a.b | 404 | job-unknown",
                "GET | jobs?limit=1 | 400 | parameter-invalid",
                "GET | runs?status=done | 400 | parameter-invalid",
                "GET | runs?triggeredBy=me | 400 | parameter-invalid",
                "GET | runs?from=yesterday | 400 | parameter-invalid",
                "GET | runs?limit=1001 | 400 | parameter-invalid",
                "GET | runs?q=a&cursor=x | 400 | parameter-invalid",
                "GET | runs?q=a&cursor=AAAA | 400 | parameter-invalid",
                "POST | runs | 405 | method-unknown",
            })
    void shouldSayWhatIsWrongWithTheAddress(String method, String path, int status, String code) {
        Tokens.as(Backends.ADMIN)
                .urlEncodingEnabled(false)
                .request(method, "/api/v1/workloads/acme-service/" + path)
                .then()
                .statusCode(status)
                .body("code", equalTo(code));
    }

    private void create(String fields) {
        send("POST", JOBS, "{\"id\":\"" + job + "\",\"command\":\"a\"," + fields + "}")
                .statusCode(201)
                .body("id", not(nullValue()));
    }

    private JobDefinition definition(String id) {
        return jobs.find(SERVICE, id).definition();
    }

    private static ValidatableResponse get(Tokens.Minted token, String path) {
        return Tokens.as(token.token()).get(JOBS + path).then().statusCode(200);
    }

    private static ValidatableResponse send(String method, String path, String body) {
        return send(new Tokens.Minted("", "", Backends.ADMIN), method, path, body);
    }

    private static ValidatableResponse send(Tokens.Minted token, String method, String path, String body) {
        return Tokens.as(token.token())
                .contentType("application/json")
                .body(body)
                .request(method, path)
                .then();
    }
}
