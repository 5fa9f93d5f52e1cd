package io.groupmembership.protocol.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Who a certificate says that its owner is, as Kubernetes reads it: the common name is a user, each organization a group.
 *
 * @param commonName empty where there is none, or more than one, or one that is no text
 * @param organizations without those that are no text
 */
public record DistinguishedName(Optional<String> commonName, List<String> organizations) {
    public DistinguishedName {
        organizations = List.copyOf(organizations);
    }

    /** The subject of a certificate that was verified. */
    public static DistinguishedName ofSubject(X509Certificate certificate) {
        return of(certificate.getSubjectX500Principal());
    }

    public static DistinguishedName of(X500Principal name) {
        List<String> commonNames = new ArrayList<>();
        List<String> organizations = new ArrayList<>();
        try {
            // the canonical text escapes what could be taken for a separator
            for (Rdn part : new LdapName(name.getName(X500Principal.RFC2253)).getRdns()) {
                for (var attributes = part.toAttributes().getAll(); attributes.hasMore(); ) {
                    Attribute attribute = attributes.next();
                    switch (attribute.getID()) {
                        case "CN" -> addText(attribute, commonNames);
                        case "O" -> addText(attribute, organizations);
                        default -> {}
                    }
                }
            }
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException("no distinguished name", e);
        } catch (NamingException e) {
            throw new IllegalStateException("attributes in memory can be read", e);
        }
        return new DistinguishedName(
                commonNames.size() == 1 ? Optional.of(commonNames.getFirst()) : Optional.empty(), organizations);
    }

    private static void addText(Attribute attribute, List<String> texts) throws NamingException {
        for (var values = attribute.getAll(); values.hasMore(); ) {
            if (values.next() instanceof String text) {
                texts.add(text);
            }
        }
    }

    /** Says whether it is of one of these groups. */
    public boolean isOfAny(Iterable<String> groups) {
        for (String group : groups) {
            if (organizations.contains(group)) {
                return true;
            }
        }
        return false;
    }
}
