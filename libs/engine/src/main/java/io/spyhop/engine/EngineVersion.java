package io.spyhop.engine;

/**
 * What answers at an engine's endpoint. Immutable.
 *
 * @param product such as {@code Docker} or {@code Podman}
 * @param version such as {@code 28.2.2}
 * @param apiVersion such as {@code 1.41}
 */
public record EngineVersion(String product, String version, String apiVersion) {}
