package io.spyhop.gateway.logs;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.gateway.stream.ClientGoneException;
import io.spyhop.gateway.stream.Connection;
import io.spyhop.gateway.stream.OpenStream;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored lines as a file, up to the line that was the last when it began. It runs on a virtual thread of its own and holds
 * one page at a time; the next one is asked for when the client has read most of it.
 *
 * <p>Phases: the first page is asked for, and where that fails the answer is a problem; then the head is sent, then page
 * after page. When the store goes away meanwhile, the client takes nothing for a while, or the token is revoked, the
 * response is broken off, so that nobody takes it for complete.
 */
final class Download implements Runnable, OpenStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(Download.class);

    private final LogsApi logs;
    private final WorkloadId workload;
    private final DownloadRequest request;
    private final Connection connection;
    private final Runnable head;
    private final Consumer<RuntimeException> refuse;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final OutputStream out;
    private final TextRows text;
    private volatile boolean closed;

    /**
     * A download that has not begun.
     *
     * @param head sends what stands before the bytes
     * @param refuse answers with a problem instead
     */
    Download(
            LogsApi logs,
            WorkloadId workload,
            DownloadRequest request,
            Connection connection,
            Runnable head,
            Consumer<RuntimeException> refuse) {
        this.logs = logs;
        this.workload = workload;
        this.request = request;
        this.connection = connection;
        this.head = head;
        this.refuse = refuse;
        this.out = request.gzip() ? gzip(buffer) : buffer;
        this.text = new TextRows(out, request.timestamps());
    }

    @Override
    public void close() {
        closed = true;
        connection.stop();
    }

    @Override
    public void run() {
        boolean complete = false;
        try {
            LineRange range;
            LinesPage first;
            try {
                range = request.range().through(LinePages.last(logs, workload));
                first = page(range.after(), range);
            } catch (ClientGoneException e) {
                throw e;
            } catch (RuntimeException e) {
                complete = true;
                refuse.accept(e);
                return;
            }
            head.run();
            write(first, range);
            complete = true;
        } catch (ClientGoneException e) {
            LOGGER.atTrace().addKeyValue("workload", workload.value()).log("A client broke off its download.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("workload", workload.value())
                    .addKeyValue("reason", e.toString())
                    .log("A download was broken off.");
        } finally {
            if (!complete) {
                connection.abort();
            }
        }
    }

    private void write(LinesPage first, LineRange range) throws IOException, InterruptedException {
        LinesPage page = first;
        long cursor = range.after();
        while (true) {
            rows(page);
            boolean moved = page.through() > cursor;
            cursor = page.through();
            if (!moved || cursor >= range.before() - 1 || !(page.more() || page.count() > 0)) {
                break;
            }
            page = page(cursor, range);
        }
        text.end();
        out.close();
        send();
        if (closed) {
            throw new ClientGoneException();
        }
        connection.end();
    }

    private LinesPage page(long after, LineRange range) {
        if (closed) {
            throw new ClientGoneException();
        }
        if (range.before() - 1 <= after) {
            return new LinesPage(new byte[0], 0, after, false);
        }
        return request.view().isFiltered() || !request.range().isOpen()
                ? logs.query(
                        workload,
                        new LinesQuery(after, range.before(), false, LogsLimits.DOWNLOAD_LINES, 0, request.filter()))
                : logs.after(workload, after, LogsLimits.DOWNLOAD_LINES);
    }

    private void rows(LinesPage page) throws IOException, InterruptedException {
        byte[] rows = request.view().shown(page.ndjson());
        if (request.text()) {
            text.write(rows);
        } else {
            out.write(rows);
        }
        send();
    }

    private void send() throws InterruptedException {
        Buffer bytes = Buffer.buffer(buffer.toByteArray());
        buffer.reset();
        for (int at = 0; at < bytes.length(); ) {
            int next = Math.min(at + LogsLimits.SLICE_BYTES, bytes.length());
            connection.send(bytes.slice(at, next));
            at = next;
        }
    }

    private static OutputStream gzip(OutputStream buffer) {
        try {
            return new GZIPOutputStream(buffer, LogsLimits.SLICE_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory takes everything", e);
        }
    }
}
