package io.groupmembership.operator.injection;

/** Carries a {@link Refusal} from where a rule is broken to the decision. It never leaves this package. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    RefusedException(Refusal.Reason reason, String message) {
        super(message);
        this.refusal = new Refusal(reason, message);
    }

    Refusal refusal() {
        return refusal;
    }
}
