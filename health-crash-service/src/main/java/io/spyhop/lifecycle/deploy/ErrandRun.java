package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is left of one errand, step by step, on a virtual thread of its own, so that none waits for another. It ends
 * when the errand is done, belongs to somebody else, failed for now, or the thread is interrupted. What is not written
 * down is done again by the next run.
 */
final class ErrandRun implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ErrandRun.class);
    private static final int REASON_LENGTH_MAX = 500;

    private final Errand errand;
    private final Ledger ledger;
    private final Steps steps;

    ErrandRun(Errand errand, Ledger ledger, Steps steps) {
        this.errand = errand;
        this.ledger = ledger;
        this.steps = steps;
    }

    @Override
    public void run() {
        try {
            if (!ranAll()) {
                Thread.sleep(DeployLimits.RETRY_FIRST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where something could not be written down: the loop finds the errand as it was. */
    private boolean ranAll() throws InterruptedException {
        try {
            CurrentTrace.run(TraceContext.begin(), this::runAll);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOGGER.atDebug()
                    .addKeyValue("workload", errand.workload())
                    .setCause(e)
                    .log("An errand cannot be written down.");
            return false;
        }
    }

    private void runAll() throws Exception {
        Optional<Errand> current = ledger.begin(errand);
        while (current.isPresent()) {
            current = step(current.get());
        }
    }

    private Optional<Errand> step(Errand now) throws InterruptedException {
        Outcome outcome;
        try {
            outcome = steps.perform(now);
        } catch (EngineRefusedException e) {
            return refused(now, e);
        } catch (EngineException | Routes.RouteException e) {
            return failed(now, e);
        }
        return ledger.done(now, outcome);
    }

    private Optional<Errand> refused(Errand now, EngineRefusedException e) throws InterruptedException {
        return switch (now.kind()) {
            case CREATE -> ledger.undo(now, reason(e));
            case RESTART ->
                now.step() == Step.AGAIN ? ledger.done(now, Outcome.end("restart: " + reason(e))) : failed(now, e);
            case STOP, UNDO -> failed(now, e);
        };
    }

    private Optional<Errand> failed(Errand now, RuntimeException e) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        LOGGER.atDebug().addKeyValue("workload", now.workload()).setCause(e).log("A step of an errand failed.");
        ledger.failed(now, now.step().word() + ": " + reason(e), pause(now.failures()));
        return Optional.empty();
    }

    /** Twice as long each time. */
    static Duration pause(int failures) {
        Duration pause = DeployLimits.RETRY_FIRST.multipliedBy(1L << Math.min(failures, 10));
        return pause.compareTo(DeployLimits.RETRY_MAX) > 0 ? DeployLimits.RETRY_MAX : pause;
    }

    private static String reason(Exception e) {
        String text = String.valueOf(e.getMessage());
        return text.length() > REASON_LENGTH_MAX ? text.substring(0, REASON_LENGTH_MAX) + "…" : text;
    }
}
