/**
 * Detection. {@code DetectShare} is told which containers there are; the {@code Detector} keeps a {@code PortWatch} for each and
 * looks at all of them again and again, through a {@code ListenReader} of the engine. {@code Sightings} says which ports count
 * as listening. What changed goes to the topic, whose records also tell a new owner what was known before.
 */
@NullMarked
package io.spyhop.ports.detect;

import org.jspecify.annotations.NullMarked;
