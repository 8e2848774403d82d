package io.spyhop.gateway.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A JSON merge patch after RFC 7396. */
final class MergePatch {
    private MergePatch() {}

    /** Changes an object: null removes a member, an object changes one, anything else takes its place. */
    static void apply(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(change -> {
            String name = change.getKey();
            JsonNode value = change.getValue();
            if (value.isNull()) {
                target.remove(name);
            } else if (value instanceof ObjectNode members) {
                ObjectNode changed = target.get(name) instanceof ObjectNode known ? known : target.putObject(name);
                apply(changed, members);
            } else {
                target.set(name, value);
            }
        });
    }
}
