package io.spyhop.gateway.token;

import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.setting.SpyhopConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first token. It is what {@code spyhop.admin.token} says, or what stands in {@code <spyhop.data>/admin-token}, which
 * is made with a random one where it is missing. It is set at every start, so that whoever owns the machine can always
 * get in.
 */
@ApplicationScoped
class AdminToken {
    /** Its name among the tokens. */
    static final String NAME = "admin";

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminToken.class);

    private final Access access;
    private final Optional<String> configured;
    private final Optional<Path> data;

    @Inject
    AdminToken(Access access, AdminConfig config, SpyhopConfig spyhop) {
        this.access = access;
        this.configured = config.token();
        this.data = spyhop.data();
    }

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
        configured
                .or(this::filed)
                .ifPresentOrElse(
                        token -> access.putAdmin(NAME, token),
                        () -> LOGGER.atWarn()
                                .log("There is no admin token: set SPYHOP_ADMIN_TOKEN or SPYHOP_DATA to have one."));
    }

    private Optional<String> filed() {
        return data.map(directory -> {
            Path file = directory.resolve("admin-token");
            try {
                if (!Files.exists(file)) {
                    make(file);
                }
                return new TokenText().convert(Files.readString(file).strip());
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("the admin token in " + file + " is " + e.getMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException("the admin token cannot be kept in " + file, e);
            }
        });
    }

    /** The file appears complete or not at all, and is never readable by others; another gateway may be faster. */
    private static void make(Path file) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = Files.createTempFile(
                directory,
                "admin-token",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, Secrets.TOKEN_PREFIX + Secrets.random() + "\n");
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // Its token is as good.
        } finally {
            Files.delete(fresh);
        }
    }
}
