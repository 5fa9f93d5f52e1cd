package io.groupmembership.sidecar;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.tls.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the agent was asked to do. {@link OptionsReader} makes it from arguments and environment.
 *
 * @param servers the nodes to talk to, one at least
 * @param tls whom to trust and what to show; empty where the nodes are called in plain text
 * @param tokenFile has the bearer token that nodes know this agent by
 * @param address where the application is reached; where it is empty, the heartbeat address serves
 * @param heartbeatAddress host:port, for http with an optional path; where it is empty, the agent picks a free port
 *     (udp) or the address serves (tcp, http)
 * @param listen where to serve the local API, if anywhere
 * @param onFence never anything but notify where there is no command, or no lease
 * @param waitsWhenReplaced whether a member that another instance has succeeded joins again once the place is free
 * @param command what to run as a child once the member is in; empty where the agent stands alone
 */
record AgentOptions(
        String namespace,
        String group,
        String memberId,
        List<HostPort> servers,
        Optional<TlsFiles> tls,
        Optional<Path> tokenFile,
        Optional<HostPort> address,
        HeartbeatMode heartbeat,
        Optional<String> heartbeatAddress,
        Map<String, String> metadata,
        Optional<HostPort> listen,
        Optional<HostPort> probeListen,
        OnFence onFence,
        boolean waitsWhenReplaced,
        List<String> command) {
    /** A process that listens needs no agent to answer for it: without a command one join is all there is to do. */
    public boolean joinsOnceOnly() {
        return heartbeat != HeartbeatMode.UDP && command.isEmpty();
    }

    /** The member as people read it: group/memberId, with the namespace in front where it is not the default one. */
    public String memberName() {
        return (namespace.equals("default") ? "" : namespace + "/") + group + "/" + memberId;
    }
}
