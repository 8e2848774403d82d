package io.spyhop.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.ExecSink;
import io.spyhop.engine.ExecStream;
import java.io.IOException;
import java.time.Clock;
import java.util.function.Consumer;

/** The open answer to a request that started a command. */
final class DockerExecStream implements ExecStream {
    private final DockerHttpClient.Response response;
    private final Consumer<ExecStream> onClose;
    private volatile boolean closed;

    DockerExecStream(DockerHttpClient.Response response, Consumer<ExecStream> onClose) {
        this.response = response;
        this.onClose = onClose;
    }

    @Override
    public void read(ExecSink sink) throws InterruptedException {
        try {
            new ExecFrameDecoder(response.getBody(), Clock.systemUTC(), sink).decode();
        } catch (IOException e) {
            // An interrupt closes the connection that is being read.
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while output was read");
            }
            if (!closed) {
                throw new EngineException("the output broke off: " + e.getMessage(), e);
            }
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        response.close();
        onClose.accept(this);
    }
}
