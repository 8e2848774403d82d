package io.spyhop.engine;

/**
 * What an engine shows a registry to get an image from it. Its text shows nothing of it. Immutable.
 *
 * @param server as the registry is named where the credentials are kept
 * @param identityToken in place of the password, of registries that give one; empty otherwise
 */
public record RegistryLogin(String server, String username, String password, String identityToken) {
    @Override
    public String toString() {
        return "login for " + server;
    }
}
