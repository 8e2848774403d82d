package io.spyhop.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end. Thread-safe: it has no state. */
final class Shell {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    private Shell() {}

    /** What a command left behind. */
    record Outcome(int exit, String out, String err) {
        /** Standard output of a command that must have worked. */
        String checked(List<String> command) {
            if (exit != 0) {
                throw new IllegalStateException("%s: exit %d: %s".formatted(String.join(" ", command), exit, err));
            }
            return out.strip();
        }
    }

    /** Runs a command that may fail. Output goes through files, so that neither pipe can fill and block it. */
    static Outcome run(List<String> command, Map<String, String> environment) {
        try {
            Path out = Files.createTempFile("spyhop-st", ".out");
            Path err = Files.createTempFile("spyhop-st", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(String.join(" ", command) + ": no end after " + TIMEOUT);
                }
                return new Outcome(process.exitValue(), read(out), read(err));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs a command that must work and gives its standard output without the white space around it. */
    static String run(String... command) {
        List<String> words = List.of(command);
        return run(words, Map.of()).checked(words);
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
