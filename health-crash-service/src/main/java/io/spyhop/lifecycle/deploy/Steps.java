package io.spyhop.lifecycle.deploy;

import io.spyhop.engine.EngineException;

/** Does the step of an errand. May be done again, by another process too, if nobody knows whether it was. */
@FunctionalInterface
interface Steps {
    /**
     * Does it; what it returns is written down afterwards.
     *
     * @throws EngineException as engines do: where the engine refused, another attempt is of no use
     * @throws Routes.RouteException where a route could not be made or removed
     */
    Outcome perform(Errand errand) throws InterruptedException;
}
