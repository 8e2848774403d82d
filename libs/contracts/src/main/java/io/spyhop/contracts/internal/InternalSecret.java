package io.spyhop.contracts.internal;

import io.spyhop.contracts.setting.SpyhopConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secret that services share, from {@code spyhop.internal.secret}. Thread-safe. Never printed. */
@ApplicationScoped
public class InternalSecret {
    /** The header that carries the secret between services. */
    public static final String HEADER = "Spyhop-Internal";

    /** All internal resources stand below this path. */
    public static final String PATH = "/internal/";

    private final Optional<String> secret;

    @Inject
    InternalSecret(SpyhopConfig config) {
        this.secret = config.internal().secret();
    }

    /** Whether this is the secret, compared in constant time; without a configured secret nothing is. */
    public boolean matches(@Nullable String given) {
        return given != null
                && secret.isPresent()
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), secret.get().getBytes(StandardCharsets.UTF_8));
    }

    /** The secret to send; empty where none is configured. */
    public Optional<String> value() {
        return secret;
    }
}
