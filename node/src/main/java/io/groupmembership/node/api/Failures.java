package io.groupmembership.node.api;

import io.groupmembership.node.raft.OverloadedException;
import io.groupmembership.node.raft.RefusedException;
import io.groupmembership.node.raft.UnavailableException;
import io.vertx.ext.web.handler.HttpException;
import jakarta.ws.rs.WebApplicationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/** Which problem a failure is answered with. What nobody foresaw is logged, and hidden from the client. */
public final class Failures {
    private static final Logger LOG = Logger.getLogger(Failures.class);

    private Failures() {}

    public static ProblemException problemOf(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case CompletionException wrapper when wrapper.getCause() != null -> problemOf(wrapper.getCause());
            case ExecutionException wrapper when wrapper.getCause() != null -> problemOf(wrapper.getCause());
            case UnavailableException e when e.outcomeUnknown() -> Problems.outcomeUnknown(message(e));
            case UnavailableException e -> Problems.unavailable(message(e));
            case OverloadedException e -> Problems.overloaded(message(e));
            case RefusedException e -> Problems.conflict("refused", message(e));
            case RejectedExecutionException e -> Problems.shuttingDown();
            case HttpException e -> Problems.ofStatus(e.getStatusCode());
            case WebApplicationException e -> {
                if (e.getResponse().getStatus() >= 500) {
                    LOG.error("a request failed", e);
                }
                yield Problems.ofStatus(e.getResponse().getStatus());
            }
            default -> {
                LOG.error("a request failed", failure);
                yield Problems.internal();
            }
        };
    }

    private static String message(RuntimeException e) {
        return e.getMessage() == null ? "no majority of the nodes answered in time" : e.getMessage();
    }
}
