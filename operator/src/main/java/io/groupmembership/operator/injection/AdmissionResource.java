package io.groupmembership.operator.injection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Where the API server asks: {@code POST /mutate}. A refused pod is a good answer, so it comes with 200. */
@Path("/mutate")
public final class AdmissionResource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Admission admission;
    private final MeterRegistry metrics;

    AdmissionResource(ClusterDirectory directory, InjectionSettings settings, MeterRegistry metrics) {
        this.admission = new Admission(directory, settings);
        this.metrics = metrics;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    public Response review(byte[] body) throws JsonProcessingException {
        return switch (admission.answer(body)) {
            case AdmissionAnswer.Reviewed reviewed -> {
                count(reviewed.outcome());
                yield Response.ok(JSON.writeValueAsBytes(reviewed.review()), MediaType.APPLICATION_JSON_TYPE)
                        .build();
            }
            case AdmissionAnswer.NoReview(String problem) -> {
                count("NoReview");
                yield Response.status(Response.Status.BAD_REQUEST)
                        .type(MediaType.TEXT_PLAIN_TYPE)
                        .entity(problem)
                        .build();
            }
        };
    }

    private void count(String outcome) {
        Counter.builder("gm.injection.reviews")
                .description("Pods that the webhook was asked about")
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }
}
