package io.spyhop.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.gateway.token.SignInLink;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.nio.file.Path;

/** Tells whoever started Spyhop where it is, and stops the embedded parts after everything that uses them. */
public class Announcement implements QuarkusApplication {
    private static final int AFTER_CLIENTS = Interceptor.Priority.PLATFORM_AFTER + 500;

    private final SignInLink link;
    private final Path data;

    @Inject
    Announcement(SignInLink link, SpyhopConfig config) {
        this.link = link;
        this.data = config.data().orElseThrow();
    }

    @Override
    public int run(String... args) {
        EmbeddedParts parts = Main.parts();
        if (parts != null) {
            parts.await();
        }
        // For the person at the terminal; the log has no place for a sign-in link.
        System.out.println();
        System.out.println("Spyhop is up. Sign in once with " + link.url());
        System.out.println("The admin token is in " + data.resolve("admin-token") + ". Ctrl-C stops.");
        System.out.println();
        Quarkus.waitForExit();
        return 0;
    }

    static void stop(@Observes @Priority(AFTER_CLIENTS) ShutdownEvent event) {
        EmbeddedParts parts = Main.parts();
        if (parts != null) {
            parts.stop();
        }
    }
}
