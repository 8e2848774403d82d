package io.spyhop.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs: packed in a jar, unpacked once into {@code pg-<version>}, which appears when complete. */
final class PostgresBinaries {
    private static final int OWNER_EXECUTE = 0100;
    private static final String LINUX_AMD64 = "/postgres-linux-x86_64.txz";
    private static final String LINUX_ARM64 = "/postgres-linux-arm_64.txz";

    private final Path home;
    private final Path root;
    private final String version;

    private PostgresBinaries(Path home, String version) {
        this.home = home;
        this.root = home.resolve("pg-" + version);
        this.version = version;
    }

    static PostgresBinaries in(Path home) throws IOException {
        return new PostgresBinaries(home, version());
    }

    private static String version() throws IOException {
        try (InputStream stream = PostgresBinaries.class.getResourceAsStream("postgres.properties")) {
            Properties properties = new Properties();
            properties.load(present(stream, "postgres.properties"));
            return properties.getProperty("version");
        }
    }

    /** {@code 18}: servers of one major version read each other's data. */
    String majorVersion() {
        return version.substring(0, version.indexOf('.'));
    }

    String program(String name) {
        return root.resolve("bin").resolve(name).toString();
    }

    void unpack() throws IOException {
        if (Files.isDirectory(root)) {
            return;
        }
        Path fresh = home.resolve("pg.new");
        Trees.delete(fresh);
        Files.createDirectory(fresh);
        try (InputStream archive = PostgresBinaries.class.getResourceAsStream(archive());
                TarArchiveInputStream tar = new TarArchiveInputStream(
                        new XZInputStream(new BufferedInputStream(present(archive, archive()))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, fresh);
            }
        }
        makePassable(fresh);
        Files.move(fresh, root, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what other versions left; no server may run from it any more. */
    void removeOtherVersions() throws IOException {
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(home, "pg-*")) {
            for (Path other : versions) {
                if (!other.getFileName().equals(root.getFileName())) {
                    Trees.delete(other);
                }
            }
        }
    }

    private static String archive() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return switch (system) {
            case "Linux amd64" -> LINUX_AMD64;
            case "Linux aarch64" -> LINUX_ARM64;
            default ->
                throw new EmbeddedException("The embedded PostgreSQL runs on Linux on amd64 and arm64, not on " + system
                        + "; use a PostgreSQL server of your own there.");
        };
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path into) throws IOException {
        Path path = into.resolve(entry.getName()).normalize();
        if (!path.startsWith(into) || isForDevelopers(entry.getName())) {
            return;
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, into.resolve(entry.getLinkName()).normalize());
        } else {
            Files.copy(content, path);
            String mode = (entry.getMode() & OWNER_EXECUTE) == 0 ? "rw-r--r--" : "rwxr-xr-x";
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
    }

    /** What only somebody who compiles against PostgreSQL needs. */
    private static boolean isForDevelopers(String name) {
        return name.endsWith(".a") || name.contains("/pgxs/") || name.startsWith("include/");
    }

    /** The programs belong to this process's user; another account only runs them, whatever the umask. */
    private static void makePassable(Path fresh) throws IOException {
        try (var paths = Files.walk(fresh)) {
            for (Path path : paths.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static InputStream present(@Nullable InputStream stream, String name) {
        if (stream == null) {
            throw new EmbeddedException("The class path lacks " + name + ", which holds the embedded PostgreSQL.");
        }
        return stream;
    }
}
