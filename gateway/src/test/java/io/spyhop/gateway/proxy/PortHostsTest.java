package io.spyhop.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.gateway.ports.PortUrls;
import io.spyhop.gateway.ports.Tables;
import io.spyhop.gateway.proxy.PortHosts.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortHostsTest {
    private static final String LONG_ID = "a".repeat(40);
    private static final int LONG_INDEX = Integer.MAX_VALUE;

    private static final ListeningPorts WEB = Tables.instance("web", 0, 3000, 80);
    private static final ListeningPorts WEB_3000 = Tables.instance("web-3000", 0, 80);
    private static final ListeningPorts DIGITS = Tables.instance("1-2", 1, 3);
    private static final ListeningPorts DASHES = Tables.instance("-a-", 7, 65_535);
    private static final ListeningPorts LONG = Tables.instance(LONG_ID, LONG_INDEX, 20_000, 30_000);

    private final PortHosts hosts =
            new PortHosts(Tables.of(WEB, WEB_3000, DIGITS, DASHES, LONG), Tables.urls("http://localhost:8080"));

    @ParameterizedTest
    @CsvSource({
        "worker-0-web-3000, web, 0, 3000",
        "worker-0-web-80, web, 0, 80",
        "worker-0-web-3000-80, web-3000, 0, 80",
        "worker-1-1-2-3, 1-2, 1, 3",
        "worker-7--a--65535, -a-, 7, 65535",
    })
    void shouldMeanOnePortWhateverTheIdLooksLike(String label, String workload, int index, int port) {
        // When / Then
        assertThat(hosts.find(label)).isInstanceOfSatisfying(Found.Present.class, present -> {
            assertThat(present.instance().workload()).isEqualTo(new WorkloadId(workload));
            assertThat(present.instance().index()).isEqualTo(index);
            assertThat(present.port().port()).isEqualTo(port);
        });
        assertThat(PortUrls.label(new WorkloadId(workload), index, port)).isEqualTo(label);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "worker-0-web",
                "worker-0-3000",
                "worker-00-web-3000",
                "worker-0-web-03000",
                "worker-0-web-65536",
                "worker-0-web-0",
                "worker-1-web-3000",
                "worker-0-web-3000-",
                "worker--0-web-3000",
                "worker-9999999999-web-3000",
                "worker-4294967296-web-3000",
                "worker-0-web_-3000",
                "worker-0-nobody-3000",
                "worker-",
            })
    void shouldMeanNothingWhenItIsAnotherSpelling(String label) {
        // When / Then
        assertThat(hosts.find(label)).isInstanceOf(Found.Unknown.class);
    }

    @Test
    void shouldFindTheShortenedNameWhenTheWholeOneIsTooLong() {
        // Given
        String label = PortUrls.label(new WorkloadId(LONG_ID), LONG_INDEX, 30_000);
        String gone = PortUrls.label(new WorkloadId(LONG_ID), LONG_INDEX, 40_000);

        // When / Then
        assertThat(label).hasSize(63).isNotEqualTo(PortUrls.label(new WorkloadId(LONG_ID), LONG_INDEX, 20_000));
        assertThat(hosts.find(label)).isInstanceOfSatisfying(Found.Present.class, present -> {
            assertThat(present.instance()).isEqualTo(LONG);
            assertThat(present.port().port()).isEqualTo(30_000);
        });
        assertThat(hosts.find(gone)).isInstanceOf(Found.Unknown.class);
    }

    @Test
    void shouldTellWhenItWasLastSeenWhenNothingListensAnyMore() {
        // When / Then
        assertThat(hosts.find("worker-0-web-1")).isEqualTo(new Found.Past(WEB, 1, Tables.SEEN));
        assertThat(hosts.find("worker-0-web-2")).isEqualTo(new Found.Past(WEB, 2, null));
    }

    @ParameterizedTest
    @CsvSource({
        "worker-0-web-3000.localhost, localhost, worker-0-web-3000",
        "WORKER-0-Web-3000.LOCALHOST, localhost, worker-0-web-3000",
        "worker-0-web-3000.spyhop.example.com, spyhop.example.com, worker-0-web-3000",
    })
    void shouldBeAPortsHostWhenItIsBelowTheBase(String host, String base, String label) {
        // When / Then
        assertThat(PortHosts.label(host, base)).contains(label);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost",
        "worker-0-web-3000, localhost",
        "xlocalhost, localhost",
        "worker-0-web-3000xlocalhost, localhost",
        "worker-0-web-3000.localhost.evil.example.com, localhost",
        "worker-0-web-3000.evil.localhost, localhost",
        "worker-0-web-3000.localhost., localhost",
        "other-0-web-3000.localhost, localhost",
        "worker-0-web-3000.example.com, spyhop.example.com",
    })
    void shouldBeNoPortsHostWhenItIsAnythingElse(String host, String base) {
        // When / Then
        assertThat(PortHosts.label(host, base)).isEmpty();
    }
}
