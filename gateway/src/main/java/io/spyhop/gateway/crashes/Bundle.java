package io.spyhop.gateway.crashes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.spyhop.contracts.crash.CrashReport;
import io.spyhop.contracts.metric.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A report as a zip file: all of it as JSON, and its lines and figures as other programs like them. Written while it is packed; a
 * report is bounded, and so is what is held.
 */
final class Bundle {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private static final String USAGE_HEAD =
            "sampledAt,cpuPct,memUsedMb,memLimitMb,memPct,netRxBytes,netTxBytes,blockReadBytes,blockWriteBytes,pids";

    private final CrashReport report;

    Bundle(CrashReport report) {
        this.report = report;
    }

    String fileName() {
        return report.workload().value() + "-crash-" + report.crash().n() + ".zip";
    }

    /** Writes it; closing is the caller's. */
    void write(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, UTF_8);
        add(zip, "report.json", Stream.of(JSON.writeValueAsString(CrashDetails.of(report))));
        String rows = report.ndjson();
        if (rows != null) {
            add(zip, "lines.ndjson", rows.lines());
            add(zip, "lines.txt", rows.lines().map(row -> text(CrashDetails.parsed(row))));
        }
        List<Usage> usages = report.usages();
        if (usages != null) {
            add(
                    zip,
                    "usage.csv",
                    Stream.concat(Stream.of(USAGE_HEAD), usages.stream().map(Bundle::csv)));
        }
        zip.finish();
    }

    private void add(ZipOutputStream zip, String name, Stream<String> lines) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(report.crash().at().toEpochMilli());
        zip.putNextEntry(entry);
        for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
            zip.write(each.next().getBytes(UTF_8));
            zip.write('\n');
        }
        zip.closeEntry();
    }

    private static String text(JsonNode line) {
        return line.path("at").asText() + " " + line.path("stream").asText() + " "
                + line.path("message").asText();
    }

    private static String csv(Usage usage) {
        return Stream.<@Nullable Object>of(
                        usage.sampledAt(),
                        usage.cpuPct(),
                        usage.memUsedMb(),
                        usage.memLimitMb(),
                        usage.memPct(),
                        usage.netRxBytes(),
                        usage.netTxBytes(),
                        usage.blockReadBytes(),
                        usage.blockWriteBytes(),
                        usage.pids())
                .map(value -> value == null ? "" : value.toString())
                .collect(Collectors.joining(","));
    }
}
