package io.groupmembership.operator.certificate;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The next step towards a certificate that every API server trusts and every pod serves: a pure function of what is there
 * and of the time. One step is one write.
 *
 * <p>Invariant: a CA is trusted before any pod serves what it signed, and until no pod does any more. So a new CA goes
 * into the bundle first (with the old one), the certificate is swapped when every API server has had time to read that,
 * and the old CA is dropped when every pod has had time to serve the new certificate.
 *
 * <ol>
 *   <li>No CA, or one that can't be read or is due: make one. Whoever signed what is served now stays trusted.
 *   <li>The configuration trusts something else than the bundle: publish the bundle.
 *   <li>Nothing that could be accepted is served: issue at once, it can't get worse.
 *   <li>The newest CA is trusted, and that was not noted: note the time.
 *   <li>What is served was signed by an older CA: issue anew, once the wait for that is over.
 *   <li>What is served is due: issue anew.
 *   <li>The newest CA signed what has been served for long enough: drop the older ones.
 *   <li>The bundle beside the certificate is another: write it.
 * </ol>
 */
sealed interface CertificateStep {
    /**
     * Make a CA.
     *
     * @param previous those to be trusted besides it
     */
    record IssueAuthority(List<X509Certificate> previous) implements CertificateStep {}

    record PublishTrust(List<X509Certificate> bundle) implements CertificateStep {}

    record NoteTrusted(Instant since) implements CertificateStep {}

    /** Let the newest CA sign a certificate. */
    record IssueServing() implements CertificateStep {}

    record DropPrevious() implements CertificateStep {}

    record WriteServingBundle(List<X509Certificate> bundle) implements CertificateStep {}

    /** Nothing to do before then, if nobody interferes. */
    record Wait(Instant until) implements CertificateStep {}

    static CertificateStep next(CertificateState state, Instant now, CertificateTerms terms) {
        Optional<Authority> known = state.authority().found();
        if (known.isEmpty()
                || !now.isBefore(terms.renewalOf(known.get().newest().certificate()))) {
            return new IssueAuthority(stillNeeded(state, now));
        }
        Authority authority = known.get();
        X509Certificate newest = authority.newest().certificate();
        boolean configured = !(state.trust() instanceof Stored.Absent);
        if (configured && !same(state.trust().found(), authority.bundle())) {
            return new PublishTrust(authority.bundle());
        }
        Optional<Serving> served = state.serving().found();
        if (served.isEmpty() || !served.get().accepted(authority.bundle(), terms.holder(), now)) {
            return new IssueServing();
        }
        if (configured && authority.trustedSince().isEmpty()) {
            return new NoteTrusted(now);
        }
        Serving serving = served.get();
        Instant servingRenewal = terms.renewalOf(serving.certificate().certificate());
        Instant next = earlier(servingRenewal, terms.renewalOf(newest));
        if (!serving.issuedBy(newest)) {
            Optional<Instant> swap = authority
                    .trustedSince()
                    .map(since -> since.plus(terms.times().trust()));
            if (swap.isPresent() && !now.isBefore(swap.get())) {
                return new IssueServing();
            }
            next = swap.orElse(terms.renewalOf(newest));
        } else if (!now.isBefore(servingRenewal)) {
            return new IssueServing();
        } else if (!authority.previous().isEmpty()) {
            Instant drop = terms.issuedAt(serving.certificate().certificate())
                    .plus(terms.times().serve());
            if (!now.isBefore(drop)) {
                return new DropPrevious();
            }
            next = earlier(next, drop);
        }
        return same(Optional.of(serving.bundle()), authority.bundle())
                ? new Wait(next)
                : new WriteServingBundle(authority.bundle());
    }

    /** The CAs, wherever they are still to be found, that signed what is served; and the newest so far, if it is good. */
    private static List<X509Certificate> stillNeeded(CertificateState state, Instant now) {
        Optional<Serving> serving = state.serving().found();
        Stream<X509Certificate> found = Stream.of(
                        state.authority().found().map(Authority::bundle),
                        serving.map(Serving::bundle),
                        state.trust().found())
                .flatMap(Optional::stream)
                .flatMap(List::stream);
        Optional<X509Certificate> newest =
                state.authority().found().map(authority -> authority.newest().certificate());
        return found.distinct()
                .filter(authority -> now.isBefore(authority.getNotAfter().toInstant()))
                .filter(authority -> newest.filter(authority::equals).isPresent()
                        || serving.filter(each -> each.issuedBy(authority)).isPresent())
                .toList();
    }

    private static boolean same(Optional<List<X509Certificate>> there, List<X509Certificate> wanted) {
        Set<X509Certificate> set = new HashSet<>(wanted);
        return there.filter(list -> list.size() == wanted.size() && set.containsAll(list))
                .isPresent();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
