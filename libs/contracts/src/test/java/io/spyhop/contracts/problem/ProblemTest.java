package io.spyhop.contracts.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    @ParameterizedTest
    @CsvSource({
        "PARAMETER_INVALID, parameter-invalid, 400",
        "BODY_INVALID, body-invalid, 400",
        "TOKEN_MISSING, token-missing, 401",
        "TOKEN_INVALID, token-invalid, 401",
        "ROLE_MISSING, role-missing, 403",
        "ORIGIN_FOREIGN, origin-foreign, 403",
        "NOT_FOUND, not-found, 404",
        "WORKLOAD_UNKNOWN, workload-unknown, 404",
        "CRASH_UNKNOWN, crash-unknown, 404",
        "JOB_UNKNOWN, job-unknown, 404",
        "RUN_UNKNOWN, run-unknown, 404",
        "PORT_UNKNOWN, port-unknown, 404",
        "METHOD_UNKNOWN, method-unknown, 405",
        "NOT_ACCEPTABLE, not-acceptable, 406",
        "STATE_CONFLICT, state-conflict, 409",
        "BODY_TOO_LARGE, body-too-large, 413",
        "URI_TOO_LONG, uri-too-long, 414",
        "MEDIA_TYPE_UNKNOWN, media-type-unknown, 415",
        "HOST_UNKNOWN, host-unknown, 421",
        "TOO_MANY, too-many, 429",
        "INTERNAL, internal, 500",
        "PORT_AWAY, port-away, 502",
        "NOTHING_RUNS, nothing-runs, 503",
        "DEPENDENCY_AWAY, dependency-away, 503",
        "VERSION_UNKNOWN, version-unknown, 505",
    })
    void shouldNeverChangeACodeOrItsStatus(ErrorCode code, String wire, int status) {
        // Then
        assertThat(code.wire()).isEqualTo(wire);
        assertThat(code.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindACodeOfTheSameStatusWhenAFrameworkAnswers(ErrorCode code) {
        // Then
        assertThat(ErrorCode.ofStatus(code.status()).status()).isEqualTo(code.status());
    }

    @Test
    void shouldGiveEachCodeANameOfItsOwn() {
        // Then
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wire)).doesNotHaveDuplicates();
    }

    @Test
    void shouldNameTheParameterAtFault() throws JsonProcessingException {
        // When
        Problem problem = Problem.of(SpyhopException.parameter("limit", "1 to 1000 is wanted"));

        // Then
        assertThat(new ObjectMapper().writeValueAsString(problem))
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"A parameter is wrong\",\"status\":400,"
                        + "\"detail\":\"limit: 1 to 1000 is wanted\",\"code\":\"parameter-invalid\","
                        + "\"parameter\":\"limit\"}");
    }

    @Test
    void shouldNameNoParameterWhenTheCodeIsAboutNone() {
        // When
        Problem problem = Problem.of(new SpyhopException(ErrorCode.STATE_CONFLICT, "now: stopping"));

        // Then
        assertThat(problem.parameter()).isNull();
        assertThat(problem.detail()).isEqualTo("now: stopping");
    }

    @Test
    void shouldSayNothingOfWhatIsUnknownToTheClient() {
        // When
        SpyhopException known = ProblemMapper.asSpyhop(new IllegalStateException("password=hunter2"));

        // Then
        assertThat(known.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(Problem.of(known).detail()).isEqualTo("Something went wrong here");
    }

    @Test
    void shouldSayThatTheDatabaseIsAwayWhenItCannotBeReached() {
        // Given: as the pool, the driver and the server say it, behind what frameworks wrap around it.
        List<SQLException> away = List.of(
                new SQLException("Acquisition timeout while waiting for new connection"),
                new SQLException("Connection refused", "08001"),
                new SQLException("the database system is shutting down", "57P03"));

        // Then
        assertThat(away).allSatisfy(cause -> {
            SpyhopException shown = ProblemMapper.asSpyhop(new IllegalStateException(cause));
            assertThat(shown.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
            assertThat(shown.publicMessage()).isEqualTo("the database is away");
        });
        assertThat(ProblemMapper.asSpyhop(new IllegalStateException(new SQLException("no such column", "42703")))
                        .code())
                .isEqualTo(ErrorCode.INTERNAL);
    }
}
