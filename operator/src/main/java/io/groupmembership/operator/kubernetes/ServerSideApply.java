package io.groupmembership.operator.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.groupmembership.crds.ApiGroup;

/** Server-side apply, as this operator. */
public final class ServerSideApply {
    /** Takes over the fields that others own. */
    public static final PatchContext FORCED = asOperator().withForce(true).build();

    /** Fails where others own a field. */
    public static final PatchContext UNFORCED = asOperator().build();

    private ServerSideApply() {}

    private static PatchContext.Builder asOperator() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(ApiGroup.OPERATOR);
    }
}
