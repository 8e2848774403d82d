/**
 * Wakes what waits for something to do, so that nobody looks again and again where nothing is. {@code CommitSignals} hears what
 * the database says of commits, whichever replica made them, and what is given in this process; {@code Rounds} waits for it.
 */
@NullMarked
package io.spyhop.signals;

import org.jspecify.annotations.NullMarked;
