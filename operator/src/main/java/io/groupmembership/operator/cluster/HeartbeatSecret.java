package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.groupmembership.crds.ApiGroup;
import java.util.Base64;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What the heartbeats of a cluster's members are sealed with, as a Secret and as a file of its nodes. It is drawn once,
 * is a person's from then on, and goes with its cluster: without nodes nobody is a member.
 *
 * <p>The key id is drawn too, and is never 1, which nodes without a secret use: a secret that takes the place of another
 * one, or of one that was lost, comes under another id. A member asks for an id that it lacks. Under one that it has, a
 * node with another secret is a forger to it, and it would be removed.
 */
final class HeartbeatSecret {
    private static final String DIRECTORY = "/secrets";
    private static final String KEY = "heartbeat";
    private static final String VOLUME = "secrets";
    private static final int SECRET_BYTES = 32;
    private static final int LEAST_KEY_ID = 2;
    private static final int MOST_KEY_ID = 65_535;

    /** The group is the pod's fsGroup; the world sees nothing. */
    private static final int READABLE_BY_THE_GROUP = 0440;

    private HeartbeatSecret() {}

    static Secret draw(ObjectMeta metadata, RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        int keyId = random.nextInt(LEAST_KEY_ID, MOST_KEY_ID + 1);
        return new SecretBuilder()
                .withMetadata(metadata)
                .withType(ApiGroup.NAME + "/heartbeat-secrets")
                .withStringData(Map.of(KEY, keyId + " " + Base64.getEncoder().encodeToString(secret) + "\n"))
                .build();
    }

    static Volume volume(String secret) {
        return new VolumeBuilder()
                .withName(VOLUME)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(READABLE_BY_THE_GROUP)
                .endSecret()
                .build();
    }

    /** Tells a node where the file is. */
    static EnvVar setting() {
        return new EnvVarBuilder()
                .withName("GM_SECRETS_FILE")
                .withValue(DIRECTORY + "/" + KEY)
                .build();
    }

    static VolumeMount mount() {
        return new VolumeMountBuilder()
                .withName(VOLUME)
                .withMountPath(DIRECTORY)
                .withReadOnly(true)
                .build();
    }
}
