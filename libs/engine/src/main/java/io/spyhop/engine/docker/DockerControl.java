package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spyhop.engine.CloneChanges;
import io.spyhop.engine.ContainerClone;
import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.ContainerSpec;
import io.spyhop.engine.ContainerTemplate;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.ImageDetails;
import io.spyhop.engine.PortTakenException;
import io.spyhop.engine.RegistryLogin;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Acts on containers of a Docker engine. Thread-safe. */
final class DockerControl implements ContainerControl {
    /** Nothing here needs escaping in a path, and nothing leads out of it. */
    private static final Pattern IMAGE = Pattern.compile("[a-zA-Z0-9]+(?:[._:@/-]+[a-zA-Z0-9]+)*");

    private static final String DEFAULT_TAG = "latest";
    private static final long NANOS_PER_CPU = 1_000_000_000L;

    /** How engines say that a port of the host is in use. */
    private static final List<String> PORT_TAKEN = List.of("port is already allocated", "address already in use");

    /** How Docker and Podman say that there is no such container. */
    private static final List<String> GONE = List.of("No such container", "no such container", "no container with");

    private final DockerTransport transport;

    DockerControl(DockerTransport transport) {
        this.transport = transport;
    }

    @Override
    public Optional<ImageDetails> image(String reference) {
        try {
            return Optional.of(details(transport.get("/images/" + checked(reference) + "/json")));
        } catch (DockerTransport.StatusException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void pull(String reference, @Nullable RegistryLogin login, Consumer<String> progress)
            throws InterruptedException {
        String name = checked(reference);
        int at = name.indexOf('@');
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        int end = at >= 0 ? at : colon;
        // Without a tag the engine would fetch them all.
        String tag = end < 0 ? DEFAULT_TAG : name.substring(end + 1);
        String repository = end < 0 ? name : name.substring(0, end);
        String path = "/images/create?fromImage=" + encoded(repository) + "&tag=" + encoded(tag);
        // The engine says nothing before the registry has answered it.
        new ImagePull(transport.openPost(path, headers(login), ImagePull.SILENCE_MAX), progress).await();
    }

    private static Map<String, String> headers(@Nullable RegistryLogin login) {
        if (login == null) {
            return Map.of();
        }
        String json = DockerJson.write(
                login.identityToken().isEmpty()
                        ? Map.of(
                                "username",
                                login.username(),
                                "password",
                                login.password(),
                                "serveraddress",
                                login.server())
                        : Map.of("identitytoken", login.identityToken(), "serveraddress", login.server()));
        return Map.of("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String create(ContainerSpec spec) {
        return transport
                .post("/containers/create?name=" + encoded(spec.name()), DockerJson.write(body(spec)))
                .path("Id")
                .asText();
    }

    @Override
    public Optional<ContainerTemplate> template(String container) {
        try {
            JsonNode json = transport.get(path(container) + "/json");
            return Optional.of(new ContainerTemplate(
                    json.path("Id").asText(),
                    json.path("Config").path("Image").asText(),
                    json.path("Image").asText(),
                    json.toString()));
        } catch (ContainerGoneException e) {
            return Optional.empty();
        } catch (DockerTransport.StatusException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public boolean awaitEnd(String containerId, Duration max) throws InterruptedException {
        try {
            return transport.postWithin(path(containerId) + "/wait?condition=not-running", max);
        } catch (DockerTransport.StatusException e) {
            if (e.status() == 404) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public Set<String> labelled(String label, String value) {
        String filters = DockerJson.write(Map.of("label", List.of(label + "=" + value)));
        return DockerJson.states(transport.get("/containers/json?all=1&filters=" + encoded(filters)))
                .keySet();
    }

    @Override
    public ContainerClone createLike(ContainerTemplate template, CloneChanges changes) {
        JsonNode former = null;
        if (changes.otherImage()) {
            try {
                former = transport.get("/images/" + checked(template.imageId()) + "/json");
            } catch (DockerTransport.StatusException e) {
                // It is gone: then nobody knows what the template has from it.
                if (e.status() != 404) {
                    throw e;
                }
            }
        }
        DockerClone clone = new DockerClone(DockerJson.read(template.json()), changes, former);
        String id = transport
                .post("/containers/create?name=" + encoded(changes.name()), DockerJson.write(clone.body()))
                .path("Id")
                .asText();
        clone.furtherNetworks().forEach((network, endpoint) -> {
            ObjectNode body = endpoint.objectNode();
            body.put("Container", id).set("EndpointConfig", endpoint);
            transport.post("/networks/" + encoded(network) + "/connect", DockerJson.write(body));
        });
        return new ContainerClone(id, clone.envKeys());
    }

    @Override
    public void start(String containerId) {
        try {
            transport.post(path(containerId) + "/start", null);
        } catch (DockerTransport.StatusException e) {
            String message = String.valueOf(e.getMessage());
            // It may be something that it needs that there is not, too: a network, its command.
            if (e.status() == 404 && GONE.stream().anyMatch(message::contains)) {
                throw new ContainerGoneException(containerId);
            }
            if (PORT_TAKEN.stream().anyMatch(message::contains)) {
                throw new PortTakenException(message);
            }
            // 304: it runs already.
            if (e.status() != 304) {
                throw e;
            }
        }
    }

    @Override
    public boolean signal(String containerId, int signal) {
        try {
            transport.post(path(containerId) + "/kill?signal=" + signal, null);
            return true;
        } catch (DockerTransport.StatusException e) {
            // 409: it does not run.
            if (e.status() == 404 || e.status() == 409) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void remove(String containerId) {
        try {
            transport.delete(path(containerId) + "?v=1&force=1");
        } catch (DockerTransport.StatusException e) {
            // 409: it is being removed.
            if (e.status() != 404 && e.status() != 409) {
                throw e;
            }
        }
    }

    static Map<String, Object> body(ContainerSpec spec) {
        Map<String, Object> host = new HashMap<>();
        host.put("Memory", spec.memoryBytes());
        host.put("NanoCpus", Math.round(spec.cpus() * NANOS_PER_CPU));
        host.put(
                "RestartPolicy",
                Map.of(
                        "Name",
                        spec.restart().policy(),
                        "MaximumRetryCount",
                        spec.restart().retriesMax()));
        Map<String, Object> body = new HashMap<>();
        body.put("Image", spec.image());
        body.put("Labels", spec.labels());
        body.put(
                "Env",
                spec.env().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .sorted()
                        .toList());
        if (!spec.entrypoint().isEmpty()) {
            body.put("Entrypoint", spec.entrypoint());
        }
        if (!spec.command().isEmpty()) {
            body.put("Cmd", spec.command());
        }
        ContainerSpec.PublishedPort port = spec.port();
        if (port != null) {
            String inside = port.containerPort() + "/tcp";
            body.put("ExposedPorts", Map.of(inside, Map.of()));
            host.put(
                    "PortBindings",
                    Map.of(
                            inside,
                            List.of(Map.of(
                                    "HostIp", port.hostAddress(), "HostPort", Integer.toString(port.hostPort())))));
        }
        body.put("HostConfig", host);
        return body;
    }

    private static ImageDetails details(JsonNode json) {
        Stream<String> exposed =
                json.path("Config").path("ExposedPorts").properties().stream().map(Map.Entry::getKey);
        return new ImageDetails(
                json.path("Id").asText(),
                exposed.filter(port -> port.matches("\\d{1,5}(?:/tcp)?"))
                        .map(port -> Integer.valueOf(port.replace("/tcp", "")))
                        .sorted(Comparator.naturalOrder())
                        .toList());
    }

    private static String checked(String reference) {
        if (!IMAGE.matcher(reference).matches()) {
            throw new EngineRefusedException("not an image's reference");
        }
        return reference;
    }

    private static String path(String containerId) {
        if (!DockerEngine.CONTAINER.matcher(containerId).matches()) {
            throw new ContainerGoneException(containerId);
        }
        return "/containers/" + containerId;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
