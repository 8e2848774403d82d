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

    /**
     * Reads what figures of use are made of: what used processors, memory, network, and disks, what it may use, and how many
     * processes it has. The parts of processor time and of memory, and what was throttled, may be those of an earlier
     * reading, 10 s old at most, where leaving them out makes reading cheaper.
     *
     * @throws ContainerGoneException when the life has ended, or the reader is closed
     * @throws EngineException when the engine cannot be asked
     */
    default Counters readUse() {
        return read();
    }

    /** Lets go of what is kept open. */
    @Override
    void close();
}
