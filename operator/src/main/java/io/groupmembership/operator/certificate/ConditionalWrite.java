package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** A write that names the version that it rests on. */
final class ConditionalWrite {
    private static final int UNPROCESSABLE = 422;

    private ConditionalWrite() {}

    /** False where another version is there, or one at all (409), a patch's test failed (422), or it is gone (404). */
    static boolean done(Runnable write) {
        try {
            write.run();
            return true;
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND, UNPROCESSABLE -> false;
                default -> throw e;
            };
        }
    }
}
