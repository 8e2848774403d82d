package io.spyhop.logs.store;

import io.spyhop.contracts.log.LineBatch;
import io.spyhop.logs.number.SealedBatch;

/** A sealed batch with its compressed bytes. */
record StoredBatch(
        SealedBatch sealed,
        @SuppressWarnings("ArrayRecordComponent") byte[] payload) {
    /** As it is published. */
    LineBatch published() {
        return new LineBatch(
                sealed.workload(),
                sealed.firstLine(),
                sealed.lastLine(),
                sealed.firstAt(),
                sealed.lastAt(),
                sealed.length(),
                payload);
    }
}
