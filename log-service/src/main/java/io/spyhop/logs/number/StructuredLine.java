package io.spyhop.logs.number;

import org.jspecify.annotations.Nullable;

/**
 * What a line says of itself. All bytes are UTF-8; all but the message are JSON.
 *
 * @param fields the rest of the object, null where nothing is left
 * @param event the name of a named event, as a JSON string
 * @param data the data of a named event
 * @param truncated whether the message was cut
 */
@SuppressWarnings("ArrayRecordComponent")
record StructuredLine(
        String level,
        byte[] message,
        byte @Nullable [] fields,
        byte @Nullable [] event,
        byte @Nullable [] data,
        boolean truncated) {}
