package io.spyhop.jobs.definition;

import com.google.re2j.Pattern;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobParameter;
import io.spyhop.contracts.problem.SpyhopException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a run gets of what was given to it, and of defaults. */
final class GivenParameters {
    private GivenParameters() {}

    /**
     * The values of all of a job's parameters.
     *
     * @throws SpyhopException {@code BODY_INVALID} where something about the given ones is wrong: names all that is
     */
    static Map<String, String> complete(JobDefinition job, Map<String, String> given) {
        Faults faults = new Faults();
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> unknown = new HashSet<>(given.keySet());
        for (JobParameter parameter : job.parameters()) {
            String name = parameter.name();
            unknown.remove(name);
            String value = given.getOrDefault(name, parameter.defaultValue());
            if (value == null) {
                faults.add("parameters." + name, "it has no default: a value is needed");
                continue;
            }
            faults.addUnless(!DefinitionRules.hasZero(value), "parameters." + name, "no character of code 0");
            String pattern = parameter.pattern();
            faults.addUnless(
                    pattern == null || Pattern.compile(pattern).matches(value),
                    "parameters." + name,
                    "the whole value has to match " + pattern);
            values.put(name, value);
        }
        unknown.stream()
                .sorted()
                .forEach(name ->
                        faults.add("parameters." + DefinitionRules.shown(name), "the job has none of that name"));
        long bytes = DefinitionRules.bytes(values);
        faults.addUnless(
                bytes <= DefinitionLimits.PARAMETERS_BYTES_MAX,
                "parameters",
                bytes + " bytes are too many, " + DefinitionLimits.PARAMETERS_BYTES_MAX + " are the most");
        faults.check();
        return values;
    }
}
