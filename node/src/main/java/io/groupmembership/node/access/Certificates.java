package io.groupmembership.node.access;

import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Who a certificate that TLS has verified is of: CN is the user and each O a group, as Kubernetes reads them. */
public final class Certificates {
    private Certificates() {}

    /** Refused where the subject has not exactly one CN. */
    public static Authentication caller(X509Certificate certificate) {
        return caller(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253));
    }

    static Authentication caller(String subject) {
        Optional<String> user = Optional.empty();
        Set<String> groups = new HashSet<>();
        try {
            for (Rdn rdn : new LdapName(subject).getRdns()) {
                if (rdn.size() != 1) {
                    return new Authentication.Refused("the certificate's subject has a part with several values");
                }
                if (!(rdn.getValue() instanceof String text)) {
                    continue;
                }
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    if (user.isPresent()) {
                        return new Authentication.Refused("the certificate has two common names");
                    }
                    user = Optional.of(text);
                } else if (rdn.getType().equalsIgnoreCase("O")) {
                    groups.add(text);
                }
            }
        } catch (InvalidNameException e) {
            return new Authentication.Refused("the certificate's subject can't be read");
        }
        return user.filter(name -> !name.isBlank())
                .<Authentication>map(name -> new Authentication.Known(
                        new Caller(Caller.Proof.CERTIFICATE, name, "", groups, Optional.empty())))
                .orElseGet(() -> new Authentication.Refused("the certificate has no common name"));
    }
}
