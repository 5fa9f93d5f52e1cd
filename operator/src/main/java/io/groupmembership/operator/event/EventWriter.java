package io.groupmembership.operator.event;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events. What was said last of an object is said again after half an hour, should it still hold; an event that
 * can't be written is lost, as events may be.
 */
public final class EventWriter {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final String CONTROLLER = "operator.groupmembership.io";
    private static final int MESSAGE_CHARACTERS = 1_000;

    /** As the API server takes it: microseconds, no more. */
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

    private final KubernetesClient kubernetes;
    private final String instance;
    private final InstantSource clock;
    private final SaidBefore before;

    /** @param instance the pod that this process is in */
    public EventWriter(KubernetesClient kubernetes, String instance, InstantSource clock) {
        this.kubernetes = kubernetes;
        this.instance = instance;
        this.clock = clock;
        this.before = new SaidBefore(clock);
    }

    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String word;

        Type(String word) {
            this.word = word;
        }
    }

    /**
     * @param regarding what the event is about
     * @param action what was done or decided, one word in CamelCase
     * @param reason why, one word in CamelCase
     */
    public void write(HasMetadata regarding, Type type, String action, String reason, String message) {
        ObjectReference reference = new ObjectReferenceBuilder()
                .withApiVersion(regarding.getApiVersion())
                .withKind(regarding.getKind())
                .withNamespace(regarding.getMetadata().getNamespace())
                .withName(regarding.getMetadata().getName())
                .withUid(regarding.getMetadata().getUid())
                .build();
        write(reference, type, action, reason, message);
    }

    public void write(ObjectReference regarding, Type type, String action, String reason, String message) {
        if (!before.isNew(regarding.getUid(), action + '\0' + reason + '\0' + message)) {
            return;
        }
        try {
            kubernetes
                    .events()
                    .v1()
                    .events()
                    .inNamespace(regarding.getNamespace())
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(regarding.getNamespace())
                            .withName(regarding.getName() + "."
                                    + UUID.randomUUID().toString().substring(0, 13))
                            .endMetadata()
                            .withEventTime(new MicroTime(
                                    MICROSECONDS.format(clock.instant().atOffset(ZoneOffset.UTC))))
                            .withReportingController(CONTROLLER)
                            .withReportingInstance(instance)
                            .withRegarding(regarding)
                            .withType(type.word)
                            .withAction(action)
                            .withReason(reason)
                            .withNote(
                                    message.length() <= MESSAGE_CHARACTERS
                                            ? message
                                            : message.substring(0, MESSAGE_CHARACTERS))
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            LOG.info("an event was lost ({} {}: {}): {}", regarding.getName(), reason, message, e.getMessage());
        }
    }

    /** A pod as the object that an event is about. */
    public static ObjectReference pod(String namespace, String name, String uid) {
        return new ObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNamespace(namespace)
                .withName(name)
                .withUid(uid)
                .build();
    }
}
