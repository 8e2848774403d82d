package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class OpenApiIT {
    private static final Path COMMITTED = Path.of("..", "docs", "api", "openapi.yaml");

    @Test
    void shouldServeTheDocumentThatIsCommitted() throws IOException {
        // When
        String served = given().get("/openapi").then().statusCode(200).extract().asString();

        // Then
        if (Boolean.getBoolean("spyhop.golden.update")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, served);
        }
        assertThat(served)
                .as("run with -Dspyhop.golden.update=true and look at the difference")
                .isEqualTo(Files.readString(COMMITTED));
        assertThat(served)
                .contains("/api/v1/workloads/{id}/logs/stream", "/api/v1/apps/{app}/logs")
                .doesNotContain("/internal");
    }
}
