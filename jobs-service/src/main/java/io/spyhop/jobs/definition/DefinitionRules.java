package io.spyhop.jobs.definition;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobParameter;
import io.spyhop.jobs.schedule.Schedule;
import io.spyhop.jobs.schedule.ScheduleException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a job has to be like. */
final class DefinitionRules {
    /** An id: it stands in addresses and in names of labels. */
    static final String ID = "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?";

    private static final Pattern ID_PATTERN = Pattern.compile(ID);
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]*");
    private static final Pattern COUNT = Pattern.compile("\\{(\\d*),?(\\d*)\\}");
    private static final Set<String> CONCURRENCY = Set.of(JobDefinition.ALLOW, JobDefinition.FORBID);
    private static final Set<String> MISSED = Set.of(JobDefinition.SKIP, JobDefinition.RUN_ONCE);

    private DefinitionRules() {}

    /** Whether it may be a job's id. */
    static boolean isId(String text) {
        return ID_PATTERN.matches(text);
    }

    /** All that is wrong with a job. */
    static Faults faults(JobDefinition job) {
        Faults faults = new Faults();
        faults.addUnless(
                isId(job.id()), "id", "1 to 40 small letters, digits and dashes, with neither a dash first nor last");
        faults.addUnless(
                !job.name().isBlank()
                        && job.name().length() <= DefinitionLimits.NAME_LENGTH_MAX
                        && job.name().chars().noneMatch(Character::isISOControl),
                "name",
                "1 to " + DefinitionLimits.NAME_LENGTH_MAX + " characters on one line");
        command(job.command(), faults);
        env(job.env(), faults);
        parameters(job, faults);
        place(job, faults);
        between(faults, "timeoutSeconds", job.timeoutSeconds(), DefinitionLimits.TIMEOUT_SECONDS_MAX);
        between(faults, "retries", job.retries(), DefinitionLimits.RETRIES_MAX);
        between(faults, "retryBackoffSeconds", job.retryBackoffSeconds(), DefinitionLimits.BACKOFF_SECONDS_MAX);
        faults.addUnless(CONCURRENCY.contains(job.concurrency()), "concurrency", "allow or forbid");
        faults.addUnless(MISSED.contains(job.missed()), "missed", "skip or run-once");
        schedule(job, faults);
        return faults;
    }

    private static void between(Faults faults, String field, long value, long most) {
        faults.addUnless(value >= 0 && value <= most, field, "0 to " + most);
    }

    private static void command(JobCommand command, Faults faults) {
        String line = command.line();
        if (line == null ? command.arguments().isEmpty() : line.isBlank()) {
            faults.add("command", "a list of arguments, or a line for a shell");
            return;
        }
        faults.addUnless(
                line != null || !command.arguments().getFirst().isBlank(),
                "command",
                "the first argument is the program, or what the image's entrypoint takes first");
        faults.addUnless(
                command.argv().size() <= DefinitionLimits.ARGUMENTS_MAX,
                "command",
                DefinitionLimits.ARGUMENTS_MAX + " arguments are the most");
        long bytes = command.argv().stream().mapToLong(DefinitionRules::bytes).sum();
        faults.addUnless(
                bytes <= DefinitionLimits.COMMAND_BYTES_MAX,
                "command",
                bytes + " bytes are too many, " + DefinitionLimits.COMMAND_BYTES_MAX + " are the most");
        faults.addUnless(
                command.argv().stream().noneMatch(DefinitionRules::hasZero),
                "command",
                "a character of code 0 can be given to no program");
    }

    private static void env(Map<String, String> env, Faults faults) {
        long bytes = bytes(env);
        if (bytes > DefinitionLimits.ENV_BYTES_MAX) {
            faults.add(
                    "env",
                    bytes + " bytes are too many, " + DefinitionLimits.ENV_BYTES_MAX
                            + " are the most: what is larger belongs into a file");
            return;
        }
        env.forEach((name, value) -> {
            faults.addUnless(
                    !name.isBlank() && name.indexOf('=') < 0 && !hasZero(name),
                    "env",
                    "a variable's name is not empty and has no = in it");
            faults.addUnless(!hasZero(value), "env." + shown(name), "no character of code 0");
        });
    }

    private static void parameters(JobDefinition job, Faults faults) {
        if (job.parameters().size() > DefinitionLimits.PARAMETERS_MAX) {
            faults.add("parameters", DefinitionLimits.PARAMETERS_MAX + " are the most");
            return;
        }
        Set<String> names = new HashSet<>();
        long bytes = 0;
        for (JobParameter parameter : job.parameters()) {
            String name = parameter.name();
            String field = "parameters." + shown(name);
            bytes += bytes(name) + bytes(parameter.defaultValue());
            if (!VARIABLE.matches(name) || name.length() > DefinitionLimits.PARAMETER_NAME_LENGTH_MAX) {
                faults.add(
                        field,
                        "a name is 1 to " + DefinitionLimits.PARAMETER_NAME_LENGTH_MAX
                                + " letters, digits and underscores, with no digit first");
                continue;
            }
            faults.addUnless(names.add(name), field, "it is there twice");
            faults.addUnless(!job.env().containsKey(name), field, "env has a variable of that name");
            String description = parameter.description();
            faults.addUnless(
                    description == null
                            || (description.length() <= DefinitionLimits.DESCRIPTION_LENGTH_MAX
                                    && !hasZero(description)),
                    field + ".description",
                    DefinitionLimits.DESCRIPTION_LENGTH_MAX + " characters are the most, none of code 0");
            pattern(parameter, field, faults);
            faults.addUnless(
                    parameter.defaultValue() != null || job.schedule() == null,
                    field + ".default",
                    "a job with a schedule needs one, for nobody gives a value then");
        }
        faults.addUnless(
                bytes <= DefinitionLimits.PARAMETERS_BYTES_MAX,
                "parameters",
                bytes + " bytes are too many, " + DefinitionLimits.PARAMETERS_BYTES_MAX + " are the most");
    }

    private static void pattern(JobParameter parameter, String field, Faults faults) {
        String text = parameter.pattern();
        String value = parameter.defaultValue();
        if (value != null && hasZero(value)) {
            faults.add(field + ".default", "no character of code 0");
        }
        if (text == null) {
            return;
        }
        if (hasZero(text)) {
            faults.add(field + ".pattern", "no character of code 0");
            return;
        }
        if (text.length() > DefinitionLimits.PATTERN_LENGTH_MAX || size(text) > DefinitionLimits.PATTERN_SIZE_MAX) {
            faults.add(field + ".pattern", "it is too large: use fewer characters, or repeat less often");
            return;
        }
        try {
            boolean matches = value == null || Pattern.compile(text).matches(value);
            faults.addUnless(matches, field + ".default", "the pattern does not match it");
        } catch (PatternSyntaxException e) {
            faults.add(field + ".pattern", "not a pattern in RE2 syntax: " + e.getDescription());
        }
    }

    /** Counts within counts multiply; those beside each other too here, which is simple, and enough. */
    private static long size(String pattern) {
        long size = pattern.length();
        Matcher count = COUNT.matcher(pattern);
        while (count.find()) {
            String most = count.group(2).isEmpty() ? count.group(1) : count.group(2);
            if (most.length() > 4) {
                return Long.MAX_VALUE;
            }
            size *= most.isEmpty() ? 1 : Math.max(1, Integer.parseInt(most));
            if (size > DefinitionLimits.PATTERN_SIZE_MAX) {
                return size;
            }
        }
        return size;
    }

    private static void place(JobDefinition job, Faults faults) {
        String image = job.image();
        if (image != null) {
            faults.addUnless(
                    job.mode() == JobMode.RUN, "image", "in mode exec the command runs in the container that is there");
            faults.addUnless(
                    image.length() <= DefinitionLimits.IMAGE_LENGTH_MAX && IMAGE.matches(image),
                    "image",
                    "the name of an image, such as registry/name:tag");
        }
        String directory = job.workingDirectory();
        faults.addUnless(
                directory == null
                        || (directory.startsWith("/")
                                && directory.length() <= DefinitionLimits.PATH_LENGTH_MAX
                                && directory.chars().noneMatch(Character::isISOControl)),
                "workingDirectory",
                "an absolute path");
    }

    private static void schedule(JobDefinition job, Faults faults) {
        ZoneId zone;
        try {
            zone = Schedule.zone(job.timeZone());
        } catch (ScheduleException e) {
            faults.add("timeZone", e.reason());
            return;
        }
        String text = job.schedule();
        if (text != null) {
            try {
                Schedule.of(text, zone);
            } catch (ScheduleException e) {
                faults.add("schedule", e.reason());
            }
        }
    }

    /** How many bytes names and values are. */
    static long bytes(Map<String, String> values) {
        return values.entrySet().stream()
                .mapToLong(each -> bytes(each.getKey()) + bytes(each.getValue()))
                .sum();
    }

    private static long bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean hasZero(String text) {
        return text.indexOf('\0') >= 0;
    }

    /** A name as it may stand in a message: what is no name is not repeated. */
    static String shown(String name) {
        return VARIABLE.matches(name) && name.length() <= DefinitionLimits.PARAMETER_NAME_LENGTH_MAX ? name : "?";
    }
}
