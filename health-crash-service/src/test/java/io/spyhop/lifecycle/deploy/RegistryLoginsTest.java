package io.spyhop.lifecycle.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.RegistryLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryLoginsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "busybox, hub",
        "library/busybox:1.36, hub",
        "docker.io/library/busybox, hub",
        "registry.example.com/team/shop:1.2, team",
        "registry.example.com:5000/shop, other",
        "localhost/shop, local"
    })
    void shouldFindTheLoginOfTheImagesRegistry(String image, String user) throws IOException {
        // Given
        RegistryLogins logins =
                new RegistryLogins(file("""
                {"credsStore": "", "auths": {
                  "https://index.docker.io/v1/": {"auth": "%s"},
                  "registry.example.com": {"auth": "%s", "email": "a@b"},
                  "http://registry.example.com:5000": {"username": "other", "password": "p:w"},
                  "localhost": {"auth": "%s", "identitytoken": "token"}}}
                """.formatted(encoded("hub:p:w"), encoded("team:p:w"), encoded("local:"))));

        // When
        RegistryLogin login = Objects.requireNonNull(logins.of(image));

        // Then
        assertThat(login.username()).isEqualTo(user);
        assertThat(login.password()).isEqualTo(user.equals("local") ? "" : "p:w");
        assertThat(login.identityToken()).isEqualTo(user.equals("local") ? "token" : "");
        assertThat(login.toString()).doesNotContain("p:w", user + ":");
    }

    @Test
    void shouldFindNoneWhereThereIsNone() throws IOException {
        assertThat(new RegistryLogins(null).of("busybox")).isNull();
        assertThat(new RegistryLogins(file("{}")).of("busybox")).isNull();
        assertThat(new RegistryLogins(file("{\"auths\": {\"a.b\": {}}}")).of("registry.example.com/shop"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"auths\": {\"a.b\": {\"auth\": \"secret!\"}}}", "secret"})
    void shouldQuoteNothingWhenTheFileIsNoGood(String text) throws IOException {
        // Given
        RegistryLogins logins = new RegistryLogins(file(text));

        // When // Then
        assertThatThrownBy(() -> logins.of("a.b/shop"))
                .isInstanceOf(EngineRefusedException.class)
                .hasNoCause()
                .hasMessageContaining("logins cannot be read")
                .hasMessageNotContaining("secret");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("config.json"), text);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
