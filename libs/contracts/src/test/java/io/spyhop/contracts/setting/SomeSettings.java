package io.spyhop.contracts.setting;

import io.spyhop.contracts.internal.InternalSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Settings of a service without a data directory. */
public record SomeSettings(Optional<String> secret) implements SpyhopConfig {
    /** Without a secret between services. */
    public static SomeSettings withoutSecret() {
        return new SomeSettings(Optional.empty());
    }

    /** The secret that such a setting gives. */
    public static InternalSecret secret(@Nullable String text) {
        return new InternalSecret(new SomeSettings(Optional.ofNullable(text)));
    }

    @Override
    public Optional<Path> data() {
        return Optional.empty();
    }

    @Override
    public String replica() {
        return "0";
    }

    @Override
    public Duration replicaTimeout() {
        return Duration.ofSeconds(6);
    }

    @Override
    public Internal internal() {
        return () -> secret;
    }
}
