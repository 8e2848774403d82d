package io.spyhop.lifecycle.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.RegistryLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Credentials for registries, in a file as {@code docker login} writes it. It is read for each pull, so that it may change, and
 * nothing of it is kept or told. Thread-safe.
 */
final class RegistryLogins {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HUB = "docker.io";
    private static final Set<String> HUB_NAMES = Set.of(HUB, "index.docker.io", "registry-1.docker.io");

    private final @Nullable Path file;

    /** Those in a file; none where there is no file. */
    RegistryLogins(@Nullable Path file) {
        this.file = file;
    }

    /**
     * For the registry of an image; null where there are none.
     *
     * @throws EngineRefusedException when the file cannot be read
     */
    @Nullable
    RegistryLogin of(String image) {
        if (file == null) {
            return null;
        }
        String wanted = registry(image);
        for (Map.Entry<String, JsonNode> each : logins(file).properties()) {
            if (name(each.getKey()).equals(wanted)) {
                return login(each.getKey(), each.getValue());
            }
        }
        return null;
    }

    private static JsonNode logins(Path file) {
        try {
            return JSON.readTree(Files.readString(file)).path("auths");
        } catch (IOException e) {
            // Without the cause: it quotes what may be a password.
            throw new EngineRefusedException("the file with the registries' logins cannot be read");
        }
    }

    private static RegistryLogin login(String server, JsonNode login) {
        String[] both = decoded(login.path("auth").asText()).split(":", 2);
        return new RegistryLogin(
                server,
                login.path("username").asText(both[0]),
                login.path("password").asText(both.length == 2 ? both[1] : ""),
                login.path("identitytoken").asText());
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new EngineRefusedException("the file with the registries' logins cannot be read");
        }
    }

    /** The registry of a reference: its first part, where that cannot be the name of a folder. */
    private static String registry(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        return host ? name(first) : HUB;
    }

    /** Without what older programs put around it. */
    private static String name(String server) {
        String name = server.replaceFirst("^https?://", "").replaceFirst("/.*", "");
        return HUB_NAMES.contains(name) ? HUB : name;
    }
}
