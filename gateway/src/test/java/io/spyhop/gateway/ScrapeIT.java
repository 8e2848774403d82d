package io.spyhop.gateway;

import static io.spyhop.gateway.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Prometheus scrapes. */
@QuarkusTest
@WithTestResource(Backends.class)
class ScrapeIT {
    private static final Path GOLDEN = Path.of("src/test/resources/scrape");
    private static final String OPEN = "application/openmetrics-text";

    @Inject
    FakeUsage usage;

    @BeforeEach
    void begin() {
        usage.reset();
        usage.count("c0ffee", "sh\"op\\1", "shop:1\nx", "acme-shop", "acme");
        usage.count("decade", "app", "app:2", "acme-app", "acme");
        usage.count("beef", "web", "web:3", "other-web", "other");
    }

    @AfterEach
    void end() {
        usage.reset();
    }

    @ParameterizedTest
    @CsvSource({
        "application/openmetrics-text;version=1.0.0;q=0.5, open.txt, application/openmetrics-text; version=1.0.0; charset=utf-8",
        "*/*, classic.txt, text/plain; version=0.0.4; charset=utf-8"
    })
    void shouldWriteContainersUnderTheNamesOfCadvisor(String accept, String golden, String type) throws IOException {
        // Given
        String acme = Tokens.mint("viewer", "acme").token();

        // When
        Response answer = as(acme).accept(accept).get("/metrics");

        // Then
        answer.then().statusCode(200);
        String text = answer.asString();
        if (Boolean.getBoolean("spyhop.golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(GOLDEN.resolve(golden), text);
        }
        assertThat(text)
                .as("run with -Dspyhop.golden.update=true and look at the difference")
                .isEqualTo(Files.readString(GOLDEN.resolve(golden)));
        assertThat(answer.contentType()).isEqualToIgnoringCase(type);
        assertThat(text).doesNotContain("other-web", "jvm_");
    }

    @Test
    void shouldAddItsOwnMetersOnlyForAnAdminOfEverything() {
        // Given
        String all = Tokens.mint("viewer", null).token();

        // When
        String text = scrape(Backends.ADMIN, OPEN);

        // Then
        assertThat(text)
                .contains("container_threads{id=\"beef\"", "jvm_memory_used_bytes{", "spyhop_stream_subscribers ")
                .endsWith("\n# EOF\n")
                .containsOnlyOnce("# EOF");
        assertThat(scrape(Backends.ADMIN, "text/plain"))
                .contains("jvm_memory_used_bytes{")
                .doesNotContain("# EOF");
        assertThat(scrape(all, OPEN)).contains("id=\"beef\"").doesNotContain("jvm_");
        String limited = Tokens.mint("admin", "other").token();
        assertThat(scrape(limited, OPEN)).contains("id=\"beef\"").doesNotContain("jvm_", "c0ffee");
    }

    @Test
    void shouldKeepTheSamplesOfAFamilyTogether() {
        // Given
        for (int i = 0; i < 500; i++) {
            usage.count("c" + i, "n" + i, "i", "w-" + i, "acme");
        }

        // When
        List<String> names = scrape(Backends.ADMIN, OPEN)
                .lines()
                .filter(line -> line.startsWith("container_"))
                .map(line -> line.replaceFirst("\\{.*", ""))
                .toList();

        // Then
        long changes = 1;
        for (int i = 1; i < names.size(); i++) {
            changes += names.get(i).equals(names.get(i - 1)) ? 0 : 1;
        }
        assertThat(changes).isEqualTo(names.stream().distinct().count());
        assertThat(names)
                .filteredOn("container_cpu_usage_seconds_total"::equals)
                .hasSize(503);
    }

    @Test
    void shouldStillTellOfItselfWhenMetricsServiceIsAway() {
        // Given
        usage.setAway(true);

        // Then
        assertThat(scrape(Backends.ADMIN, OPEN))
                .contains("jvm_memory_used_bytes{", "spyhop_scrape_failures_total ")
                .doesNotContain("container_");
        as(Tokens.mint("viewer", null).token())
                .get("/metrics")
                .then()
                .statusCode(503)
                .body("code", equalTo("dependency-away"));
    }

    @Test
    void shouldNotBeServedWithoutATokenNorElsewhere() {
        // Then
        RestAssured.given().get("/metrics").then().statusCode(401);
        as(Backends.ADMIN).get("/q/metrics").then().statusCode(404);
        as(Backends.ADMIN).get("/metrics/x").then().statusCode(404);
    }

    private static String scrape(String token, String accept) {
        Response answer = as(token).accept(accept).get("/metrics");
        answer.then().statusCode(200);
        return answer.asString();
    }
}
