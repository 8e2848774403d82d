package io.spyhop.gateway.token;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * A link that signs in whoever opens it first, as admin, within some minutes of the start. The code stands behind a
 * {@code #}, so that no server or proxy ever sees it in an address. Thread-safe. Nothing here is logged.
 */
@ApplicationScoped
public class SignInLink {
    private static final Duration AGE = Duration.ofMinutes(15);

    private record Code(String text, Instant until) {}

    private final Clock clock = Clock.systemUTC();
    private final AtomicReference<@Nullable Code> code = new AtomicReference<>();

    /** A fresh link; an older one that was not used stops working. */
    public String url() {
        Code fresh = new Code(Secrets.random(), clock.instant().plus(AGE));
        code.set(fresh);
        return base() + "/#code=" + fresh.text();
    }

    /** Whether this is the code; it is used up then. */
    boolean redeem(String given) {
        Code current = code.get();
        return current != null
                && clock.instant().isBefore(current.until())
                && MessageDigest.isEqual(Secrets.hash(current.text()), Secrets.hash(given))
                && code.compareAndSet(current, null);
    }

    private static String base() {
        Config config = ConfigProvider.getConfig();
        String host = config.getOptionalValue("quarkus.http.host", String.class).orElse("localhost");
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String name = everywhere ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":"
                + config.getOptionalValue("quarkus.http.port", Integer.class).orElse(8080);
    }
}
