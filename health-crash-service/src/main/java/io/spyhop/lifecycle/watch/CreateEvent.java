package io.spyhop.lifecycle.watch;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.ContainerSetup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a create event tells of its container: its attributes are the labels, the name and the image. */
final class CreateEvent {
    private static final String NAME = "name";
    private static final String IMAGE = "image";

    private CreateEvent() {}

    static ContainerDetails details(ContainerEvent event) {
        Map<String, String> labels = new HashMap<>(event.attributes());
        String name = labels.remove(NAME);
        String image = labels.remove(IMAGE);
        return new ContainerDetails(
                event.containerId(),
                name == null ? event.containerId() : name,
                image == null ? "" : image,
                "created",
                labels,
                false,
                "",
                null,
                null,
                false,
                0,
                event.at(),
                null,
                null,
                List.of(),
                null,
                null,
                ContainerSetup.UNKNOWN);
    }
}
