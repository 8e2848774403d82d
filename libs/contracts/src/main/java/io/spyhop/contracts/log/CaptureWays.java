package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * How many containers' logs are being read in which way. Immutable.
 *
 * @param file from the files that the engine writes
 * @param api through the engine's API
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CaptureWays(int file, int api) {
    /** No log is being read. */
    public static final CaptureWays NONE = new CaptureWays(0, 0);

    /** The sum of two. */
    public CaptureWays plus(CaptureWays other) {
        return new CaptureWays(file + other.file, api + other.api);
    }
}
