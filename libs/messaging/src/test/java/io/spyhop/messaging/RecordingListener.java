package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a table told. */
class RecordingListener implements WorkloadTable.Listener<RecordingListener.Sample> {
    record Sample(String text) {}

    /** In order: {@code changed web=a}, {@code removed web=a}, {@code lost 3}, {@code companion web=x}. */
    final List<String> events = new CopyOnWriteArrayList<>();

    /** By the text of the companion record. */
    final Map<String, WorkloadTable.Acknowledgement> acknowledgements = new ConcurrentHashMap<>();

    @Override
    public void changed(RecordKey key, Sample value) {
        events.add("changed " + key.text() + "=" + value.text());
    }

    @Override
    public void removed(RecordKey key, Sample last) {
        events.add("removed " + key.text() + "=" + last.text());
    }

    @Override
    public void lost(int partition) {
        events.add("lost " + partition);
    }

    @Override
    public void companion(TopicRecord record, WorkloadTable.Acknowledgement acknowledgement) {
        String text = new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
        acknowledgements.put(text, acknowledgement);
        events.add("companion " + record.key().text() + "=" + text);
    }

    void acknowledge(String text) {
        Objects.requireNonNull(acknowledgements.get(text), text).done();
    }

    List<String> eventsOf(String kind) {
        return events.stream().filter(event -> event.startsWith(kind + " ")).toList();
    }
}
