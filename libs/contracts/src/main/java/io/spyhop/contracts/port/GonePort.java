package io.spyhop.contracts.port;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;

/**
 * A port on which a container listened once. Immutable.
 *
 * @param seenAt when it was last seen
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record GonePort(int port, Instant seenAt) {}
