package io.spyhop.contracts.setting;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

class SettingsGuardTest {
    @Test
    void shouldSayWhereItStandsWhenANameIsWrong() {
        // Given
        List<ConfigSource> sources = List.of(
                new EnvConfigSource(Map.of("SPYHOP_HTTP_PROT", "1", "SPYHOP_HTTP_PORT", "1", "HOME", "/root"), 300),
                new PropertiesConfigSource(Map.of("spyhop.dta", "1"), "file:/srv/config/application.properties", 260),
                new PropertiesConfigSource(Map.of("spyhop.replicas", "1"), "SysPropConfigSource", 400));

        // When
        List<String> problems = SettingsGuard.check(sources);

        // Then
        assertThat(problems)
                .containsExactly(
                        "there is no setting SPYHOP_HTTP_PROT (in the environment); did you mean SPYHOP_HTTP_PORT?",
                        "there is no setting spyhop.dta (in /srv/config/application.properties);"
                                + " did you mean spyhop.data?",
                        "there is no setting spyhop.replicas (in SysPropConfigSource); did you mean spyhop.replica?");
    }

    @Test
    void shouldMissTheBrokersWhenNobodyNamesThem() {
        // Given
        List<ConfigSource> sources = List.of(source(Map.of("quarkus.datasource.logs.db-kind", "postgresql")));

        // When
        List<String> missing = SettingsGuard.missing(sources);

        // Then
        assertThat(missing).singleElement().asString().startsWith("kafka.bootstrap.servers (KAFKA_BOOTSTRAP_SERVERS)");
    }

    @Test
    void shouldMissTheDatabaseWhenADataSourceWantsIt() {
        // Given
        List<ConfigSource> sources = List.of(source(Map.of(
                "kafka.bootstrap.servers", "a:9092",
                "quarkus.datasource.logs.jdbc.url", "${quarkus.datasource.jdbc.url}")));

        // When
        List<String> missing = SettingsGuard.missing(sources);

        // Then
        assertThat(missing).singleElement().asString().startsWith("quarkus.datasource.jdbc.url");
    }

    @Test
    void shouldMissNothingWhenAllIsInTheEnvironment() {
        // Given
        List<ConfigSource> sources = List.of(
                source(Map.of("quarkus.datasource.logs.jdbc.url", "${quarkus.datasource.jdbc.url}")),
                new EnvConfigSource(
                        Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:9092", "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql:x"),
                        300));

        // When
        List<String> missing = SettingsGuard.missing(sources);

        // Then
        assertThat(missing).isEmpty();
    }

    private static ConfigSource source(Map<String, String> settings) {
        return new PropertiesConfigSource(settings, "test", 100);
    }
}
