package io.spyhop.contracts.port;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port on which a process of a container listens. Immutable.
 *
 * @param address that it listens on: {@link #ALL}, {@link #LOOPBACK}, or one of the container's own
 * @param dial a numeric address at which it answers from inside the container's network: {@code 127.0.0.1}, {@code ::1}, or
 *     the one that it listens on
 * @param process the program's name; null where nobody can tell
 * @param pid as the container numbers its processes; null where nobody can tell
 * @param since when it was first seen
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListeningPort(
        int port,
        String address,
        String dial,
        @Nullable String process,
        @Nullable Long pid,
        Instant since) {
    /** It listens on every address of the container. */
    public static final String ALL = "all";

    /** It listens inside the container only. */
    public static final String LOOPBACK = "loopback";
}
