package io.spyhop.gateway.search;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.stream.Rows;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Collects what a search finds for an answer in one piece. */
final class OneAnswer implements SearchWriter {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Consumer<Buffer> answer;
    private final Consumer<RuntimeException> refuse;

    /**
     * An answer.
     *
     * @param answer sends it
     * @param refuse sends a problem instead
     */
    OneAnswer(Consumer<Buffer> answer, Consumer<RuntimeException> refuse) {
        this.answer = answer;
        this.refuse = refuse;
    }

    @Override
    public void begin() {
        text("{\"items\":[");
    }

    @Override
    public void rows(byte[] ndjson) {
        if (body.size() > "{\"items\":[".length()) {
            text(",");
        }
        body.writeBytes(Rows.commaSeparated(ndjson));
    }

    @Override
    public void progress(SearchState state) {}

    @Override
    public void end(SearchState state) {
        text("]," + state.members() + "," + state.ending() + "}");
        answer.accept(Buffer.buffer(body.toByteArray()));
    }

    @Override
    public void failed(SearchState state, RuntimeException failure) {
        refuse.accept(failure);
    }

    @Override
    public void closed() {
        refuse.accept(new SpyhopException(ErrorCode.TOKEN_INVALID, "the token is not valid any more"));
    }

    @Override
    public void stop() {}

    private void text(String text) {
        body.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
