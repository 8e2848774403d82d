package io.spyhop.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import io.spyhop.engine.ExecSink;
import io.spyhop.engine.ExecStream;
import java.time.Clock;
import java.util.function.Consumer;

/** The open answer to a request that started a command. */
final class DockerExecStream extends OutputAnswer implements ExecStream {
    DockerExecStream(DockerHttpClient.Response response, Consumer<AutoCloseable> onClose) {
        super(response, onClose);
    }

    @Override
    public void read(ExecSink sink) throws InterruptedException {
        read("output", body -> new ExecFrameDecoder(body, Clock.systemUTC(), sink).decode());
    }
}
