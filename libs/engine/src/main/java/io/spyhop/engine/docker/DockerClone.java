package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spyhop.engine.CloneChanges;
import io.spyhop.engine.StopTimeout;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a container is created with that is to be like another: what that one was created with, but for what makes it that one (its
 * name and host name, labels of Compose and Spyhop, aliases and fixed addresses in networks, published ports), what would keep it
 * (restart policy, health check), and what would remove it. Its log is kept whole, for somebody wants to read it to its end.
 */
final class DockerClone {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Of the template's configuration. */
    private static final List<String> CONFIG =
            List.of("User", "Env", "WorkingDir", "Entrypoint", "Domainname", "StopSignal", "StopTimeout", "Shell");

    /** Labels that say who a container is. */
    private static final List<String> IDENTITY = List.of("com.docker.", "spyhop.");

    /** In these modes there is no network that could be named. */
    private static final Set<String> NO_NETWORK = Set.of("", "default", "bridge", "host", "none");

    private static final String OTHERS_NETWORK = "container:";

    /**
     * Never rotated, whatever the engine's own settings are: a rotation could throw away what was not read yet. Engines know no
     * "never", so the limit is one that no disk holds.
     */
    private static final Map<String, String> WHOLE_LOG =
            Map.of("max-size", "1000000g", "max-file", "1", "compress", "false");

    private final JsonNode template;
    private final CloneChanges changes;
    private final @Nullable JsonNode formerImage;
    private final Map<String, String> env;

    /**
     * Prepares a creation.
     *
     * @param template the container as inspected
     * @param formerImage the template's image as inspected, where the clone runs another one; null where it is gone, or the same
     */
    DockerClone(JsonNode template, CloneChanges changes, @Nullable JsonNode formerImage) {
        this.template = template;
        this.changes = changes;
        this.formerImage = formerImage;
        this.env = env();
    }

    /** The names of all variables. */
    List<String> envKeys() {
        return List.copyOf(new TreeSet<>(env.keySet()));
    }

    /** What the engine is asked to create. */
    ObjectNode body() {
        ObjectNode body = JSON.objectNode();
        CONFIG.forEach(field -> copy(field, body));
        body.put("Image", changes.imageId());
        ArrayNode variables = body.putArray("Env");
        env.forEach((name, value) -> variables.add(name + "=" + value));
        strings(body.putArray("Cmd"), changes.command());
        List<String> entrypoint = changes.entrypoint();
        if (entrypoint != null) {
            strings(body.putArray("Entrypoint"), entrypoint);
        } else if (!body.has("Entrypoint") && !changes.otherImage()) {
            // The template has none; left out, it would be the image's.
            body.putArray("Entrypoint");
        }
        if (changes.workingDirectory() != null) {
            body.put("WorkingDir", changes.workingDirectory());
        }
        body.put("Tty", false);
        body.put("OpenStdin", false);
        body.putObject("Healthcheck").putArray("Test").add("NONE");
        ObjectNode labels = body.putObject("Labels");
        template.path("Config").path("Labels").properties().forEach(label -> {
            if (IDENTITY.stream().noneMatch(label.getKey()::startsWith)
                    || label.getKey().equals(StopTimeout.LABEL)) {
                labels.set(label.getKey(), label.getValue());
            }
        });
        changes.labels().forEach(labels::put);
        body.set("HostConfig", hostConfig());
        String network = network();
        if (network != null) {
            body.putObject("NetworkingConfig").putObject("EndpointsConfig").set(network, endpoint(network));
        }
        return body;
    }

    /** The networks that it has to be connected to before it starts: an engine creates it in one only. */
    Map<String, ObjectNode> furtherNetworks() {
        Map<String, ObjectNode> further = new LinkedHashMap<>();
        String mode = template.path("HostConfig").path("NetworkMode").asText();
        if (mode.startsWith(OTHERS_NETWORK) || mode.equals("host") || mode.equals("none")) {
            return further;
        }
        String first = network();
        String named = first == null ? "bridge" : first;
        template.path("NetworkSettings").path("Networks").properties().forEach(each -> {
            if (!each.getKey().equals(named)) {
                further.put(each.getKey(), endpoint(each.getKey()));
            }
        });
        return further;
    }

    private @Nullable String network() {
        String mode = template.path("HostConfig").path("NetworkMode").asText();
        if (NO_NETWORK.contains(mode) || mode.startsWith(OTHERS_NETWORK)) {
            return null;
        }
        // It may be named by its id there.
        for (Map.Entry<String, JsonNode> each :
                template.path("NetworkSettings").path("Networks").properties()) {
            if (each.getValue().path("NetworkID").asText().equals(mode)) {
                return each.getKey();
            }
        }
        return mode;
    }

    private ObjectNode endpoint(String network) {
        ObjectNode endpoint = JSON.objectNode();
        JsonNode options =
                template.path("NetworkSettings").path("Networks").path(network).path("DriverOpts");
        if (options.isObject()) {
            endpoint.set("DriverOpts", options);
        }
        return endpoint;
    }

    private ObjectNode hostConfig() {
        ObjectNode host = template.path("HostConfig").isObject()
                ? template.path("HostConfig").deepCopy()
                : JSON.objectNode();
        host.remove(List.of("PortBindings", "ContainerIDFile", "ConsoleSize", "Links"));
        host.put("PublishAllPorts", false);
        host.put("AutoRemove", false);
        host.putObject("RestartPolicy").put("Name", "no");
        ObjectNode log = host.putObject("LogConfig").put("Type", "json-file");
        ObjectNode options = log.putObject("Config");
        WHOLE_LOG.forEach(options::put);
        links(host);
        volumes(host);
        return host;
    }

    /** They are told as {@code /other:/this/alias}, and taken as {@code other:alias}. */
    private void links(ObjectNode host) {
        JsonNode links = template.path("HostConfig").path("Links");
        if (!links.isEmpty()) {
            ArrayNode taken = host.putArray("Links");
            links.forEach(link -> taken.add(link.asText().replaceFirst("^/([^:]*):.*/", "$1:")));
        }
    }

    /** Volumes without a name of their own are the same as the template's: what is in them is what the command is about. */
    private void volumes(ObjectNode host) {
        Set<String> named = new HashSet<>();
        ArrayNode binds = JSON.arrayNode();
        host.path("Binds").forEach(bind -> {
            binds.add(bind);
            String[] parts = bind.asText().split(":", 3);
            named.add(parts.length > 1 ? parts[1] : parts[0]);
        });
        host.path("Mounts").forEach(mount -> {
            named.add(mount.path("Target").asText());
            if (mount.path("Type").asText().equals("volume")
                    && mount.path("Source").asText().isEmpty()
                    && mount instanceof ObjectNode open) {
                open.put("Source", volumeAt(mount.path("Target").asText()));
            }
        });
        template.path("Mounts").forEach(mount -> {
            String target = mount.path("Destination").asText();
            if (mount.path("Type").asText().equals("volume") && !named.contains(target)) {
                binds.add(mount.path("Name").asText() + ":" + target
                        + (mount.path("RW").asBoolean(true) ? "" : ":ro"));
            }
        });
        host.set("Binds", binds);
    }

    private String volumeAt(String target) {
        for (JsonNode mount : template.path("Mounts")) {
            if (mount.path("Destination").asText().equals(target)) {
                return mount.path("Name").asText();
            }
        }
        return "";
    }

    private void copy(String field, ObjectNode body) {
        JsonNode value = template.path("Config").path(field);
        boolean imagesOwn = changes.otherImage()
                && (formerImage == null
                        ? field.equals("Entrypoint")
                        : formerImage.path("Config").path(field).equals(value));
        if (!value.isMissingNode() && !value.isNull() && !imagesOwn) {
            body.set(field, value);
        }
    }

    private Map<String, String> env() {
        Set<String> imagesOwn = new HashSet<>();
        if (changes.otherImage() && formerImage != null) {
            formerImage.path("Config").path("Env").forEach(variable -> imagesOwn.add(variable.asText()));
        }
        Map<String, String> all = new LinkedHashMap<>();
        template.path("Config").path("Env").forEach(variable -> {
            String[] parts = variable.asText().split("=", 2);
            if (parts.length == 2 && !imagesOwn.contains(variable.asText())) {
                all.put(parts[0], parts[1]);
            }
        });
        new LinkedHashSet<>(new TreeSet<>(changes.env().keySet()))
                .forEach(name -> all.put(name, changes.env().getOrDefault(name, "")));
        return all;
    }

    private static void strings(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
