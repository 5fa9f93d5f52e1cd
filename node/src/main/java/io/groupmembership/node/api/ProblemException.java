package io.groupmembership.node.api;

import io.groupmembership.protocol.api.Problem;
import java.util.Map;

/** A request is answered with a problem; see {@link Problems} for those that there are. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    /** @param headers what the answer says besides, by name */
    ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    public Problem problem() {
        return problem;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
