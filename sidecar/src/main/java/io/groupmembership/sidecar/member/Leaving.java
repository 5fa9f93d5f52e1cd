package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.cluster.NodeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/**
 * Says goodbye for one incarnation, or for an instance that does not know whether it was let in, within the time that a
 * stop request leaves, asking the nodes in turn. That it is gone already (404, 409) is as good.
 */
final class Leaving {
    private static final Duration CONNECT_LIMIT = Duration.ofMillis(300);
    private static final Duration ATTEMPT_LIMIT = Duration.ofMillis(700);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final NodeList nodes;
    private final GroupPath path;
    private final StopRequest stop;
    private final ErrorLines errors;

    Leaving(NodeList nodes, GroupPath path, StopRequest stop, ErrorLines errors) {
        this.nodes = nodes;
        this.path = path;
        this.stop = stop;
        this.errors = errors;
    }

    /** Returns whether the nodes know that the incarnation has left. */
    boolean leave(long incarnation) {
        return tell(path.leave(incarnation), "could not leave, the monitor will notice that the member is gone: ");
    }

    /** Returns whether the nodes know that this instance is not to be in. */
    boolean withdraw(UUID instance) {
        return tell(
                path.withdraw(instance), "could not take the join back, the monitor will notice if it is accepted: ");
    }

    private boolean tell(String goodbye, String failure) {
        String key = UUID.randomUUID().toString();
        String why = "no time was left";
        while (stop.remaining().isPositive()) {
            HostPort node = nodes.current();
            Duration limit = stop.remaining().compareTo(ATTEMPT_LIMIT) < 0 ? stop.remaining() : ATTEMPT_LIMIT;
            try (HttpCall call = nodes.call(node)) {
                call.send(NodeRequest.write("DELETE", goodbye, key, null), CONNECT_LIMIT, limit);
                int status = call.status();
                if (status < 300 || status == 404 || status == 409) {
                    return true;
                }
                why = nodes.url(node) + " answered with HTTP status " + status;
                if (status < 500 && status != 408 && status != 429) {
                    break;
                }
            } catch (IOException e) {
                why = nodes.url(node) + ": " + ErrorLines.describe(e);
            }
            nodes.failed(node);
            pause();
        }
        errors.say(failure + why);
        return false;
    }

    /** A node that refuses at once is not asked without end. */
    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
