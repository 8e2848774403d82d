package io.spyhop.gateway.scope;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who makes a request. Immutable.
 *
 * @param token the id of the token, also where a session stands for it
 * @param session the id of the session that stands for the token; empty where the token itself was sent
 * @param orgs the orgs that may be seen; empty for every org, those of the future too
 */
public record Caller(UUID token, Optional<UUID> session, String name, Role role, Optional<List<String>> orgs) {
    /** Copies the orgs. */
    public Caller {
        orgs = orgs.map(List::copyOf);
    }

    /** The same one, with a session that stands for the token. */
    public Caller inSession(UUID id) {
        return new Caller(token, Optional.of(id), name, role, orgs);
    }

    /** Whether what belongs to this org may be seen. */
    public boolean sees(String org) {
        return orgs.isEmpty() || orgs.get().contains(org);
    }

    /** The orgs as the services take them: an empty list is all of them. */
    public List<String> orgList() {
        return orgs.orElse(List.of());
    }

    /**
     * Demands a role.
     *
     * @throws SpyhopException {@code ROLE_MISSING}
     */
    public void require(Role wanted) {
        if (role.compareTo(wanted) < 0) {
            throw new SpyhopException(ErrorCode.ROLE_MISSING, "this needs the role " + wanted.wire());
        }
    }

    /**
     * Demands that every org may be seen: for what belongs to the whole installation and to no org.
     *
     * @throws SpyhopException {@code ROLE_MISSING}
     */
    public void requireEveryOrg() {
        if (orgs.isPresent()) {
            throw new SpyhopException(
                    ErrorCode.ROLE_MISSING, "this belongs to no org: it needs a token that is not limited to some");
        }
    }

    /** Whether this is an admin of the whole installation, not of some orgs only. */
    public boolean isAdmin() {
        return role == Role.ADMIN && orgs.isEmpty();
    }

    /**
     * Demands an admin of the whole installation: for what would show or give more than the orgs of an admin who is
     * limited to some.
     *
     * @throws SpyhopException {@code ROLE_MISSING}
     */
    public void requireAdmin() {
        require(Role.ADMIN);
        requireEveryOrg();
    }
}
