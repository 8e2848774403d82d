package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is given a wrong setting does not start, and says why in one sentence. */
class SettingsST {
    private static final long END_SECONDS_MAX = 60;

    private record End(int code, String output) {
        /** What stands last, which must be no stack trace; libraries may have told their versions before it. */
        String sentence() {
            assertThat(output).contains("Spyhop cannot start:").doesNotContain("\tat ");
            return output.substring(output.indexOf("Spyhop cannot start:"));
        }
    }

    @TempDir
    Path directory;

    @TempDir
    Path logs;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "standalone",
                "gateway",
                "health-crash-service",
                "jobs-service",
                "log-service",
                "metrics-service",
                "port-detector"
            })
    void shouldNotStartWhenASettingIsMisspelt(String service) throws Exception {
        // Given
        Map<String, String> environment = Map.of("SPYHOP_HTTP_PROT", "9000");

        // When
        End end = run(service, withBackends(environment));

        // Then
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.sentence())
                .isEqualTo("Spyhop cannot start: there is no setting SPYHOP_HTTP_PROT (in the environment);"
                        + " did you mean SPYHOP_HTTP_PORT?\n");
        assertThat(directory).isEmptyDirectory();
    }

    /** Also a service that has no use for a setting refuses it: who starts all with one environment learns it at once. */
    @ParameterizedTest
    @ValueSource(strings = {"standalone", "gateway", "jobs-service"})
    void shouldNotStartWhenAValueDoesNotFit(String service) throws Exception {
        // Given
        Map<String, String> environment = Map.of("SPYHOP_GATEWAY_KEEP_ALIVE", "never");

        // When
        End end = run(service, withBackends(environment));

        // Then
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.sentence())
                .isEqualTo(
                        "Spyhop cannot start: SPYHOP_GATEWAY_KEEP_ALIVE (in the environment): \"never\" is not a time"
                                + " longer than none, such as 500ms, 30s, 15m, 12h or 7d.\n");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldNotShowItWhenASecretDoesNotFit() throws Exception {
        // Given
        Map<String, String> environment = Map.of("SPYHOP_ADMIN_TOKEN", "tooshortasecret");

        // When
        End end = run("gateway", withBackends(environment));

        // Then
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.sentence())
                .startsWith("Spyhop cannot start: SPYHOP_ADMIN_TOKEN (in the environment): its value is not 20 to 200");
        assertThat(end.output()).doesNotContain("tooshortasecret");
    }

    @Test
    void shouldSayWhatIsMissingWhenAServiceHasNoBackends() throws Exception {
        // Given
        Map<String, String> environment = Map.of();

        // When
        End end = run("log-service", environment);

        // Then
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.sentence().lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("kafka.bootstrap.servers (KAFKA_BOOTSTRAP_SERVERS) is not set"))
                .anyMatch(
                        line -> line.contains("quarkus.datasource.jdbc.url (QUARKUS_DATASOURCE_JDBC_URL) is not set"));
    }

    /** Nothing listens there; it is never asked. */
    private static Map<String, String> withBackends(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        all.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/none");
        return all;
    }

    private End run(String service, Map<String, String> environment) throws IOException, InterruptedException {
        Path modules = Path.of("..").toAbsolutePath().normalize();
        Path jar = service.equals("standalone")
                ? modules.resolve("standalone/target/spyhop.jar")
                : modules.resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
        assertThat(jar).as("the built product").exists();
        List<String> command = Spyhop.java();
        command.addAll(List.of("-Dspyhop.data=" + directory.resolve("data"), "-jar", jar.toString()));
        Path log = logs.resolve(service);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS))
                    .as("it ends by itself")
                    .isTrue();
            return new End(process.exitValue(), Files.readString(log));
        } finally {
            process.destroyForcibly();
        }
    }
}
