package io.spyhop.contracts.setting;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.setting.SettingsCheck.Found;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {
    private final SettingsCheck check = new SettingsCheck(KnownSettings.of(Stream.of(
            "# A comment.",
            "",
            "spyhop.admin.token secret:io.spyhop.contracts.setting.Port",
            "spyhop.data java.nio.file.Path",
            "spyhop.discovery.labelled-only boolean",
            "spyhop.gateway.keep-alive io.spyhop.contracts.setting.PositiveDuration",
            "spyhop.hosts.*.endpoint java.net.URI",
            "spyhop.hosts.*.tls.verify boolean",
            "spyhop.http.allowed-hosts list:java.lang.String",
            "spyhop.http.port io.spyhop.contracts.setting.Port",
            "spyhop.jobs.max int",
            "spyhop.stored.elsewhere com.example.NotHere",
            "SPYHOP_INSTALL",
            "SPYHOP_BENCH_*")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spyhop.http.port",
                "%dev.spyhop.http.port",
                "spyhop.http.allowed-hosts",
                "spyhop.http.allowed-hosts[0]",
                "spyhop.stored.elsewhere",
                "SPYHOP_HTTP_PORT",
                "SPYHOP_HTTP_ALLOWED_HOSTS",
                "SPYHOP_HTTP_ALLOWED_HOSTS_0_",
                "SPYHOP_INSTALL",
                "SPYHOP_BENCH_LINES",
                "quarkus.http.port",
                "DOCKER_HOST",
                "MY_SPYHOP_THING"
            })
    void shouldSayNothingWhenTheNameIsKnown(String name) {
        // Given
        List<Found> found = List.of(found(name, "1"));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spyhop.hosts.edge.endpoint",
                "spyhop.hosts.\"edge-1.example\".endpoint",
                "SPYHOP_HOSTS_EDGE_ENDPOINT",
                "SPYHOP_HOSTS__EDGE_1_EXAMPLE__ENDPOINT"
            })
    void shouldKnowAKeyWhenItHasANameInIt(String name) {
        // Given
        List<Found> found = List.of(found(name, "tcp://10.0.0.5:2376"));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spyhop.http.prot, spyhop.http.port",
        "spyhop.port, spyhop.http.port",
        "spyhop.dta, spyhop.data",
        "spyhop.gateway.keepalive, spyhop.gateway.keep-alive",
        "spyhop.hosts.edge.endpont, spyhop.hosts.<name>.endpoint",
        "SPYHOP_HTTP_PROT, SPYHOP_HTTP_PORT",
        "SPYHOP_HTTP_ALOWED_HOSTS, SPYHOP_HTTP_ALLOWED_HOSTS",
        "SPYHOP_INSTAL, SPYHOP_INSTALL"
    })
    void shouldSayWhatWasMeantWhenANameIsMisspelt(String name, String meant) {
        // Given
        List<Found> found = List.of(found(name, "x"));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems)
                .containsExactly("there is no setting " + name + " (in a test); did you mean " + meant + "?");
    }

    @Test
    void shouldPointAtTheListWhenNothingIsLikeIt() {
        // Given
        List<Found> found = List.of(found("spyhop.xyzzyxyzzy", "x"));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems)
                .containsExactly("there is no setting spyhop.xyzzyxyzzy (in a test); docs/configuration.md lists all.");
    }

    @ParameterizedTest
    @CsvSource({
        "spyhop.discovery.labelled-only, treu, neither true nor false",
        "spyhop.gateway.keep-alive, -5s, not a time longer than none",
        "spyhop.hosts.edge.endpoint, 10.0.0.5, not an address with a scheme",
        "spyhop.http.port, 80a, not a port",
        "SPYHOP_HTTP_PORT, -1, not a port",
        "spyhop.jobs.max, many, not a whole number"
    })
    void shouldSayWhyWhenAValueDoesNotFit(String name, String value, String why) {
        // Given
        List<Found> found = List.of(found(name, value));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems).singleElement().asString().startsWith(name + " (in a test): \"" + value + "\" is " + why);
    }

    @Test
    void shouldNotShowAValueWhenItIsASecret() {
        // Given
        List<Found> found = List.of(found("spyhop.admin.token", "hunter2"));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems)
                .containsExactly("spyhop.admin.token (in a test): its value is not a port: a number from 0 to 65535.");
    }

    @Test
    void shouldLeaveAValueAloneWhenItIsAnExpressionOrNothing() {
        // Given
        List<Found> found = List.of(
                found("spyhop.http.port", "${port}"), found("spyhop.http.port", ""), found("spyhop.http.port", null));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems).isEmpty();
    }

    @Test
    void shouldTellAllWhenSeveralAreWrong() {
        // Given
        List<Found> found = List.of(found("spyhop.http.port", "x"), found("spyhop.dta", "x"), found("SPYHOP_X", "x"));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "SPYHOP_SERVICE_HOST, 10.0.0.1",
        "SPYHOP_SERVICE_PORT, 8080",
        "SPYHOP_GATEWAY_SERVICE_PORT_HTTP, 8080",
        "SPYHOP_PORT, tcp://10.0.0.1:8080",
        "SPYHOP_GATEWAY_PORT, tcp://10.0.0.1:8080",
        "SPYHOP_PORT_8080_TCP_ADDR, 10.0.0.1"
    })
    void shouldSayNothingWhenKubernetesPutItThere(String name, String value) {
        // Given
        List<Found> found = List.of(found(name, value));

        // When
        List<String> problems = check.problems(found);

        // Then
        assertThat(problems).isEmpty();
    }

    private static Found found(String name, @Nullable String value) {
        return new Found(name, value, "in a test");
    }
}
