package io.spyhop.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The account that PostgreSQL runs under: it refuses to run as root. Started by a user it is that user; started by root
 * it is the owner of an existing data directory, else {@code postgres}, else {@code nobody}, and that account must be
 * able to pass through every parent of the directory.
 *
 * @param uid the user's number
 * @param gid the group's number
 * @param switched whether that is another account than this process's
 */
record ServerAccount(int uid, int gid, boolean switched) {
    private static final int ROOT = 0;
    private static final List<String> CANDIDATES = List.of("postgres", "nobody");

    static ServerAccount choose(Path data) throws IOException {
        Path self = Path.of("/proc/self");
        int uid = number(self, "unix:uid");
        if (uid != ROOT) {
            return new ServerAccount(uid, number(self, "unix:gid"), false);
        }
        if (Files.exists(data) && number(data, "unix:uid") != ROOT) {
            return new ServerAccount(number(data, "unix:uid"), number(data, "unix:gid"), true);
        }
        List<String> accounts = Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.UTF_8);
        return CANDIDATES.stream()
                .flatMap(name -> parse(accounts, name).stream())
                .findFirst()
                .orElseThrow(() -> new EmbeddedException(
                        "PostgreSQL does not run as root and /etc/passwd has neither postgres nor nobody; add one of"
                                + " them, or start as a normal user."));
    }

    private static Optional<ServerAccount> parse(List<String> accounts, String name) {
        return accounts.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 3 && fields[0].equals(name))
                .map(fields -> new ServerAccount(Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), true))
                .findFirst();
    }

    /** What stands before a command that this account shall run. */
    List<String> prefix() {
        return switched
                ? List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs", "--")
                : List.of();
    }

    /** Hands a file or directory over to this account. */
    void own(Path path) throws IOException {
        if (switched) {
            Files.setAttribute(path, "unix:uid", uid);
            Files.setAttribute(path, "unix:gid", gid);
        }
    }

    /**
     * Sees to it that this account can reach the directory. The directory itself and temporary ones are opened for
     * passing (not for listing); other parents are their owner's business.
     */
    void reach(Path directory) throws IOException {
        if (!switched) {
            return;
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        for (Path path = directory; path != null; path = path.getParent()) {
            if (passable(path)) {
                continue;
            }
            if (!path.equals(directory) && !(path.startsWith(temporary) && !path.equals(temporary))) {
                throw new EmbeddedException("PostgreSQL does not run as root, and the account that runs it cannot pass"
                        + " through " + path + "; choose another directory, or allow it with: chmod o+x " + path);
            }
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(path, permissions);
        }
    }

    private boolean passable(Path path) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (number(path, "unix:uid") == uid) {
            return permissions.contains(PosixFilePermission.OWNER_EXECUTE);
        }
        if (number(path, "unix:gid") == gid) {
            return permissions.contains(PosixFilePermission.GROUP_EXECUTE);
        }
        return permissions.contains(PosixFilePermission.OTHERS_EXECUTE);
    }

    private static int number(Path path, String attribute) throws IOException {
        return (Integer) Files.getAttribute(path, attribute, new LinkOption[0]);
    }
}
