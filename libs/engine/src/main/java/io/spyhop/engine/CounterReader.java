package io.spyhop.engine;

/** Reads the counters of one life of one container, again and again. Thread-safe; closing ends it. */
public interface CounterReader extends AutoCloseable {
    /** How they are read. */
    CounterWay way();

    /**
     * Reads them now. By the kernel's files that takes microseconds, through the engine about a second.
     *
     * @throws ContainerGoneException when the life has ended, or the reader is closed
     * @throws EngineException when the engine cannot be asked
     */
    Counters read();

    /** Lets go of what is kept open. */
    @Override
    void close();
}
