package io.spyhop.logs.capture;

import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.logs.capture.PendingTransition.Part;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A life whose last lines are told.
 *
 * @param ending what ended it
 * @param number of the system line of the ending; negative where it was stored before and is not known here
 * @param part whether there may be a rest, or has come
 * @param several whether lines bear the index of their instance
 * @param nextStart of the life after it; null where none is known, and a start among the lines tells
 */
record EndedLife(
        InstanceTransition ending,
        long number,
        Part part,
        boolean several,
        @Nullable Instant nextStart) {}
