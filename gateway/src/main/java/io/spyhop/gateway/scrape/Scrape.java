package io.spyhop.gateway.scrape;

import io.spyhop.contracts.metric.ContainerCounters;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.stream.ClientGoneException;
import io.spyhop.gateway.stream.Connection;
import io.spyhop.gateway.stream.OpenStream;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer to Prometheus. The counters of all containers are asked for first, a partition at a time, since all samples of
 * a family must stand together; the text is written family by family as its client reads. While metrics-service is away an
 * admin still gets the meters of this process, and anybody else a problem. Its run is on one virtual thread.
 */
final class Scrape implements Runnable, OpenStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(Scrape.class);

    /** One write. */
    private static final int SLICE_CHARACTERS = 64 * 1024;

    private final UsageApi usage;
    private final Caller caller;
    private final Exposition format;
    private final Optional<Supplier<String>> own;
    private final ScrapeMetrics metrics;
    private final Connection connection;
    private final Runnable head;
    private final Consumer<RuntimeException> refuse;
    private final StringBuilder text = new StringBuilder();

    /**
     * An answer that has not begun.
     *
     * @param own the meters of this process in the same format, for who may see them
     * @param head sends the head of the answer
     * @param refuse sends a problem instead
     */
    Scrape(
            UsageApi usage,
            Caller caller,
            Exposition format,
            Optional<Supplier<String>> own,
            ScrapeMetrics metrics,
            Connection connection,
            Runnable head,
            Consumer<RuntimeException> refuse) {
        this.usage = usage;
        this.caller = caller;
        this.format = format;
        this.own = own;
        this.metrics = metrics;
        this.connection = connection;
        this.head = head;
        this.refuse = refuse;
    }

    @Override
    public void close() {
        connection.stop();
    }

    @Override
    public void run() {
        boolean complete = false;
        try {
            List<Series> containers;
            String meters;
            try {
                containers = containers();
                meters = own.map(Supplier::get).orElse("");
            } catch (RuntimeException e) {
                complete = true;
                refuse.accept(e);
                return;
            }
            head.run();
            write(containers, meters);
            connection.end();
            complete = true;
        } catch (ClientGoneException e) {
            LOGGER.atTrace().log("A client broke off its scrape.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!complete) {
                connection.abort();
            }
        }
    }

    private List<Series> containers() {
        try {
            List<Series> all = new ArrayList<>();
            for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
                for (ContainerCounters each : usage.counters(partition).values()) {
                    if (caller.sees(each.workload().org())) {
                        all.add(Series.of(each));
                    }
                }
            }
            all.sort(Series.ORDER);
            return all;
        } catch (SpyhopException e) {
            if (own.isEmpty() || e.code() != ErrorCode.DEPENDENCY_AWAY) {
                throw e;
            }
            metrics.failed();
            return List.of();
        }
    }

    private void write(List<Series> containers, String meters) throws InterruptedException {
        for (Family family : Family.ALL) {
            boolean begun = false;
            for (Series container : containers) {
                String sample = container.sample(family);
                if (!sample.isEmpty() && !begun) {
                    append(format.head(family));
                    begun = true;
                }
                append(sample);
            }
        }
        append(
                meters.endsWith(Exposition.END)
                        ? meters.substring(0, meters.length() - Exposition.END.length())
                        : meters);
        if (format == Exposition.OPEN) {
            append(Exposition.END);
        }
        flush();
    }

    private void append(String more) throws InterruptedException {
        text.append(more);
        if (text.length() >= SLICE_CHARACTERS) {
            flush();
        }
    }

    private void flush() throws InterruptedException {
        if (!text.isEmpty()) {
            connection.send(Buffer.buffer(text.toString()));
            text.setLength(0);
        }
    }
}
