package io.spyhop.engine;

/** The output of a command that runs inside a container. One reader; {@link #close} from any thread ends the read. */
public interface ExecStream extends AutoCloseable {
    /**
     * Hands over every line until the command has ended and all of its output is read, or this is closed. The engine keeps nothing of it:
     * what is not read here is lost.
     *
     * @throws EngineException when the connection broke; the command goes on
     */
    void read(ExecSink sink) throws InterruptedException;

    @Override
    void close();
}
