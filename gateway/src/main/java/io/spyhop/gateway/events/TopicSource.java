package io.spyhop.gateway.events;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicHistory;
import io.spyhop.messaging.TopicTail;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The topic in Kafka. */
final class TopicSource implements EventSource {
    private final TopicTail tail;
    private final TopicHistory history;

    TopicSource(KafkaConnection connection, Consumer<Event> arrived) {
        this.tail = new TopicTail(connection, Topics.TRANSITIONS, record -> arrived.accept(Event.of(record, true)));
        this.history = new TopicHistory(connection, Topics.TRANSITIONS);
    }

    @Override
    public CompletableFuture<Void> watch() {
        return CompletableFuture.allOf(
                IntStream.range(0, Topic.PARTITIONS).mapToObj(tail::watch).toArray(CompletableFuture[]::new));
    }

    @Override
    public void unwatch() {
        IntStream.range(0, Topic.PARTITIONS).forEach(tail::unwatch);
    }

    @Override
    public List<Long> end() throws InterruptedException {
        return history.end();
    }

    @Override
    public Past read(List<Long> from) throws InterruptedException {
        TopicHistory.Page page = history.read(from, EventLimits.PAGE_RECORDS);
        return new Past(
                page.records().stream().map(record -> Event.of(record, false)).toList(),
                page.next(),
                page.complete(),
                page.passedOver());
    }

    @Override
    public void close() {
        tail.close();
        history.close();
    }
}
