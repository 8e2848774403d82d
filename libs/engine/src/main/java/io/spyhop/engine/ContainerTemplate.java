package io.spyhop.engine;

/**
 * What a container is made of, for others that are to be like it. Immutable. Its text shows nothing of what it holds: among that are
 * values of the environment.
 *
 * @param containerId the container's full id
 * @param image as it was given when the container was created
 * @param imageId that image by what it contains
 * @param json how the engine describes the container, whole; only the same sort of engine can read it
 */
public record ContainerTemplate(String containerId, String image, String imageId, String json) {
    @Override
    public String toString() {
        return "the template of " + containerId;
    }
}
