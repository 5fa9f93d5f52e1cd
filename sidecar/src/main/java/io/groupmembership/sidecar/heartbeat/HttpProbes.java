package io.groupmembership.sidecar.heartbeat;

import java.util.Optional;

/** Answers requests that come to the port of the heartbeats. Called on the thread of the heartbeats: it must not wait. */
@FunctionalInterface
public interface HttpProbes {
    /** Such requests go elsewhere. */
    HttpProbes ELSEWHERE = _ -> Optional.of(new byte[0]);

    /**
     * Answers a request.
     *
     * @param head as much of it as has come
     * @return the whole answer, of no bytes where the connection is to be closed without one; empty while more of the
     *     head has to come
     */
    Optional<byte[]> answer(String head);
}
