package io.spyhop.engine;

/** An open log. One reader; {@link #close} from any thread ends the read. */
public interface LogStream extends AutoCloseable {
    /**
     * Hands over every line, in the engine's order, until the stream ends. A half-joined line at the end of a stream is
     * discarded when {@code close} ended it or the connection broke, and handed over when the engine ended it.
     *
     * @throws EngineException when the connection broke
     */
    void read(LogSink sink) throws InterruptedException;

    /** How it is read. */
    LogWay way();

    @Override
    void close();
}
