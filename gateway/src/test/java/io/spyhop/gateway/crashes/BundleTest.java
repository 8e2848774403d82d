package io.spyhop.gateway.crashes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.crash.ContainerLimits;
import io.spyhop.contracts.crash.Crash;
import io.spyhop.contracts.crash.CrashReport;
import io.spyhop.contracts.crash.OomEvidence;
import io.spyhop.contracts.metric.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static final Instant AT = Instant.parse("2026-11-22T03:04:05.123456789Z");
    private static final String ROW =
            "{\"lineNo\":7,\"at\":\"2026-11-22T03:04:05.000000001Z\",\"stream\":\"stderr\",\"level\":\"stderr\",\"message\":\"boom\"}\n";

    @Test
    void shouldHoldEverythingWhenTheReportIsComplete() throws IOException {
        // Given
        Usage usage = new Usage(AT, null, 1.5, 64, true, 2.3, 1L, 2L, null, null, null, null, null, null, 3L);
        Bundle bundle = new Bundle(report(ROW, List.of(usage)));

        // When
        Map<String, String> files = unpacked(bundle);

        // Then
        assertThat(bundle.fileName()).isEqualTo("web-crash-3.zip");
        assertThat(files.keySet()).containsExactly("report.json", "lines.ndjson", "lines.txt", "usage.csv");
        assertThat(files.get("lines.ndjson")).isEqualTo(ROW);
        assertThat(files.get("lines.txt")).isEqualTo("2026-11-22T03:04:05.000000001Z stderr boom\n");
        assertThat(files.get("usage.csv")).endsWith("\n2026-11-22T03:04:05.123456789Z,,1.5,64.0,2.3,1,2,,,3\n");
        JsonNode report = new ObjectMapper().readTree(files.get("report.json"));
        assertThat(report.path("at").asText()).isEqualTo("2026-11-22T03:04:05.123456789Z");
        assertThat(report.path("lines").path(0).path("message").asText()).isEqualTo("boom");
        assertThat(report.path("usages").path(0).path("pids").asInt()).isEqualTo(3);
    }

    @Test
    void shouldHoldWhatIsThereWhenTheReportIsNotComplete() throws IOException {
        // When
        Map<String, String> files = unpacked(new Bundle(report(null, null)));

        // Then
        assertThat(files.keySet()).containsExactly("report.json");
    }

    private static Map<String, String> unpacked(Bundle bundle) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bundle.write(out);
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        return files;
    }

    private static CrashReport report(@Nullable String rows, @Nullable List<Usage> usages) {
        Crash crash = new Crash(
                3, AT, null, "local", 0, "c1", "web", "image", 3, null, false, 0, false, null, null, rows != null);
        return new CrashReport(
                new WorkloadId("web"),
                crash,
                OomEvidence.NONE,
                null,
                new ContainerLimits(null, null, null),
                List.of("PATH"),
                "no",
                null,
                List.of(),
                rows == null ? null : 7L,
                rows,
                0,
                usages);
    }
}
