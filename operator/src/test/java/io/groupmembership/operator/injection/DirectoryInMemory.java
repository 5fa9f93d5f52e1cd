package io.groupmembership.operator.injection;

import io.groupmembership.crds.GroupMembershipCluster;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.List;
import java.util.Optional;

/** Knows what a test tells it. */
@Alternative
@ApplicationScoped
class DirectoryInMemory implements ClusterDirectory {
    private volatile Reading reading = new Reading.Unknown("nothing was told yet");

    void knows(PodNamespace namespace, List<GroupMembershipCluster> clusters) {
        reading = new Reading.Known(namespace, clusters);
    }

    void knowsNothing(String reason) {
        reading = new Reading.Unknown(reason);
    }

    @Override
    public Reading read(String namespace) {
        return reading;
    }

    @Override
    public Optional<String> notReady() {
        return reading instanceof Reading.Unknown(String reason) ? Optional.of(reason) : Optional.empty();
    }
}
