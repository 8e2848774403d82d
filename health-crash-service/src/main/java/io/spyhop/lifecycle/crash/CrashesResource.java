package io.spyhop.lifecycle.crash;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.crash.Crash;
import io.spyhop.contracts.crash.CrashPage;
import io.spyhop.contracts.crash.CrashReport;
import io.spyhop.contracts.crash.CrashesApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers for crashes. */
@ApplicationScoped
@RunOnVirtualThread
class CrashesResource implements CrashesApi {
    private static final Pattern CURSOR = Pattern.compile("[1-9][0-9]{0,8}");

    private final CrashReader reader;

    @Inject
    CrashesResource(CrashReader reader) {
        this.reader = reader;
    }

    @Override
    public CrashPage list(WorkloadId workload, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw SpyhopException.parameter("limit", "1 to " + PAGE_MAX);
        }
        if (cursor != null && !CURSOR.matcher(cursor).matches()) {
            throw SpyhopException.parameter("cursor", "what the last page gave");
        }
        try {
            List<Crash> found =
                    reader.before(workload, cursor == null ? Integer.MAX_VALUE : Integer.parseInt(cursor), limit + 1);
            boolean more = found.size() > limit;
            List<Crash> shown = more ? found.subList(0, limit) : found;
            return new CrashPage(shown, more ? Integer.toString(shown.getLast().n()) : null);
        } catch (SQLException e) {
            throw away(e);
        }
    }

    @Override
    public CrashReport find(WorkloadId workload, int n) {
        try {
            return reader.find(workload, n)
                    .orElseThrow(() -> new SpyhopException(
                            ErrorCode.CRASH_UNKNOWN, "no report of a crash of that number is kept"));
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static SpyhopException away(SQLException e) {
        return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database of health-crash-service is away", e);
    }
}
