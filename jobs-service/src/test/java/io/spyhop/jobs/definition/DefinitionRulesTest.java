package io.spyhop.jobs.definition;

import static io.spyhop.jobs.JobExamples.job;
import static io.spyhop.jobs.JobExamples.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.jobs.JobExamples;
import io.spyhop.jobs.JobExamples.Draft;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionRulesTest {
    @Test
    void shouldFindNothingWhenAllIsRight() {
        // Given
        JobDefinition job = job(draft -> {
            draft.env = Map.of("A", "", "b.c", "x=y");
            draft.parameters = List.of(parameter("DAY", "monday", "[a-z]+"), parameter("N", "1", null));
            draft.image = "registry.example:5000/team/tool@sha256:" + "0".repeat(64);
            draft.workingDirectory = "/srv/app";
            draft.timeoutSeconds = 3600;
            draft.retries = 10;
            draft.schedule = "30 2 * * 1-5";
            draft.timeZone = "Europe/Berlin";
            draft.concurrency = "forbid";
            draft.missed = "run-once";
        });

        // When
        Faults faults = DefinitionRules.faults(job);

        // Then
        assertThat(faults.text()).isEmpty();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("id: 1 to 40", draft -> draft.id = "Nightly"),
                wrong("id: 1 to 40", draft -> draft.id = "-a"),
                wrong("id: 1 to 40", draft -> draft.id = "a".repeat(41)),
                wrong("name: 1 to 200", draft -> draft.name = " "),
                wrong("name: 1 to 200", draft -> draft.name = "two\nlines"),
                wrong("command: a list", draft -> draft.command = new JobCommand(List.of(), null)),
                wrong("command: a list", draft -> draft.command = new JobCommand(List.of(), "  ")),
                wrong("command: the first", draft -> draft.command = new JobCommand(List.of("", "a"), null)),
                wrong("command: 1000", draft -> draft.command = new JobCommand(Collections.nCopies(1001, "a"), null)),
                wrong(
                        "command: 70010 bytes",
                        draft -> draft.command = new JobCommand(List.of(), "x".repeat(70_010 - "/bin/sh-c".length()))),
                wrong("command: a character of code 0", draft -> draft.command = new JobCommand(List.of("a\0"), null)),
                wrong(
                        "env: 104857601 bytes are too many, 65536 are the most",
                        draft -> draft.env = Map.of("A", "x".repeat(100 * 1024 * 1024))),
                wrong("env: a variable's name", draft -> draft.env = Map.of("A=B", "c")),
                wrong("env: a variable's name", draft -> draft.env = Map.of("", "c")),
                wrong("env.A: no character", draft -> draft.env = Map.of("A", "\0")),
                wrong("parameters.?: a name is", draft -> draft.parameters = List.of(parameter("1A", "", null))),
                wrong(
                        "parameters.A: it is there twice",
                        draft -> draft.parameters = List.of(parameter("A", "", null), parameter("A", "", null))),
                wrong("parameters.A: env has", draft -> {
                    draft.env = Map.of("A", "1");
                    draft.parameters = List.of(parameter("A", "", null));
                }),
                wrong(
                        "parameters.A.pattern: not a pattern",
                        draft -> draft.parameters = List.of(parameter("A", "", "("))),
                wrong(
                        "parameters.A.pattern: it is too large",
                        draft -> draft.parameters = List.of(parameter("A", "", "((a{1000}){1000}){1000}"))),
                wrong(
                        "parameters.A.default: the pattern",
                        draft -> draft.parameters = List.of(parameter("A", "monday", "[0-9]+"))),
                wrong("parameters.A.default: a job with a schedule", draft -> {
                    draft.schedule = "@daily";
                    draft.parameters = List.of(parameter("A", null, null));
                }),
                wrong("image: in mode exec", draft -> {
                    draft.mode = JobMode.EXEC;
                    draft.image = "busybox";
                }),
                wrong("image: the name", draft -> draft.image = "two words"),
                wrong("workingDirectory: an absolute", draft -> draft.workingDirectory = "srv"),
                wrong("timeoutSeconds: 0 to 2592000", draft -> draft.timeoutSeconds = -1),
                wrong("retries: 0 to 10", draft -> draft.retries = 11),
                wrong("retryBackoffSeconds: 0 to 3600", draft -> draft.retryBackoffSeconds = 3601),
                wrong("concurrency: allow or forbid", draft -> draft.concurrency = "replace"),
                wrong("missed: skip or run-once", draft -> draft.missed = "run-all"),
                wrong("timeZone: no time zone", draft -> draft.timeZone = "Mars/Olympus"),
                wrong("schedule: hour: Value 25", draft -> draft.schedule = "0 25 * * *"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void shouldNameTheFieldAndSayWhyWhenSomethingIsWrong(String expected, Consumer<Draft> difference) {
        // Given
        JobDefinition job = job(difference);

        // When
        Faults faults = DefinitionRules.faults(job);

        // Then
        assertThat(faults.text()).startsWith(expected).doesNotContain(";");
    }

    @Test
    void shouldTellAllOfThemWhenSeveralAreWrong() {
        // Given
        JobDefinition job = job(draft -> {
            draft.id = "?";
            draft.retries = 99;
            draft.schedule = "x";
        });

        // When, Then
        assertThatThrownBy(() -> DefinitionRules.faults(job).check())
                .isInstanceOf(SpyhopException.class)
                .hasMessageContaining("id: ")
                .hasMessageContaining("; retries: ")
                .hasMessageContaining("; schedule: five fields");
    }

    @Test
    void shouldGiveDefaultsAndWhatWasGivenWhenARunIsAskedFor() {
        // Given
        JobDefinition job = job(draft -> draft.parameters = List.of(
                parameter("DAY", "monday", "[a-z]+"), parameter("N", "1", null), parameter("EMPTY", "x", null)));

        // When
        Map<String, String> values = GivenParameters.complete(job, Map.of("DAY", "friday", "EMPTY", ""));

        // Then
        assertThat(values).isEqualTo(Map.of("DAY", "friday", "N", "1", "EMPTY", ""));
    }

    @Test
    void shouldNameEachParameterWhenGivenOnesAreWrong() {
        // Given
        JobDefinition job = job(draft ->
                draft.parameters = List.of(parameter("DAY", "monday", "[a-z]+"), parameter("NEEDED", null, null)));

        // When, Then: the value is shown to nobody
        assertThatThrownBy(() -> GivenParameters.complete(job, Map.of("DAY", "s3cret", "OTHER", "1")))
                .isInstanceOf(SpyhopException.class)
                .hasMessageContaining("parameters.DAY: the whole value has to match [a-z]+")
                .hasMessageContaining("parameters.NEEDED: it has no default")
                .hasMessageContaining("parameters.OTHER: the job has none of that name")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void shouldDefineJobsWhenLabelsSaySo() {
        // Given
        Map<String, String> labels = Map.of(
                "spyhop.job.backup.command", "pg_dump > /backup/db",
                "spyhop.job.backup.schedule", "@daily",
                "spyhop.job.backup.timeout", "10m",
                "spyhop.job.check.command", "[\"check\", \"--all\"]",
                "spyhop.job.check.mode", "exec",
                "spyhop.stop.timeout", "5s");

        // When
        JobLabels read = JobLabels.of(labels);

        // Then
        assertThat(read.problems()).isEmpty();
        assertThat(read.jobs())
                .isEqualTo(Map.of(
                        "backup",
                        job(draft -> {
                            draft.id = "backup";
                            draft.name = "backup";
                            draft.command = new JobCommand(List.of(), "pg_dump > /backup/db");
                            draft.schedule = "@daily";
                            draft.timeoutSeconds = 600;
                            draft.retryBackoffSeconds = 0;
                        }),
                        "check",
                        job(draft -> {
                            draft.id = "check";
                            draft.name = "check";
                            draft.mode = JobMode.EXEC;
                            draft.command = new JobCommand(List.of("check", "--all"), null);
                            draft.retryBackoffSeconds = 0;
                        })));
    }

    @Test
    void shouldTellWhatIsWrongWithALabelAndKeepTheOthers() {
        // Given
        Map<String, String> labels = Map.of(
                "spyhop.job.good.command", "true",
                "spyhop.job.late.command", "true",
                "spyhop.job.late.schedule", "0 99 * * *",
                "spyhop.job.empty.schedule", "@daily",
                "spyhop.job.Bad.command", "true",
                "spyhop.job.odd.command", "true",
                "spyhop.job.odd.colour", "red",
                "spyhop.job.slow.command", "true",
                "spyhop.job.slow.timeout", "long");

        // When
        JobLabels read = JobLabels.of(labels);

        // Then
        assertThat(read.jobs()).containsOnlyKeys("good", "odd");
        assertThat(read.problems())
                .containsOnlyKeys(
                        "spyhop.job.late",
                        "spyhop.job.empty",
                        "spyhop.job.Bad",
                        "spyhop.job.odd.colour",
                        "spyhop.job.slow")
                .hasEntrySatisfying("spyhop.job.late", why -> assertThat(why).contains("schedule: hour: Value 99"))
                .hasEntrySatisfying("spyhop.job.empty", why -> assertThat(why).contains("command: "));
    }

    private static Arguments wrong(String expected, Consumer<Draft> difference) {
        return Arguments.of(expected, difference);
    }

    @Test
    void shouldShowNothingOfAJobWhenItIsWrittenToALog() {
        // Given
        JobDefinition job = job(draft -> {
            draft.command = new JobCommand(List.of(), "login --password hunter2");
            draft.env = Map.of("TOKEN", "hunter2");
        });

        // When
        String text = job.toString() + job.command() + JobExamples.plain();

        // Then
        assertThat(text).doesNotContain("hunter2");
    }
}
