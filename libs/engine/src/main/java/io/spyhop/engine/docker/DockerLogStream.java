package io.spyhop.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogWay;
import java.io.IOException;
import java.util.function.Consumer;

/** An open log request. A broken connection shows as an answer that ends before its last chunk. */
final class DockerLogStream implements LogStream {
    private final DockerHttpClient.Response response;
    private final LogRequest request;
    private final Consumer<LogStream> onClose;
    private volatile boolean closed;

    DockerLogStream(DockerHttpClient.Response response, LogRequest request, Consumer<LogStream> onClose) {
        this.response = response;
        this.request = request;
        this.onClose = onClose;
    }

    @Override
    public LogWay way() {
        return LogWay.API;
    }

    @Override
    public void read(LogSink sink) throws InterruptedException {
        try {
            LogFrameDecoder decoder =
                    new LogFrameDecoder(response.getBody(), request.tty(), request.sinceNanos(), sink);
            decoder.decode();
            if (!closed) {
                decoder.finish();
            }
        } catch (IOException e) {
            // An interrupt closes the connection that is being read.
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a log was read");
            }
            if (!closed) {
                throw new EngineException("the log broke off: " + e.getMessage(), e);
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
