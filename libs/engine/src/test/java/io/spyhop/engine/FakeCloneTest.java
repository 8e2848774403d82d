package io.spyhop.engine;

import java.util.List;
import java.util.Map;

/** That the fake makes clones as real engines do. */
class FakeCloneTest extends CloneContract {
    private final FakeEngine engine = new FakeEngine();

    FakeCloneTest() {
        engine.control().putImage("fake:1");
    }

    @Override
    protected ContainerEngine engine() {
        return engine;
    }

    @Override
    protected ContainerSpec spec(String name) {
        return new ContainerSpec(
                name,
                "fake:1",
                List.of(),
                List.of(),
                Map.of(),
                labels(),
                0,
                0,
                new ContainerSpec.Restart("no", 0),
                null);
    }

    @Override
    protected Map<String, String> labels() {
        return Map.of("team", "blue");
    }
}
