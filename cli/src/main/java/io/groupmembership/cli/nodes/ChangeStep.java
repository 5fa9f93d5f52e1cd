package io.groupmembership.cli.nodes;

import io.groupmembership.cli.local.LocalNode;
import io.groupmembership.protocol.api.ConfigurationRequest;
import io.groupmembership.protocol.api.RaftState;

/** What is to be done next for a change of the nodes. */
sealed interface ChangeStep {
    /** Writes down what is to become of a node that {@code gm up} runs here. */
    record WriteHere(String what, LocalNode node) implements ChangeStep {}

    /** Moves the directory of a node that does not run to where nothing uses it any more. */
    record SetAside(String nodeId) implements ChangeStep {}

    /** {@code gm up} runs the node no more. */
    record ForgetHere(String nodeId) implements ChangeStep {}

    /** Tells a node with an empty volume which cluster it is of. */
    record Form(RaftState node) implements ChangeStep {}

    /** Changes the Raft configuration from exactly what was seen. */
    record Configure(String what, ConfigurationRequest request) implements ChangeStep {}

    record MoveLeadership(String to) implements ChangeStep {}

    /** Nothing can be done until something else has happened. */
    record Wait(String what) implements ChangeStep {}

    /** @param exitCode one of {@link io.groupmembership.cli.ExitCode} */
    record Refuse(int exitCode, String why) implements ChangeStep {}

    record Done(String what) implements ChangeStep {}
}
