package io.groupmembership.operator.group.slice;

/** The address family of a slice. */
public enum AddressType {
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String word;

    AddressType(String word) {
        this.word = word;
    }

    /** As Services and EndpointSlices write it. */
    public String word() {
        return word;
    }

    /** Of an IP address as text. */
    static AddressType of(String ip) {
        return ip.indexOf(':') >= 0 ? IPV6 : IPV4;
    }
}
