package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.lifecycle.catalogue.HeldWorkload;
import io.spyhop.lifecycle.catalogue.HeldWorkloads;
import io.spyhop.lifecycle.deploy.Outcome.Note;
import io.spyhop.lifecycle.deploy.Outcome.Records;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * How far each errand is. Each method is one transaction, which takes effect wholly or not at all, and changes nothing
 * where somebody else has taken up the errand meanwhile, or another one was asked for. Thread-safe.
 */
@ApplicationScoped
class Ledger {
    private final HeldWorkloads workloads;
    private final ErrandRepository errands;
    private final DeploymentRepository deployments;
    private final NoteRepository notes;
    private final Clock clock = Clock.systemUTC();

    @Inject
    Ledger(HeldWorkloads workloads, ErrandRepository errands, DeploymentRepository deployments, NoteRepository notes) {
        this.workloads = workloads;
        this.errands = errands;
        this.deployments = deployments;
        this.notes = notes;
    }

    /** What is to be done on these hosts, now or later. */
    @Transactional
    List<Errand> open(Collection<String> hosts) {
        return errands.open(hosts).stream().map(ErrandEntity::errand).toList();
    }

    /** Takes an errand up: whoever had it before can write down nothing more. */
    @Transactional
    Optional<Errand> begin(Errand errand) {
        workloads.get(errand.workload());
        ErrandEntity row = errands.findById(new ErrandEntity.Key(errand.key()));
        if (row == null || row.ticket != errand.ticket()) {
            return Optional.empty();
        }
        row.attempt++;
        return Optional.of(row.errand());
    }

    /** Programs are about to be asked to end. */
    @Transactional
    void signalling(Errand errand, Instant at) {
        change(errand, records -> {
            records.errand().signalledAt = at;
            return Optional.empty();
        });
    }

    /** A step was done. Empty where the errand is done, or no longer the caller's. */
    @Transactional
    Optional<Errand> done(Errand errand, Outcome outcome) {
        return change(errand, records -> {
            ErrandEntity row = records.errand();
            outcome.changes().forEach(change -> change.accept(records));
            outcome.notes().forEach(note -> write(records.workload(), row.host, note));
            row.failures = 0;
            if (row.kind != ErrandKind.UNDO) {
                row.reason = null;
            }
            Step next = outcome.next();
            if (next == null) {
                end(records, outcome);
                return Optional.empty();
            }
            row.step = next;
            records.workload().intend(records.workload().intent(), row.reason);
            return Optional.of(row.errand());
        });
    }

    /** A step failed, and will be tried again after a pause. It is told once, however often it fails for that reason. */
    @Transactional
    void failed(Errand errand, String reason, Duration pause) {
        change(errand, records -> {
            ErrandEntity row = records.errand();
            row.failures++;
            row.dueAt = clock.instant().plus(pause);
            if (!reason.equals(row.reason)) {
                write(records.workload(), row.host, failure(row, reason));
            }
            // What an undoing is for stays told.
            if (row.kind != ErrandKind.UNDO) {
                row.reason = reason;
            }
            boolean runs = row.kind == ErrandKind.CREATE && row.step == Step.ROUTE;
            InstanceStatus intent = runs ? null : records.workload().intent();
            records.workload().intend(intent, row.reason);
            return Optional.empty();
        });
    }

    /** A creation cannot succeed: what was done is undone. */
    @Transactional
    Optional<Errand> undo(Errand errand, String reason) {
        return change(errand, records -> {
            ErrandEntity row = records.errand();
            write(records.workload(), row.host, failure(row, reason));
            row.kind = ErrandKind.UNDO;
            row.step = ErrandKind.UNDO.first();
            row.failures = 0;
            row.reason = reason;
            records.workload().intend(InstanceStatus.CREATING, reason);
            return Optional.of(row.errand());
        });
    }

    /** Tells something while a step is being done. */
    @Transactional
    void note(Errand errand, String text) {
        change(errand, records -> {
            write(records.workload(), errand.host(), new Note(text, Map.of()));
            return Optional.empty();
        });
    }

    /** Takes another port of the host; 0 where none is free, or the errand is no longer the caller's. */
    @Transactional
    int takePort(Errand errand, PortRange range) {
        AtomicInteger taken = new AtomicInteger();
        change(errand, records -> {
            records.deployment(row -> taken.set(deployments.takePort(row, range)));
            return Optional.empty();
        });
        return taken.get();
    }

    /** What a managed deployment is made of; empty where the workload is none. */
    @Transactional
    Optional<Deployment> deployment(WorkloadId workload) {
        return deployments.findByIdOptional(workload.value()).map(DeploymentEntity::deployment);
    }

    /** The deployments of these hosts to which a host name leads, by workload. */
    @Transactional
    Map<WorkloadId, Deployment> routed(Collection<String> hosts) {
        return deployments.routed(hosts).stream()
                .collect(Collectors.toMap(row -> new WorkloadId(row.workloadId), DeploymentEntity::deployment));
    }

    /** The containers of a workload on a host that are not removed, as they were last seen. */
    @Transactional
    List<InstanceState> present(WorkloadId workload, String host) {
        return workloads.present(workload).stream()
                .filter(instance -> instance.host().equals(host))
                .toList();
    }

    /** What marks the containers that this installation made. */
    @Transactional
    String installation() {
        return deployments.installation();
    }

    private Optional<Errand> change(Errand errand, Change change) {
        HeldWorkload workload = workloads.get(errand.workload());
        ErrandEntity row = errands.findById(new ErrandEntity.Key(errand.key()));
        if (row == null || row.ticket != errand.ticket() || row.attempt != errand.attempt()) {
            return Optional.empty();
        }
        return change.apply(new Records(
                workload, row, deployments.findById(errand.workload().value())));
    }

    private void end(Records records, Outcome outcome) {
        ErrandEntity row = records.errand();
        HeldWorkload workload = records.workload();
        boolean failed = row.kind == ErrandKind.UNDO;
        errands.delete(row);
        errands.flush();
        if (errands.of(workload.id()).isEmpty()) {
            workload.intend(failed ? InstanceStatus.FAILED : null, failed ? row.reason : outcome.failure());
        }
    }

    private void write(HeldWorkload workload, String host, Note note) {
        NoteEntity row = new NoteEntity();
        row.workloadId = workload.id().value();
        row.org = workload.org();
        row.host = host;
        Instant at = workload.noteAt(clock.instant());
        row.at = at;
        row.text = note.text();
        row.fields = note.fields();
        notes.persist(row);
    }

    private static Note failure(ErrandEntity row, String reason) {
        return new Note(row.kind.mark() + " " + row.step.word() + " failed", Map.of("reason", reason));
    }

    @FunctionalInterface
    private interface Change {
        Optional<Errand> apply(Records records);
    }
}
