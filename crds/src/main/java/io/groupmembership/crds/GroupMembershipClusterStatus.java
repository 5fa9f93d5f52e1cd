package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator found of a cluster. Lists are empty where absent.
 *
 * @param observedGeneration the generation of the spec that this status speaks of
 * @param conditions by type, see the constants
 * @param replicas the pods of the StatefulSet
 * @param selector of the pods, for the scale subresource
 * @param leader the nodeId of the Raft leader
 * @param clusterId the identity drawn when the cluster was formed
 * @param recoveryEpoch how often the cluster was recovered by force
 * @param nodes by nodeId
 * @param groups how many groups have members
 * @param members how many members all groups have together
 * @param image that every node runs; absent while they differ
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GroupMembershipClusterStatus(
        @Nullable Long observedGeneration,
        List<Condition> conditions,
        @Nullable Integer replicas,
        @Nullable Integer readyReplicas,
        @Nullable String selector,
        @Nullable String leader,
        @Nullable Long term,
        @Nullable String clusterId,
        @Nullable Integer recoveryEpoch,
        List<NodeStatus> nodes,
        @Nullable Integer groups,
        @Nullable Integer members,
        @Nullable String image) {
    /** Condition: every node that was asked for votes and is ready, and a leader answers. */
    public static final String READY = "Ready";

    /** Condition: the nodes became one cluster, once and for all. */
    public static final String FORMED = "Formed";

    /** Condition: nodes are being added, removed or replaced. */
    public static final String SCALING = "Scaling";

    /** Condition: what is asked for would be unsafe; the message says what to do. */
    public static final String REFUSED = "Refused";

    /** Condition: the cluster was formed, and every volume is empty. */
    public static final String DATA_LOST = "DataLost";

    /** Condition: fewer nodes answer than a majority. */
    public static final String QUORUM_LOST = "QuorumLost";

    public static final GroupMembershipClusterStatus EMPTY = builder().build();

    public GroupMembershipClusterStatus(
            @Nullable Long observedGeneration,
            @Nullable List<Condition> conditions,
            @Nullable Integer replicas,
            @Nullable Integer readyReplicas,
            @Nullable String selector,
            @Nullable String leader,
            @Nullable Long term,
            @Nullable String clusterId,
            @Nullable Integer recoveryEpoch,
            @Nullable List<NodeStatus> nodes,
            @Nullable Integer groups,
            @Nullable Integer members,
            @Nullable String image) {
        this.observedGeneration = observedGeneration;
        this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
        this.replicas = replicas;
        this.readyReplicas = readyReplicas;
        this.selector = selector;
        this.leader = leader;
        this.term = term;
        this.clusterId = clusterId;
        this.recoveryEpoch = recoveryEpoch;
        this.nodes = nodes == null ? List.of() : List.copyOf(nodes);
        this.groups = groups;
        this.members = members;
        this.image = image;
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.observedGeneration = observedGeneration;
        builder.conditions = conditions;
        builder.replicas = replicas;
        builder.readyReplicas = readyReplicas;
        builder.selector = selector;
        builder.leader = leader;
        builder.term = term;
        builder.clusterId = clusterId;
        builder.recoveryEpoch = recoveryEpoch;
        builder.nodes = nodes;
        builder.groups = groups;
        builder.members = members;
        builder.image = image;
        return builder;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds a status; what is never set, or set to null, is absent. */
    public static final class Builder {
        private @Nullable Long observedGeneration;
        private List<Condition> conditions = List.of();
        private @Nullable Integer replicas;
        private @Nullable Integer readyReplicas;
        private @Nullable String selector;
        private @Nullable String leader;
        private @Nullable Long term;
        private @Nullable String clusterId;
        private @Nullable Integer recoveryEpoch;
        private List<NodeStatus> nodes = List.of();
        private @Nullable Integer groups;
        private @Nullable Integer members;
        private @Nullable String image;

        private Builder() {}

        public Builder observedGeneration(@Nullable Long value) {
            observedGeneration = value;
            return this;
        }

        public Builder conditions(List<Condition> value) {
            conditions = value;
            return this;
        }

        public Builder replicas(@Nullable Integer value) {
            replicas = value;
            return this;
        }

        public Builder readyReplicas(@Nullable Integer value) {
            readyReplicas = value;
            return this;
        }

        public Builder selector(@Nullable String value) {
            selector = value;
            return this;
        }

        public Builder leader(@Nullable String value) {
            leader = value;
            return this;
        }

        public Builder term(@Nullable Long value) {
            term = value;
            return this;
        }

        public Builder clusterId(@Nullable String value) {
            clusterId = value;
            return this;
        }

        public Builder recoveryEpoch(@Nullable Integer value) {
            recoveryEpoch = value;
            return this;
        }

        public Builder nodes(List<NodeStatus> value) {
            nodes = value;
            return this;
        }

        public Builder groups(@Nullable Integer value) {
            groups = value;
            return this;
        }

        public Builder members(@Nullable Integer value) {
            members = value;
            return this;
        }

        public Builder image(@Nullable String value) {
            image = value;
            return this;
        }

        public GroupMembershipClusterStatus build() {
            return new GroupMembershipClusterStatus(
                    observedGeneration,
                    conditions,
                    replicas,
                    readyReplicas,
                    selector,
                    leader,
                    term,
                    clusterId,
                    recoveryEpoch,
                    nodes,
                    groups,
                    members,
                    image);
        }
    }
}
