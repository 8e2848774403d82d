package io.spyhop.lifecycle.deploy;

import io.spyhop.lifecycle.catalogue.HeldWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a step that was done has to be written down: in one transaction, after which the next one begins. Immutable.
 *
 * @param next null where the errand is done
 * @param failure what is to be said of the workload although the errand is done; null for nothing
 */
record Outcome(
        @Nullable Step next,
        List<Note> notes,
        List<Consumer<Records>> changes,
        @Nullable String failure) {
    /** Copies the lists. */
    Outcome {
        notes = List.copyOf(notes);
        changes = List.copyOf(changes);
    }

    /** What stands among the workload's lines. */
    record Note(String text, Map<String, String> fields) {
        /** Copies the fields. */
        Note {
            fields = Map.copyOf(fields);
        }
    }

    /** The rows that may change. */
    record Records(
            HeldWorkload workload,
            ErrandEntity errand,
            @Nullable DeploymentEntity deployment) {
        /** The deployment, where the workload is one. */
        void deployment(Consumer<DeploymentEntity> change) {
            if (deployment != null) {
                change.accept(deployment);
            }
        }
    }

    /** The step is done; another one follows. */
    static Outcome then(Step next) {
        return new Outcome(next, List.of(), List.of(), null);
    }

    /** The last step is done. */
    static Outcome end() {
        return new Outcome(null, List.of(), List.of(), null);
    }

    /** The errand cannot be done, and nothing has to be undone. */
    static Outcome end(String failure) {
        return new Outcome(null, List.of(), List.of(), failure);
    }

    /** With a note. */
    Outcome noting(String text, Map<String, String> fields) {
        List<Note> more = new ArrayList<>(notes);
        more.add(new Note(text, fields));
        return new Outcome(next, more, changes, failure);
    }

    /** With a note whose one field is a name and a value. */
    Outcome noting(String text, String field, String value) {
        return noting(text, Map.of(field, value));
    }

    /** With a change of rows. */
    Outcome changing(Consumer<Records> change) {
        List<Consumer<Records>> more = new ArrayList<>(changes);
        more.add(change);
        return new Outcome(next, notes, more, failure);
    }
}
