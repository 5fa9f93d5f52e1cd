package io.groupmembership.operator.group;

import io.groupmembership.crds.Conditions.Finding;
import io.groupmembership.crds.Conditions.Status;
import io.groupmembership.crds.GroupStatus;

/** Whether the Service that a group names has the members as its endpoints: the condition of that name. */
record ServiceBinding(Status status, String reason, String message) {
    static final ServiceBinding PENDING =
            new ServiceBinding(Status.UNKNOWN, "Pending", "the endpoints have not been looked at yet");
    static final ServiceBinding CLUSTER_UNREAD = new ServiceBinding(
            Status.UNKNOWN, "NodesUnreachable", "the members are not known: endpoints stay as they are");

    static ServiceBinding bound(String service) {
        return new ServiceBinding(Status.TRUE, "Bound", "the members are the endpoints of Service " + service);
    }

    static ServiceBinding refused(String reason, String message) {
        return new ServiceBinding(Status.FALSE, reason, message);
    }

    Finding finding() {
        return new Finding(GroupStatus.SERVICE_BOUND, status, reason, message);
    }
}
