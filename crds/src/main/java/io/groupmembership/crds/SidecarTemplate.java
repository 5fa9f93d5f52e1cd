package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar that is injected into the pods of a cluster's members. A pod's annotations override startup and readiness.
 *
 * @param image absent: the operator's own default
 * @param startup what the application's containers wait for
 * @param readiness what the pod's readiness depends on, besides the application's own probe
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SidecarTemplate(
        @Nullable String image,
        @Nullable ImagePullPolicy imagePullPolicy,
        @Nullable ResourceRequirements resources,
        @Nullable Startup startup,
        @Nullable Readiness readiness) {
    public static final SidecarTemplate EMPTY = new SidecarTemplate(null, null, null, null, null);

    /** What the application's containers wait for: that the pod is a member, or only that the agent answers. */
    public enum Startup {
        @JsonProperty("member")
        MEMBER,
        @JsonProperty("agent")
        AGENT
    }

    /** Whether the pod is ready only while it is a member. */
    public enum Readiness {
        @JsonProperty("none")
        NONE,
        @JsonProperty("member")
        MEMBER
    }

    public ImagePullPolicy imagePullPolicyOrDefault() {
        return imagePullPolicy == null ? ImagePullPolicy.IF_NOT_PRESENT : imagePullPolicy;
    }

    public ResourceRequirements resourcesOrDefault() {
        return resources == null ? defaultResources() : resources;
    }

    public Startup startupOrDefault() {
        return startup == null ? Startup.MEMBER : startup;
    }

    public Readiness readinessOrDefault() {
        return readiness == null ? Readiness.NONE : readiness;
    }

    /** A new value at each call, as it can be changed. */
    public static ResourceRequirements defaultResources() {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("10m"))
                .addToRequests("memory", new Quantity("48Mi"))
                .addToLimits("memory", new Quantity("96Mi"))
                .build();
    }
}
