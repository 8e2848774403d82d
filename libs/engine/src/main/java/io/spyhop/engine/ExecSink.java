package io.spyhop.engine;

/** Takes what a command writes, as it is read; the times are those of the reading. While it blocks, the command has to wait. */
public interface ExecSink extends LogSink {
    /** Nothing more is at hand for the moment: what was taken should not wait for company any longer. */
    void drained() throws InterruptedException;
}
