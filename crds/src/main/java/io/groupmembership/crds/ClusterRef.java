package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that keeps a group.
 *
 * @param namespace absent: the group's own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterRef(String name, @Nullable String namespace) {
    public String namespaceOr(String own) {
        return namespace == null ? own : namespace;
    }
}
