package io.spyhop.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogWay;
import java.util.function.Consumer;

/** An open log request. */
final class DockerLogStream extends OutputAnswer implements LogStream {
    private final LogRequest request;

    DockerLogStream(DockerHttpClient.Response response, LogRequest request, Consumer<AutoCloseable> onClose) {
        super(response, onClose);
        this.request = request;
    }

    @Override
    public LogWay way() {
        return LogWay.API;
    }

    @Override
    public void read(LogSink sink) throws InterruptedException {
        read("log", body -> {
            LogFrameDecoder decoder = new LogFrameDecoder(body, request.tty(), request.sinceNanos(), sink);
            decoder.decode();
            if (!isClosed()) {
                decoder.finish();
            }
        });
    }
}
