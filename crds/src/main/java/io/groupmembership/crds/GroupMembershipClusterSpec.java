package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a person asks of a cluster of nodes. The API server fills in what the schema has a default for; the methods
 * {@code xOrDefault} say the same of an object that never passed through it. Lists and maps are empty where absent.
 *
 * @param replicas how many nodes: 1, 3, 5 or 7
 * @param image of a node; absent: the operator's own default
 * @param heartbeat for groups that say nothing else
 * @param podAnnotations on the pods of the nodes
 * @param security of the nodes' ports
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GroupMembershipClusterSpec(
        @Nullable Integer replicas,
        @Nullable String image,
        @Nullable ImagePullPolicy imagePullPolicy,
        List<LocalObjectReference> imagePullSecrets,
        @Nullable ResourceRequirements resources,
        @Nullable Storage storage,
        @Nullable Heartbeat heartbeat,
        @Nullable AllowedNamespaces allowedNamespaces,
        @Nullable SidecarTemplate sidecar,
        @Nullable Scheduling scheduling,
        Map<String, String> podAnnotations,
        @Nullable Security security) {
    public static final int DEFAULT_REPLICAS = 3;
    public static final GroupMembershipClusterSpec EMPTY = builder().build();

    public GroupMembershipClusterSpec(
            @Nullable Integer replicas,
            @Nullable String image,
            @Nullable ImagePullPolicy imagePullPolicy,
            @Nullable List<LocalObjectReference> imagePullSecrets,
            @Nullable ResourceRequirements resources,
            @Nullable Storage storage,
            @Nullable Heartbeat heartbeat,
            @Nullable AllowedNamespaces allowedNamespaces,
            @Nullable SidecarTemplate sidecar,
            @Nullable Scheduling scheduling,
            @Nullable Map<String, String> podAnnotations,
            @Nullable Security security) {
        this.replicas = replicas;
        this.image = image;
        this.imagePullPolicy = imagePullPolicy;
        this.imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
        this.resources = resources;
        this.storage = storage;
        this.heartbeat = heartbeat;
        this.allowedNamespaces = allowedNamespaces;
        this.sidecar = sidecar;
        this.scheduling = scheduling;
        this.podAnnotations =
                podAnnotations == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(podAnnotations));
        this.security = security;
    }

    public int replicasOrDefault() {
        return replicas == null ? DEFAULT_REPLICAS : replicas;
    }

    public ImagePullPolicy imagePullPolicyOrDefault() {
        return imagePullPolicy == null ? ImagePullPolicy.IF_NOT_PRESENT : imagePullPolicy;
    }

    public ResourceRequirements resourcesOrDefault() {
        return resources == null ? defaultResources() : resources;
    }

    public Storage storageOrDefault() {
        return storage == null ? Storage.DEFAULT : storage;
    }

    public Heartbeat heartbeatOrDefault() {
        return heartbeat == null ? Heartbeat.DEFAULT : heartbeat.orElse(Heartbeat.DEFAULT);
    }

    public AllowedNamespaces allowedNamespacesOrDefault() {
        return allowedNamespaces == null ? AllowedNamespaces.DEFAULT : allowedNamespaces;
    }

    public SidecarTemplate sidecarOrDefault() {
        return sidecar == null ? SidecarTemplate.EMPTY : sidecar;
    }

    public Scheduling schedulingOrDefault() {
        return scheduling == null ? Scheduling.EMPTY : scheduling;
    }

    public Security securityOrDefault() {
        return security == null ? Security.DEFAULT : security;
    }

    /** A new value at each call, as it can be changed. */
    public static ResourceRequirements defaultResources() {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("256Mi"))
                .addToLimits("memory", new Quantity("768Mi"))
                .build();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.replicas = replicas;
        builder.image = image;
        builder.imagePullPolicy = imagePullPolicy;
        builder.imagePullSecrets = imagePullSecrets;
        builder.resources = resources;
        builder.storage = storage;
        builder.heartbeat = heartbeat;
        builder.allowedNamespaces = allowedNamespaces;
        builder.sidecar = sidecar;
        builder.scheduling = scheduling;
        builder.podAnnotations = podAnnotations;
        builder.security = security;
        return builder;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds a spec; what is never set is absent. */
    public static final class Builder {
        private @Nullable Integer replicas;
        private @Nullable String image;
        private @Nullable ImagePullPolicy imagePullPolicy;
        private List<LocalObjectReference> imagePullSecrets = List.of();
        private @Nullable ResourceRequirements resources;
        private @Nullable Storage storage;
        private @Nullable Heartbeat heartbeat;
        private @Nullable AllowedNamespaces allowedNamespaces;
        private @Nullable SidecarTemplate sidecar;
        private @Nullable Scheduling scheduling;
        private Map<String, String> podAnnotations = Map.of();
        private @Nullable Security security;

        private Builder() {}

        public Builder replicas(int value) {
            replicas = value;
            return this;
        }

        public Builder image(String value) {
            image = value;
            return this;
        }

        public Builder imagePullPolicy(ImagePullPolicy value) {
            imagePullPolicy = value;
            return this;
        }

        public Builder imagePullSecrets(List<LocalObjectReference> value) {
            imagePullSecrets = value;
            return this;
        }

        public Builder resources(ResourceRequirements value) {
            resources = value;
            return this;
        }

        public Builder storage(Storage value) {
            storage = value;
            return this;
        }

        public Builder heartbeat(Heartbeat value) {
            heartbeat = value;
            return this;
        }

        public Builder allowedNamespaces(AllowedNamespaces value) {
            allowedNamespaces = value;
            return this;
        }

        public Builder sidecar(SidecarTemplate value) {
            sidecar = value;
            return this;
        }

        public Builder scheduling(Scheduling value) {
            scheduling = value;
            return this;
        }

        public Builder podAnnotations(Map<String, String> value) {
            podAnnotations = value;
            return this;
        }

        public Builder security(Security value) {
            security = value;
            return this;
        }

        public GroupMembershipClusterSpec build() {
            return new GroupMembershipClusterSpec(
                    replicas,
                    image,
                    imagePullPolicy,
                    imagePullSecrets,
                    resources,
                    storage,
                    heartbeat,
                    allowedNamespaces,
                    sidecar,
                    scheduling,
                    podAnnotations,
                    security);
        }
    }
}
