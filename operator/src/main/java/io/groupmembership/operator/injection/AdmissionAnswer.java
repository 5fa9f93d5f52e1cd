package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;

/** What a request to the webhook comes to. */
sealed interface AdmissionAnswer {
    /** @param outcome a word for metrics: injected, alreadyInjected, notOurs, or the reason of a refusal */
    record Reviewed(AdmissionReview review, String outcome) implements AdmissionAnswer {}

    /** The body is no AdmissionReview, so that there is no uid to answer to. */
    record NoReview(String problem) implements AdmissionAnswer {}
}
