package io.spyhop.gateway.stream;

/** Whoever follows a workload. Its methods are called by the topic's thread and the timer's, and never block. */
interface Subscriber extends Runnable, OpenStream {
    /** A batch arrived. */
    void offer(LiveBatch batch);

    /** It is time for a sign of life. */
    void tick();

    /** The store has lines up to this number. */
    void stored(long lastLine);

    /** Everything since the last line written may have been missed. */
    void missed();
}
