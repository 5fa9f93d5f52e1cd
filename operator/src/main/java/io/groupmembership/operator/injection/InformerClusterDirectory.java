package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.groupmembership.crds.GroupMembershipCluster;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Lists and watches the clusters and namespaces. Until both lists are there it knows nothing, and says so; afterwards it
 * answers from memory, also while the API server can't be reached. Only a namespace that it has not heard of yet is
 * asked for: pods often come a moment after their namespace.
 */
public final class InformerClusterDirectory implements ClusterDirectory, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(InformerClusterDirectory.class);

    private final KubernetesClient client;
    private final SharedIndexInformer<GroupMembershipCluster> clusters;
    private final SharedIndexInformer<Namespace> namespaces;

    public InformerClusterDirectory(KubernetesClient client) {
        this.client = client;
        this.clusters = client.resources(GroupMembershipCluster.class)
                .inAnyNamespace()
                .runnableInformer(0)
                .exceptionHandler((started, failure) -> triesAgain("GroupMembershipClusters", failure));
        this.namespaces = client.namespaces()
                .runnableInformer(0)
                .exceptionHandler((started, failure) -> triesAgain("Namespaces", failure));
    }

    /** Begins to list and watch, and returns at once. A list that fails is tried again. */
    public void start() {
        clusters.start();
        namespaces.start();
    }

    @Override
    public Reading read(String namespace) {
        Optional<String> reason = notReady();
        if (reason.isPresent()) {
            return new Reading.Unknown(reason.get());
        }
        return find(namespace)
                .<Reading>map(found -> new Reading.Known(
                        PodNamespace.of(found), clusters.getStore().list()))
                .orElseGet(() -> new Reading.Unknown("namespace " + namespace + " can't be read"));
    }

    @Override
    public Optional<String> notReady() {
        if (!clusters.hasSynced()) {
            return Optional.of("the list of GroupMembershipClusters is not there yet");
        }
        return namespaces.hasSynced() ? Optional.empty() : Optional.of("the list of namespaces is not there yet");
    }

    @Override
    public void close() {
        clusters.close();
        namespaces.close();
    }

    private Optional<Namespace> find(String name) {
        Namespace cached = namespaces.getStore().getByKey(name);
        if (cached != null) {
            return Optional.of(cached);
        }
        try {
            return Optional.ofNullable(client.namespaces().withName(name).get());
        } catch (KubernetesClientException e) {
            LOG.warnf("namespace %s can't be read: %s", name, e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean triesAgain(String what, Throwable failure) {
        LOG.warnf("%s can't be listed or watched, trying again: %s", what, failure.getMessage());
        return true;
    }
}
