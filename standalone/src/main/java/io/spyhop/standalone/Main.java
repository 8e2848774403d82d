package io.spyhop.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.spyhop.contracts.setting.SettingsException;
import io.spyhop.contracts.setting.SettingsGuard;
import io.spyhop.embedded.EmbeddedException;
import io.spyhop.standalone.split.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.LogManager;
import org.eclipse.microprofile.config.Config;
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
            // Nothing is made on settings that are wrong.
            Config settings = SettingsGuard.early();
            Path data = DataDirectory.make(settings);
            RunFiles.in(data).endLeftovers();
            HttpAddress.requireFree(settings);
            System.setProperty("spyhop.data", data.toString());
            started = EmbeddedParts.start(data, settings);
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
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
