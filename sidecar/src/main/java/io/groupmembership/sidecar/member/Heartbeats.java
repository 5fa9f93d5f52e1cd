package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.Optional;

/** What answers the member's monitor, as far as a membership directs it. */
public interface Heartbeats {
    /** Of a member whose application answers for itself. */
    Heartbeats BY_THE_APPLICATION = new Heartbeats() {
        @Override
        public void adopt(long incarnation, Optional<HeartbeatKey> key) {}

        @Override
        public void end() {}
    };

    /**
     * From now on this incarnation is answered for, under this key too.
     *
     * @param incarnation the one that is answered for already, or a greater one
     */
    void adopt(long incarnation, Optional<HeartbeatKey> key);

    /** Nothing is answered until the next incarnation. */
    void end();
}
