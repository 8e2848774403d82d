/**
 * Removes lines: those past their age, the oldest ones of what takes too much room, and those that somebody asks to remove.
 * How long a workload's lines are kept comes from the API, from its containers' labels, or from the settings. Numbers go on
 * from where they are, whatever is removed.
 */
@NullMarked
package io.spyhop.logs.retention;

import org.jspecify.annotations.NullMarked;
