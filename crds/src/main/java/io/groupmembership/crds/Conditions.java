package io.groupmembership.crds;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Conditions as the Kubernetes API conventions have them: one of each type, and {@code lastTransitionTime} is when the
 * status changed last, not when the condition was written. So whoever finds the same again gets an equal list, and has
 * nothing to write.
 */
public final class Conditions {
    /** The characters of a message; a longer one is cut. */
    public static final int MAX_MESSAGE = 32_768;

    private Conditions() {}

    /** Whether a condition holds. */
    public enum Status {
        TRUE("True"),
        FALSE("False"),
        UNKNOWN("Unknown");

        private final String value;

        Status(String value) {
            this.value = value;
        }

        public static Status of(boolean holds) {
            return holds ? TRUE : FALSE;
        }

        /** As the condition's {@code status} has it. */
        public String value() {
            return value;
        }
    }

    /**
     * What was found of one type.
     *
     * @param reason one word in CamelCase
     * @param message a sentence
     */
    public record Finding(String type, Status status, String reason, String message) {}

    /** The conditions with this one in the place of that of its type, or at the end; the others stay as they are. */
    public static List<Condition> with(
            List<Condition> conditions, Finding finding, long observedGeneration, Instant now) {
        String since = find(conditions, finding.type)
                .filter(old -> finding.status.value.equals(old.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        Condition condition = new ConditionBuilder()
                .withType(finding.type)
                .withStatus(finding.status.value)
                .withReason(finding.reason)
                .withMessage(finding.message.substring(0, Math.min(finding.message.length(), MAX_MESSAGE)))
                .withObservedGeneration(observedGeneration)
                .withLastTransitionTime(since)
                .build();
        List<Condition> result = new ArrayList<>(conditions);
        result.replaceAll(old -> old.getType().equals(finding.type) ? condition : old);
        if (!result.contains(condition)) {
            result.add(condition);
        }
        return List.copyOf(result);
    }

    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    /** Whether there is a condition of this type that holds. */
    public static boolean holds(List<Condition> conditions, String type) {
        return find(conditions, type)
                .filter(condition -> Status.TRUE.value.equals(condition.getStatus()))
                .isPresent();
    }
}
