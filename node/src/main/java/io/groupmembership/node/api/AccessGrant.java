package io.groupmembership.node.api;

import io.groupmembership.node.access.Attributes;
import io.groupmembership.node.access.Caller;
import io.groupmembership.node.access.Operations;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * What a request was let in for.
 *
 * @param asItself a pod that may join as itself: whether the joiners are that pod is not known before the body is read
 */
record AccessGrant(Caller caller, Operations.Match match, Attributes wanted, boolean asItself) {
    private static final String KEY = "gm.access";

    void keep(RoutingContext http) {
        http.put(KEY, this);
    }

    /** Empty where access is open, and for what is open to anybody. */
    static Optional<AccessGrant> of(RoutingContext http) {
        return Optional.ofNullable(http.<AccessGrant>get(KEY));
    }
}
