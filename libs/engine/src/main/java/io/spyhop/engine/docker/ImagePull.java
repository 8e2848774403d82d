package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.transport.DockerHttpClient;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An image on its way from a registry. The engine tells of it in an answer that lasts as long; it is read on a thread of
 * its own, so that a registry that falls silent can be given up.
 */
final class ImagePull {
    /** Engines tell of progress many times a second; one that says nothing for so long waits for nobody. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private final DockerHttpClient.Response response;
    private final Consumer<String> progress;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private volatile long heardAt = System.nanoTime();

    ImagePull(DockerHttpClient.Response response, Consumer<String> progress) {
        this.response = response;
        this.progress = progress;
    }

    /** Returns when the engine has the image. */
    void await() throws InterruptedException {
        Thread.ofVirtual().name("engine-pull").start(this::read);
        try {
            while (!done.isDone()) {
                try {
                    done.get(1, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    if (System.nanoTime() - heardAt > SILENCE_MAX.toNanos()) {
                        throw new EngineException("the registry has not answered for a minute", e);
                    }
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EngineException refused
                    ? refused
                    : new EngineException("the engine broke off a pull", e.getCause());
        } finally {
            response.close();
        }
    }

    private void read() {
        try {
            MappingIterator<JsonNode> news = DockerJson.readAll(response.getBody());
            Set<String> told = new HashSet<>();
            while (news.hasNextValue()) {
                JsonNode next = news.nextValue();
                heardAt = System.nanoTime();
                if (next.hasNonNull("error")) {
                    throw new EngineRefusedException(next.path("error").asText());
                }
                // Layers tell of each step many times; each text is news once.
                String text =
                        (next.path("id").asText() + " " + next.path("status").asText()).strip();
                if (!text.isEmpty() && told.add(text)) {
                    progress.accept(text);
                }
            }
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }
}
