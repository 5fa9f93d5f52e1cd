package io.groupmembership.cli.certs;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.show.DurationText;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renews certificates, or takes a step of a change of the CA. */
@Command(
        name = "renew",
        description = "Sign certificates anew, for the same names, groups and hosts.",
        footer = {
            "",
            "A change of the CA without a break takes three steps: gm certs renew --new-ca, then gm certs renew, then",
            "gm certs renew --drop-old-ca. Between two of them those who use the files must have got and read them;",
            "nodes and agents read a changed file by themselves."
        })
final class CertsRenewCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which (default: all in the directory).")
    private List<String> names = new ArrayList<>();

    @Mixin
    private final CertificateOptions options = new CertificateOptions();

    @Option(
            names = "--life",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Of the certificates (default: what they had); with --new-ca of the CA (default 3650d).")
    private Optional<Duration> life = Optional.empty();

    @ArgGroup
    private AuthorityStep step = new AuthorityStep();

    static final class AuthorityStep {
        @Option(names = "--new-ca", description = "Make another CA, trusted besides; renew no certificate yet.")
        private boolean append;

        @Option(names = "--drop-old-ca", description = "Trust the newest CA only.")
        private boolean drop;
    }

    CertsRenewCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        CertificateSet set = options.set();
        if (!names.isEmpty() && (step.append || step.drop)) {
            throw new CliFailure(ExitCode.USAGE, "NAME: a step of the CA is for all: leave the names away");
        }
        if (step.append) {
            X509Certificate newest = set.appendAuthority(
                    CertificateOptions.AUTHORITY_NAME, life.orElse(CertificateOptions.AUTHORITY_LIFE), Instant.now());
            say(
                    "the new CA is good until "
                            + CertificateOptions.until(newest.getNotAfter().toInstant())
                            + " and is trusted besides the old one: when every user of the files has read them, gm certs renew");
        } else if (step.drop) {
            say(set.dropOldAuthorities() == 0 ? "there is one CA only" : "the old CA is no longer trusted");
        } else {
            renew(set);
        }
        return ExitCode.OK;
    }

    private void renew(CertificateSet set) throws IOException {
        boolean rotating = set.bundle().size() > 1;
        List<CertificateSet.Issued> old = new ArrayList<>();
        for (String name : names) {
            old.add(set.issued(name)
                    .orElseThrow(() -> new CliFailure(
                            ExitCode.NOT_FOUND, set.directory(name) + " has no certificate: gm certs issue " + name)));
        }
        List<CertificateSet.Issued> renewed = new ArrayList<>();
        for (CertificateSet.Issued each : names.isEmpty() ? set.issued() : old) {
            renewed.add(set.renew(each, life, Instant.now()));
        }
        CertificateOptions.show(invocation, renewed);
        if (rotating) {
            say("two CAs are trusted: when every user of the files has read them, gm certs renew --drop-old-ca");
        }
    }

    private void say(String line) {
        invocation.out().println(line);
    }
}
