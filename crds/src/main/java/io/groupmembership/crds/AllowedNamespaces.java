package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces whose pods may join groups of a cluster.
 *
 * @param selector over the labels of namespaces; present exactly where {@code from} is {@link From#SELECTOR}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AllowedNamespaces(
        @Nullable From from, @Nullable LabelSelector selector) {
    public static final AllowedNamespaces DEFAULT = new AllowedNamespaces(From.SAME, null);

    /** Which namespaces: the cluster's own, all, or those that the selector matches. */
    public enum From {
        @JsonProperty("Same")
        SAME,
        @JsonProperty("All")
        ALL,
        @JsonProperty("Selector")
        SELECTOR
    }

    public From fromOrDefault() {
        return from == null ? From.SAME : from;
    }
}
