package io.spyhop.contracts.internal;

import io.spyhop.contracts.setting.SpyhopConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The secret that services share, from {@code spyhop.internal.secret}. Thread-safe. Never printed. */
@ApplicationScoped
public class InternalSecret {
    /** The header that carries the secret between services. */
    public static final String HEADER = "Spyhop-Internal";

    /** All internal resources stand below this path. */
    public static final String PATH = "/internal/";

    private static final String MAC = "HmacSHA256";

    private final Optional<String> secret;

    /** Takes it from the settings. */
    @Inject
    public InternalSecret(SpyhopConfig config) {
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

    /**
     * A password that services share for one purpose, of 64 characters, made of the secret: by it nobody learns the secret, nor
     * another purpose's. Empty where no secret is configured.
     */
    public Optional<String> password(String purpose) {
        return secret.map(text -> {
            try {
                Mac mac = Mac.getInstance(MAC);
                mac.init(new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), MAC));
                return HexFormat.of().formatHex(mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + MAC, e);
            }
        });
    }
}
