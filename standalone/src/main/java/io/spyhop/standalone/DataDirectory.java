package io.spyhop.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.Config;

/** Where Spyhop keeps everything on this machine. */
public final class DataDirectory {
    private DataDirectory() {}

    /** {@code spyhop.data}, else {@code /var/lib/spyhop} for root and {@code ~/.local/share/spyhop} for others; made if missing. */
    public static Path make(Config settings) throws IOException {
        Path path = settings.getOptionalValue("spyhop.data", Path.class)
                .orElseGet(() -> System.getProperty("user.name").equals("root")
                        ? Path.of("/var/lib/spyhop")
                        : Path.of(System.getProperty("user.home"), ".local", "share", "spyhop"))
                .toAbsolutePath();
        return Files.createDirectories(path);
    }
}
