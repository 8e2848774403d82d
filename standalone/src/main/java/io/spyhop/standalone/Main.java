package io.spyhop.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.spyhop.embedded.EmbeddedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/** Starts Spyhop in one process: {@code java -jar spyhop.jar}. */
@QuarkusMain
public class Main {
    private static @Nullable EmbeddedParts parts;

    private Main() {}

    /** Starts the embedded parts, then the services; ends with 1 and one sentence when a part cannot start. */
    public static void main(String... args) {
        // Two threads that meet logging for the first time at once deadlock in its class initializers.
        LogManager.getLogManager();
        EmbeddedParts started;
        try {
            Path data = DataDirectory.make();
            System.setProperty("spyhop.data", data.toString());
            started = EmbeddedParts.start(data);
        } catch (IOException | EmbeddedException e) {
            System.err.println("Spyhop cannot start: " + e.getMessage());
            System.exit(1);
            return;
        }
        parts = started;
        try {
            Quarkus.run(Announcement.class, args);
        } finally {
            started.stop();
        }
    }

    /** The parts of this process; null where it was not started by {@link #main}. */
    static @Nullable EmbeddedParts parts() {
        return parts;
    }
}
