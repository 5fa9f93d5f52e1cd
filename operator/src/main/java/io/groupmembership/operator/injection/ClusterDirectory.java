package io.groupmembership.operator.injection;

import io.groupmembership.crds.GroupMembershipCluster;
import java.util.List;
import java.util.Optional;

/** What a decision needs to know of the Kubernetes cluster, at hand without a call to it. */
public interface ClusterDirectory {
    /** What is known now. */
    sealed interface Reading {
        /** @param clusters those of all namespaces */
        record Known(PodNamespace namespace, List<GroupMembershipCluster> clusters) implements Reading {
            public Known {
                clusters = List.copyOf(clusters);
            }
        }

        /** @param reason why nothing can be said, as a sentence */
        record Unknown(String reason) implements Reading {}
    }

    Reading read(String namespace);

    /** Why {@link #read} can't answer yet; nothing once it can. */
    Optional<String> notReady();

    /** Of a process that does not serve as webhook. */
    static ClusterDirectory closed(String reason) {
        return new ClusterDirectory() {
            @Override
            public Reading read(String namespace) {
                return new Reading.Unknown(reason);
            }

            @Override
            public Optional<String> notReady() {
                return Optional.of(reason);
            }
        };
    }
}
