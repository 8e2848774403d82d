package io.spyhop.gateway.stats;

import io.vertx.core.buffer.Buffer;

/**
 * What is told of a workload at one moment, rendered once for all of its watchers. Immutable.
 *
 * @param event a whole server-sent event
 * @param idle whether it says that nothing runs
 */
record Frame(Buffer event, boolean idle) {
    /** Nothing of the workload runs. */
    static final Frame IDLE = new Frame(Buffer.buffer("event: idle\ndata: {\"reason\":\"nothing-runs\"}\n\n"), true);

    /** What it uses, as JSON on one line. */
    static Frame of(byte[] json) {
        return new Frame(Buffer.buffer("data: ").appendBytes(json).appendString("\n\n"), false);
    }
}
