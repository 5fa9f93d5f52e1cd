package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.groupmembership.certificates.Pem;
import io.groupmembership.crds.ApiGroup;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The CAs of a cluster, as those know them who call its nodes: a ConfigMap of one name in each namespace of its members,
 * with the key {@code ca.crt}.
 */
final class PublishedBundle {
    private static final Logger LOG = Logger.getLogger(PublishedBundle.class);
    private static final String KEY = "ca.crt";
    private static final String LABEL = ApiGroup.NAME + "/ca-of";

    private static final long LEFT_ALONE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final KubernetesClient client;
    private final String name;
    private final String label;

    /** Namespaces that could not be written to, and when: one of them must not hold up the cluster. */
    private final Map<String, Long> leftAlone = new ConcurrentHashMap<>();

    PublishedBundle(KubernetesClient client, String clusterNamespace, String cluster) {
        this.client = client;
        this.name = ClusterCertificates.bundleName(clusterNamespace, cluster);
        this.label = clusterNamespace + "." + cluster;
    }

    /**
     * What is there now, in these namespaces and in those that it was published in before; without those that could not be
     * written to within the last minute.
     */
    Copies read(Set<String> namespaces) {
        SequencedMap<String, Optional<ConfigMap>> copies = new TreeMap<>();
        namespaces.forEach(namespace -> copies.put(namespace, Optional.empty()));
        for (ConfigMap map : client.configMaps()
                .inAnyNamespace()
                .withLabel(LABEL, label)
                .list()
                .getItems()) {
            if (map.getMetadata().getName().equals(name)) {
                copies.put(map.getMetadata().getNamespace(), Optional.of(map));
            }
        }
        leftAlone.values().removeIf(since -> System.nanoTime() - since > LEFT_ALONE_NANOS);
        copies.keySet().removeAll(leftAlone.keySet());
        return new Copies(copies);
    }

    void delete() {
        client.configMaps().inAnyNamespace().withLabel(LABEL, label).list().getItems().stream()
                .filter(map -> map.getMetadata().getName().equals(name))
                .forEach(map -> client.resource(map).delete());
    }

    /** The copies as they were read. */
    final class Copies {
        private final Map<String, Optional<ConfigMap>> byNamespace;

        private Copies(Map<String, Optional<ConfigMap>> byNamespace) {
            this.byNamespace = byNamespace;
        }

        /** A list for each copy; an empty one where there is none, or one that can't be read. */
        List<List<X509Certificate>> bundles() {
            return byNamespace.values().stream()
                    .map(copy -> copy.map(PublishedBundle::certificates).orElse(List.of()))
                    .toList();
        }

        /** Writes those that differ; false where another writer was there first. */
        boolean publish(List<X509Certificate> bundle) {
            return byNamespace.entrySet().stream()
                    .filter(entry -> !entry.getValue()
                            .map(PublishedBundle::certificates)
                            .filter(bundle::equals)
                            .isPresent())
                    .allMatch(entry -> write(entry.getKey(), entry.getValue(), bundle));
        }

        private boolean write(String namespace, Optional<ConfigMap> before, List<X509Certificate> bundle) {
            ConfigMapBuilder copy = before.map(ConfigMapBuilder::new)
                    .orElseGet(() -> new ConfigMapBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withName(name)
                            .endMetadata());
            ConfigMap wanted = copy.editMetadata()
                    .addToLabels(LABEL, label)
                    .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                    .endMetadata()
                    .withData(Map.of(KEY, Pem.certificates(bundle)))
                    .build();
            try {
                return ConditionalWrite.done(() -> {
                    if (before.isEmpty()) {
                        client.resource(wanted).create();
                    } else {
                        client.resource(wanted).update();
                    }
                });
            } catch (KubernetesClientException e) {
                leftAlone.put(namespace, System.nanoTime());
                LOG.warnf("the CAs of %s are not in namespace %s: %s", label, namespace, e.getMessage());
                return true;
            }
        }
    }

    private static List<X509Certificate> certificates(ConfigMap map) {
        @Nullable String text = map.getData() == null ? null : map.getData().get(KEY);
        try {
            return text == null ? List.of() : Pem.readCertificates(text);
        } catch (GeneralSecurityException e) {
            return List.of();
        }
    }
}
