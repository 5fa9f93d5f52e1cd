package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When the kubelet pulls an image. */
public enum ImagePullPolicy {
    @JsonProperty("Always")
    ALWAYS("Always"),
    @JsonProperty("IfNotPresent")
    IF_NOT_PRESENT("IfNotPresent"),
    @JsonProperty("Never")
    NEVER("Never");

    private final String value;

    ImagePullPolicy(String value) {
        this.value = value;
    }

    /** As a container's {@code imagePullPolicy} has it. */
    public String value() {
        return value;
    }
}
