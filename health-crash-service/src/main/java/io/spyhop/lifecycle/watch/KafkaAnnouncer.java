package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.messaging.TopicPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Announces on the instances and transitions topics. All records of a container share a partition number. */
final class KafkaAnnouncer implements InstanceAnnouncer {
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaAnnouncer.class);

    private final TopicPublisher publisher;

    KafkaAnnouncer(TopicPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void announce(InstanceState state, List<InstanceTransition> transitions) throws Exception {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        sent.add(publisher.publishJson(Topics.INSTANCES, state.key(), state));
        send(transitions, sent);
        await(sent);
    }

    @Override
    public void announceGone(InstanceState last, List<InstanceTransition> transitions) throws Exception {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        send(transitions, sent);
        // The tombstone must not stand where the removal does not: nobody would look at the container again.
        await(sent);
        publisher.publishJson(Topics.INSTANCES, last.key(), null).get();
    }

    private void send(List<InstanceTransition> transitions, List<CompletableFuture<Void>> sent) {
        for (InstanceTransition transition : transitions) {
            LOGGER.atDebug()
                    .addKeyValue("workload", transition.workload())
                    .addKeyValue("instance", transition.containerId())
                    .log("A transition is published.");
            sent.add(publisher.publishJson(Topics.TRANSITIONS, transition.key(), transition));
        }
    }

    private static void await(List<CompletableFuture<Void>> sent) throws Exception {
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get();
    }
}
