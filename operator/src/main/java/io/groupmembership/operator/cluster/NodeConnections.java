package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.Security;
import io.groupmembership.operator.certificate.CertificateTimes;
import io.groupmembership.operator.certificate.ClusterCertificates;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.node.NodeHttp;
import io.groupmembership.operator.node.NodeTls;
import io.groupmembership.operator.pod.PodDirectory;
import io.groupmembership.operator.pod.PodView;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For each cluster what its nodes are called with, and its certificates, which this looks after. */
public final class NodeConnections {
    private static final Logger LOG = LoggerFactory.getLogger(NodeConnections.class);

    private final KubernetesClient kubernetes;
    private final PodDirectory pods;
    private final CertificateTimes times;
    private final InstantSource clock;
    private final Map<ClusterKey, Connection> connections = new ConcurrentHashMap<>();

    public NodeConnections(
            KubernetesClient kubernetes, PodDirectory pods, CertificateTimes times, InstantSource clock) {
        this.kubernetes = kubernetes;
        this.pods = pods;
        this.times = times;
        this.clock = clock;
    }

    /** How the nodes are called now; certificates that are due are renewed first. */
    NodeHttp of(GroupMembershipCluster cluster, ObjectMeta owned) {
        Connection connection = connections.computeIfAbsent(
                ClusterKey.of(cluster),
                key -> cluster.getSpec().securityOrDefault().usesTls() ? tls(key, owned) : new Plain(NodeHttp.plain()));
        connection.lookAfter(cluster.getSpec().securityOrDefault());
        return connection.http();
    }

    private Connection tls(ClusterKey key, ObjectMeta owned) {
        NodeTls tls = new NodeTls();
        ClusterCertificates certificates =
                new ClusterCertificates(kubernetes, owned, key.name(), () -> namespaces(key), times, clock);
        return new Secured(NodeHttp.tls(tls.context()), tls, certificates, key);
    }

    /** Its own, and those of its members. */
    private Set<String> namespaces(ClusterKey key) {
        Set<String> namespaces = new TreeSet<>(Set.of(key.namespace()));
        pods.all()
                // nothing can be made in a namespace that is being deleted
                .filter(pod ->
                        !pod.terminating() && pod.cluster().filter(key::equals).isPresent())
                .map(PodView::namespace)
                .forEach(namespaces::add);
        return namespaces;
    }

    /** A pod of a namespace that had none waits for the bundle of CAs: it is there after the next sweep. */
    public void sweep() {
        connections.values().forEach(Connection::publishToNewNamespaces);
    }

    void forget(GroupMembershipCluster cluster) {
        Optional.ofNullable(connections.remove(ClusterKey.of(cluster))).ifPresent(Connection::forget);
    }

    private sealed interface Connection {
        NodeHttp http();

        default void lookAfter(Security security) {}

        default void publishToNewNamespaces() {}

        default void forget() {
            http().close();
        }
    }

    private record Plain(NodeHttp http) implements Connection {}

    private final class Secured implements Connection {
        private final NodeHttp http;
        private final NodeTls tls;
        private final ClusterCertificates certificates;
        private final ClusterKey key;
        private Optional<Security> security = Optional.empty();
        private Set<String> published = Set.of();
        private long dueNanos = System.nanoTime();

        Secured(NodeHttp http, NodeTls tls, ClusterCertificates certificates, ClusterKey key) {
            this.http = http;
            this.tls = tls;
            this.certificates = certificates;
            this.key = key;
        }

        @Override
        public NodeHttp http() {
            return http;
        }

        @Override
        public synchronized void lookAfter(Security wanted) {
            if (security.filter(wanted::equals).isPresent() && System.nanoTime() - dueNanos < 0) {
                return;
            }
            Set<String> namespaces = namespaces(key);
            dueNanos = System.nanoTime() + certificates.reconcile(wanted).toNanos();
            security = Optional.of(wanted);
            published = namespaces;
            certificates
                    .credentials(wanted)
                    .ifPresent(found -> tls.use(found.own().key(), found.own().certificate(), found.bundle()));
        }

        @Override
        public synchronized void publishToNewNamespaces() {
            if (security.isEmpty() || published.containsAll(namespaces(key))) {
                return;
            }
            dueNanos = System.nanoTime();
            try {
                lookAfter(security.get());
            } catch (KubernetesClientException e) {
                LOG.warn("the CAs of {} were not published: {}", key, e.getMessage());
            }
        }

        @Override
        public void forget() {
            http.close();
            certificates.forget();
        }
    }
}
