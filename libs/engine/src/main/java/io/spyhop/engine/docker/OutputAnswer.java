package io.spyhop.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import io.spyhop.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * An open answer with what a container or a command writes. A broken connection shows as one that ends before its last
 * chunk. Read by one thread; closed by any, which ends the read.
 */
abstract class OutputAnswer implements AutoCloseable {
    private final DockerHttpClient.Response response;
    private final Consumer<AutoCloseable> onClose;
    private volatile boolean closed;

    OutputAnswer(DockerHttpClient.Response response, Consumer<AutoCloseable> onClose) {
        this.response = response;
        this.onClose = onClose;
    }

    /** Makes lines of an answer. */
    interface Decoding {
        void decode(InputStream body) throws IOException, InterruptedException;
    }

    /** Reads to the end, and closes. */
    final void read(String what, Decoding decoding) throws InterruptedException {
        try {
            decoding.decode(response.getBody());
        } catch (IOException e) {
            // An interrupt closes the connection that is being read.
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while the " + what + " was read");
            }
            if (!closed) {
                throw new EngineException("the " + what + " broke off: " + e.getMessage(), e);
            }
        } finally {
            close();
        }
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    public final void close() {
        closed = true;
        response.close();
        onClose.accept(this);
    }
}
