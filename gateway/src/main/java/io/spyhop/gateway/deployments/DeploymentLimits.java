package io.spyhop.gateway.deployments;

/** What a request for a deployment may hold. */
final class DeploymentLimits {
    /** Of a name, for people; the id that is made of it is shorter. */
    static final int NAME_LENGTH_MAX = 100;

    /** Docker's own limit. */
    static final int IMAGE_LENGTH_MAX = 255;

    /** Of a command or a line for a shell; the kernel takes 128 KiB in one piece. */
    static final int COMMAND_LENGTH_MAX = 64 * 1024;

    static final int ARGUMENTS_MAX = 500;
    static final int VARIABLES_MAX = 500;

    /** Of one variable; the kernel takes 128 KiB with its name. */
    static final int VALUE_LENGTH_MAX = 64 * 1024;

    /** Of a label's text. */
    static final int TEXT_LENGTH_MAX = 500;

    /** Docker makes no container with less than 6 MiB. */
    static final int MEMORY_MB_MIN = 6;

    /** 16 TiB: more than any host has. */
    static final int MEMORY_MB_MAX = 16 * 1024 * 1024;

    /** What a deployment gets that does not say how much it wants. */
    static final int MEMORY_MB = 1536;

    /** Docker takes no less than a hundredth. */
    static final double CPUS_MIN = 0.01;

    static final double CPUS_MAX = 1024;
    static final int PORT_MAX = 65_535;
    static final int RETRIES_MAX = 1000;
    static final int THRESHOLD_MAX = 100;

    private DeploymentLimits() {}
}
