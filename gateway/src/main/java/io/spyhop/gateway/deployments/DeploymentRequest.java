package io.spyhop.gateway.deployments;

import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.workload.WorkloadIdentity;
import io.spyhop.gateway.request.JsonBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is to be run, as it was sent. Its text does not show the environment, which may hold secrets. */
@Schema(name = "DeploymentRequest")
record DeploymentRequest(
        @Nullable @Schema(description = "For people; the id and the host name are made of it", required = true)
        String name,

        @Nullable @Schema(description = "Pulled where the host has it not", required = true)
        String image,

        @Nullable @Schema(description = "Where it runs; may be missing where there is one host only")
        String host,

        @Nullable
        @Schema(
                oneOf = {String.class, String[].class},
                description =
                        "Arguments in place of the image's, or a line for `/bin/sh -c` in place of its entrypoint")
        Object command,

        @Nullable @Schema(description = "Environment; never shown again")
        Map<String, @Nullable String> env,

        @Nullable @Schema(description = "On which the program listens; the one that the image exposes if missing")
        Integer port,

        @Nullable @Schema(description = "Memory limit, 1536 if missing")
        Integer memoryMb,

        @Nullable @Schema(description = "How many processors it may use, all if missing")
        Double cpus,

        @Nullable
        @Schema(
                description = "When it is started again: `no`, `on-failure`, `on-failure:<times>`, `always` or"
                        + " `unless-stopped`, which is meant if missing")
        String restart,

        @Nullable @Schema(description = "How it is asked for its health")
        Health health,

        @Nullable @Schema(description = "The token's org if it has one only, else `default`, if missing")
        String org,

        @Nullable String entityType,
        @Nullable String entityId,
        @Nullable String publicKey,
        @Nullable String registryUrl) {
    private static final Pattern IMAGE =
            Pattern.compile("(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?/)?"
                    + "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*)*"
                    + "(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?");
    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.-]{0,254}");
    private static final Pattern RESTART = Pattern.compile("(no|always|unless-stopped|on-failure)(?::([0-9]{1,4}))?");
    private static final Pattern DURATION = Pattern.compile("[1-9][0-9]{0,5}(?:ms|s|m)");
    private static final Pattern USER_INFO = Pattern.compile("(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/?#]*@");
    private static final Pattern ORG = Pattern.compile("[^\\p{Cntrl}]{1,100}");
    private static final String ON_FAILURE = "on-failure";

    /** How a deployment is asked for its health; what is missing is as the settings say. */
    @Schema(name = "DeploymentHealth")
    record Health(
            @Nullable String path,
            @Nullable Integer port,

            @Nullable @Schema(description = "Such as 30s") String interval,

            @Nullable @Schema(description = "Such as 2s") String timeout,

            @Nullable @Schema(description = "Failures in a row")
            Integer threshold) {}

    @Override
    public String toString() {
        return "deployment " + name + " of " + image;
    }

    /**
     * Checks it.
     *
     * @param callersOrg where none is given
     */
    DeploymentSpec spec(String callersOrg) {
        Matcher policy = RESTART.matcher(restart == null ? "unless-stopped" : restart);
        if (!policy.matches() || (policy.group(2) != null && !policy.group(1).equals(ON_FAILURE))) {
            throw JsonBody.field("restart", "no, on-failure, on-failure:3, always or unless-stopped");
        }
        int retries = policy.group(2) == null ? 0 : Integer.parseInt(policy.group(2));
        check(retries <= DeploymentLimits.RETRIES_MAX, "restart", "at most " + DeploymentLimits.RETRIES_MAX + " times");
        return new DeploymentSpec(
                checkedName(),
                checkedOrg(callersOrg),
                checkedImage(),
                host,
                arguments(),
                shell(),
                checkedEnv(),
                number("port", port, 1, DeploymentLimits.PORT_MAX),
                megabytes() << 20,
                processors(),
                policy.group(1),
                retries,
                labels());
    }

    /** The org of a caller that may see these, where it asks for none. */
    static String orgOf(List<String> orgs) {
        return orgs.size() == 1 ? orgs.getFirst() : WorkloadIdentity.DEFAULT_ORG;
    }

    private String checkedOrg(String callersOrg) {
        check(org == null || ORG.matcher(org).matches(), "org", "1 to 100 characters");
        return org == null ? callersOrg : org;
    }

    private String checkedName() {
        boolean usable = name != null
                && !name.isBlank()
                && name.length() <= DeploymentLimits.NAME_LENGTH_MAX
                && name.chars().noneMatch(Character::isISOControl)
                && name.toLowerCase(Locale.ROOT)
                        .chars()
                        .anyMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
        check(usable, "name", "1 to 100 characters, a letter from a to z or a digit among them");
        return String.valueOf(name).strip();
    }

    private String checkedImage() {
        check(
                image != null
                        && image.length() <= DeploymentLimits.IMAGE_LENGTH_MAX
                        && IMAGE.matcher(image).matches(),
                "image",
                "an image's reference, such as registry.example.com/team/shop:1.2");
        return String.valueOf(image);
    }

    private List<String> arguments() {
        if (command == null || command instanceof String) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>();
        if (command instanceof List<?> all) {
            all.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(argument -> argument.indexOf('\0') < 0)
                    .forEach(arguments::add);
        }
        boolean right = command instanceof List<?> all
                && !all.isEmpty()
                && all.size() == arguments.size()
                && all.size() <= DeploymentLimits.ARGUMENTS_MAX
                && arguments.stream().mapToInt(String::length).sum() <= DeploymentLimits.COMMAND_LENGTH_MAX;
        check(
                right,
                "command",
                "a line for a shell, or a list of 1 to " + DeploymentLimits.ARGUMENTS_MAX
                        + " texts that are not too long");
        return arguments;
    }

    private @Nullable String shell() {
        if (!(command instanceof String line)) {
            return null;
        }
        check(
                !line.isBlank() && line.length() <= DeploymentLimits.COMMAND_LENGTH_MAX && line.indexOf('\0') < 0,
                "command",
                "a line for a shell that is neither empty nor too long");
        return line;
    }

    private Map<String, String> checkedEnv() {
        if (env == null) {
            return Map.of();
        }
        check(env.size() <= DeploymentLimits.VARIABLES_MAX, "env", "at most " + DeploymentLimits.VARIABLES_MAX);
        Map<String, String> checked = new HashMap<>();
        env.forEach((variable, value) -> {
            check(VARIABLE.matcher(variable).matches(), "env", "names of letters, digits and _.-, a letter or _ first");
            check(
                    value != null && value.length() <= DeploymentLimits.VALUE_LENGTH_MAX && value.indexOf('\0') < 0,
                    "env." + variable,
                    "a text of at most " + DeploymentLimits.VALUE_LENGTH_MAX + " characters");
            checked.put(variable, String.valueOf(value));
        });
        return checked;
    }

    private long megabytes() {
        Integer given = number("memoryMb", memoryMb, DeploymentLimits.MEMORY_MB_MIN, DeploymentLimits.MEMORY_MB_MAX);
        return given == null ? DeploymentLimits.MEMORY_MB : given;
    }

    private double processors() {
        if (cpus == null) {
            return 0;
        }
        check(
                cpus >= DeploymentLimits.CPUS_MIN && cpus <= DeploymentLimits.CPUS_MAX,
                "cpus",
                "a number from 0.01 to 1024");
        return cpus;
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        text(labels, "entity-type", "entityType", entityType);
        text(labels, "entity-id", "entityId", entityId);
        text(labels, "public-key", "publicKey", publicKey);
        text(labels, "registry-url", "registryUrl", registryUrl);
        check(
                registryUrl == null || !USER_INFO.matcher(registryUrl).lookingAt(),
                "registryUrl",
                "a URL without a user's name or password: everybody who sees the deployment sees it");
        if (health != null) {
            check(
                    health.path() == null || health.path().startsWith("/"),
                    "health.path",
                    "a path that begins with a slash");
            text(labels, "health.path", "health.path", health.path());
            number(labels, "health.port", health.port(), DeploymentLimits.PORT_MAX);
            duration(labels, "health.interval", health.interval());
            duration(labels, "health.timeout", health.timeout());
            number(labels, "health.threshold", health.threshold(), DeploymentLimits.THRESHOLD_MAX);
        }
        return labels;
    }

    private static void text(Map<String, String> labels, String label, String field, @Nullable String value) {
        if (value != null) {
            check(
                    !value.isBlank()
                            && value.length() <= DeploymentLimits.TEXT_LENGTH_MAX
                            && value.chars().noneMatch(Character::isISOControl),
                    field,
                    "1 to " + DeploymentLimits.TEXT_LENGTH_MAX + " characters");
            labels.put(label, value);
        }
    }

    private static void number(Map<String, String> labels, String name, @Nullable Integer value, int max) {
        Integer checked = number(name, value, 1, max);
        if (checked != null) {
            labels.put(name, checked.toString());
        }
    }

    private static void duration(Map<String, String> labels, String name, @Nullable String value) {
        if (value != null) {
            check(DURATION.matcher(value).matches(), name, "a time such as 30s");
            labels.put(name, value);
        }
    }

    private static @Nullable Integer number(String field, @Nullable Integer value, int min, int max) {
        check(value == null || (value >= min && value <= max), field, "a whole number from " + min + " to " + max);
        return value;
    }

    private static void check(boolean right, String field, String wanted) {
        if (!right) {
            throw JsonBody.field(field, wanted);
        }
    }
}
