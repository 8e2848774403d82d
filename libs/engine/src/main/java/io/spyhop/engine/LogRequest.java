package io.spyhop.engine;

/**
 * Which part of a container's log to read.
 *
 * @param containerId the full id
 * @param tty from {@link ContainerDetails#tty}: the engine frames the log only where there is no terminal
 * @param sinceNanos only lines at or after this time, nanoseconds since the epoch; 0 for all that the engine has
 * @param follow whether to go on with what is written while reading
 */
public record LogRequest(String containerId, boolean tty, long sinceNanos, boolean follow) {}
