package io.groupmembership.cli.show;

import picocli.CommandLine.Option;

/** How an answer is shown. */
public final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|wide|json",
            description = "How to show it (default: table).")
    private OutputFormat format = OutputFormat.table;

    public boolean isJson() {
        return format == OutputFormat.json;
    }

    public boolean isWide() {
        return format == OutputFormat.wide;
    }
}
