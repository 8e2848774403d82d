package io.spyhop.gateway.events;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicHistory;
import io.spyhop.messaging.TopicRecord;
import io.spyhop.messaging.TopicTail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The topics in Kafka. */
final class TopicSource implements EventSource {
    private final List<Part> parts;

    /** One of them, and how its records are read. */
    private record Part(TopicTail tail, TopicHistory history, BiFunction<TopicRecord, Boolean, Event> reading) {
        static Part of(
                KafkaConnection connection,
                Topic topic,
                BiFunction<TopicRecord, Boolean, Event> reading,
                Consumer<Event> arrived) {
            return new Part(
                    new TopicTail(connection, topic, record -> arrived.accept(reading.apply(record, true))),
                    new TopicHistory(connection, topic),
                    reading);
        }
    }

    TopicSource(KafkaConnection connection, Consumer<Event> arrived) {
        this.parts = List.of(
                Part.of(connection, Topics.TRANSITIONS, Event::of, arrived),
                Part.of(connection, Topics.PORTS, Event::ofPorts, arrived),
                Part.of(connection, Topics.RUNS, Event::ofRun, arrived));
    }

    @Override
    public CompletableFuture<Void> watch() {
        return CompletableFuture.allOf(parts.stream()
                .flatMap(part -> IntStream.range(0, Topic.PARTITIONS).mapToObj(part.tail()::watch))
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public void unwatch() {
        parts.forEach(part -> IntStream.range(0, Topic.PARTITIONS).forEach(part.tail()::unwatch));
    }

    @Override
    public List<Long> end() throws InterruptedException {
        List<Long> end = new ArrayList<>(PARTITIONS);
        for (Part part : parts) {
            end.addAll(part.history().end());
        }
        return List.copyOf(end);
    }

    @Override
    public Past read(List<Long> from) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        List<Long> next = new ArrayList<>(PARTITIONS);
        boolean complete = true;
        boolean passedOver = false;
        for (Part part : parts) {
            TopicHistory.Page page = part.history()
                    .read(from.subList(next.size(), next.size() + Topic.PARTITIONS), EventLimits.PAGE_RECORDS);
            page.records().forEach(record -> events.add(part.reading().apply(record, false)));
            next.addAll(page.next());
            complete &= page.complete();
            passedOver |= page.passedOver();
        }
        return new Past(events, next, complete, passedOver);
    }

    @Override
    public void close() {
        parts.forEach(part -> {
            part.tail().close();
            part.history().close();
        });
    }
}
