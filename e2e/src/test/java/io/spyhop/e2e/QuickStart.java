package io.spyhop.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A cache of loaded classes, as the launcher makes one for its users, but for the flags of the tests. It takes a third
 * of the work from each of the many starts. Made once, by a start for practice that watches nothing.
 */
final class QuickStart {
    /** Reading and writing all classes takes longer than a start. */
    private static final Duration PRACTICE = Duration.ofMinutes(3);

    private static final String LISTED = "Listed the host's containers";

    private static @Nullable Path cache;

    private QuickStart() {}

    /** The flags of a JVM that makes use of it. */
    static synchronized List<String> flags(Path jar) {
        Path made = cache == null ? practise(jar) : cache;
        cache = made;
        return List.of("-XX:AOTCache=" + made, "-Xlog:aot*=off");
    }

    private static Path practise(Path jar) {
        Path output = Spyhop.work().resolve("spyhop.aot").toAbsolutePath();
        try {
            Files.deleteIfExists(output);
            Path data = Files.createTempDirectory("spyhop-st-practice");
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path log = Spyhop.work().resolve("practice.log");
            List<String> command = new ArrayList<>(Spyhop.java());
            command.addAll(List.of("-XX:AOTCacheOutput=" + output, "-Dspyhop.data=" + data));
            command.addAll(List.of("-Dspyhop.http.port=0", "-Dspyhop.discovery.labelled-only=true"));
            command.addAll(List.of("-jar", jar.toString()));
            Process practice = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            await("a start for practice (its log: " + log + ")")
                    .atMost(PRACTICE)
                    .pollInterval(Duration.ofMillis(200))
                    .failFast("practice ended", () -> !practice.isAlive())
                    .until(() -> Files.readString(log).contains(LISTED));
            practice.destroy();
            if (!practice.waitFor(PRACTICE.toSeconds(), TimeUnit.SECONDS) || !Files.exists(output)) {
                throw new IllegalStateException("a start for practice left no cache, see " + log);
            }
            Shell.run("rm", "-rf", data.toString());
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
