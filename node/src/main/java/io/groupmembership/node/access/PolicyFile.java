package io.groupmembership.node.access;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A policy that may change while the node runs. What can't be read changes nothing. */
public final class PolicyFile implements Authority {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyFile.class);
    private static final long MOST_BYTES = 4L * 1024 * 1024;

    private final Path file;
    private volatile AccessPolicy policy;
    private String text;
    private String problem = "";

    /** @throws PolicyException where the file can't be read, or is not what it should be */
    public PolicyFile(Path file) {
        this.file = file;
        try {
            text = content();
            policy = PolicyReader.read(text);
        } catch (IOException e) {
            throw new PolicyException("gm.policy-file " + file + " can't be read: " + e);
        } catch (PolicyException e) {
            throw new PolicyException("gm.policy-file " + file + ": " + e.getMessage());
        }
    }

    @Override
    public synchronized void refresh() {
        try {
            String now = content();
            if (!now.equals(text)) {
                policy = PolicyReader.read(now);
                text = now;
                LOG.info("gm.policy-file {} was read again", file);
            }
            problem = "";
        } catch (IOException | PolicyException e) {
            String now = e.toString();
            if (!now.equals(problem)) {
                LOG.warn("gm.policy-file {} is left as it was read before: {}", file, e.getMessage());
                problem = now;
            }
        }
    }

    private String content() throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it has more than " + MOST_BYTES + " bytes");
        }
        return Files.readString(file);
    }

    @Override
    public CompletableFuture<Authentication> authenticate(String token) {
        return CompletableFuture.completedFuture(policy.callerOf(token)
                .<Authentication>map(Authentication.Known::new)
                .orElseGet(() -> new Authentication.Refused("the token is not one of the policy's")));
    }

    @Override
    public CompletableFuture<AccessDecision> decide(Caller caller, Attributes wanted) {
        return CompletableFuture.completedFuture(policy.decide(caller, wanted));
    }

    /** It knows of no pods. */
    @Override
    public CompletableFuture<AccessDecision> decideOn(String namespace) {
        return CompletableFuture.completedFuture(new AccessDecision.Deny("the policy has no pods"));
    }

    @Override
    public CompletableFuture<Optional<Set<InetAddress>>> addressesOf(Pod pod) {
        return CompletableFuture.completedFuture(Optional.empty());
    }
}
