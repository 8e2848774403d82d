package io.spyhop.jobs.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that a container's labels define. Immutable.
 *
 * @param jobs by id
 * @param problems what is wrong with others, by label
 */
record JobLabels(Map<String, JobDefinition> jobs, Map<String, String> problems) {
    static final String PREFIX = "spyhop.job.";

    private static final Pattern LABEL = Pattern.compile("spyhop\\.job\\.([^.]+)\\.([a-z]+)");
    private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,7})([smh]?)");
    private static final Map<String, Integer> UNITS = Map.of("", 1, "s", 1, "m", 60, "h", 3600);
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    /** What one job's labels say; null where none does. */
    private static final class Said {
        private @Nullable String schedule;
        private @Nullable String command;
        private @Nullable String mode;
        private @Nullable String timeout;

        boolean take(String attribute, String value) {
            switch (attribute) {
                case "schedule" -> schedule = value;
                case "command" -> command = value;
                case "mode" -> mode = value;
                case "timeout" -> timeout = value;
                default -> {
                    return false;
                }
            }
            return true;
        }
    }

    /** Those of a container that say something about jobs. */
    static Map<String, String> among(Map<String, String> labels) {
        Map<String, String> found = new TreeMap<>();
        labels.forEach((label, value) -> {
            if (label.startsWith(PREFIX)) {
                found.put(label, value);
            }
        });
        return found;
    }

    /** Reads them. A job about which something is wrong is left out, the others are not. */
    static JobLabels of(Map<String, String> labels) {
        Map<String, Said> said = new TreeMap<>();
        Map<String, String> problems = new TreeMap<>();
        among(labels).forEach((label, value) -> {
            Matcher parts = LABEL.matcher(label);
            if (!parts.matches()
                    || !said.computeIfAbsent(parts.group(1), id -> new Said()).take(parts.group(2), value)) {
                problems.put(label, "there is spyhop.job.<name>.schedule, command, mode and timeout");
            }
        });
        Map<String, JobDefinition> jobs = new TreeMap<>();
        said.forEach((id, each) -> {
            try {
                JobDefinition job = definition(id, each);
                Faults faults = DefinitionRules.faults(job);
                if (faults.none()) {
                    jobs.put(id, job);
                } else {
                    problems.put(PREFIX + id, faults.text());
                }
            } catch (IllegalArgumentException e) {
                problems.put(PREFIX + id, String.valueOf(e.getMessage()));
            }
        });
        return new JobLabels(jobs, problems);
    }

    private static JobDefinition definition(String id, Said said) {
        return new JobDefinition(
                id,
                id,
                mode(said.mode),
                command(said.command),
                Map.of(),
                List.of(),
                null,
                null,
                timeout(said.timeout),
                0,
                0,
                JobDefinition.ALLOW,
                said.schedule,
                "UTC",
                JobDefinition.SKIP,
                true);
    }

    private static JobMode mode(@Nullable String text) {
        if (text == null) {
            return JobMode.RUN;
        }
        try {
            return JobMode.of(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("mode: run or exec", e);
        }
    }

    /** A list in JSON, or a line. */
    private static JobCommand command(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("command: there is no label for it");
        }
        if (!text.strip().startsWith("[")) {
            return new JobCommand(List.of(), text);
        }
        try {
            return new JobCommand(JSON.readValue(text, TEXTS), null);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("command: a line for a shell, or a list of texts in JSON", e);
        }
    }

    private static long timeout(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        Matcher parts = TIMEOUT.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("timeout: a duration, such as 90s, 10m or 2h");
        }
        return Long.parseLong(parts.group(1)) * UNITS.getOrDefault(parts.group(2), 1);
    }
}
