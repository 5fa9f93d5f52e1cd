package io.groupmembership.node.admin;

import io.groupmembership.node.api.Problems;
import io.groupmembership.node.identity.FormDecision;
import io.groupmembership.node.identity.Formation;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.protocol.api.FormRequest;
import java.util.Optional;

/** Requests to form, as the admin port answers them before and after the node was formed. */
final class FormRequests {
    private FormRequests() {}

    /**
     * @return what to write to the volume, empty where it says the same already
     * @throws io.groupmembership.node.api.ProblemException 400 for a bad field, 409 where the volume says otherwise
     */
    static Optional<Formation> wanted(Volume volume, FormRequest request) {
        return switch (FormDecision.of(volume, request)) {
            case FormDecision.Form form -> Optional.of(form.formation());
            case FormDecision.AlreadySo _ -> Optional.empty();
            case FormDecision.Invalid invalid -> throw Problems.invalidField(invalid.field(), invalid.phrase());
            case FormDecision.Conflict conflict -> throw Problems.conflict("refused", conflict.detail());
        };
    }
}
