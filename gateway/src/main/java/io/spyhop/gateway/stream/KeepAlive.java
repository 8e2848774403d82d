package io.spyhop.gateway.stream;

/** It is time for signs of life: fired regularly, to observers that may block. */
public record KeepAlive() {}
