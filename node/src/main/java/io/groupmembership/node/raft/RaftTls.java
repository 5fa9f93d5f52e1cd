package io.groupmembership.node.raft;

import io.groupmembership.protocol.tls.PeerGroups;
import io.groupmembership.protocol.tls.ReloadingTls;
import java.util.Optional;
import java.util.Set;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/**
 * Who may be at the other end of Ratis's connections: nodes, on either side, under the host that the peer's address
 * names; and administrators at the port for changes inside Ratis.
 */
final class RaftTls {
    private static final Set<String> PEERS = Set.of(PeerGroups.NODES);
    private static final Set<String> ADMINISTRATORS = Set.of(PeerGroups.NODES, PeerGroups.ADMINISTRATORS);

    private RaftTls() {}

    /** What servers and clients are built with. */
    static Parameters parameters(Optional<ReloadingTls> reloading) {
        Parameters parameters = new Parameters();
        reloading.ifPresent(tls -> {
            GrpcConfigKeys.TLS.setConf(parameters, configuration(tls, PEERS));
            GrpcConfigKeys.Admin.setTlsConf(parameters, configuration(tls, ADMINISTRATORS));
        });
        return parameters;
    }

    private static GrpcTlsConfig configuration(ReloadingTls tls, Set<String> groups) {
        GrpcTlsConfig.Builder builder = GrpcTlsConfig.newBuilder();
        builder.setName("gm");
        builder.setKeyManager(tls.keyManager());
        builder.setTrustManager(tls.trustManager(groups));
        builder.setMutualTls(true);
        // OpenSSL would ask for the key once, and not at each handshake
        builder.setSslProvider(SslProvider.JDK);
        builder.setProtocols(ReloadingTls.PROTOCOL);
        return builder.build();
    }
}
