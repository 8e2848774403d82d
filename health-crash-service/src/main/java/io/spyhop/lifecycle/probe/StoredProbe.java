package io.spyhop.lifecycle.probe;

import java.time.Instant;

/**
 * A probe as it is stored. Immutable.
 *
 * @param instance the number of its row
 * @param failures in a row, this one included
 */
record StoredProbe(int instance, Instant at, Answer answer, int failures) {}
