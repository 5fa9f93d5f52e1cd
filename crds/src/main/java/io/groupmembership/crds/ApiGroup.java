package io.groupmembership.crds;

/** The API group of the custom resources, and the labels and annotations that such a resource may carry. */
public final class ApiGroup {
    public static final String NAME = "groupmembership.io";
    public static final String VERSION = "v1alpha1";
    public static final String API_VERSION = NAME + "/" + VERSION;

    /** In the categories of both resources: {@code kubectl get groupmembership} lists them together. */
    public static final String CATEGORY = "groupmembership";

    /** The field manager of every write of ours, and the value of {@link #MANAGED_BY_LABEL} on every object of ours. */
    public static final String OPERATOR = "operator." + NAME;

    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    /** On a {@link Group}: "true" where the operator created it at the first join, so that it expires when empty. */
    public static final String AUTO_CREATED_ANNOTATION = NAME + "/auto-created";

    /** On a {@link GroupMembershipCluster}: a person's word that this pod is the survivor to recover from. */
    public static final String RECOVER_FROM_ANNOTATION = NAME + "/recover-from";

    private ApiGroup() {}
}
