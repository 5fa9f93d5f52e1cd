package io.groupmembership.cli.http;

import picocli.CommandLine.Option;

/** Which namespace a group or key is in. */
public final class NamespaceOption {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The namespace (default: default).")
    private String namespace = "default";

    public String namespace() {
        return namespace;
    }
}
