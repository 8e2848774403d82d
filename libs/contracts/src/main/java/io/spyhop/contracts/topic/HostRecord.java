package io.spyhop.contracts.topic;

/**
 * The value on {@link Topics#HOSTS}: one engine endpoint by its short name. Immutable.
 *
 * @param name the host's name, as configured
 */
public record HostRecord(String name) {}
