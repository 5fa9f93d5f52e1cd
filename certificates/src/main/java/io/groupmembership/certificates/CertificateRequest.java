package io.groupmembership.certificates;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/**
 * For whom a certificate is.
 *
 * @param commonName the user, 1 to 64 characters (RFC 5280 has no longer ones)
 * @param groups one organization each, 1 to 64 characters; in this order, none twice
 * @param dnsNames hosts under which a server is called, as in {@code node-1.example.org} or {@code *.example.org}
 * @param ips addresses under which a server is called, IPv4 or IPv6 in digits, without brackets
 * @param usages at least one
 * @param life from now on
 */
public record CertificateRequest(
        String commonName,
        List<String> groups,
        List<String> dnsNames,
        List<String> ips,
        Set<CertificateUsage> usages,
        Duration life) {
    /** The group of nodes: one of the names that nodes know one another by. */
    public static final String NODES = "groupmembership.io:nodes";

    /** The group of those who may do everything. */
    public static final String ADMINISTRATORS = "groupmembership.io:admins";

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_DNS_NAME = 253;
    private static final Pattern DNS_NAME =
            Pattern.compile("(\\*\\.)?[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

    /** @throws IllegalArgumentException with the name of the field that is bad */
    public CertificateRequest {
        checkName("commonName", commonName);
        groups = List.copyOf(new LinkedHashSet<>(groups));
        groups.forEach(group -> checkName("groups", group));
        dnsNames = dnsNames.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        dnsNames.forEach(CertificateRequest::checkDnsName);
        ips = List.copyOf(new LinkedHashSet<>(ips));
        ips.forEach(CertificateRequest::checkIp);
        usages = Set.copyOf(usages);
        if (usages.isEmpty()) {
            throw new IllegalArgumentException("usages: must name one at least");
        }
        if (!life.isPositive()) {
            throw new IllegalArgumentException("life: must be positive");
        }
    }

    /** Of a node, which serves and calls other nodes. */
    public static CertificateRequest node(String nodeId, List<String> dnsNames, List<String> ips, Duration life) {
        return new CertificateRequest(
                nodeId, List.of(NODES), dnsNames, ips, Set.of(CertificateUsage.SERVER, CertificateUsage.CLIENT), life);
    }

    /** Of somebody who only calls. */
    public static CertificateRequest client(String name, List<String> groups, Duration life) {
        return new CertificateRequest(name, groups, List.of(), List.of(), Set.of(CertificateUsage.CLIENT), life);
    }

    /**
     * What to ask for to get another certificate like this one.
     *
     * @throws IllegalArgumentException where it is one that no request asks for, as that of a CA is
     */
    public static CertificateRequest like(X509Certificate certificate, Duration life) {
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        List<String> commonNames = values(subject, BCStyle.CN);
        if (commonNames.size() != 1) {
            throw new IllegalArgumentException("commonName: is not there once: " + subject);
        }
        List<String> dnsNames = new ArrayList<>();
        List<String> ips = new ArrayList<>();
        Set<CertificateUsage> usages = EnumSet.noneOf(CertificateUsage.class);
        try {
            for (List<?> name : Optional.ofNullable(certificate.getSubjectAlternativeNames())
                    .orElse(List.of())) {
                (name.getFirst().equals(GeneralName.dNSName) ? dnsNames : ips).add(String.valueOf(name.get(1)));
            }
            for (String usage :
                    Optional.ofNullable(certificate.getExtendedKeyUsage()).orElse(List.of())) {
                CertificateUsage.ofId(usage).ifPresent(usages::add);
            }
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("the certificate of " + subject + " can't be read", e);
        }
        return new CertificateRequest(commonNames.getFirst(), values(subject, BCStyle.O), dnsNames, ips, usages, life);
    }

    private static List<String> values(X500Name subject, ASN1ObjectIdentifier type) {
        return Arrays.stream(subject.getRDNs(type))
                .flatMap(name -> Arrays.stream(name.getTypesAndValues()))
                .filter(attribute -> attribute.getType().equals(type))
                .map(attribute -> ((ASN1String) attribute.getValue()).getString())
                .toList();
    }

    /** The names and addresses under which a server is called. */
    public List<String> hosts() {
        return Stream.concat(dnsNames.stream(), ips.stream()).toList();
    }

    /** Says whether a host is written as an address, and so belongs among {@link #ips} and not among the names. */
    public static boolean isIp(String host) {
        return host.contains(":") || DIGITS_AND_DOTS.matcher(host).matches();
    }

    static void checkName(String field, String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(field + ": must have 1 to " + LONGEST_NAME
                    + " characters and no control characters: " + quoted(name));
        }
    }

    private static void checkDnsName(String name) {
        if (name.length() > LONGEST_DNS_NAME
                || isIp(name)
                || !DNS_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("dnsNames: is no name of a host: " + quoted(name));
        }
    }

    private static void checkIp(String ip) {
        if (!isIp(ip) || !IPAddress.isValid(ip)) {
            throw new IllegalArgumentException("ips: is no IP address: " + quoted(ip));
        }
    }

    private static String quoted(String text) {
        String shown = text.length() > LONGEST_DNS_NAME ? text.substring(0, LONGEST_DNS_NAME) + "…" : text;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
