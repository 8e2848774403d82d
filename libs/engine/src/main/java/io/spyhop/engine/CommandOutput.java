package io.spyhop.engine;

/**
 * What a command inside a container did. Immutable.
 *
 * @param exitCode 126 or 127 where there is no such program
 * @param text the beginning of what it wrote
 */
public record CommandOutput(int exitCode, String text) {}
