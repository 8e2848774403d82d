/**
 * The suite as a cluster runs it, on one machine: {@link io.spyhop.standalone.split.Split} starts the broker, the
 * database and each replica of each service as a process of its own ({@link io.spyhop.standalone.split.Suite} says
 * which), carries what they print to the terminal under their names, and starts again what ends.
 */
@NullMarked
package io.spyhop.standalone.split;

import org.jspecify.annotations.NullMarked;
