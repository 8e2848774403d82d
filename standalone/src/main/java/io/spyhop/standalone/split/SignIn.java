package io.spyhop.standalone.split;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.gateway.token.SignInLink;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What to tell whoever started the suite: where it is, with a link that signs in once. */
final class SignIn {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CREATED = 201;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String address;
    private final Path data;

    SignIn(String host, int port, Path data) {
        this.address = "http://" + SignInLink.local(host) + ":" + port;
        this.data = data;
    }

    String text() throws InterruptedException {
        Path file = data.resolve("admin-token");
        String token = Optional.ofNullable(System.getenv("SPYHOP_ADMIN_TOKEN")).orElseGet(() -> read(file));
        return "Spyhop is up. "
                + link(token).map(link -> "Sign in once with " + link).orElse("It is at " + address + ".")
                + "\nThe admin token is in " + file + ". Ctrl-C stops.";
    }

    /** A link of the gateway's; there is none where it does not answer in time, which must not stop the suite. */
    private Optional<String> link(String token) throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/api/v1/session/link"))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + token)
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == CREATED
                    ? Optional.of(JSON.readTree(response.body()).path("url").asText())
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
