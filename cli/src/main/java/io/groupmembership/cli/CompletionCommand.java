package io.groupmembership.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A script that teaches a shell this program's commands and options. */
@Command(
        name = "completion",
        description = "Print a completion script for a shell.",
        footer = {"", "bash:  source <(./gm completion bash)", "zsh:   source <(./gm completion zsh)"})
final class CompletionCommand implements Callable<Integer> {
    /** The script is bash's; it asks zsh to read it as such. */
    enum Shell {
        bash,
        zsh
    }

    private final Invocation invocation;

    @Parameters(paramLabel = "bash|zsh")
    private Shell shell = Shell.bash;

    CompletionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (shell == Shell.zsh) {
            invocation.out().println("autoload -U +X compinit && compinit");
        }
        invocation.out().println(AutoComplete.bash("gm", GmCommand.commandLine(invocation)));
        return ExitCode.OK;
    }
}
