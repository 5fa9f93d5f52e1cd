package io.groupmembership.protocol;

import java.net.InetAddress;
import java.util.HexFormat;

/**
 * A host and a port: {@code 10.1.2.3:7000}, {@code [2001:db8::1]:7000} or {@code db.example:7000}.
 *
 * @param host the address or name, without the brackets that an IPv6 address has in text
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException with a phrase that follows the field's name, where it is no host and port
     */
    public static HostPort parse(String text) {
        if (text.length() > Limits.ADDRESS_CHARACTERS) {
            throw new IllegalArgumentException("must have at most " + Limits.ADDRESS_CHARACTERS + " characters");
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("must be host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[")) {
            if (!host.endsWith("]") || !isIpv6(host.substring(1, host.length() - 1))) {
                throw new IllegalArgumentException("must have an IPv6 address between its brackets");
            }
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("must have brackets around an IPv6 address, as in [::1]:7000");
        } else if (!isHostName(host) || (endsInNumber(host) && !isIpv4(host))) {
            throw new IllegalArgumentException("must have an IP address or a DNS name as its host");
        }
        return new HostPort(host, parsePort(text.substring(colon + 1)));
    }

    private static int parsePort(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && isDigits(text);
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("must have a port from 1 to 65535, not '" + text + "'");
        }
        return port;
    }

    private static boolean isIpv6(String text) {
        boolean shape = text.indexOf(':') >= 0
                && text.length() <= 64
                && text.chars().allMatch(c -> HexFormat.isHexDigit(c) || c == ':' || c == '.');
        if (!shape) {
            return false;
        }
        try {
            return !InetAddress.ofLiteral(text).isAnyLocalAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What ends in a number is meant as an IPv4 address: no top-level domain is a number. */
    private static boolean endsInNumber(String host) {
        return isDigits(host.substring(host.lastIndexOf('.') + 1));
    }

    /** Four numbers without leading zeros, which some read as octal; not 0.0.0.0, where nobody listens. */
    private static boolean isIpv4(String text) {
        String[] octets = text.split("\\.", -1);
        for (String octet : octets) {
            boolean good = octet.length() <= 3
                    && isDigits(octet)
                    && (octet.length() == 1 || octet.charAt(0) != '0')
                    && Integer.parseInt(octet) <= 255;
            if (!good) {
                return false;
            }
        }
        return octets.length == 4 && !text.equals("0.0.0.0");
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHostName(String text) {
        if (text.length() > 253) {
            return false;
        }
        int labelStart = 0;
        for (int end = 0; end <= text.length(); end++) {
            if (end == text.length() || text.charAt(end) == '.') {
                if (!isLabel(text, labelStart, end)) {
                    return false;
                }
                labelStart = end + 1;
            }
        }
        return true;
    }

    private static boolean isLabel(String text, int start, int end) {
        if (end == start || end - start > 63 || text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean good =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!good) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
