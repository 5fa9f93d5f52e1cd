package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.crds.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The certificates of a cluster: that of its nodes, that of the operator as their client, and the bundle of CAs by which
 * members know the nodes. Where the spec names Secrets of somebody else, those are read, and only the bundle is written.
 *
 * <p>A new CA is in every bundle before anything is signed with it: {@link CertificateStep}.
 */
public final class ClusterCertificates {
    private static final String SECRET_SUFFIX = "-node-tls";
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final OwnedSecrets secrets;
    private final CertificateSecrets nodeSecrets;
    private final CertificateSecrets operatorSecrets;
    private final CertificateTerms operatorTerms;
    private final PublishedBundle published;
    private final Supplier<Set<String>> namespaces;
    private final CertificateRotation rotation;
    private final InstantSource clock;

    /**
     * @param owner the metadata of objects that end with the cluster
     * @param namespaces those that have members
     */
    public ClusterCertificates(
            KubernetesClient client,
            ObjectMeta owner,
            String cluster,
            Supplier<Set<String>> namespaces,
            CertificateTimes times,
            InstantSource clock) {
        ClusterHolders holders = new ClusterHolders(owner.getNamespace(), cluster);
        this.secrets = new OwnedSecrets(client, owner);
        this.nodeSecrets = holders.nodeSecrets();
        this.operatorSecrets = holders.operatorSecrets();
        this.published = new PublishedBundle(client, owner.getNamespace(), cluster);
        this.namespaces = namespaces;
        this.operatorTerms = CertificateTerms.of(ClusterHolders.operator(), times);
        this.clock = clock;
        this.rotation = new CertificateRotation(
                "certificates of " + owner.getNamespace() + "/" + cluster,
                secrets,
                nodeSecrets,
                () -> new Bundles(secrets.secret(nodeSecrets.servingName()), published.read(namespaces.get())),
                CertificateTerms.of(holders.nodes(), times),
                clock);
    }

    /** The Secret that the nodes of a cluster mount, where the operator makes it. */
    public static String nodeSecret(String cluster) {
        return cluster + SECRET_SUFFIX;
    }

    /** The ConfigMap with the CAs of a cluster, in every namespace that has members of it. */
    public static String bundleName(String clusterNamespace, String cluster) {
        return "groupmembership-ca." + clusterNamespace + "." + cluster;
    }

    /**
     * What the operator calls the nodes with.
     *
     * @param bundle who signed the nodes' certificates
     */
    public record Credentials(KeyedCertificate own, List<X509Certificate> bundle) {
        public Credentials {
            bundle = List.copyOf(bundle);
        }
    }

    /**
     * Takes the steps that are due.
     *
     * @return how long until it should be called again, a minute at most
     * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server can't be asked
     */
    public Duration reconcile(Security security) {
        if (security.nodeSecretName() != null) {
            publishOthers(security);
            return LONGEST;
        }
        Duration again = rotation.reconcile();
        issueForOperator();
        return again;
    }

    private void publishOthers(Security security) {
        read(nodeSecrets(security))
                .map(Serving::bundle)
                .filter(bundle -> !bundle.isEmpty())
                .ifPresent(bundle -> published.read(namespaces.get()).publish(bundle));
    }

    private void issueForOperator() {
        Optional<Secret> before = secrets.secret(operatorSecrets.servingName());
        Optional<Serving> nodes = read(nodeSecrets);
        Optional<Authority> authority = nodeSecrets
                .authority(secrets.secret(nodeSecrets.authorityName()))
                .found();
        Instant now = clock.instant();
        if (authority.isEmpty()
                || nodes.isEmpty()
                || !isDue(operatorSecrets.serving(before).found(), nodes.get(), authority.get(), operatorTerms, now)) {
            return;
        }
        Serving issued = new Serving(
                new CertificateIssuer(operatorTerms).serving(authority.get().newest(), now),
                authority.get().bundle());
        Secret secret = operatorSecrets.write(before, issued);
        boolean _ = before.isEmpty() ? secrets.create(secret) : secrets.replace(secret);
    }

    /** A client's certificate follows the nodes' to a new CA, as these have known it for long by then. */
    static boolean isDue(
            Optional<Serving> client, Serving nodes, Authority authority, CertificateTerms terms, Instant now) {
        X509Certificate newest = authority.newest().certificate();
        if (client.isEmpty() || !client.get().accepted(authority.bundle(), terms.holder(), now)) {
            return true;
        }
        boolean old = !now.isBefore(terms.renewalOf(client.get().certificate().certificate()));
        return nodes.issuedBy(newest) && (old || !client.get().issuedBy(newest));
    }

    /** Empty until they have been issued. */
    public Optional<Credentials> credentials(Security security) {
        Optional<Serving> own = read(operatorSecrets(security));
        return read(nodeSecrets(security))
                .map(Serving::bundle)
                .filter(bundle -> !bundle.isEmpty())
                .flatMap(bundle -> own.map(serving -> new Credentials(serving.certificate(), bundle)));
    }

    private Optional<Serving> read(CertificateSecrets names) {
        return names.serving(secrets.secret(names.servingName())).found();
    }

    private CertificateSecrets nodeSecrets(Security security) {
        return security.nodeSecretName() == null
                ? nodeSecrets
                : new CertificateSecrets(nodeSecrets.authorityName(), security.nodeSecretName());
    }

    private CertificateSecrets operatorSecrets(Security security) {
        return security.operatorSecretName() == null
                ? operatorSecrets
                : new CertificateSecrets(operatorSecrets.authorityName(), security.operatorSecretName());
    }

    /** The cluster is gone, and its Secrets with it; what lies in other namespaces is not. */
    public void forget() {
        published.delete();
    }

    /** Where the CAs lie that somebody trusts: beside the nodes' certificate, and in the members' namespaces. */
    private final class Bundles implements Trust {
        private final Optional<Secret> nodes;
        private final PublishedBundle.Copies copies;

        Bundles(Optional<Secret> nodes, PublishedBundle.Copies copies) {
            this.nodes = nodes;
            this.copies = copies;
        }

        @Override
        public Stored<List<X509Certificate>> bundle() {
            List<List<X509Certificate>> all = new ArrayList<>(copies.bundles());
            nodeSecrets.serving(nodes).found().map(Serving::bundle).ifPresent(all::add);
            return all.stream().distinct().count() == 1 && !all.getFirst().isEmpty()
                    ? new Stored.Present<>(all.getFirst())
                    : new Stored.Unreadable<>("no bundle, or not the same everywhere");
        }

        @Override
        public boolean publish(List<X509Certificate> bundle) {
            Optional<Serving> served = nodeSecrets.serving(nodes).found();
            boolean same = served.isEmpty() || served.get().bundle().equals(bundle);
            return copies.publish(bundle)
                    && (same
                            || secrets.replace(nodeSecrets.write(
                                    nodes, new Serving(served.orElseThrow().certificate(), bundle))));
        }
    }
}
