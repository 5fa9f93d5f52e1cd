package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * The volume that each node votes from. Size and class are those of the StatefulSet's claim template, so they never
 * change.
 *
 * @param whenScaled what becomes of the volume of a node that was scaled away
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Storage(
        @Nullable Quantity size,
        @Nullable String storageClassName,
        @Nullable WhenScaled whenScaled) {
    public static final Quantity DEFAULT_SIZE = new Quantity("1Gi");
    public static final Storage DEFAULT = new Storage(DEFAULT_SIZE, null, WhenScaled.RETAIN);

    /** What becomes of the volume of a node that was scaled away. */
    public enum WhenScaled {
        @JsonProperty("Retain")
        RETAIN,
        @JsonProperty("Delete")
        DELETE
    }

    public Quantity sizeOrDefault() {
        return size == null ? DEFAULT_SIZE : size;
    }

    public WhenScaled whenScaledOrDefault() {
        return whenScaled == null ? WhenScaled.RETAIN : whenScaled;
    }
}
