package io.groupmembership.node.api;

import io.groupmembership.node.access.Operations;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** What the description of the API says of those who may not, and of how a caller is known: of all that is not open. */
final class AccessDescription {
    private AccessDescription() {}

    static void addTo(OpenAPI api) {
        Components components = api.getComponents();
        components.addSecurityScheme(
                "token",
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("A token of the policy file, or of a Kubernetes service account"));
        components.addSecurityScheme(
                "certificate",
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.MUTUALTLS)
                        .description("A client certificate; it comes before a token"));
        api.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().forEach((method, operation) -> {
                    if (isOpen(method.name(), path)) {
                        return;
                    }
                    OpenApiCompletion.refer(operation, "401", "Unauthenticated");
                    OpenApiCompletion.refer(operation, "403", "Forbidden");
                    OpenApiCompletion.refer(operation, "429", "Overloaded");
                    OpenApiCompletion.refer(operation, "503", "Unavailable");
                    // one of them; none where access is open
                    operation.setSecurity(List.of(
                            OASFactory.createSecurityRequirement().addScheme("token"),
                            OASFactory.createSecurityRequirement().addScheme("certificate"),
                            OASFactory.createSecurityRequirement()));
                }));
    }

    private static boolean isOpen(String method, String path) {
        return Operations.OF_CLIENTS.all().stream()
                .anyMatch(served -> served.open()
                        && served.method().equals(method)
                        && served.path().equals(path));
    }
}
