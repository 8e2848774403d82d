package io.spyhop.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
    @Test
    void shouldDecodeSegmentsAndKeepTheRestAsItWasSent() {
        // When
        RequestPath path = RequestPath.parse("/api/v1/apps/a%20b/logs/x%C3%A9?q=%2F");

        // Then
        assertThat(path.segments()).containsExactly("api", "v1", "apps", "a b", "logs", "xé");
        assertThat(path.query()).isEqualTo("q=%2F");
        assertThat(path.from(4)).isEqualTo("/logs/x%C3%A9");
        assertThat(path.from(6)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/a//b, NOT_FOUND",
        "/a/, NOT_FOUND",
        "/a/./b, NOT_FOUND",
        "/a/%2e%2e/b, NOT_FOUND",
        "/a/b;c, NOT_FOUND",
        "/a/%2f, NOT_FOUND",
        "/a/%0a, NOT_FOUND",
        "/a/%7f, NOT_FOUND",
        "/a/%, PARAMETER_INVALID",
        "/a/%f, PARAMETER_INVALID",
        "/a/%61, PARAMETER_INVALID",
        "/a/%c3, PARAMETER_INVALID",
        "/a?b=%, PARAMETER_INVALID",
        "/a?b=%00, PARAMETER_INVALID",
        "http://a/b, PARAMETER_INVALID",
        "*, PARAMETER_INVALID"
    })
    void shouldRefuseWhatHasAnotherSpellingOrNone(String uri, ErrorCode code) {
        // When
        SpyhopException refused = catchThrowableOfType(SpyhopException.class, () -> RequestPath.parse(uri));

        // Then
        assertThat(refused.code()).isEqualTo(code);
    }

    @Test
    void shouldReadEveryKindOfAddress() {
        assertThat(address("/api/v1/workloads/shop/logs/stream"))
                .contains(new Address.Canonical("shop", "/logs/stream"));
        assertThat(address("/api/v1/apps/chat")).contains(alias(Kind.APP, null, null, null, null, null, "chat", ""));
        assertThat(address("/api/deployments/shop/logs"))
                .contains(alias(Kind.DEPLOYMENT, null, null, "shop", null, null, null, "/logs"));
        assertThat(address("/api/orgs/o/projects/p/workers/w/logs"))
                .contains(alias(Kind.WORKER, "o", "p", null, null, "w", null, "/logs"));
        assertThat(address("/api/orgs/o/deployments/d/services/s"))
                .contains(alias(Kind.SERVICE, "o", null, "d", "s", null, null, ""));
        assertThat(address("/api/v1/workloads")).isEmpty();
        assertThat(address("/api/deployments")).isEmpty();
        assertThat(address("/api/orgs/o/projects/p/services/s")).isEmpty();
    }

    private static Optional<Address> address(String uri) {
        return Address.of(RequestPath.parse(uri));
    }

    private static Address alias(
            Kind kind,
            @Nullable String org,
            @Nullable String project,
            @Nullable String deployment,
            @Nullable String service,
            @Nullable String worker,
            @Nullable String app,
            String rest) {
        return new Address.Alias(kind, org, project, deployment, service, worker, app, rest);
    }
}
