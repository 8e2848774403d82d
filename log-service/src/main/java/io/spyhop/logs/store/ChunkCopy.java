package io.spyhop.logs.store;

import io.spyhop.logs.number.SealedBatch;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Chunks in PostgreSQL's binary COPY format (PostgreSQL documentation, COPY, "Binary Format"): the quickest way in for
 * rows with large payloads.
 */
final class ChunkCopy {
    static final String STATEMENT = """
            COPY logs.chunk (workload_id, last_line, first_line, first_at, last_at, retention_class, line_count,
                raw_bytes, codec, payload) FROM STDIN (FORMAT binary)""";

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int COLUMNS = 10;
    private static final short OUTPUT = 0;
    private static final short SYSTEM = 1;

    private ChunkCopy() {}

    /** The rows as the statement wants them. */
    static byte[] rows(List<StoredBatch> batches) {
        int size =
                batches.stream().mapToInt(batch -> batch.payload().length + 200).sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(SIGNATURE);
            out.writeInt(0);
            out.writeInt(0);
            for (StoredBatch batch : batches) {
                row(out, batch);
            }
            out.writeShort(-1);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void row(DataOutputStream out, StoredBatch batch) throws IOException {
        SealedBatch sealed = batch.sealed();
        out.writeShort(COLUMNS);
        field(out, sealed.workload().value().getBytes(StandardCharsets.UTF_8));
        field(out, sealed.lastLine());
        field(out, sealed.firstLine());
        field(out, sealed.firstAt());
        field(out, sealed.lastAt());
        field(out, sealed.system() ? SYSTEM : OUTPUT);
        field(out, Math.toIntExact(sealed.lastLine() - sealed.firstLine() + 1));
        field(out, sealed.length());
        field(out, Codec.ZSTD);
        field(out, batch.payload());
    }

    private static void field(DataOutputStream out, byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }

    private static void field(DataOutputStream out, long value) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(value);
    }

    private static void field(DataOutputStream out, int value) throws IOException {
        out.writeInt(Integer.BYTES);
        out.writeInt(value);
    }

    private static void field(DataOutputStream out, short value) throws IOException {
        out.writeInt(Short.BYTES);
        out.writeShort(value);
    }
}
