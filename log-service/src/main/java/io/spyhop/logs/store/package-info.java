/** Commits batches with positions under an epoch, publishes what was committed, and reads pages back. */
@NullMarked
package io.spyhop.logs.store;

import org.jspecify.annotations.NullMarked;
