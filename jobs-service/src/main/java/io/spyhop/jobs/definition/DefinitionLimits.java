package io.spyhop.jobs.definition;

import java.time.Duration;

/** How much a job may be. Every run keeps all of it, for ever. */
final class DefinitionLimits {
    /** As many characters as fit on a line of a list, generously. */
    static final int NAME_LENGTH_MAX = 200;

    /** A longer script belongs into the image. Engines and kernels take up to 128 KiB in one argument. */
    static final int COMMAND_BYTES_MAX = 64 * 1024;

    /** More than any command has; kernels take more. */
    static final int ARGUMENTS_MAX = 1000;

    /** Names and values; kernels take up to 2 MiB of it with the arguments. A file or a mount takes more. */
    static final int ENV_BYTES_MAX = 64 * 1024;

    /** A form with more of them cannot be filled in. */
    static final int PARAMETERS_MAX = 100;

    /** Of a parameter. */
    static final int PARAMETER_NAME_LENGTH_MAX = 100;

    /** Names and values, given or by default; passed beside the environment. */
    static final int PARAMETERS_BYTES_MAX = 64 * 1024;

    static final int PATTERN_LENGTH_MAX = 500;

    /** The product of all counts such as {@code {1,100}} and the length: bounds what compiling a pattern takes. */
    static final long PATTERN_SIZE_MAX = 1_000_000;

    static final int DESCRIPTION_LENGTH_MAX = 1000;

    /** What engines take. */
    static final int IMAGE_LENGTH_MAX = 255;

    /** What kernels take. */
    static final int PATH_LENGTH_MAX = 4096;

    /** What takes longer is no job. */
    static final long TIMEOUT_SECONDS_MAX = Duration.ofDays(30).toSeconds();

    static final int RETRIES_MAX = 10;

    static final long BACKOFF_SECONDS_MAX = Duration.ofHours(1).toSeconds();

    /** So long an idempotency key stands for its run. */
    static final Duration KEY_KEPT = Duration.ofDays(1);

    /** What clients make up as a key. */
    static final int KEY_LENGTH_MAX = 200;

    private DefinitionLimits() {}
}
